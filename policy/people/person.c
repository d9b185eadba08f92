#include <string.h>
#include <time.h>

#include "policy/people/roster.h"

enum { LAST_FOUR_DIGITS = 3652059 }; /* 9999-12-31 */

/* The first words of the list are the roles' names, in their order. */
static const char *const words[] = {
    [ROLE_COUNCILLOR] = "councillor",
    [ROLE_OFFICER] = "officer",
    [ROLE_PROPER_OFFICER] = "proper-officer",
    [ROLE_JUNIOR_OFFICER] = "junior-officer",
    [ROLE_CHAIR] = "chair",
    [ROLE_VICE_CHAIR] = "vice-chair",
    [ROLE_MAYOR] = "mayor",
    [ROLE_LEADER] = "leader",
    [ROLE_COMMITTEE_MEMBER] = "committee-member",
    [ROLE_COUNT] = "clerk",
    NULL,
};

const char *
role_name(enum role role)
{
	return words[role];
}

const char *const *
role_words(void)
{
	return words;
}

int
role_by_name(const char *word)
{
	g_autofree char *hyphened = g_strdelimit(g_strdup(word), " \t", '-');
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (g_ascii_strcasecmp(words[i], hyphened) == 0)
			return i == ROLE_COUNT ? ROLE_PROPER_OFFICER : i;
	return -1;
}

bool
role_implies(enum role role, enum role implied)
{
	switch (role) {
	case ROLE_PROPER_OFFICER:
	case ROLE_JUNIOR_OFFICER:
		return implied == role || implied == ROLE_OFFICER;
	case ROLE_CHAIR:
	case ROLE_VICE_CHAIR:
	case ROLE_MAYOR:
	case ROLE_LEADER:
		return implied == role || implied == ROLE_COUNCILLOR;
	default:
		return implied == role;
	}
}

char *
name_fold(const char *name)
{
	g_autofree char *one_space = g_strdup(name);
	g_autofree char *composed = NULL, *caseless = NULL;
	char *to = one_space;
	const char *from;

	for (from = one_space; *from != '\0'; from++) {
		if (!g_ascii_isspace(*from))
			*to++ = *from;
		else if (to > one_space && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > one_space && to[-1] == ' ')
		to--;
	*to = '\0';
	composed = g_utf8_normalize(one_space, -1, G_NORMALIZE_NFD);
	if (composed == NULL)
		return g_ascii_strdown(one_space, -1);
	caseless = g_utf8_casefold(composed, -1);
	return g_utf8_normalize(caseless, -1, G_NORMALIZE_NFC);
}

bool
person_has_role(const struct person *person, enum role role, day on)
{
	guint i;

	for (i = 0; i < person->tenures->len; i++) {
		const struct tenure *tenure =
		    &g_array_index(person->tenures, struct tenure, i);

		if (role_implies(tenure->role, role) && tenure->from <= on &&
		    on <= tenure->to)
			return true;
	}
	return false;
}

bool
person_in_post(const struct person *person, day on)
{
	guint i;

	for (i = 0; i < person->tenures->len; i++) {
		const struct tenure *tenure =
		    &g_array_index(person->tenures, struct tenure, i);

		if (tenure->from <= on && on <= tenure->to)
			return true;
	}
	return false;
}

char *
person_display(const struct person *person)
{
	return *person->title == '\0'
		   ? g_strdup(person->name)
		   : g_strconcat(person->title, " ", person->name, NULL);
}

day
day_today(void)
{
	return day_of_time(g_get_real_time() / G_USEC_PER_SEC);
}

day
day_of_time(gint64 unix_seconds)
{
	time_t when = (time_t)unix_seconds;
	struct tm tm;
	GDate date;

	if (localtime_r(&when, &tm) == NULL || tm.tm_year < -1899 ||
	    tm.tm_year > 8099)
		return unix_seconds < 0 ? DAY_FIRST : DAY_LAST;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)tm.tm_mday, (GDateMonth)(tm.tm_mon + 1),
	    (GDateYear)(tm.tm_year + 1900));
	return g_date_get_julian(&date);
}

bool
day_parse(const char *text, day *result)
{
	static const char form[] = "dddd-dd-dd";
	unsigned year, month, mday;
	GDate date;
	size_t i;

	if (strlen(text) != strlen(form))
		return false;
	for (i = 0; form[i] != '\0'; i++)
		if (form[i] == 'd' ? !g_ascii_isdigit(text[i])
				   : text[i] != form[i])
			return false;
	year = (unsigned)g_ascii_strtoull(text, NULL, 10);
	month = (unsigned)g_ascii_strtoull(text + 5, NULL, 10);
	mday = (unsigned)g_ascii_strtoull(text + 8, NULL, 10);
	if (!g_date_valid_dmy(
		(GDateDay)mday, (GDateMonth)month, (GDateYear)year))
		return false;
	g_date_clear(&date, 1);
	g_date_set_dmy(
	    &date, (GDateDay)mday, (GDateMonth)month, (GDateYear)year);
	*result = g_date_get_julian(&date);
	return true;
}

char *
day_format(day d)
{
	GDate date;

	if (d == DAY_FIRST || d > LAST_FOUR_DIGITS)
		return g_strdup("");
	g_date_clear(&date, 1);
	g_date_set_julian(&date, d);
	return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date),
	    g_date_get_month(&date), g_date_get_day(&date));
}
