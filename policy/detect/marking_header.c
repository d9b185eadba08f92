/*
 * Markings in header fields: those that the rules name word for word, and the
 * three whose value has a syntax of its own, from which the marking's words are
 * taken and judged like a subject.
 */
#include <string.h>

#include "policy/detect/marking_header.h"
#include "policy/text/normalise.h"

/* Labels and parameters of one field that are looked at. */
enum { MAX_PARAMETERS = 64 };

static void
mark_by_rule(const struct marking_rule *rule, GPtrArray *found)
{
	const struct marking_view view = {
	    .origin = ORIGIN_SUBJECT, .segment = G_MAXUINT};

	g_ptr_array_add(found,
	    marking_new(rule, &view, MARKING_HEADER, (struct span){0, 0}));
}

/* Judges words like those of a subject. */
static void
mark_by_words(
    const struct marking_rules *rules, const char *words, GPtrArray *found)
{
	gsize len;
	g_autofree char *text =
	    text_normalise(words, strlen(words), &len, NULL);
	const struct marking_view view = {.text = text,
	    .len = len,
	    .origin = ORIGIN_SUBJECT,
	    .segment = G_MAXUINT,
	    .place = MARKING_HEADER,
	    .top_end = len};

	g_strdelimit(text, "\n", ' ');
	marking_text_find(rules, &view, found);
}

/* By the id or the name in the rules, else by its words. */
static void
mark_by_label(const struct marking_rules *rules, const char *id,
    const char *name, GPtrArray *found)
{
	g_autofree char *folded = g_utf8_casefold(id, -1);
	const struct marking_rule *rule =
	    g_hash_table_lookup(rules->labels, folded);

	if (rule == NULL && name != NULL) {
		g_free(folded);
		folded = g_utf8_casefold(name, -1);
		rule = g_hash_table_lookup(rules->labels, folded);
	}
	if (rule != NULL)
		mark_by_rule(rule, found);
	else if (name != NULL)
		mark_by_words(rules, name, found);
}

static void
remove_spaces(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++)
		if (!g_ascii_isspace(*text))
			*to++ = *text;
	*to = '\0';
}

/* What one tenant says in the field. */
struct label {
	char *id, *name;
	bool off; /* Enabled=false */
};

static void
label_clear(void *p)
{
	struct label *label = p;

	g_free(label->id);
	g_free(label->name);
}

static struct label *
find_label(GArray *labels, const char *id, gsize len)
{
	struct label label = {0};

	for (guint i = 0; i < labels->len; i++) {
		struct label *known = &g_array_index(labels, struct label, i);

		if (strlen(known->id) == len &&
		    g_ascii_strncasecmp(known->id, id, len) == 0)
			return known;
	}
	label.id = g_ascii_strdown(id, (gssize)len);
	g_array_append_val(labels, label);
	return &g_array_index(labels, struct label, labels->len - 1);
}

/*
 * "MSIP_Label_<id>_Name=…": ids have no underscore.  The field may be folded
 * within a key.
 */
static void
read_msip(GArray *labels, char *key, const char *value)
{
	static const char prefix[] = "MSIP_Label_";
	const char *id, *attribute;
	struct label *label;

	remove_spaces(key);
	if (g_ascii_strncasecmp(key, prefix, strlen(prefix)) != 0)
		return;
	id = key + strlen(prefix);
	if ((attribute = strchr(id, '_')) == NULL)
		return;
	label = find_label(labels, id, (gsize)(attribute - id));
	if (g_ascii_strcasecmp(attribute, "_Name") == 0) {
		g_free(label->name);
		label->name = g_uri_unescape_string(value, NULL);
		if (label->name == NULL)
			label->name = g_strdup(value);
		/* "Confidential\Members": a label within a label. */
		g_strdelimit(label->name, "\\", '/');
	} else if (g_ascii_strcasecmp(attribute, "_Enabled") == 0) {
		label->off = g_ascii_strcasecmp(value, "false") == 0;
	}
}

static GArray *
labels_new(void)
{
	GArray *labels = g_array_new(FALSE, FALSE, sizeof(struct label));

	g_array_set_clear_func(labels, label_clear);
	return labels;
}

static void
mark_by_labels(
    const struct marking_rules *rules, const GArray *labels, GPtrArray *found)
{
	for (guint i = 0; i < labels->len; i++) {
		const struct label *label =
		    &g_array_index(labels, struct label, i);

		if (!label->off)
			mark_by_label(rules, label->id, label->name, found);
	}
}

/* msip_labels: key=value; … of any number of tenants. */
static void
find_in_msip(
    const struct marking_rules *rules, const char *value, GPtrArray *found)
{
	g_auto(GStrv) items = g_strsplit(value, ";", MAX_PARAMETERS);
	g_autoptr(GArray) labels = labels_new();

	for (guint i = 0; items[i] != NULL; i++) {
		char *equals = strchr(items[i], '=');

		if (equals == NULL)
			continue;
		*equals = '\0';
		read_msip(labels, items[i], g_strstrip(equals + 1));
	}
	mark_by_labels(rules, labels, found);
}

/* A document's property: "MSIP_Label_<id>_Name: Confidential". */
bool
marking_header_property(
    const struct marking_rules *rules, const char *text, GPtrArray *found)
{
	g_autofree char *key = g_strdup(text);
	g_autoptr(GArray) labels = labels_new();
	char *colon = strchr(key, ':');

	if (g_ascii_strncasecmp(key, "MSIP_Label_", 11) != 0 || colon == NULL)
		return false;
	*colon = '\0';
	read_msip(labels, key, g_strstrip(colon + 1));
	/* Its other properties say nothing by themselves. */
	if (labels->len == 1 &&
	    g_array_index(labels, struct label, 0).name != NULL)
		mark_by_labels(rules, labels, found);
	return true;
}

/*
 * The marking parameter of SIO-Label (RFC 7444), which may come in pieces and
 * encoded (RFC 2231): marking*0*=UTF-8''…; marking*1="…".
 */
static char *
sio_marking(const char *value)
{
	static const char name[] = "marking";
	g_autoptr(GString) text = g_string_new(NULL);
	const char *p = value;

	while (*p != '\0') {
		bool quoted = false, ours, encoded = false;
		const char *key = p + strspn(p, " \t;");
		const char *equals = strchr(key, '=');
		g_autoptr(GString) piece = g_string_new(NULL);

		if (equals == NULL)
			break;
		ours = g_ascii_strncasecmp(key, name, strlen(name)) == 0 &&
		       strchr("*= ", key[strlen(name)]) != NULL;
		encoded = equals > key && equals[-1] == '*';
		p = equals + 1 + strspn(equals + 1, " \t");
		for (; *p != '\0' && (quoted || *p != ';'); p++) {
			if (*p == '"')
				quoted = !quoted;
			else if (*p == '\\' && quoted && p[1] != '\0')
				g_string_append_c(piece, *++p);
			else
				g_string_append_c(piece, *p);
		}
		if (!ours)
			continue;
		if (encoded) {
			const char *from = strstr(piece->str, "''");
			g_autofree char *plain = g_uri_unescape_string(
			    from != NULL ? from + 2 : piece->str, NULL);

			g_string_append(text, plain != NULL ? plain : "");
		} else {
			g_string_append(text, piece->str);
		}
	}
	return text->len > 0 ? g_strdup(text->str) : NULL;
}

static void
find_in_sio(
    const struct marking_rules *rules, const char *value, GPtrArray *found)
{
	g_autofree char *words = sio_marking(value);

	if (words != NULL)
		mark_by_words(rules, words, found);
}

/*
 * Words, or the items of the Australian standard: "VER=2018.4, NS=gov.au,
 * SEC=OFFICIAL:Sensitive, ACCESS=Personal-Privacy".
 */
static void
find_in_protective(
    const struct marking_rules *rules, const char *value, GPtrArray *found)
{
	g_auto(GStrv) items = NULL;
	g_autoptr(GString) words = g_string_new(NULL);

	items = g_strsplit(value, ",", MAX_PARAMETERS);
	for (guint i = 0; items[i] != NULL; i++) {
		const char *item = g_strstrip(items[i]);

		if (g_ascii_strncasecmp(item, "SEC=", 4) == 0 ||
		    g_ascii_strncasecmp(item, "ACCESS=", 7) == 0 ||
		    g_ascii_strncasecmp(item, "CAVEAT=", 7) == 0)
			g_string_append_printf(words, "%s%s",
			    words->len > 0 ? " - " : "", strchr(item, '=') + 1);
	}
	mark_by_words(rules, words->len > 0 ? words->str : value, found);
}

static const struct {
	const char *name;
	void (*find)(const struct marking_rules *, const char *, GPtrArray *);
} fields[] = {
    {"msip_labels", find_in_msip},
    {"X-Protective-Marking", find_in_protective},
    {"SIO-Label", find_in_sio},
};

/* A value without comments ("Private (Outlook)") and the space around it. */
static char *
plain_value(const char *value)
{
	char *plain = g_strndup(value, strcspn(value, "(;"));

	return g_strstrip(plain);
}

void
marking_header_find(const struct marking_rules *rules,
    const struct header_facts *headers, GPtrArray *found)
{
	for (guint i = 0; i < headers->fields->len; i++) {
		const struct mailbox *field = headers->fields->pdata[i];
		g_autofree char *plain = plain_value(field->address);

		for (gsize k = 0; k < G_N_ELEMENTS(fields); k++)
			if (g_ascii_strcasecmp(field->name, fields[k].name) ==
			    0)
				fields[k].find(rules, field->address, found);
		for (guint k = 0; k < rules->fields->len; k++) {
			const struct marking_field *known = &g_array_index(
			    rules->fields, struct marking_field, k);

			if (g_ascii_strcasecmp(field->name, known->name) == 0 &&
			    g_ascii_strcasecmp(plain, known->value) == 0)
				mark_by_rule(known->rule, found);
		}
	}
}
