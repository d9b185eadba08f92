/*
 * The promise that an edit never harms a message, held against every message
 * of a corpus and every kind of edit.
 *
 *	check_corpus [--pairs] [--lf] PATH...
 *
 * Replaced ranges are in order and all else is byte for byte what it was, a
 * second pass changes nothing, no line over 998 is new, 7-bit mail stays 7-bit,
 * and GMime's parser sees the same parts with the same content but for texts.
 * With --pairs each message goes to standard output before and after, for
 * verify.py to take apart with another parser.
 * The counts go to standard error; the exit status is 1 if a check failed.
 */
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mail/check.h"
#include "tests/mail/mail.h"

struct tally {
	GHashTable *counts;	/* "ascii wrapped: reason" -> count */
	unsigned messages, failures;
	bool pairs, lf;
};

static void
count(struct tally *t, const char *key)
{
	guint old = GPOINTER_TO_UINT(g_hash_table_lookup(t->counts, key));

	g_hash_table_insert(
	    t->counts, g_strdup(key), GUINT_TO_POINTER(old + 1));
}

static void
fail(struct tally *t, const char *file, const struct check_kind *kind,
    const char *what)
{
	t->failures++;
	fprintf(stderr, "FAILED %s: %s: %s\n", file, kind->name, what);
}

/* A part as GMime sees it. */
struct seen {
	char *type;
	char *digest;	/* of the content */
	int depth;
};

static void
seen_clear(gpointer data)
{
	struct seen *s = data;

	g_free(s->type);
	g_free(s->digest);
}

static void
see_part(GArray *list, GMimeObject *part, int depth)
{
	GMimeContentType *ct = g_mime_object_get_content_type(part);
	struct seen s = { g_mime_content_type_get_mime_type(ct), NULL, depth };

	if (GMIME_IS_PART(part)) {
		GMimeStream *mem = g_mime_stream_mem_new();
		GMimeDataWrapper *content =
		    g_mime_part_get_content(GMIME_PART(part));
		GByteArray *bytes;

		if (content != NULL)
			g_mime_data_wrapper_write_to_stream(content, mem);
		bytes =
		    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
		s.digest = g_compute_checksum_for_data(
		    G_CHECKSUM_MD5, bytes->data, bytes->len);
		g_object_unref(mem);
	}
	g_array_append_val(list, s);
	if (GMIME_IS_MULTIPART(part)) {
		GMimeMultipart *m = GMIME_MULTIPART(part);

		for (int i = 0; i < g_mime_multipart_get_count(m); i++)
			see_part(list, g_mime_multipart_get_part(m, i),
			    depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		GMimeMessage *m =
		    g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));

		if (m != NULL && g_mime_message_get_mime_part(m) != NULL)
			see_part(
			    list, g_mime_message_get_mime_part(m), depth + 1);
	}
}

/* All parts in order, as GMime's own parser finds them. */
static GArray *
see(const struct mail *m)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct seen));
	GMimeStream *stream =
	    g_mime_stream_mem_new_with_byte_array(mail_bytes(m));
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *seen = g_mime_parser_construct_message(parser, NULL);

	g_array_set_clear_func(list, seen_clear);
	if (seen != NULL) {
		see_part(list, g_mime_message_get_mime_part(seen), 0);
		g_object_unref(seen);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return list;
}

static bool
is_same(const struct seen *a, const struct seen *b, int deeper)
{
	return g_ascii_strcasecmp(a->type, b->type) == 0 &&
	    a->depth + deeper == b->depth;
}

static bool
is_edited_text(const struct seen *s)
{
	/* GMime's name for a type that it cannot read, RFC 2045's text. */
	return g_ascii_strcasecmp(s->type, "text/plain") == 0 ||
	    g_ascii_strcasecmp(s->type, "text/html") == 0 ||
	    strcmp(s->type, "application/octet-stream") == 0;
}

/* Are these the parts, from one of the after list on? */
static const char *
compare_from(const GArray *before, const GArray *after, guint at, bool wrapped)
{
	if (at + before->len > after->len)
		return "GMime sees other parts";
	for (guint i = 0; i < before->len; i++) {
		const struct seen *a = &g_array_index(before, struct seen, i);
		const struct seen *b =
		    &g_array_index(after, struct seen, at + i);

		if (!is_same(a, b, wrapped))
			return "GMime sees other parts";
		if (g_strcmp0(a->digest, b->digest) != 0 &&
		    (wrapped || !is_edited_text(a)))
			return "GMime sees an attachment changed";
	}
	return NULL;
}

/*
 * After an edit the same parts, their content equal but for texts; after
 * wrapping the same parts one level deeper, first or after the banner.
 */
static const char *
compare_seen(const GArray *before, const GArray *after, bool wrapped)
{
	const char *what;

	if (!wrapped)
		return before->len == after->len ?
		    compare_from(before, after, 0, false) :
		    "GMime sees other parts";
	what = compare_from(before, after, 1, true);
	return what != NULL ? compare_from(before, after, 2, true) : NULL;
}

static void
check_parts(struct tally *t, const char *file, const struct check_kind *kind,
    const GArray *before, const struct mail *mail_after, bool wrapped)
{
	g_autoptr(GArray) after = see(mail_after);
	const char *what = compare_seen(before, after, wrapped);

	if (what != NULL)
		fail(t, file, kind, what);
}

static void
write_pair(const char *file, const struct check_kind *kind,
    const struct edit *e, const struct mail *before, const struct mail *after)
{
	GByteArray *a = mail_bytes(before), *b = mail_bytes(after);

	printf("%s\t%s\t%s\t%s\t%u\t%u\n", file, kind->name,
	    edit_status_name(e->status), e->reason != NULL ? e->reason : "",
	    a->len, b->len);
	fwrite(a->data, 1, a->len, stdout);
	fwrite(b->data, 1, b->len, stdout);
	g_byte_array_unref(a);
	g_byte_array_unref(b);
}

static void
check_message(
    struct tally *t, const char *file, const char *data, gsize len)
{
	g_autoptr(mail) before = mail_parse(data, len, !t->lf);
	g_autoptr(GArray) seen = NULL;

	t->messages++;
	for (unsigned i = 0; i < CHECK_KINDS; i++) {
		const struct check_kind *kind = &check_kinds[i];
		g_autoptr(message) m = mail_message(before, NULL);
		g_autoptr(edit_request) request = check_request(kind);
		g_autoptr(edit) e = edit_new(m, request);
		g_autoptr(mail) after = mail_edit(before, m, e);
		g_autofree char *key = g_strdup_printf("%s\t%s\t%s",
		    kind->name, edit_status_name(e->status),
		    e->reason != NULL ? e->reason : "");
		const char *what = check_edit(before, after, e, request);

		count(t, key);
		if (what != NULL)
			fail(t, file, kind, what);
		if (e->status == EDIT_DONE || e->status == EDIT_WRAPPED) {
			if (seen == NULL)
				seen = see(before);
			check_parts(t, file, kind, seen, after,
			    e->status == EDIT_WRAPPED);
		}
		if (t->pairs)
			write_pair(file, kind, e, before, after);
	}
}

/* Where the next message of an mbox file begins, or the end. */
static const char *
next_in_mbox(const char *p, const char *end)
{
	while ((p = memmem(p, (gsize)(end - p), "\nFrom ", 6)) != NULL) {
		if (p[-1] == '\n' || (p[-1] == '\r' && p[-2] == '\n'))
			return p + 1;
		p += 6;
	}
	return end;
}

static void
check_file(struct tally *t, const char *file)
{
	g_autofree char *data = NULL;
	const char *p, *next, *end;
	unsigned number = 0;
	gsize len;

	if (!g_file_get_contents(file, &data, &len, NULL))
		return;
	end = data + len;
	if (len < 8 || memcmp(data, "From ", 5) != 0) {
		check_message(t, file, data, len);
		return;
	}
	for (p = data; p < end; p = next) {
		g_autofree char *name =
		    g_strdup_printf("%s#%u", file, ++number);

		next = next_in_mbox(p + 5, end);
		check_message(t, name, p, (gsize)(next - p));
	}
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
check_path(struct tally *t, const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	if (dir == NULL) {
		check_file(t, path);
		return;
	}
	while ((name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++)
		check_path(t, names->pdata[i]);
}

int
main(int argc, char **argv)
{
	struct tally t = { .counts = NULL };
	g_autoptr(GList) keys = NULL;

	t.counts =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--pairs") == 0)
			t.pairs = true;
		else if (strcmp(argv[i], "--lf") == 0)
			t.lf = true;
		else
			check_path(&t, argv[i]);
	}
	keys = g_list_sort(
	    g_hash_table_get_keys(t.counts), (GCompareFunc)strcmp);
	for (GList *k = keys; k != NULL; k = k->next)
		fprintf(stderr, "%7u %s\n",
		    GPOINTER_TO_UINT(g_hash_table_lookup(t.counts, k->data)),
		    (char *)k->data);
	fprintf(stderr, "%7u messages, %u failures\n", t.messages, t.failures);
	g_hash_table_unref(t.counts);
	return t.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
