#include <stdbool.h>
#include <string.h>

#include "policy/text/confusable.h"
#include "policy/text/marks.h"
#include "policy/text/normalise.h"
#include "policy/utf8.h"

/* A letter with more accents than this is normalised in pieces. */
enum { CLUSTER_MAX = 32 };

/* What a character is, as far as it is not taken as it stands. */
enum treatment {
	KEEP,
	SPACE,
	LINE_END,
	DROP,
	QUOTE,        /* ' */
	DOUBLE_QUOTE, /* " */
	HYPHEN,       /* - */
	ELLIPSIS,
	COMPOSE, /* may have a compatibility form */
};

struct output {
	GString *text;
	GArray *marks; /* or NULL */
	const char *source;
	gssize space;    /* source offset of a space that is due if
			  * something follows it on the line, or -1 */
	bool confusable; /* a look-alike of a Latin letter is in it */
};

static enum treatment
treat_ascii(guchar c)
{
	if (c > ' ' && c < 0x7f)
		return c == '`' ? QUOTE : KEEP;
	if (c == ' ' || c == '\t')
		return SPACE;
	return c == '\n' || c == '\r' || c == '\f' || c == '\v' ? LINE_END
								: DROP;
}

static bool
is_invisible(gunichar c)
{
	return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f ||
	       c == 0x1160 || c == 0x17b4 || c == 0x17b5 ||
	       (c >= 0x180b && c <= 0x180f) || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0x3164 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       c == 0xffa0 || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0x1bca0 && c <= 0x1bca3) || (c >= 0xe0000 && c <= 0xe0fff);
}

static enum treatment
treat_punctuation(gunichar c)
{
	switch (c) {
	case 0x2018:
	case 0x2019:
	case 0x201a:
	case 0x201b:
	case 0x2032:
	case 0x2035:
	case 0x2039:
	case 0x203a:
		return QUOTE;
	case 0x201c:
	case 0x201d:
	case 0x201e:
	case 0x201f:
	case 0x2033:
	case 0x2036:
		return DOUBLE_QUOTE;
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2015:
	case 0x2043:
		return HYPHEN;
	case 0x2026:
		return ELLIPSIS;
	case 0x2028:
	case 0x2029:
		return LINE_END;
	case 0x2022:
		return KEEP;
	default:
		return COMPOSE;
	}
}

/* Scripts and ranges without compatibility forms, which most text is in. */
static bool
is_settled(gunichar c)
{
	return (c >= 0xc0 && c <= 0x131) || (c >= 0x134 && c <= 0x13e) ||
	       (c >= 0x141 && c <= 0x148) || (c >= 0x14a && c <= 0x17e) ||
	       (c >= 0x400 && c <= 0x482) || (c >= 0x48a && c <= 0x52f) ||
	       (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) ||
	       (c >= 0x4e00 && c <= 0x9fff) || c == 0xa3 || c == 0x20ac;
}

static enum treatment
treat(gunichar c)
{
	if (c < 0x80)
		return treat_ascii((guchar)c);
	if (is_settled(c))
		return KEEP;
	if (c < 0xa0)
		return c == 0x85 ? LINE_END : DROP;
	if (is_invisible(c))
		return DROP;
	if (c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	    c == 0x202f || c == 0x205f || c == 0x2800 || c == 0x3000)
		return SPACE;
	if (c >= 0x2010 && c <= 0x205e)
		return treat_punctuation(c);
	switch (c) {
	case 0xb4:
	case 0x2b9:
	case 0x2bb:
	case 0x2bc:
	case 0x2bd:
	case 0x2c8:
	case 0xff07:
		return QUOTE;
	case 0xab:
	case 0xbb:
	case 0x301d:
	case 0x301e:
	case 0x301f:
	case 0xff02:
		return DOUBLE_QUOTE;
	case 0x2212:
	case 0x2e3a:
	case 0x2e3b:
	case 0xfe58:
	case 0xfe63:
	case 0xff0d:
		return HYPHEN;
	default:
		return COMPOSE;
	}
}

static void
put(struct output *o, const char *text, gsize len, const char *from)
{
	gsize source = (gsize)(from - o->source);

	if (o->space >= 0) {
		if (o->marks != NULL)
			text_marks_add(o->marks, o->text->len, (gsize)o->space);
		g_string_append_c(o->text, ' ');
		o->space = -1;
	}
	if (o->marks != NULL)
		text_marks_add(o->marks, o->text->len, source);
	g_string_append_len(o->text, text, (gssize)len);
}

static void
put_space(struct output *o, const char *from)
{
	if (o->space < 0)
		o->space = from - o->source;
}

static void
put_line_end(struct output *o, const char *from)
{
	o->space = -1;
	put(o, "\n", 1, from);
}

static bool
is_joiner(gunichar c)
{
	return g_unichar_combining_class(c) != 0 || g_unichar_ismark(c) ||
	       (c >= 0x1161 && c <= 0x11ff);
}

/* Does it compose with what stands before it, perhaps in another form? */
static bool
joins(gunichar c)
{
	g_autofree char *composed = NULL;
	char text[6];

	if (is_joiner(c))
		return true;
	/* Letters of Hangul that stand alone, and halfwidth signs. */
	if ((c < 0x3131 || c > 0x318e) && (c < 0xff9e || c > 0xffdc))
		return false;
	composed = g_utf8_normalize(
	    text, g_unichar_to_utf8(c, text), G_NORMALIZE_NFKC);
	return is_joiner(g_utf8_get_char(composed));
}

/*
 * Past one character: its value, or U+FFFD for a byte that begins none.
 */
static const char *
next_char(const char *p, const char *end, gunichar *c)
{
	*c = g_utf8_get_char_validated(p, end - p);
	if (*c == (gunichar)-1 || *c == (gunichar)-2) {
		*c = 0xfffd;
		return p + 1;
	}
	return p + g_utf8_skip[(guchar)*p];
}

/* Can a byte begin an accent, or what is dropped before one? */
static bool
may_join(char c)
{
	return (guchar)c >= 0x80 || treat_ascii((guchar)c) == DROP;
}

/* One of the characters that others became: "ŉ" is an apostrophe and an n. */
static void
put_composed(struct output *o, const char *q, const char *from)
{
	gunichar c = g_utf8_get_char(q);

	switch (treat(c)) {
	case SPACE:
		put_space(o, from);
		break;
	case QUOTE:
		put(o, "'", 1, from);
		break;
	case DOUBLE_QUOTE:
		put(o, "\"", 1, from);
		break;
	case HYPHEN:
		put(o, "-", 1, from);
		break;
	default:
		put(o, q, (gsize)(utf8_next(q) - q), from);
		o->confusable |= confusable_latin(c) != '\0';
		break;
	}
}

/*
 * A character and the accents that follow it, composed.  Returns where they
 * end.
 */
static const char *
put_cluster(struct output *o, const char *p, const char *end)
{
	char cluster[CLUSTER_MAX * 6 + 1];
	g_autofree char *composed = NULL;
	const char *start = p, *next;
	gunichar c;
	gsize len = 0;

	p = next_char(p, end, &c);
	len += (gsize)g_unichar_to_utf8(c, cluster);
	for (unsigned i = 1; p < end && i < CLUSTER_MAX; p = next) {
		if (!may_join(*p))
			break;
		next = next_char(p, end, &c);
		if (treat(c) == DROP)
			continue;
		if (!joins(c))
			break;
		len += (gsize)g_unichar_to_utf8(c, cluster + len);
		i++;
	}
	composed = g_utf8_normalize(cluster, (gssize)len, G_NORMALIZE_NFKC);
	for (const char *q = composed; *q != '\0'; q = utf8_next(q))
		put_composed(o, q, start);
	return p;
}

/* Plain ASCII, but not what an accent may follow. */
static const char *
put_plain(struct output *o, const char *p, const char *end)
{
	const char *start = p;

	while (p < end && (guchar)*p < 0x80 && treat_ascii((guchar)*p) == KEEP)
		p++;
	if (p > start && p < end && may_join(*p))
		p--;
	if (p > start)
		put(o, start, (gsize)(p - start), start);
	return p;
}

/* Any other character. */
static const char *
put_other(struct output *o, const char *p, const char *end)
{
	gunichar c, after = 0;
	const char *next = next_char(p, end, &c);

	switch (treat(c)) {
	case SPACE:
		put_space(o, p);
		return next;
	case LINE_END:
		put_line_end(o, p);
		return next + (*p == '\r' && next < end && *next == '\n');
	case DROP:
		return next;
	case QUOTE:
		put(o, "'", 1, p);
		return next;
	case DOUBLE_QUOTE:
		put(o, "\"", 1, p);
		return next;
	case HYPHEN:
		put(o, "-", 1, p);
		return next;
	case ELLIPSIS:
		put(o, "...", 3, p);
		return next;
	case KEEP:
		if (next < end && may_join(*next))
			next_char(next, end, &after);
		if (next == end || !may_join(*next) ||
		    (!joins(after) && treat(after) != DROP)) {
			put(o, p, (gsize)(next - p), p);
			o->confusable |= confusable_latin(c) != '\0';
			return next;
		}
		return put_cluster(o, p, end);
	case COMPOSE:
		break;
	}
	return put_cluster(o, p, end);
}

/*
 * The Latin letter that the one at p stands for, or '\0'.  One with an accent
 * looks like none, and as one it might compose with the accent.
 */
static char
look_alike(const char *p)
{
	const char *next = utf8_next(p);

	return *next != '\0' && joins(g_utf8_get_char(next))
		   ? '\0'
		   : confusable_latin(g_utf8_get_char(p));
}

/* A word, with its look-alikes if it has Latin letters too. */
static const char *
fold_word(const char *p, GString *out, GArray *marks, const char *text)
{
	const char *start = p;
	bool latin = false, other = false;
	gunichar c;

	for (; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
		c = g_utf8_get_char(p);
		if (!g_unichar_isalpha(c) && !g_unichar_ismark(c))
			break;
		latin |= c < 0x80;
		other |= look_alike(p) != '\0';
	}
	for (; start < p; start += g_utf8_skip[(guchar)*start]) {
		char as = latin && other ? look_alike(start) : '\0';

		text_marks_add(marks, out->len, (gsize)(start - text));
		if (as != '\0')
			g_string_append_c(out, as);
		else
			g_string_append_len(
			    out, start, g_utf8_skip[(guchar)*start]);
	}
	return p;
}

static void
fold_confusables(struct output *o)
{
	GString *out = g_string_sized_new(o->text->len);
	g_autoptr(GArray) folds = text_marks_new();
	const char *text = o->text->str, *p = text, *word;
	GArray *marks;

	while (*p != '\0') {
		word = p;
		p = fold_word(p, out, folds, text);
		if (p > word)
			continue;
		text_marks_add(folds, out->len, (gsize)(p - text));
		g_string_append_len(out, p, g_utf8_skip[(guchar)*p]);
		p += g_utf8_skip[(guchar)*p];
	}
	if (o->marks != NULL && folds->len > 0) {
		marks = text_marks_new();
		text_marks_compose(marks, 0, folds, 0, out->len, o->marks);
		g_array_set_size(o->marks, 0);
		g_array_append_vals(o->marks, marks->data, marks->len);
		g_array_unref(marks);
	}
	g_string_free(o->text, TRUE);
	o->text = out;
}

char *
text_normalise(const char *source, gsize len, gsize *out_len, GArray *marks)
{
	struct output o = {
	    .text = g_string_sized_new(len + 16),
	    .marks = marks,
	    .source = source,
	    .space = -1,
	};
	const char *p = source, *end = source + len, *plain;

	while (p < end) {
		plain = p;
		p = put_plain(&o, p, end);
		if (p == plain || (p < end && (guchar)*p < 0x80 &&
				      treat_ascii((guchar)*p) == KEEP))
			p = put_other(&o, p, end);
	}
	if (o.confusable)
		fold_confusables(&o);
	if (out_len != NULL)
		*out_len = o.text->len;
	return g_string_free(o.text, FALSE);
}
