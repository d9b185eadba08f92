#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

static struct attachment *
copy(const struct attachment *a)
{
	struct attachment *c = attachment_new();

	g_free(c->name);
	g_free(c->type);
	c->name = g_strdup(a->name);
	c->type = g_strdup(a->type);
	c->state = a->state;
	c->reason = g_strdup(a->reason);
	c->opening = g_strdup(a->opening);
	c->text = g_strdup(a->text);
	for (guint i = 0; i < a->properties->len; i++) {
		const struct property *p = a->properties->pdata[i];

		attachment_add_property(c, p->name, p->value);
	}
	return c;
}

static void
begin(void *found, unsigned index, const struct attachment *a)
{
	GPtrArray *array = found;

	ck_assert_uint_eq(index, array->len);
	ck_assert_int_eq(a->state, ATTACHMENT_FAILED);
	g_ptr_array_add(array, copy(a));
}

static void
end(void *found, unsigned index, const struct attachment *a)
{
	GPtrArray *array = found;

	ck_assert_uint_lt(index, array->len);
	ck_assert_msg((a->state == ATTACHMENT_READ) == (a->reason == NULL),
	    "%s: state and reason disagree", a->name);
	attachment_free(array->pdata[index]);
	array->pdata[index] = copy(a);
}

GPtrArray *
extracting_read(const struct extract_limits *limits, const char *name,
    const void *data, gsize len)
{
	GPtrArray *found =
	    g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
	struct extract_limits whole = extract_limits_complete(limits);
	struct reading_events events = {begin, end, NULL, found};

	reading_run(&whole, &events, name, NULL, data, len, false);
	return found;
}

char *
extracting_show(const GPtrArray *found)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < found->len; i++) {
		const struct attachment *a = found->pdata[i];

		g_string_append_printf(out, "%s: %s, %s%s%s\n", a->name,
		    a->type, attachment_state_name(a->state),
		    a->reason != NULL ? ", " : "",
		    a->reason != NULL ? a->reason : "");
		for (guint j = 0; j < a->properties->len; j++) {
			const struct property *p = a->properties->pdata[j];

			g_string_append_printf(
			    out, "%s = %s\n", p->name, p->value);
		}
		if (a->opening != NULL)
			g_string_append(out, a->opening);
		if (a->text != NULL)
			g_string_append(out, a->text);
		if (out->str[out->len - 1] != '\n')
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

void
extracting_check(const char *name, GPtrArray *found, const char *want)
{
	g_autofree char *show = extracting_show(found);

	ck_assert_msg(
	    strcmp(show, want) == 0, "%s: got\n%s\nwant\n%s", name, show, want);
	g_ptr_array_unref(found);
}

void
extracting_check_works(struct extractor *extractor, const char *after)
{
	GPtrArray *found =
	    extractor_read(extractor, "a.txt", "text/plain", "Hello.", 6);
	g_autofree char *show = extracting_show(found);

	ck_assert_msg(strcmp(show, "a.txt: txt, read\nHello.\n") == 0,
	    "after %s: %s", after, show);
	g_ptr_array_unref(found);
}

static la_ssize_t
take(struct archive *archive G_GNUC_UNUSED, void *bytes, const void *data,
    size_t len)
{
	g_byte_array_append(bytes, data, (guint)len);
	return (la_ssize_t)len;
}

GByteArray *
extracting_zip(const char *const *members)
{
	GByteArray *bytes = g_byte_array_new();
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	archive_write_set_format_zip(archive);
	archive_write_set_bytes_per_block(archive, 0);
	ck_assert_int_eq(
	    archive_write_open(archive, bytes, NULL, take, NULL), ARCHIVE_OK);
	for (; *members != NULL; members += 2) {
		gsize len = strlen(members[1]);

		archive_entry_clear(entry);
		archive_entry_set_pathname(entry, members[0]);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_size(entry, (la_int64_t)len);
		/* ODF wants its first member as it is. */
		if (strcmp(members[0], "mimetype") == 0)
			archive_write_zip_set_compression_store(archive);
		else
			archive_write_zip_set_compression_deflate(archive);
		ck_assert_int_eq(
		    archive_write_header(archive, entry), ARCHIVE_OK);
		ck_assert_int_eq(archive_write_data(archive, members[1], len),
		    (la_ssize_t)len);
	}
	archive_entry_free(entry);
	archive_write_close(archive);
	archive_write_free(archive);
	return bytes;
}
