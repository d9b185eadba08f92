#include <string.h>

#include "milter/report/mail.h"
#include "milter/report/pages.h"

enum { SUBJECT_LENGTH = 90 };

/* Values that are strings in the journal, and what we say for them. */
struct saying {
	const char *value;
	const char *word, *text;
};

static const struct saying fates[] = {
    {"accept", "Let through", "The message was let through to its recipients."},
    {"hold", "Held",
	"The message has not been delivered. It is held on the mail server "
	"until somebody releases or deletes it."},
    {"reject", "Refused",
	"The message was refused and reached nobody. The sender's mail "
	"program was told so."},
    {"defer", "Delayed",
	"The message has not been delivered yet. The sending mail program "
	"was asked to try again later."},
    {NULL, "Recorded", "What became of the message is not recorded."},
};

static const struct saying *
find_saying(const struct saying *table, const char *value)
{
	while (table->value != NULL && g_strcmp0(table->value, value) != 0)
		table++;
	return table;
}

GPtrArray *
item_findings(const struct outbox_item *item)
{
	const GPtrArray *all = item->entry->findings;
	GPtrArray *findings = g_ptr_array_new();
	bool any = item->rule == NULL || item->rule[0] == '\0';
	unsigned i;

	for (i = 0; i < all->len; i++) {
		struct journal_finding *finding = all->pdata[i];

		if (any || g_strcmp0(finding->rule, item->rule) == 0)
			g_ptr_array_add(findings, finding);
	}
	return findings;
}

const char *
finding_title(const struct journal_finding *finding)
{
	if (finding->clause != NULL && finding->clause[0] != '\0')
		return finding->clause;
	return finding->rule;
}

char *
finding_rule(const struct journal_finding *finding)
{
	const char *place = finding->place ? finding->place : "";
	const char *colon = strchr(place, ':');

	if (colon == NULL)
		return g_strdup_printf("%s (%s)", finding->rule, place);
	return g_strdup_printf("%s (%.*s, line %.*s)", finding->rule,
	    (int)(colon - place), place, (int)strspn(colon + 1, "0123456789"),
	    colon + 1);
}

bool
findings_observed(const GPtrArray *findings)
{
	unsigned i;

	for (i = 0; i < findings->len; i++) {
		const struct journal_finding *finding = findings->pdata[i];

		if (g_strcmp0(finding->mode, "observe") != 0)
			return false;
	}
	return findings->len > 0;
}

char *
findings_subject(const GPtrArray *findings)
{
	g_autofree char *title = NULL;
	const char *dots = "";

	if (findings->len == 0)
		return g_strdup("a message");
	title = mail_clean(finding_title(findings->pdata[0]));
	if (g_utf8_strlen(title, -1) > SUBJECT_LENGTH) {
		char *end = g_utf8_offset_to_pointer(title, SUBJECT_LENGTH);
		char *space = g_strrstr_len(title, end - title, " ");

		*(space != NULL ? space : end) = '\0';
		dots = "...";
	}
	if (findings->len == 1)
		return g_strconcat(title, dots, NULL);
	return g_strdup_printf(
	    "%s%s, and %u more", title, dots, findings->len - 1);
}

const char *
entry_fate(const struct journal_entry *entry)
{
	return find_saying(fates, entry->disposition)->text;
}

/* What was to be added, going by the actions of the rules in force. */
static void
find_addition(const struct journal_entry *entry, bool *footer, bool *mark)
{
	unsigned i;

	*footer = *mark = false;
	for (i = 0; i < entry->findings->len; i++) {
		const struct journal_finding *finding =
		    entry->findings->pdata[i];

		if (finding->actions == NULL ||
		    g_strcmp0(finding->mode, "enforce") != 0)
			continue;
		*footer |= strstr(finding->actions, "footer") != NULL;
		*mark |= strstr(finding->actions, "mark") != NULL;
	}
}

char *
entry_edit(const struct journal_entry *entry)
{
	static const struct saying edits[] = {
	    {"done", "",
		"The {what} {was} added{why}; the rest of the message was not "
		"changed."},
	    {"there", "", "The message had its {what} already{why}."},
	    {"wrapped", "",
		"The {what} {was} put around the message{why}; the original "
		"inside was not changed, so that it can still be verified."},
	    {"left", "",
		"The {what} could not be added{why}. The message was left as "
		"it was."},
	    {"hold", "",
		"The {what} could not be added{why}, and the policy says that "
		"such a message is held."},
	    {NULL, NULL, NULL},
	};
	const char *text = find_saying(edits, entry->edit)->text;
	g_autofree char *why = NULL;
	bool footer, mark;
	GString *out;

	if (text == NULL)
		return NULL;
	if (entry->edit_reason != NULL && entry->edit_reason[0] != '\0')
		why = g_strdup_printf(" (%s)", entry->edit_reason);
	find_addition(entry, &footer, &mark);
	out = g_string_new(text);
	g_string_replace(out, "{what}",
	    !mark    ? "footer"
	    : footer ? "footer and marking"
		     : "marking",
	    1);
	g_string_replace(out, "{was}", footer && mark ? "were" : "was", 1);
	g_string_replace(out, "{why}", why != NULL ? why : "", 1);
	return g_string_free(out, FALSE);
}

void
add_status(struct page *page, const struct journal_entry *entry)
{
	g_autofree char *edit = entry_edit(entry);
	bool accepted = g_strcmp0(entry->disposition, "accept") == 0;

	page_status(page, find_saying(fates, entry->disposition)->word,
	    accepted && edit != NULL ? edit : entry_fate(entry));
}

void
add_evidence(struct page *page, const struct journal_finding *finding)
{
	unsigned i;

	for (i = 0; i < finding->evidence->len; i++) {
		g_autofree char *text = sentence(finding->evidence->pdata[i]);

		page_item(page, "%s", text);
	}
}

char *
entry_date(const struct journal_entry *entry)
{
	g_autoptr(GDateTime) time = NULL;

	if (entry->date != NULL && entry->date[0] != '\0')
		return mail_clean(entry->date);
	time = g_date_time_new_from_unix_utc(entry->time);
	return time ? g_date_time_format(time, "%Y-%m-%d %H:%M UTC")
		    : g_strdup("");
}

char *
entry_hidden(const struct journal_entry *entry)
{
	const char *names = entry->hidden ? entry->hidden : "";

	/* A title of the roster's says it already. */
	if (names[0] == '\0' || g_ascii_strncasecmp(names, "Cllr", 4) == 0 ||
	    g_ascii_strncasecmp(names, "Councillor", 10) == 0)
		return g_strdup(names);
	return g_strdup_printf(
	    "%s %s", strchr(names, ',') ? "councillors" : "councillor", names);
}

char *
sentence(const char *text)
{
	g_autofree char *clean = mail_clean(text);
	GString *out = g_string_new(NULL);
	gsize len = strlen(clean);

	if (len > 0) {
		g_string_append_unichar(
		    out, g_unichar_toupper(g_utf8_get_char(clean)));
		g_string_append(out, g_utf8_next_char(clean));
		if (strchr(".!?", clean[len - 1]) == NULL)
			g_string_append_c(out, '.');
	}
	return g_string_free(out, FALSE);
}

char *
letterhead_name(const struct letterhead *head)
{
	return g_strdup_printf(
	    "%s mail filter", head->council ? head->council : "Council");
}

char *
letterhead_retention(const struct letterhead *head)
{
	if (head->retention == 0)
		return g_strdup("The filter keeps this record for the time "
				"that the council has set, and deletes it "
				"then.");
	return g_strdup_printf(
	    "The filter keeps this record for %u days and deletes it then.",
	    head->retention);
}
