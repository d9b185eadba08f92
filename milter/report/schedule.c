#include <time.h>

#include "milter/report/schedule.h"

unsigned
schedule_backoff(
    unsigned min, unsigned max, unsigned attempt, const char *message_id)
{
	guint64 delay = MAX(min, 1);

	while (attempt-- > 0 && delay < max)
		delay *= 2;
	delay = CLAMP(delay, 1, MAX(max, 1));
	delay -= g_str_hash(message_id) % (delay / 8 + 1);
	return (unsigned)delay;
}

bool
schedule_parse_time(const char *text, unsigned *minutes)
{
	int hour, minute;

	if (text == NULL || !g_ascii_isdigit(text[0]) ||
	    !g_ascii_isdigit(text[1]) || text[2] != ':' ||
	    !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]) ||
	    text[5] != '\0')
		return false;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	*minutes = (unsigned)(hour * 60 + minute);
	return hour < 24 && minute < 60;
}

gint64
schedule_last_digest(gint64 now, unsigned minutes)
{
	time_t when = (time_t)now;
	struct tm local;
	int back;

	/* mktime(3) knows about summer time, and that 0 May is 30 April. */
	for (back = 0; back <= 1; back++) {
		when = (time_t)now;
		localtime_r(&when, &local);
		local.tm_mday -= back;
		local.tm_hour = (int)minutes / 60;
		local.tm_min = (int)minutes % 60;
		local.tm_sec = 0;
		local.tm_isdst = -1;
		when = mktime(&local);
		if (when <= (time_t)now)
			break;
	}
	return (gint64)when;
}
