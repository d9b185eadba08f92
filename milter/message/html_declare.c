#include <stdlib.h>
#include <string.h>

#include "milter/message/html_declare.h"

/* Longer names and values are none that matter here, or read in part. */
enum { NAME_MAX_BYTES = 20, VALUE_MAX_BYTES = 64 };

static gint32
rgb_function(const char *value)
{
	long rgb[3];
	char *end;

	value = strchr(value, '(');
	for (unsigned i = 0; value != NULL && i < 3; i++) {
		rgb[i] = strtol(value + 1, &end, 10);
		if (end == value + 1 || rgb[i] < 0 || rgb[i] > 255)
			return COLOUR_UNKNOWN;
		value = end + strspn(end, " ");
	}
	if (value == NULL)
		return COLOUR_UNKNOWN;
	if (*value == ',' && g_ascii_strtod(value + 1, &end) == 0 &&
	    end > value + 1)
		return COLOUR_TRANSPARENT;
	return (gint32)(rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
}

/* "#fff", "#ffffff", "rgb(255, 255, 255)", "white". */
gint32
colour_read(const char *value)
{
	static const struct {
		const char *name;
		gint32 colour;
	} names[] = {{"white", 0xffffff}, {"black", 0}, {"red", 0xff0000},
	    {"yellow", 0xffff00}, {"silver", 0xc0c0c0}, {"gray", 0x808080},
	    {"whitesmoke", 0xf5f5f5}, {"snow", 0xfffafa},
	    {"transparent", COLOUR_TRANSPARENT}};
	gsize digits, word;
	long n;

	value += strspn(value, " \t\r\n");
	if (g_ascii_strncasecmp(value, "rgb", 3) == 0)
		return rgb_function(value);
	if (*value == '#') {
		digits = strspn(++value, "0123456789abcdefABCDEF");
		n = strtol(value, NULL, 16);
		if (digits == 6 || digits == 8)
			return (gint32)(digits == 8 ? n >> 8 : n);
		if (digits == 3)
			return (gint32)((n & 0xf00) * 0x1100 |
					(n & 0xf0) * 0x110 | (n & 0xf) * 0x11);
		return COLOUR_UNKNOWN;
	}
	word = strcspn(value, " \t\r\n");
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i].name) == word &&
		    g_ascii_strncasecmp(value, names[i].name, word) == 0)
			return names[i].colour;
	return COLOUR_UNKNOWN;
}

/* Zero in any unit: "0", "0px", "0.0em". */
static bool
is_zero(const char *value)
{
	char *end;
	double n = g_ascii_strtod(value, &end);

	return end > value && n == 0;
}

/* At most a pixel, which nobody can read. */
static bool
is_speck(const char *value)
{
	char *end;
	double n = g_ascii_strtod(value, &end);

	return end > value && n >= 0 &&
	       (n == 0 || (n <= 1 && (strncmp(end, "px", 2) == 0 ||
					 strncmp(end, "pt", 2) == 0)));
}

static bool
is_far_off(const char *value)
{
	char *end;
	double n = g_ascii_strtod(value, &end);

	return end > value && n <= -500;
}

/* Of "font": the size is the first word with a digit, "italic 0/0 a". */
static bool
is_speck_of_font(const char *value)
{
	while (*value != '\0' && !g_ascii_isdigit(*value)) {
		value += strcspn(value, " ");
		value += strspn(value, " ");
	}
	return is_speck(value);
}

static bool
is_none(const char *value)
{
	return g_str_has_prefix(value, "none");
}

static bool
is_hidden(const char *value)
{
	return g_str_has_prefix(value, "hidden") ||
	       g_str_has_prefix(value, "collapse") ||
	       g_str_has_prefix(value, "clip");
}

static bool
is_all(const char *value)
{
	return g_str_has_prefix(value, "all");
}

/* Names in lower case; hides is NULL for colours. */
static const struct known {
	const char *name;
	enum css_property property;
	bool (*hides)(const char *value);
} known[] = {
    {"background", PROPERTY_BACKGROUND, NULL},
    {"background-color", PROPERTY_BACKGROUND, NULL},
    {"background-image", PROPERTY_BACKGROUND, NULL},
    {"color", PROPERTY_COLOUR, NULL},
    {"display", PROPERTY_DISPLAY, is_none},
    {"font", PROPERTY_FONT_SIZE, is_speck_of_font},
    {"font-size", PROPERTY_FONT_SIZE, is_speck},
    {"height", PROPERTY_HEIGHT, is_zero},
    {"left", PROPERTY_LEFT, is_far_off},
    {"max-height", PROPERTY_MAX_HEIGHT, is_zero},
    {"max-width", PROPERTY_MAX_WIDTH, is_zero},
    {"mso-hide", PROPERTY_MSO_HIDE, is_all},
    {"opacity", PROPERTY_OPACITY, is_zero},
    {"overflow", PROPERTY_OVERFLOW, is_hidden},
    {"text-indent", PROPERTY_INDENT, is_far_off},
    {"top", PROPERTY_TOP, is_far_off},
    {"visibility", PROPERTY_VISIBILITY, is_hidden},
    {"width", PROPERTY_WIDTH, is_zero},
};

static const struct known *
find_known(const char *name, gsize len)
{
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_ascii_tolower(*name) == known[i].name[0] &&
		    strlen(known[i].name) == len &&
		    g_ascii_strncasecmp(name, known[i].name, len) == 0)
			return &known[i];
	return NULL;
}

/* As it is around: or, of a background, as it is behind. */
static bool
is_around(const struct known *k, const char *value)
{
	static const char *const words[] = {
	    "inherit", "initial", "unset", "revert"};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(value, words[i]))
			return true;
	return k->property == PROPERTY_BACKGROUND &&
	       (is_none(value) || g_str_has_prefix(value, "transparent") ||
		   *value == '\0');
}

static void
set_value(struct declarations *d, const struct known *k, const char *value,
    bool important)
{
	guint32 bit = (guint32)1 << k->property;

	/* A picture is of any colour; none leaves the colour as it is. */
	if (strcmp(k->name, "background-image") == 0 && is_around(k, value))
		return;
	if ((d->important & bit) != 0 && !important)
		return;
	d->set |= bit;
	if (important)
		d->important |= bit;
	if (is_around(k, value))
		d->values[k->property] = VALUE_AROUND;
	else
		d->values[k->property] =
		    k->hides != NULL ? k->hides(value) : colour_read(value);
}

/* One "name: value !important". */
static void
read_declaration(struct declarations *d, const char *text, gsize len)
{
	const char *colon = memchr(text, ':', len), *bang;
	const struct known *k;
	char value[VALUE_MAX_BYTES + 1];
	bool important = false;
	gsize name_len;

	if (colon == NULL)
		return;
	name_len = (gsize)(colon - text);
	while (name_len > 0 && g_ascii_isspace(text[name_len - 1]))
		name_len--;
	if (name_len == 0 || name_len > NAME_MAX_BYTES ||
	    (k = find_known(text, name_len)) == NULL)
		return;
	len -= (gsize)(colon + 1 - text);
	text = colon + 1;
	bang = memrchr(text, '!', len);
	if (bang != NULL) {
		gsize rest = len - (gsize)(bang + 1 - text);
		const char *word = bang + 1;

		while (rest > 0 && g_ascii_isspace(*word)) {
			word++;
			rest--;
		}
		important =
		    rest >= 9 && g_ascii_strncasecmp(word, "important", 9) == 0;
		len = (gsize)(bang - text);
	}
	while (len > 0 && g_ascii_isspace(*text)) {
		text++;
		len--;
	}
	len = MIN(len, VALUE_MAX_BYTES);
	for (gsize i = 0; i < len; i++)
		value[i] =
		    g_ascii_isspace(text[i]) ? ' ' : g_ascii_tolower(text[i]);
	value[len] = '\0';
	set_value(d, k, g_strchomp(value), important);
}

/* Past a comment that begins at p, or p. */
static const char *
skip_comment(const char *p, const char *end)
{
	const char *close;

	if (end - p < 2 || p[0] != '/' || p[1] != '*')
		return p;
	close = memmem(p + 2, (gsize)(end - p - 2), "*/", 2);
	return close != NULL ? close + 2 : end;
}

void
declarations_read(struct declarations *d, const char *text, gsize len)
{
	const char *p = text, *end = text + len, *start;
	char quote = '\0';
	unsigned brackets = 0;

	while (p < end) {
		const char *next = skip_comment(p, end);

		if (next > p || g_ascii_isspace(*p) || *p == ';') {
			p = MAX(next, p + 1);
			continue;
		}
		for (start = p; p < end; p++) {
			if (quote != '\0')
				/* A string that nobody closed ends with its
				 * line. */
				quote =
				    *p == quote || *p == '\n' ? '\0' : quote;
			else if (*p == '"' || *p == '\'')
				quote = *p;
			else if (*p == '(')
				brackets++;
			else if (*p == ')' && brackets > 0)
				brackets--;
			else if (*p == ';' && brackets == 0)
				break;
		}
		read_declaration(d, start, (gsize)(p - start));
	}
}

void
declarations_override(struct declarations *d, const struct declarations *later)
{
	guint32 wins = later->set & ~(d->important & ~later->important);

	for (unsigned i = 0; i < PROPERTY_COUNT; i++)
		if ((wins >> i & 1) != 0)
			d->values[i] = later->values[i];
	d->set |= wins;
	d->important |= wins & later->important;
}
