#include <stdlib.h>
#include <string.h>

#include "milter/message/html_style.h"

/* Longer style attributes are read in part. */
enum { STYLE_MAX = 4096, VALUE_MAX = 64 };

struct look
look_plain(void)
{
	return (struct look){.colour = -1, .background = -1};
}

static const char *
attribute(const GumboElement *e, const char *name)
{
	const GumboAttribute *a = gumbo_get_attribute(&e->attributes, name);

	return a != NULL ? a->value : NULL;
}

static gint32
rgb_function(const char *value)
{
	long rgb[3];
	char *end;

	value = strchr(value, '(');
	for (unsigned i = 0; value != NULL && i < 3; i++) {
		rgb[i] = strtol(value + 1, &end, 10);
		if (end == value + 1 || rgb[i] < 0 || rgb[i] > 255)
			return -1;
		value = end + strspn(end, " ");
	}
	return value != NULL ? (gint32)(rgb[0] << 16 | rgb[1] << 8 | rgb[2])
			     : -1;
}

/* "#fff", "#ffffff", "rgb(255, 255, 255)", "white"; else -1. */
static gint32
read_colour(const char *value)
{
	static const struct {
		const char *name;
		gint32 colour;
	} names[] = {{"white", 0xffffff}, {"black", 0}, {"red", 0xff0000},
	    {"yellow", 0xffff00}, {"silver", 0xc0c0c0}, {"gray", 0x808080},
	    {"whitesmoke", 0xf5f5f5}, {"snow", 0xfffafa}};
	gsize digits;
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
		return -1;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(value, names[i].name) == 0)
			return names[i].colour;
	return -1;
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

static void
apply(struct look *look, const char *name, const char *value, bool *clips)
{
	if (strcmp(name, "display") == 0)
		look->gone |= g_ascii_strncasecmp(value, "none", 4) == 0;
	else if (strcmp(name, "visibility") == 0)
		look->hidden = g_ascii_strncasecmp(value, "hidden", 6) == 0 ||
			       g_ascii_strncasecmp(value, "collapse", 8) == 0;
	else if (strcmp(name, "mso-hide") == 0)
		look->gone |= g_ascii_strncasecmp(value, "all", 3) == 0;
	else if (strcmp(name, "font-size") == 0)
		look->tiny = is_speck(value);
	else if (strcmp(name, "opacity") == 0)
		look->gone |= is_zero(value);
	else if (strcmp(name, "text-indent") == 0 ||
		 strcmp(name, "left") == 0 || strcmp(name, "top") == 0)
		look->gone |= is_far_off(value);
	else if (strcmp(name, "max-height") == 0 ||
		 strcmp(name, "max-width") == 0 ||
		 strcmp(name, "height") == 0 || strcmp(name, "width") == 0)
		*clips |= is_zero(value);
	else if (strcmp(name, "color") == 0)
		look->colour = read_colour(value);
	else if (strcmp(name, "background") == 0 ||
		 strcmp(name, "background-color") == 0) {
		if (read_colour(value) >= 0)
			look->background = read_colour(value);
	}
}

static void
read_style(struct look *look, const char *style)
{
	g_autofree char *copy = g_strndup(style, STYLE_MAX);
	bool clips = false, overflows = true;
	char *rest = copy, *declaration;

	while ((declaration = strsep(&rest, ";")) != NULL) {
		char *value = strchr(declaration, ':');
		g_autofree char *name = NULL;

		if (value == NULL)
			continue;
		*value++ = '\0';
		name = g_ascii_strdown(g_strstrip(declaration), -1);
		g_strstrip(value);
		if (strcmp(name, "overflow") == 0)
			overflows =
			    g_ascii_strncasecmp(value, "hidden", 6) != 0;
		apply(look, name, value, &clips);
	}
	/* A box without size shows nothing only if it cuts what is in it. */
	look->gone |= clips && !overflows;
}

static bool
is_preheader(const char *class)
{
	return class != NULL && (strcasestr(class, "preheader") != NULL ||
				    strstr(class, "mcnPreviewText") != NULL);
}

struct look
look_within(const struct look *outer, const GumboElement *e)
{
	struct look look = *outer;
	const char *value;

	if (e->attributes.length == 0)
		return look;
	if (attribute(e, "hidden") != NULL ||
	    is_preheader(attribute(e, "class")))
		look.gone = true;
	if ((value = attribute(e, "bgcolor")) != NULL &&
	    read_colour(value) >= 0)
		look.background = read_colour(value);
	if (e->tag == GUMBO_TAG_FONT && (value = attribute(e, "color")) != NULL)
		look.colour = read_colour(value);
	if ((value = attribute(e, "style")) != NULL)
		read_style(&look, value);
	return look;
}

/* Two colours that no eye tells apart. */
static bool
are_alike(gint32 a, gint32 b)
{
	for (unsigned shift = 0; shift < 24; shift += 8)
		if (ABS((a >> shift & 0xff) - (b >> shift & 0xff)) > 6)
			return false;
	return true;
}

bool
look_is_unseen(const struct look *look)
{
	return look->gone || look->hidden || look->tiny ||
	       (look->colour >= 0 && look->background >= 0 &&
		   are_alike(look->colour, look->background));
}
