/*
 * Rich Text Format: groups in braces, control words that say what the text of
 * their group is.  Groups that begin with "\*" and are not known are left out,
 * as the format wants it.
 */
#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/extract/flow.h"
#include "milter/extract/object.h"
#include "milter/extract/reader.h"
#include "milter/extract/rtf_word.h"
#include "milter/message/charset.h"

enum {
	NESTING = 1000,
	WORD = 32,    /* letters of a control word */
	VALUE = 4096, /* bytes of a property */
	FONTS = 10000,
};

/* What a closing brace restores. */
struct group {
	enum rtf_place place;
	const char *property;
	bool ends; /* its end is the end of a place */
	bool hidden, in_table;
	unsigned skip; /* characters that stand for one of Unicode */
	unsigned codepage;
};

struct rtf {
	struct document *document;
	struct flow flow;
	const guint8 *p, *end;
	GArray *groups; /* those around the one that is open */
	struct group now;
	bool star;         /* "\*" came before this word */
	unsigned codepage; /* of the document */
	unsigned skipping; /* characters still to be left out */
	gunichar high;     /* a first surrogate */
	GString *bytes;    /* of the code page, not converted yet */
	GHashTable *fonts; /* number → code page */
	int font;          /* that the font table is at */
	char *name;        /* of a property that awaits its value */
	GString *value;
	struct object_digits object; /* the one that is open */
};

static void
put_text(struct rtf *r, const char *text, gsize len)
{
	switch (r->now.place) {
	case RTF_BODY:
	case RTF_ASIDE:
	case RTF_MARGIN:
		if (!r->now.hidden)
			flow_text(&r->flow, text, len);
		break;
	case RTF_PROPERTY:
	case RTF_PROPERTY_NAME:
	case RTF_PROPERTY_VALUE:
		if (r->value->len < VALUE)
			g_string_append_len(r->value, text, (gssize)len);
		break;
	default:
		break;
	}
}

/* Characters of the code page may take two bytes, so they are collected. */
static void
flush_bytes(struct rtf *r)
{
	g_autofree char *text = NULL, *label = NULL;
	const guint8 *bytes = (const guint8 *)r->bytes->str;
	gsize len = r->bytes->len, text_len;

	if (len == 0)
		return;
	if (r->now.codepage != 1252 && !is_ascii(bytes, len)) {
		label = r->now.codepage == 10000
			    ? g_strdup("MACINTOSH")
			    : g_strdup_printf("CP%u", r->now.codepage);
		text = charset_to_utf8(label, bytes, len, &text_len);
	}
	if (text != NULL)
		put_text(r, text, text_len);
	else
		for (gsize i = 0; i < len; i++) {
			char utf8[6];

			put_text(r, utf8,
			    (gsize)g_unichar_to_utf8(
				charset_windows(bytes[i]), utf8));
		}
	g_string_truncate(r->bytes, 0);
}

static void
put_byte(struct rtf *r, guint8 c)
{
	if (r->now.place == RTF_OBJECT)
		object_add_digit(&r->object, c);
	else if (r->skipping > 0)
		r->skipping--;
	else if (r->now.place != RTF_SKIP && r->now.place != RTF_FONTS &&
		 c != '\0')
		g_string_append_c(r->bytes, (char)c);
}

static void
put_character(struct rtf *r, gunichar c)
{
	char utf8[6];

	flush_bytes(r);
	put_text(r, utf8, (gsize)g_unichar_to_utf8(c, utf8));
}

/* "\u": 16 bits, often signed; two of them for what is beyond. */
static void
put_unicode(struct rtf *r, int number)
{
	gunichar c = (gunichar)number & 0xffff;

	r->skipping = r->now.skip;
	if (c >= 0xd800 && c < 0xdc00)
		r->high = c;
	else if (c >= 0xdc00 && c < 0xe000) {
		if (r->high != 0)
			put_character(r, 0x10000 + ((r->high - 0xd800) << 10) +
					     (c - 0xdc00));
		r->high = 0;
	} else if (c != 0)
		put_character(r, c);
}

/*
 * A Unicode twin stands in a group that is left out, for what would stand in
 * the one around that; which ends what it began.
 */
static void
enter_twin(struct rtf *r)
{
	guint depth = r->groups->len;

	r->now.place = RTF_BODY;
	if (depth > 1)
		r->now.place =
		    g_array_index(r->groups, struct group, depth - 2).place;
	r->now.ends = false;
}

static void
enter_place(struct rtf *r, const struct rtf_word *word)
{
	enum rtf_place place = (enum rtf_place)word->argument;

	/* Nothing is shown inside what is not, but for its known exceptions. */
	if (place == RTF_SAME ||
	    (r->now.place == RTF_SKIP &&
		(place == RTF_ASIDE || place == RTF_MARGIN)))
		return;
	if (place == RTF_BODY) {
		enter_twin(r);
		return;
	}
	r->now.place = place;
	r->now.property = word->property;
	r->now.ends = place == RTF_OBJECT || place == RTF_ASIDE ||
		      place == RTF_MARGIN || place == RTF_PROPERTY ||
		      place == RTF_PROPERTY_NAME || place == RTF_PROPERTY_VALUE;
	if (place == RTF_ASIDE)
		flow_aside_start(&r->flow);
	else if (place == RTF_MARGIN)
		document_margin(r->document, true);
	else if (place == RTF_OBJECT) {
		g_byte_array_set_size(r->object.bytes, 0);
		r->object.half = -1;
	} else if (r->now.ends)
		g_string_truncate(r->value, 0);
}

static void
leave_place(struct rtf *r)
{
	switch (r->now.place) {
	case RTF_ASIDE:
		flow_aside_end(&r->flow);
		break;
	case RTF_MARGIN:
		document_margin(r->document, false);
		break;
	case RTF_OBJECT:
		object_read_old(
		    r->document, r->object.bytes->data, r->object.bytes->len);
		break;
	case RTF_PROPERTY:
		document_property(r->document, r->now.property, r->value->str);
		break;
	case RTF_PROPERTY_NAME:
		g_free(r->name);
		r->name = g_strdup(r->value->str);
		break;
	case RTF_PROPERTY_VALUE:
		if (r->name != NULL)
			document_property(r->document, r->name, r->value->str);
		break;
	default:
		break;
	}
}

static bool
open_group(struct rtf *r)
{
	flush_bytes(r);
	if (r->groups->len >= NESTING) {
		document_fail(r->document, ATTACHMENT_FAILED,
		    "groups nested more than %d deep", NESTING);
		return false;
	}
	g_array_append_val(r->groups, r->now);
	r->now.ends = false;
	r->star = false;
	r->skipping = 0;
	return true;
}

static void
close_group(struct rtf *r)
{
	flush_bytes(r);
	if (r->now.ends)
		leave_place(r);
	r->skipping = 0;
	if (r->groups->len == 0)
		return;
	r->now = g_array_index(r->groups, struct group, r->groups->len - 1);
	g_array_set_size(r->groups, r->groups->len - 1);
}

static bool
is_shown(const struct rtf *r)
{
	return r->now.place == RTF_BODY || r->now.place == RTF_ASIDE ||
	       r->now.place == RTF_MARGIN;
}

static void
set_font(struct rtf *r, int number)
{
	if (r->now.place == RTF_FONTS)
		r->font = number;
	else
		r->now.codepage = GPOINTER_TO_UINT(
		    g_hash_table_lookup(r->fonts, GINT_TO_POINTER(number)));
	if (r->now.codepage == 0)
		r->now.codepage = r->codepage;
}

static void
set_font_charset(struct rtf *r, int charset)
{
	unsigned codepage = rtf_codepage(charset);

	if (r->now.place == RTF_FONTS && codepage != 0 &&
	    g_hash_table_size(r->fonts) < FONTS)
		g_hash_table_insert(r->fonts, GINT_TO_POINTER(r->font),
		    GUINT_TO_POINTER(codepage));
}

static void
break_text(struct rtf *r, enum rtf_act act)
{
	if (!is_shown(r))
		return;
	if (act == RTF_CELL)
		flow_text(&r->flow, "\t", 1);
	else if (act == RTF_ROW)
		flow_row_end(&r->flow);
	else if (r->now.in_table)
		flow_text(&r->flow, " ", 1);
	else if (act == RTF_BREAK)
		flow_break(&r->flow);
	else
		flow_paragraph_end(&r->flow);
}

static void
act_on(struct rtf *r, const struct rtf_word *word, int number, bool numbered)
{
	switch (word->act) {
	case RTF_CHARACTER:
		if (r->skipping > 0)
			r->skipping--;
		else
			put_character(r, (gunichar)word->argument);
		break;
	case RTF_PARAGRAPH:
	case RTF_BREAK:
	case RTF_CELL:
	case RTF_ROW:
		break_text(r, word->act);
		break;
	case RTF_IN_TABLE:
		r->now.in_table = true;
		break;
	case RTF_PARAGRAPH_RESET:
		r->now.in_table = false;
		break;
	case RTF_PLAIN:
		r->now.hidden = false;
		break;
	case RTF_HIDDEN:
		r->now.hidden = !numbered || number != 0;
		break;
	case RTF_PLACE:
		enter_place(r, word);
		break;
	case RTF_UNICODE:
		put_unicode(r, number);
		break;
	case RTF_UNICODE_SKIP:
		r->now.skip = (unsigned)CLAMP(number, 0, 10);
		break;
	case RTF_FONT:
		set_font(r, number);
		break;
	case RTF_FONT_CHARSET:
		set_font_charset(r, number);
		break;
	case RTF_CODEPAGE:
	case RTF_CODEPAGE_IS:
		r->codepage = r->now.codepage =
		    word->act == RTF_CODEPAGE
			? (unsigned)CLAMP(number, 0, 65535)
			: (unsigned)word->argument;
		break;
	case RTF_BINARY:
		if (r->now.place == RTF_OBJECT)
			g_byte_array_append(r->object.bytes, r->p,
			    (guint)CLAMP(number, 0, r->end - r->p));
		r->p += CLAMP(number, 0, r->end - r->p);
		break;
	case RTF_NOTHING:
		break;
	}
}

/* A control word, its number and the one space that ends it. */
static void
read_word(struct rtf *r)
{
	char name[WORD + 1];
	gsize len = 0;
	gint64 number = 0;
	bool negative = false, numbered = false;
	const struct rtf_word *word;

	while (r->p < r->end && g_ascii_isalpha(*r->p)) {
		if (len < WORD)
			name[len++] = (char)*r->p;
		r->p++;
	}
	name[len] = '\0';
	if (r->p < r->end && *r->p == '-') {
		negative = true;
		r->p++;
	}
	for (; r->p < r->end && g_ascii_isdigit(*r->p); r->p++) {
		numbered = true;
		if (number < G_MAXINT32 / 10)
			number = number * 10 + (*r->p - '0');
	}
	if (r->p < r->end && *r->p == ' ')
		r->p++;
	flush_bytes(r);
	word = rtf_word(name);
	if (word == NULL && r->star)
		r->now.place = RTF_SKIP;
	if (word != NULL && r->star && word->act != RTF_PLACE)
		r->now.place = RTF_SKIP;
	r->star = false;
	if (word != NULL)
		act_on(r, word, (int)(negative ? -number : number), numbered);
}

static void
read_hex(struct rtf *r)
{
	int high, low;

	if (r->end - r->p < 2)
		return;
	high = g_ascii_xdigit_value((char)r->p[0]);
	low = g_ascii_xdigit_value((char)r->p[1]);
	if (high < 0 || low < 0)
		return;
	r->p += 2;
	put_byte(r, (guint8)(high << 4 | low));
}

/* After a backslash. */
static void
read_control(struct rtf *r)
{
	guint8 c;

	if (r->p == r->end)
		return;
	c = *r->p;
	if (g_ascii_isalpha(c)) {
		read_word(r);
		return;
	}
	r->p++;
	switch (c) {
	case '\'':
		read_hex(r);
		break;
	case '*':
		r->star = true;
		break;
	case '~':
		put_character(r, 0xa0);
		break;
	case '_':
		put_character(r, 0x2011);
		break;
	case '\r':
	case '\n':
		break_text(r, RTF_PARAGRAPH);
		break;
	case '\\':
	case '{':
	case '}':
		put_byte(r, c);
		break;
	default:
		break;
	}
}

static void
parse(struct rtf *r)
{
	while (r->p < r->end && r->document->reading->text > 0) {
		guint8 c = *r->p++;

		if (c == '{') {
			if (!open_group(r))
				return;
		} else if (c == '}')
			close_group(r);
		else if (c == '\\')
			read_control(r);
		else if (c != '\r' && c != '\n')
			put_byte(r, c);
	}
	if (r->p == r->end && r->groups->len > 0)
		document_fail(
		    r->document, ATTACHMENT_FAILED, "it ends in the middle");
}

void
read_rtf(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(GArray) groups =
	    g_array_new(FALSE, FALSE, sizeof(struct group));
	g_autoptr(GString) bytes = g_string_new(NULL);
	g_autoptr(GString) value = g_string_new(NULL);
	g_autoptr(GByteArray) object = g_byte_array_new();
	g_autoptr(GHashTable) fonts = g_hash_table_new(NULL, NULL);
	struct rtf r = {.document = document,
	    .p = data,
	    .end = data + len,
	    .groups = groups,
	    .bytes = bytes,
	    .value = value,
	    .object = {object, -1},
	    .fonts = fonts,
	    .codepage = 1252,
	    .now = {.place = RTF_BODY, .skip = 1, .codepage = 1252}};

	flow_init(&r.flow, document);
	parse(&r);
	while (r.groups->len > 0)
		close_group(&r);
	flush_bytes(&r);
	flow_clear(&r.flow);
	document_margin(document, false);
	g_free(r.name);
}
