/*
 * CSS declarations, as far as they decide whether words are seen: those of a
 * style attribute or of a rule in a style sheet.
 *
 * Values without anything to free.  Pure functions.
 */
#ifndef MILTER_MESSAGE_HTML_DECLARE_H
#define MILTER_MESSAGE_HTML_DECLARE_H

#include <glib.h>
#include <stdbool.h>

/* Up to OVERFLOW: does it hide?  The rest are colours. */
enum css_property {
	PROPERTY_DISPLAY,
	PROPERTY_VISIBILITY,
	PROPERTY_MSO_HIDE,
	PROPERTY_OPACITY,
	PROPERTY_FONT_SIZE, /* too small to be read */
	PROPERTY_INDENT,    /* far off the page */
	PROPERTY_LEFT,
	PROPERTY_TOP,
	PROPERTY_MAX_HEIGHT, /* zero: hides what OVERFLOW cuts */
	PROPERTY_MAX_WIDTH,
	PROPERTY_HEIGHT,
	PROPERTY_WIDTH,
	PROPERTY_OVERFLOW,
	PROPERTY_COLOUR,
	PROPERTY_BACKGROUND,
	PROPERTY_COUNT
};

/*
 * Colours are 0xrrggbb, or one of these; any property may be as it is around
 * the element.
 */
enum { COLOUR_UNKNOWN = -1, COLOUR_TRANSPARENT = -2, VALUE_AROUND = -3 };

struct declarations {
	guint32 set, important;        /* bits by property */
	gint32 values[PROPERTY_COUNT]; /* only of what is set */
};

/* "name: value; name: value !important"; adds to what is there. */
void declarations_read(struct declarations *, const char *text, gsize len);
/* What comes later in the cascade wins, unless the other is important. */
void declarations_override(
    struct declarations *, const struct declarations *later);

/* Does it say anything of the property? */
static inline bool
declarations_state(const struct declarations *d, enum css_property property)
{
	return (d->set >> property & 1) != 0 &&
	       d->values[property] != VALUE_AROUND;
}

static inline bool
declarations_hide(const struct declarations *d, enum css_property property)
{
	return (d->set >> property & 1) != 0 && d->values[property] > 0;
}

gint32 colour_read(const char *value);

#endif
