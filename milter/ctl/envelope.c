#include <curl/curl.h>
#include <string.h>

#include "milter/ctl/mailfile.h"

/* Somebody outside: an address for documentation only (RFC 5737). */
static const char outside[] = "192.0.2.1";

/* "<jane@example.org>" without brackets and blanks. */
static char *
bare_address(const char *text)
{
	char *address = g_strstrip(g_strdup(text));
	gsize len = strlen(address);

	if (len >= 2 && address[0] == '<' && address[len - 1] == '>') {
		address[len - 1] = '\0';
		memmove(address, address + 1, len - 1);
	}
	return address;
}

/*
 * Fields that name recipients as To and Cc do, but that the message's parser
 * has no reason to read, are given to it under the name of one that it reads.
 */
static const char *
parsed_as(const char *name)
{
	static const char *const twins[][2] = {{"Bcc", "Cc"},
	    {"Apparently-To", "Cc"}, {"Resent-Bcc", "Resent-Cc"}};

	for (gsize i = 0; i < G_N_ELEMENTS(twins); i++)
		if (g_ascii_strcasecmp(name, twins[i][0]) == 0)
			return twins[i][1];
	return name;
}

/* What the header says beside what struct header_facts holds. */
struct trace {
	char *return_path;    /* or NULL */
	GPtrArray *original;  /* char *: X-Original-To */
	GPtrArray *delivered; /* char *: Delivered-To */
	gint64 time;
};

static void
trace_clear(struct trace *trace)
{
	g_free(trace->return_path);
	g_ptr_array_unref(trace->original);
	g_ptr_array_unref(trace->delivered);
}

/* RFC 5322 dates; comments are cut, as libcurl takes them for time zones. */
static gint64
parse_date(const char *value)
{
	g_autofree char *plain = g_strndup(value, strcspn(value, "("));
	time_t time = curl_getdate(plain, NULL);

	return time > 0 ? (gint64)time : 0;
}

static void
read_trace(struct trace *trace, const char *name, const char *value)
{
	if (g_ascii_strcasecmp(name, "Return-Path") == 0) {
		if (trace->return_path == NULL)
			trace->return_path = bare_address(value);
	} else if (g_ascii_strcasecmp(name, "X-Original-To") == 0) {
		g_ptr_array_add(trace->original, bare_address(value));
	} else if (g_ascii_strcasecmp(name, "Delivered-To") == 0) {
		g_ptr_array_add(trace->delivered, bare_address(value));
	} else if (g_ascii_strcasecmp(name, "Date") == 0 && trace->time == 0) {
		trace->time = parse_date(value);
	}
}

static const char *
first_address(const GPtrArray *mailboxes)
{
	return mailboxes->len > 0
		   ? ((const struct mailbox *)mailboxes->pdata[0])->address
		   : NULL;
}

static char *
find_sender(const struct trace *trace, const struct header_facts *header)
{
	const GPtrArray *const candidates[] = {header->resent_sender,
	    header->resent_from, header->sender, header->from};
	const char *found = trace->return_path;

	for (gsize i = 0; found == NULL && i < G_N_ELEMENTS(candidates); i++)
		found = first_address(candidates[i]);
	return g_strdup(found != NULL ? found : "");
}

static void
add_mailboxes(
    struct envelope *envelope, GHashTable *seen, const GPtrArray *mailboxes)
{
	for (guint i = 0; i < mailboxes->len; i++) {
		const struct mailbox *mailbox = mailboxes->pdata[i];

		if (g_hash_table_add(seen, g_strdup(mailbox->address)))
			envelope_add_recipient(
			    envelope, mailbox->address, NULL);
	}
}

/*
 * Local delivery writes both fields: the address that was asked for, and the
 * mailbox that it came to.
 */
static void
add_deliveries(
    struct envelope *envelope, GHashTable *seen, const struct trace *trace)
{
	bool paired = trace->original->len == trace->delivered->len;
	const GPtrArray *asked =
	    trace->original->len > 0 ? trace->original : trace->delivered;

	for (guint i = 0; i < asked->len; i++) {
		const char *address = asked->pdata[i];

		if (g_hash_table_add(seen, g_strdup(address)))
			envelope_add_recipient(envelope, address,
			    paired ? trace->delivered->pdata[i] : NULL);
	}
}

struct envelope *
envelope_from_headers(const struct mailfile *mail)
{
	static const struct message_limits no_limits;
	g_autoptr(message) message = message_new(&no_limits);
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct envelope *envelope = envelope_new();
	const struct header_facts *header;
	struct trace trace = {
	    .original = g_ptr_array_new_with_free_func(g_free),
	    .delivered = g_ptr_array_new_with_free_func(g_free)};

	for (guint i = 0; i < mail->fields->len; i++) {
		const struct mailfield *field =
		    &g_array_index(mail->fields, struct mailfield, i);
		g_autofree char *name = mailfile_name(mail, field);
		g_autofree char *value = mailfile_value(mail, field);

		read_trace(&trace, name, value);
		message_add_header(message, parsed_as(name), value);
	}
	header = message_header_facts(message);
	g_free(envelope->sender);
	envelope->sender = find_sender(&trace, header);
	envelope->time = trace.time;
	add_mailboxes(
	    envelope, seen, header->resent ? header->resent_to : header->to);
	add_mailboxes(
	    envelope, seen, header->resent ? header->resent_cc : header->cc);
	add_deliveries(envelope, seen, &trace);
	trace_clear(&trace);
	return envelope;
}

void
envelope_set_sender(struct envelope *envelope, const char *address)
{
	g_free(envelope->sender);
	envelope->sender = bare_address(address);
}

struct envelope *
envelope_load(const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(envelope) envelope = envelope_new();

	if (!g_file_get_contents(path, &text, NULL, error))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	envelope_set_sender(envelope, lines[0] != NULL ? lines[0] : "");
	for (guint i = 1; i < g_strv_length(lines); i++) {
		g_autofree char *word = bare_address(lines[i]);

		if (g_str_has_prefix(word, "auth ")) {
			g_free(envelope->login);
			envelope->login = bare_address(word + 5);
		} else if (g_str_has_prefix(word, "ip ")) {
			g_free(envelope->client);
			envelope->client = bare_address(word + 3);
		} else if (*word != '\0') {
			envelope_add_recipient(envelope, word, NULL);
		}
	}
	return g_steal_pointer(&envelope);
}

void
envelope_guess_client(struct envelope *envelope, const struct policy *policy)
{
	g_autofree char *folded = address_fold(policy->rules, envelope->sender);
	const char *domain = folded != NULL ? address_domain(folded) : "";

	if (folded != NULL &&
	    roster_find_address(policy->roster, folded) != NULL)
		return;
	for (guint i = 0; i < policy->domains->len; i++)
		if (strcmp(policy->domains->pdata[i], domain) == 0)
			return;
	g_free(envelope->client);
	envelope->client = g_strdup(outside);
}
