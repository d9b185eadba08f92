#include <time.h>

#include "milter/report/schedule.h"
#include "tests/unit/unit.h"

static const struct {
	unsigned min, max, attempt;
	unsigned least, most;
} delays[] = {
    {60, 3600, 0, 53, 60},
    {60, 3600, 1, 105, 120},
    {60, 3600, 2, 210, 240},
    {60, 3600, 6, 3150, 3600},
    {60, 3600, 4000000000u, 3150, 3600},
    {1, 2, 0, 1, 1},
    {1, 2, 9, 2, 2},
    {0, 0, 0, 1, 1},
    {60, 30, 0, 27, 30},
};

START_TEST(backoff)
{
	g_autoptr(GHashTable) different =
	    g_hash_table_new(g_direct_hash, g_direct_equal);
	unsigned i;

	for (i = 0; i < 1000; i++) {
		g_autofree char *id = g_strdup_printf("letter%u", i);
		unsigned delay = schedule_backoff(
		    delays[_i].min, delays[_i].max, delays[_i].attempt, id);

		ck_assert_uint_ge(delay, delays[_i].least);
		ck_assert_uint_le(delay, delays[_i].most);
		ck_assert_uint_eq(
		    delay, schedule_backoff(delays[_i].min, delays[_i].max,
			       delays[_i].attempt, id));
		g_hash_table_add(different, GUINT_TO_POINTER(delay));
	}
	if (delays[_i].most > 100)
		ck_assert_uint_gt(g_hash_table_size(different), 10);
}
END_TEST

static const struct {
	const char *zone, *now, *time, *want; /* in local time */
} hours[] = {
    {"UTC", "2026-05-05 10:00", "07:00", "2026-05-05 07:00"},
    {"UTC", "2026-05-05 07:00", "07:00", "2026-05-05 07:00"},
    {"UTC", "2026-05-05 06:59", "07:00", "2026-05-04 07:00"},
    {"UTC", "2026-05-01 06:59", "07:00", "2026-04-30 07:00"},
    {"UTC", "2026-01-01 00:00", "23:59", "2025-12-31 23:59"},
    {"Europe/London", "2026-05-05 10:00", "07:00", "2026-05-05 07:00"},
    /* Summer time begins on 29 March and ends on 25 October. */
    {"Europe/London", "2026-03-29 06:59", "07:00", "2026-03-28 07:00"},
    {"Europe/London", "2026-03-29 07:00", "07:00", "2026-03-29 07:00"},
    {"Europe/London", "2026-10-25 06:59", "07:00", "2026-10-24 07:00"},
    {"Europe/London", "2026-10-26 06:59", "07:00", "2026-10-25 07:00"},
};

static gint64
local_time(const char *text)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autofree char *iso = g_strdup_printf("%.10sT%s:00", text, text + 11);
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, zone);

	ck_assert_ptr_nonnull(time);
	return g_date_time_to_unix(time);
}

START_TEST(digest_hour)
{
	unsigned minutes;

	g_setenv("TZ", hours[_i].zone, TRUE);
	tzset();
	ck_assert(schedule_parse_time(hours[_i].time, &minutes));
	ck_assert_int_eq(
	    schedule_last_digest(local_time(hours[_i].now), minutes),
	    local_time(hours[_i].want));
}
END_TEST

static const struct {
	const char *text;
	int want; /* minutes, or -1 */
} times[] = {
    {"00:00", 0},
    {"07:30", 450},
    {"23:59", 1439},
    {"24:00", -1},
    {"12:60", -1},
    {"7:00", -1},
    {"07:00 ", -1},
    {"", -1},
    {"ab:cd", -1},
    {NULL, -1},
};

START_TEST(time_of_day)
{
	unsigned minutes = 0;
	bool ok = schedule_parse_time(times[_i].text, &minutes);

	ck_assert_int_eq(ok, times[_i].want >= 0);
	if (ok)
		ck_assert_uint_eq(minutes, (unsigned)times[_i].want);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("schedule");
	TCase *tcase = tcase_create("schedule");

	tcase_add_loop_test(tcase, backoff, 0, G_N_ELEMENTS(delays));
	tcase_add_loop_test(tcase, digest_hour, 0, G_N_ELEMENTS(hours));
	tcase_add_loop_test(tcase, time_of_day, 0, G_N_ELEMENTS(times));
	suite_add_tcase(suite, tcase);
	return suite;
}
