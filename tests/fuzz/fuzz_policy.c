/*
 * A libFuzzer target: any bytes as a policy.  Whatever loads must say its
 * conditions back in words that are read to the same conditions.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "policy/policy.h"

int LLVMFuzzerInitialize(int *, char ***);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char ROSTER[] =
    "id,kind,name,title,roles,addresses,group,ward,committees,language\n"
    "clerk,,Alex Morgan,,clerk,clerk@woodland-pc.example,,,,\n"
    "cllr.patel,,Priya Patel,Cllr,chair,cllr.patel@woodland-pc.example,"
    "Independent,North,Planning,\n"
    "cllr.hughes,,Owen Hughes,Cllr,councillor,"
    "cllr.hughes@woodland-pc.example,Residents,South,Finance,cy\n";

/* What stands before every other input, so that the rest may load. */
static char head[200];

/* The roster is a file without a name, so that nothing is left behind. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd = memfd_create("roster", 0);

	(void)argc;
	(void)argv;
	if (fd == -1 ||
	    write(fd, ROSTER, strlen(ROSTER)) != (ssize_t)strlen(ROSTER))
		abort();
	g_snprintf(head, sizeof(head),
	    "council \"Woodland Parish Council\"\n"
	    "domains woodland-pc.example\n"
	    "roster \"/proc/self/fd/%d\"\n",
	    fd);
	return 0;
}

static struct policy *
parse(const GString *text, struct diags *diags)
{
	return policy_parse(
	    "/nonexistent/fuzz.policy", text->str, text->len, diags);
}

/* Adds what a rule says to the policy, as another rule. */
static void
check_said(const GString *text, const struct rule *rule)
{
	g_autofree char *said = expr_to_string(rule->condition);
	g_autofree char *again = NULL;
	g_autoptr(GString) longer =
	    g_string_new_len(text->str, (gssize)text->len);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;

	g_string_append_printf(
	    longer, "\nrule said.again when %s then log", said);
	policy = parse(longer, diags);
	if (policy == NULL) {
		diags_print(diags, stderr);
		abort();
	}
	again =
	    expr_to_string(policy_find_rule(policy, "said.again")->condition);
	if (strcmp(said, again) != 0) {
		fprintf(stderr, "%s\n%s\n", said, again);
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;
	g_autofree char *shown = NULL;
	guint i;

	if (size > 0 && data[0] != '!')
		g_string_append(text, head);
	g_string_append_len(text, (const char *)data, (gssize)size);
	policy = parse(text, diags);
	shown = diags_to_string(diags);
	for (i = 0; policy != NULL && i < policy->rules_list->len; i++)
		check_said(text, g_ptr_array_index(policy->rules_list, i));
	return 0;
}
