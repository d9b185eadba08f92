#include <string.h>

#include "tests/unit/mailing.h"
#include "tests/unit/unit.h"

static const char ROSTER[] =
    "id,kind,name,title,roles,addresses,logins,committees,members\n"
    "clerk,,Alex Morgan,,clerk,clerk@woodland-pc.example;"
    "alex@home.example,alex,,\n"
    "deputy,,Robin Lee,,junior-officer,deputy@woodland-pc.example,,,\n"
    "patel,,Priya Patel,Cllr,councillor; chair,patel@woodland-pc.example,,"
    "Planning,\n"
    "jones,,Jane Jones,Cllr,councillor,jones@woodland-pc.example;"
    "jane@jones.example,jones,Planning,\n"
    "smith,,Sam Smith,Cllr,councillor,smith@woodland-pc.example;"
    "council+smith@mail.example,,,\n"
    "hughes,,Owen Hughes,Cllr,councillor to 2025-05-11,"
    "hughes@woodland-pc.example;owen@hughes.example,hughes,,\n"
    "muller,,Zoë Müller,Cllr,councillor,zoë@müller.example;"
    "muller@woodland-pc.example,,,\n"
    "office,group,,,,office@woodland-pc.example,,,clerk; deputy\n"
    "members,group,,,,members@woodland-pc.example,,,all councillors\n"
    "planning,group,,,,planning@woodland-pc.example,,,committee Planning\n"
    "grievances,group,,,,grievances@woodland-pc.example,,,clerk; patel\n";

static const char ALIASES[] = "all: members, clerk, friend@elsewhere.example\n"
			      "bin: /dev/null\n"
			      "assistant: deputy\n"
			      "muller: zoe@elsewhere.example, deputy\n";

static char *
full_address(const char *word)
{
	if (*word == '=')
		return g_strdup(word + 1);
	return strchr(word, '@') != NULL
	    ? g_strdup(word)
	    : g_strconcat(word, "@woodland-pc.example", NULL);
}

static void
add_mailboxes(GPtrArray *list, const char *words)
{
	g_auto(GStrv) split = g_strsplit(words != NULL ? words : "", " ", -1);
	guint i;

	for (i = 0; split[i] != NULL; i++) {
		g_autofree char *address = full_address(split[i]);

		if (*split[i] != '\0')
			g_ptr_array_add(list, mailbox_new("A Name", address));
	}
}

static void
add_rcpts(struct envelope *envelope, const char *words)
{
	g_auto(GStrv) split = g_strsplit(words != NULL ? words : "", " ", -1);
	guint i;

	for (i = 0; split[i] != NULL; i++) {
		g_auto(GStrv) forms = g_strsplit(split[i], "|", 2);
		g_autofree char *argument = NULL, *resolved = NULL;

		if (forms[0] == NULL)
			continue;
		argument = full_address(forms[0]);
		if (forms[1] != NULL)
			resolved = full_address(forms[1]);
		envelope_add_recipient(envelope, argument, resolved);
	}
}

struct envelope *
mail_envelope(const struct mail *mail)
{
	struct envelope *envelope = envelope_new();

	envelope->sender = mail->path != NULL && *mail->path == '\0'
	    ? g_strdup("")
	    : full_address(mail->path != NULL ? mail->path : "clerk");
	if (mail->login == NULL)
		envelope->login = g_strdup("alex");
	else if (strcmp(mail->login, "-") != 0)
		envelope->login = g_strdup(mail->login);
	envelope->client = g_strdup(mail->client);
	envelope->time = 1780315200; /* 2026-06-01 12:00 UTC */
	add_rcpts(envelope, mail->rcpt);
	return envelope;
}

struct header_facts *
mail_headers(const struct mail *mail)
{
	struct header_facts *headers = header_facts_new();

	add_mailboxes(headers->from, mail->from != NULL ? mail->from : "clerk");
	add_mailboxes(headers->sender, mail->sender);
	add_mailboxes(headers->to, mail->to);
	add_mailboxes(headers->cc, mail->cc);
	add_mailboxes(headers->resent_from, mail->resent_from);
	add_mailboxes(headers->resent_to, mail->resent_to);
	add_mailboxes(headers->resent_cc, mail->resent_cc);
	headers->resent = mail->resent_from != NULL ||
	    mail->resent_to != NULL || mail->resent_cc != NULL;
	headers->recipients_cut = mail->cut;
	return headers;
}

struct policy *
mail_policy(void)
{
	static const char *const networks[] = {
	    "127.0.0.0/8", "2001:db8::/32", NULL};
	struct policy *policy = g_new0(struct policy, 1);
	g_autoptr(diags) diags = diags_new();
	char domain[] = "woodland-pc.example";
	char *domains[] = {domain, NULL};
	guint i;

	policy->domains = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(policy->domains, g_strdup(domain));
	policy->rules = address_rules_new();
	ck_assert(address_rules_add_equivalent(
	    policy->rules, "woodland.old.example", domain, NULL));
	policy->roster = roster_parse(
	    "roster", ROSTER, strlen(ROSTER), policy->rules, diags);
	ck_assert_ptr_nonnull(policy->roster);
	ck_assert(roster_parse_aliases(policy->roster, "aliases", ALIASES,
	    strlen(ALIASES), domains, diags));
	policy->networks = g_ptr_array_new_with_free_func(g_free);
	for (i = 0; networks[i] != NULL; i++) {
		struct network *network = g_new(struct network, 1);

		ck_assert(network_parse(networks[i], network));
		g_ptr_array_add(policy->networks, network);
	}
	return policy;
}

static void
free_class(struct class *class)
{
	guint i;

	for (i = 0; class != NULL && i < class->members->len; i++)
		g_free(g_ptr_array_index(class->members, i));
	if (class != NULL)
		g_ptr_array_unref(class->members);
	g_free(class);
}

void
mail_policy_free(struct policy *policy)
{
	free_class(policy->archive);
	free_class(policy->exempt);
	roster_free(policy->roster);
	address_rules_free(policy->rules);
	g_ptr_array_unref(policy->networks);
	g_ptr_array_unref(policy->domains);
	g_free(policy);
}

struct class *
mail_class(const struct policy *policy, char **addresses, const char *id)
{
	struct class *class = g_new0(struct class, 1);
	struct class *member;

	class->kind = CLASS_UNION;
	class->members = g_ptr_array_new();
	for (; *addresses != NULL; addresses++) {
		member = g_new0(struct class, 1);
		member->kind = CLASS_ADDRESS;
		member->text = *addresses;
		g_ptr_array_add(class->members, member);
	}
	member = g_new0(struct class, 1);
	member->kind = CLASS_PERSON;
	member->person = roster_find_id(policy->roster, id);
	g_ptr_array_add(class->members, member);
	return class;
}

const char *
party_name(const struct party *party)
{
	g_autoptr(GString) names = g_string_new(NULL);
	guint i;

	if (party == NULL)
		return NULL;
	if (party->members != NULL) {
		for (i = 0; i < party->members->len; i++) {
			const struct person *member =
			    g_ptr_array_index(party->members, i);

			g_string_append_printf(
			    names, "%s%s", i > 0 ? "+" : "", member->id);
		}
		return g_intern_string(names->str);
	}
	return party->person != NULL ? party->person->id : party->address;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *
join_names(GPtrArray *names)
{
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(" ", (char **)names->pdata);
}

void
check_text(const char *name, const char *what, const char *got,
    const char *want)
{
	ck_assert_msg(g_strcmp0(got, want) == 0, "%s: %s: got \"%s\", want "
	    "\"%s\"", name, what, got != NULL ? got : "NULL",
	    want != NULL ? want : "NULL");
}
