#include <stdlib.h>

#include "policy/text/confusable.h"

struct pair {
	gunichar c;
	char latin;
};

static int
compare(const void *a, const void *b)
{
	gunichar x = ((const struct pair *)a)->c;
	gunichar y = ((const struct pair *)b)->c;

	return x < y ? -1 : x > y;
}

char
confusable_latin(gunichar c)
{
	/* clang-format off */
	static const struct pair pairs[] = {
		{ 0x0131, 'i' }, { 0x0251, 'a' }, { 0x0261, 'g' },
		{ 0x0262, 'G' }, { 0x026a, 'I' }, { 0x0274, 'N' },
		{ 0x0280, 'R' }, { 0x0299, 'B' }, { 0x029c, 'H' },
		{ 0x029f, 'L' },
		{ 0x0391, 'A' }, { 0x0392, 'B' }, { 0x0395, 'E' },
		{ 0x0396, 'Z' }, { 0x0397, 'H' }, { 0x0399, 'I' },
		{ 0x039a, 'K' }, { 0x039c, 'M' }, { 0x039d, 'N' },
		{ 0x039f, 'O' }, { 0x03a1, 'P' }, { 0x03a4, 'T' },
		{ 0x03a5, 'Y' }, { 0x03a7, 'X' }, { 0x03b1, 'a' },
		{ 0x03b3, 'y' }, { 0x03b9, 'i' }, { 0x03ba, 'k' },
		{ 0x03bd, 'v' }, { 0x03bf, 'o' }, { 0x03c1, 'p' },
		{ 0x03c2, 'c' },
		{ 0x03c5, 'u' }, { 0x03c7, 'x' }, { 0x03f2, 'c' },
		{ 0x03f3, 'j' }, { 0x03f9, 'C' },
		{ 0x0405, 'S' }, { 0x0406, 'I' }, { 0x0408, 'J' },
		{ 0x0410, 'A' }, { 0x0412, 'B' }, { 0x0415, 'E' },
		{ 0x041a, 'K' }, { 0x041c, 'M' },
		{ 0x041d, 'H' }, { 0x041e, 'O' }, { 0x0420, 'P' },
		{ 0x0421, 'C' }, { 0x0422, 'T' }, { 0x0423, 'Y' },
		{ 0x0425, 'X' }, { 0x0430, 'a' }, { 0x0435, 'e' },
		{ 0x043e, 'o' }, { 0x0440, 'p' }, { 0x0441, 'c' },
		{ 0x0443, 'y' }, { 0x0445, 'x' }, { 0x0455, 's' },
		{ 0x0456, 'i' }, { 0x0458, 'j' }, { 0x04ae, 'Y' },
		{ 0x04af, 'y' }, { 0x04bb, 'h' }, { 0x04c0, 'I' },
		{ 0x04cf, 'l' }, { 0x0501, 'd' }, { 0x050c, 'G' },
		{ 0x051a, 'Q' }, { 0x051b, 'q' }, { 0x051c, 'W' },
		{ 0x051d, 'w' },
		{ 0x054d, 'U' }, { 0x054f, 'S' }, { 0x0555, 'O' },
		{ 0x0561, 'w' }, { 0x0563, 'q' }, { 0x0570, 'h' },
		{ 0x0575, 'j' }, { 0x0578, 'n' }, { 0x057d, 'u' },
		{ 0x0581, 'g' }, { 0x0582, 'i' }, { 0x0584, 'f' },
		{ 0x0585, 'o' },
		{ 0x13a0, 'D' }, { 0x13a1, 'R' }, { 0x13a2, 'T' },
		{ 0x13aa, 'A' }, { 0x13ab, 'J' }, { 0x13ac, 'E' },
		{ 0x13b3, 'W' }, { 0x13b7, 'M' }, { 0x13bb, 'H' },
		{ 0x13c0, 'G' }, { 0x13c2, 'h' }, { 0x13c3, 'Z' },
		{ 0x13cf, 'b' }, { 0x13d2, 'R' }, { 0x13d4, 'W' },
		{ 0x13d5, 'S' }, { 0x13d9, 'V' }, { 0x13da, 'S' },
		{ 0x13de, 'L' }, { 0x13df, 'C' }, { 0x13e2, 'P' },
		{ 0x13e6, 'K' }, { 0x13e7, 'd' }, { 0x13f3, 'G' },
		{ 0x13f4, 'B' },
	};
	/* clang-format on */
	const struct pair key = {c, '\0'};
	const struct pair *found;

	if (c < pairs[0].c)
		return '\0';
	found = bsearch(
	    &key, pairs, G_N_ELEMENTS(pairs), sizeof(pairs[0]), compare);
	return found != NULL ? found->latin : '\0';
}
