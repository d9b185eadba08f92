#include "policy/level.h"

enum level
level_of(double probability)
{
	if (probability >= 0.85)
		return LEVEL_HIGH;
	if (probability >= 0.6)
		return LEVEL_MEDIUM;
	return probability >= 0.3 ? LEVEL_LOW : LEVEL_ANY;
}

const char *
level_name(enum level level)
{
	static const char *const names[] = {"any", "low", "medium", "high"};

	return names[level];
}
