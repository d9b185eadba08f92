#include <string.h>

#include "milter/message/charset.h"
#include "tests/mail/check.h"

enum { LINE_LIMIT = 998 };

const struct check_kind check_kinds[CHECK_KINDS] = {
	{ .name = "ascii", .footer = { "CC councillor Sam Smith" } },
	{ .name = "unicode",
	    .footer = { "CC y Cynghorydd Si\303\242n \305\264yn / "
			"CC councillor Si\303\242n \305\264yn" },
	    .placement = PLACE_AT_END },
	{ .name = "above",
	    .footer = { "CC councillor Zo\303\253 M\303\274ller",
		"CC councillor \"O'Neill\" <& Co>" },
	    .placement = PLACE_ABOVE_QUOTE },
	{ .name = "banner",
	    .banner = "CONFIDENTIAL: this message names a person in a matter "
		      "of staff, and goes to nobody else.",
	    .tag = "[CONFIDENTIAL]" },
	{ .name = "both",
	    .footer = { "CC councillor Priya Patel" },
	    .banner = "CYFRINACHOL / CONFIDENTIAL \342\200\223 staffing" },
};

struct edit_request *
check_request(const struct check_kind *kind)
{
	struct edit_request *r = edit_request_new();

	r->key = (const guint8 *)"check-corpus";
	r->key_len = strlen("check-corpus");
	r->placement = kind->placement;
	r->subject_tag = g_strdup(kind->tag);
	r->sensitivity =
	    kind->tag != NULL ? g_strdup("Company-Confidential") : NULL;
	for (gsize i = 0; kind->footer[i] != NULL; i++)
		edit_request_add_footer(r, kind->footer[i], "en");
	if (kind->banner != NULL)
		edit_request_add_banner(r, kind->banner, "en");
	return r;
}

/* How many lines are longer than SMTP allows. */
static unsigned
long_lines(const struct mail *m)
{
	g_autoptr(GByteArray) bytes = mail_bytes(m);
	unsigned found = 0;
	gsize start = 0;

	for (gsize i = 0; i <= bytes->len; i++)
		if (i == bytes->len || bytes->data[i] == '\n') {
			gsize end = i;

			if (end > start && bytes->data[end - 1] == '\r')
				end--;
			found += end - start > LINE_LIMIT;
			start = i + 1;
		}
	return found;
}

/* All bytes outside the replaced ranges, in order and unchanged. */
static bool
is_intact(const struct mail *before, const struct mail *after,
    const struct edit *e)
{
	gsize from = 0, to = 0;

	for (guint i = 0; i <= e->splices->len; i++) {
		gsize start = before->body->len, end = start, size = 0;

		if (i < e->splices->len) {
			const struct splice *s =
			    &g_array_index(e->splices, struct splice, i);

			start = s->start;
			end = s->end;
			size = g_bytes_get_size(s->text);
		}
		if (start < from || end < start || end > before->body->len ||
		    to + (start - from) + size > after->body->len ||
		    (start > from &&
			memcmp(before->body->data + from,
			    after->body->data + to, start - from) != 0))
			return false;
		to += start - from + size;
		from = end;
	}
	return to == after->body->len;
}

static bool
is_7bit(const struct mail *m)
{
	g_autoptr(GByteArray) bytes = mail_bytes(m);

	return is_ascii(bytes->data, bytes->len);
}

/* Does the edit find itself done? */
static const char *
check_again(const struct mail *after, const struct edit_request *request)
{
	g_autoptr(message) m = mail_message(after, NULL);
	g_autoptr(edit) again = edit_new(m, request);

	if (again->status != EDIT_THERE)
		return "a second pass does not find the edit";
	if (again->splices->len > 0 || again->headers->len > 0)
		return "a second pass changes something";
	return NULL;
}

const char *
check_edit(const struct mail *before, const struct mail *after,
    const struct edit *e, const struct edit_request *request)
{
	bool changes = e->status == EDIT_DONE || e->status == EDIT_WRAPPED;

	if (!is_intact(before, after, e))
		return "bytes outside the edit changed";
	if (long_lines(after) > long_lines(before))
		return "a line became too long";
	if (is_7bit(before) && !is_7bit(after))
		return "7-bit mail became 8-bit";
	if (changes && e->splices->len == 0 && e->headers->len == 0)
		return "nothing changed";
	if (!changes && e->splices->len > 0)
		return "left alone, and changed";
	return changes ? check_again(after, request) : NULL;
}
