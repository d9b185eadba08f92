/*
 * Writing an edited message.  The edit counts the bytes of the body as the MTA
 * sent it, with CRLF at every line's end.  The file may have other line ends,
 * and even several kinds of them, so that the edit's places are looked up line
 * by line and everything between them is copied from the file.
 */
#include <string.h>

#include "milter/ctl/mailfile.h"

/* One header field on its way out. */
struct leaving {
	const char *text; /* borrowed from the file or from owned */
	gsize len, name_len;
	char *owned; /* a new field's text, or NULL */
};

static void
leaving_clear(void *data)
{
	struct leaving *field = data;

	g_free(field->owned);
}

static const char *
line_end(const struct mailfile *mail)
{
	return mail->crlf ? "\r\n" : "\n";
}

static struct leaving
new_field(const struct mailfile *mail, const struct header_change *change)
{
	g_auto(GStrv) lines = g_strsplit(change->value, "\n", -1);
	g_autofree char *value = g_strjoinv(line_end(mail), lines);
	struct leaving field = {.name_len = strlen(change->name)};

	field.owned =
	    g_strconcat(change->name, ": ", value, line_end(mail), NULL);
	field.text = field.owned;
	field.len = strlen(field.text);
	return field;
}

/* The place of the index-th field (from 1) with that name, or the end. */
static guint
find_field(const GArray *fields, const char *name, unsigned index)
{
	guint i;

	for (i = 0; i < fields->len; i++) {
		const struct leaving *field =
		    &g_array_index(fields, struct leaving, i);

		if (field->name_len == strlen(name) &&
		    g_ascii_strncasecmp(field->text, name, field->name_len) ==
			0 &&
		    --index == 0)
			break;
	}
	return i;
}

/* As an MTA carries out a milter's change of the header. */
static void
change_header(const struct mailfile *mail, GArray *fields,
    const struct header_change *change)
{
	guint at = change->op == HEADER_INSERT
		       ? MIN(change->index, fields->len)
		       : find_field(fields, change->name, change->index);
	struct leaving field;

	if (change->op != HEADER_INSERT && at < fields->len)
		g_array_remove_index(fields, at);
	if (change->op == HEADER_DELETE)
		return;
	field = new_field(mail, change);
	g_array_insert_val(fields, at, field);
}

static bool
put(FILE *out, const char *text, gsize len)
{
	return len == 0 || fwrite(text, 1, len, out) == len;
}

static bool
gains_text(const struct edit *edit)
{
	return edit != NULL && edit->splices->len > 0;
}

static bool
write_header(const struct mailfile *mail, const struct edit *edit, FILE *out)
{
	g_autoptr(GArray) fields =
	    g_array_new(FALSE, TRUE, sizeof(struct leaving));
	bool ok = true;

	g_array_set_clear_func(fields, leaving_clear);
	for (guint i = 0; i < mail->fields->len; i++) {
		const struct mailfield *field =
		    &g_array_index(mail->fields, struct mailfield, i);
		struct leaving same = {.text = mail->data + field->start,
		    .len = field->end - field->start,
		    .name_len = field->name_end - field->start};

		g_array_append_val(fields, same);
	}
	for (guint i = 0; edit != NULL && i < edit->headers->len; i++)
		change_header(mail, fields, edit->headers->pdata[i]);
	for (guint i = 0; ok && i < fields->len; i++) {
		const struct leaving *field =
		    &g_array_index(fields, struct leaving, i);
		bool followed = i + 1 < fields->len || gains_text(edit);

		ok = put(out, field->text, field->len);
		/* The file's last line may lack its end. */
		if (ok && followed && field->text[field->len - 1] != '\n')
			ok = fputs(line_end(mail), out) >= 0;
	}
	return ok;
}

/* A place in the body: in the file, and as the MTA counts. */
struct cursor {
	gsize at, count;
};

/*
 * Moves on to count bytes, copying what is passed when out is given.  An edit
 * never parts a CR from its LF.
 */
static bool
move(const struct mailfile *mail, struct cursor *cursor, gsize count, FILE *out)
{
	while (cursor->count < count && cursor->at < mail->len) {
		const char *from = mail->data + cursor->at;
		const char *lf = memchr(from, '\n', mail->len - cursor->at);
		gsize raw = lf != NULL ? (gsize)(lf - from) + 1
				       : mail->len - cursor->at;
		bool crlf = lf != NULL && raw > 1 && from[raw - 2] == '\r';
		gsize text = raw - (crlf ? 2 : lf != NULL ? 1 : 0);
		bool within = count - cursor->count <= text;

		if (within)
			raw = text = count - cursor->count;
		if (out != NULL && !put(out, from, raw))
			return false;
		if (out != NULL && !within && lf == NULL &&
		    fputs(line_end(mail), out) < 0)
			return false;
		cursor->at += raw;
		cursor->count += within ? text : text + 2;
	}
	return true;
}

static bool
write_new_text(const struct mailfile *mail, GBytes *bytes, FILE *out)
{
	gsize len;
	const char *text = g_bytes_get_data(bytes, &len);
	const char *end = text + len;

	while (!mail->crlf && text < end) {
		const char *cr = memmem(text, (gsize)(end - text), "\r\n", 2);

		if (cr == NULL)
			break;
		if (!put(out, text, (gsize)(cr - text)) || putc('\n', out) < 0)
			return false;
		text = cr + 2;
	}
	return put(out, text, (gsize)(end - text));
}

static bool
write_body(const struct mailfile *mail, const struct edit *edit, FILE *out)
{
	struct cursor cursor = {.at = mail->body, .count = 0};

	for (guint i = 0; edit != NULL && i < edit->splices->len; i++) {
		const struct splice *splice =
		    &g_array_index(edit->splices, struct splice, i);

		if (!move(mail, &cursor, splice->start, out) ||
		    !write_new_text(mail, splice->text, out) ||
		    !move(mail, &cursor, splice->end, NULL))
			return false;
	}
	return put(out, mail->data + cursor.at, mail->len - cursor.at);
}

bool
mailfile_write(const struct mailfile *mail, const struct edit *edit, FILE *out)
{
	gsize gap = mail->body - mail->header_end;

	if (!write_header(mail, edit, out) ||
	    !put(out, mail->data + mail->header_end, gap))
		return false;
	/* A body that gains text must not run into the header. */
	if (gap == 0 && gains_text(edit) && fputs(line_end(mail), out) < 0)
		return false;
	return write_body(mail, edit, out);
}
