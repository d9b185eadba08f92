#include <glib/gstdio.h>
#include <string.h>

#include "tests/unit/parsing.h"
#include "tests/unit/unit.h"

static char *
enter(void)
{
	g_autofree char *directory =
	    unit_source("tests", "unit", "policy", NULL);
	char *before = g_get_current_dir();

	ck_assert_int_eq(g_chdir(directory), 0);
	return before;
}

static void
leave(char *before)
{
	ck_assert_int_eq(g_chdir(before), 0);
	g_free(before);
}

struct policy *
parsing_load(const char *file, struct diags *diags)
{
	char *before = enter();
	struct policy *policy = policy_load(file, diags);

	leave(before);
	return policy;
}

struct policy *
parsing_text(const char *text, struct diags *diags)
{
	char *before = enter();
	struct policy *policy =
	    policy_parse("test.policy", text, strlen(text), diags);

	leave(before);
	return policy;
}

struct policy *
parsing_sound(const char *text)
{
	g_autoptr(diags) diags = diags_new();
	struct policy *policy = parsing_text(text, diags);
	g_autofree char *said = diags_to_string(diags);

	ck_assert_msg(policy != NULL && *said == '\0', "%s", said);
	return policy;
}
