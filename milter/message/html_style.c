#include <string.h>

#include "milter/message/html_declare.h"
#include "milter/message/html_style.h"

/* Longer style attributes are read in part. */
enum { STYLE_MAX = 4096 };

/* How much stronger than the others a part of a colour is that one names. */
enum { VIVID = 80 };

struct look
look_plain(void)
{
	return (struct look){
	    .colour = COLOUR_UNKNOWN, .background = COLOUR_UNKNOWN};
}

static const char *
attribute(const GumboElement *e, const char *name)
{
	const GumboAttribute *a = gumbo_get_attribute(&e->attributes, name);

	return a != NULL ? a->value : NULL;
}

static bool
is_preheader(const char *class)
{
	return class != NULL && (strcasestr(class, "preheader") != NULL ||
				    strstr(class, "mcnPreviewText") != NULL);
}

/* A box without size shows nothing only if it cuts what is in it. */
static bool
is_clipped(const struct declarations *d)
{
	return declarations_hide(d, PROPERTY_OVERFLOW) &&
	       (declarations_hide(d, PROPERTY_MAX_HEIGHT) ||
		   declarations_hide(d, PROPERTY_MAX_WIDTH) ||
		   declarations_hide(d, PROPERTY_HEIGHT) ||
		   declarations_hide(d, PROPERTY_WIDTH));
}

static void
apply(struct look *look, const struct declarations *d)
{
	static const enum css_property removes[] = {PROPERTY_DISPLAY,
	    PROPERTY_MSO_HIDE, PROPERTY_OPACITY, PROPERTY_INDENT, PROPERTY_LEFT,
	    PROPERTY_TOP};

	for (gsize i = 0; i < G_N_ELEMENTS(removes); i++)
		look->gone |= declarations_hide(d, removes[i]);
	look->gone |= is_clipped(d);
	if (declarations_state(d, PROPERTY_VISIBILITY))
		look->hidden = d->values[PROPERTY_VISIBILITY] > 0;
	if (declarations_state(d, PROPERTY_FONT_SIZE))
		look->tiny = d->values[PROPERTY_FONT_SIZE] > 0;
	if (declarations_state(d, PROPERTY_COLOUR))
		look->colour = d->values[PROPERTY_COLOUR];
	if (declarations_state(d, PROPERTY_BACKGROUND))
		look->background = d->values[PROPERTY_BACKGROUND];
}

struct look
look_within(
    const struct look *outer, const GumboElement *e, struct html_sheet *sheet)
{
	struct declarations d = {0};
	struct look look = *outer;
	const char *value;

	if (e->attributes.length == 0 && sheet == NULL)
		return look;
	if (attribute(e, "hidden") != NULL ||
	    is_preheader(attribute(e, "class")))
		look.gone = true;
	if ((value = attribute(e, "bgcolor")) != NULL &&
	    colour_read(value) >= 0)
		look.background = colour_read(value);
	if (attribute(e, "background") != NULL)
		look.background = COLOUR_UNKNOWN;
	if (e->tag == GUMBO_TAG_FONT && (value = attribute(e, "color")) != NULL)
		look.colour = colour_read(value);
	if (sheet != NULL)
		html_sheet_match(sheet, e, &d);
	if ((value = attribute(e, "style")) != NULL) {
		struct declarations own = {0};

		declarations_read(&own, value, strnlen(value, STYLE_MAX));
		declarations_override(&d, &own);
	}
	if (d.set != 0)
		apply(&look, &d);
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
	       look->colour == COLOUR_TRANSPARENT ||
	       (look->colour >= 0 && look->background >= 0 &&
		   are_alike(look->colour, look->background));
}

/* A colour by its strongest part; grey, black and dull blue are plain. */
static enum ink
colour_ink(gint32 colour)
{
	int red = colour >> 16 & 0xff, green = colour >> 8 & 0xff;
	int blue = colour & 0xff;

	if (colour < 0)
		return INK_PLAIN;
	if (red > blue + VIVID && red > green + VIVID)
		return INK_RED;
	if (green > blue + VIVID / 2 && green > red + VIVID / 2)
		return INK_GREEN;
	if (red > green + VIVID / 2 && blue > green + VIVID / 2)
		return INK_PURPLE;
	if (blue > red + VIVID / 2 && blue > green + VIVID / 2)
		return INK_BLUE;
	return INK_PLAIN;
}

enum ink
look_ink(const struct look *look)
{
	int red = look->background >> 16 & 0xff;
	int green = look->background >> 8 & 0xff,
	    blue = look->background & 0xff;
	enum ink ink = colour_ink(look->colour);

	return ink == INK_PLAIN && look->background >= 0 &&
		       red > blue + VIVID && green > blue + VIVID
		   ? INK_YELLOW
		   : ink;
}
