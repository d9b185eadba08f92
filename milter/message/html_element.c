#include <glib.h>
#include <string.h>

#include "milter/message/html_element.h"

static const char *
attribute(const GumboElement *e, const char *name)
{
	const GumboAttribute *a = gumbo_get_attribute(&e->attributes, name);

	return a != NULL ? a->value : "";
}

static bool
has_word(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(value, *words) != NULL)
			return true;
	return false;
}

/* A border above and "From:" below: how Outlook begins what it quotes. */
static bool
is_outlook_border(const GumboElement *e)
{
	const char *style = attribute(e, "style");
	const char *border = strstr(style, "border-top:solid #");

	return border != NULL && strstr(style, "border:none") != NULL &&
	    (strncmp(border + 18, "E1E1E1", 6) == 0 ||
		strncmp(border + 18, "B5C4DF", 6) == 0);
}

enum voice
element_voice(const GumboElement *e)
{
	static const char *const quoted[] = { "gmail_quote", "yahoo_quoted",
		"protonmail_quote", "tutanota_quote", "moz-cite-prefix",
		"moz-forward-container", "zmail_extra", "mailru-blockquote",
		"gmx_quote", NULL };
	static const char *const over_ids[] = { "divRplyFwdMsg",
		"appendonsend", "OLK_SRC_BODY_SECTION",
		"mail-editor-reference-message-container", "zwchr",
		"stopSpelling", "replySplit", NULL };
	static const char *const signatures[] = { "moz-signature",
		"gmail_signature", NULL };
	const char *class = attribute(e, "class"), *id = attribute(e, "id");

	if (e->attributes.length == 0)
		return VOICE_SAME;
	if (has_word(class, quoted))
		return VOICE_QUOTED;
	if (has_word(class, signatures) ||
	    strcmp(attribute(e, "data-smartmail"), "gmail_signature") == 0)
		return VOICE_SIGNATURE;
	if (has_word(id, over_ids) ||
	    strcmp(class, "OutlookMessageHeader") == 0)
		return VOICE_OVER;
	if (e->tag == GUMBO_TAG_BLOCKQUOTE &&
	    g_ascii_strcasecmp(attribute(e, "type"), "cite") == 0)
		return VOICE_QUOTED;
	if (e->tag == GUMBO_TAG_DIV && is_outlook_border(e))
		return VOICE_OVER;
	return VOICE_SAME;
}

bool
element_signs(const GumboElement *e)
{
	static const char *const ids[] = { "AppleMailSignature",
		"ms-outlook-mobile-signature", "lineBreakAtBeginningOfSignature",
		"Signature", "spark_signature", NULL };
	static const char *const classes[] = { "protonmail_signature_block",
		"k9mail-signature", "tutanota_signature", "yahoo-signature",
		"ydpsignature", NULL };

	if (e->attributes.length == 0 || e->tag == GUMBO_TAG_BODY)
		return false;
	return has_word(attribute(e, "id"), ids) ||
	    has_word(attribute(e, "class"), classes) ||
	    g_str_has_prefix(attribute(e, "data-marker"), "__SIG_");
}

bool
element_mixes(const GumboElement *e)
{
	return strstr(attribute(e, "class"), "gmail_quote") != NULL;
}

bool
element_is_insertion(const GumboElement *e)
{
	return e->tag == GUMBO_TAG_DIV &&
	    strstr(attribute(e, "style"),
		"clear:both;margin:1em 0;padding:.3em .5em;"
		"color:#1a1a1a;background-color:#fff") != NULL;
}

bool
element_is_unseen(const GumboElement *e)
{
	switch (e->tag) {
	case GUMBO_TAG_HEAD:
	case GUMBO_TAG_TITLE:
	case GUMBO_TAG_SCRIPT:
	case GUMBO_TAG_STYLE:
	case GUMBO_TAG_TEMPLATE:
	case GUMBO_TAG_NOSCRIPT:
	case GUMBO_TAG_NOFRAMES:
	case GUMBO_TAG_NOEMBED:
	case GUMBO_TAG_IFRAME:
	case GUMBO_TAG_OBJECT:
	case GUMBO_TAG_APPLET:
	case GUMBO_TAG_SELECT:
	case GUMBO_TAG_TEXTAREA:
	case GUMBO_TAG_PLAINTEXT:
	case GUMBO_TAG_SVG:
	case GUMBO_TAG_MATH:
	case GUMBO_TAG_VIDEO:
	case GUMBO_TAG_AUDIO:
	case GUMBO_TAG_CANVAS:
	case GUMBO_TAG_MAP:
		return true;
	default:
		return false;
	}
}

bool
element_is_void(GumboTag tag)
{
	switch (tag) {
	case GUMBO_TAG_AREA:
	case GUMBO_TAG_BR:
	case GUMBO_TAG_COL:
	case GUMBO_TAG_EMBED:
	case GUMBO_TAG_HR:
	case GUMBO_TAG_IMG:
	case GUMBO_TAG_INPUT:
	case GUMBO_TAG_WBR:
		return true;
	default:
		return false;
	}
}

bool
element_is_inner(GumboTag tag)
{
	switch (tag) {
	case GUMBO_TAG_TD:
	case GUMBO_TAG_TH:
	case GUMBO_TAG_TR:
	case GUMBO_TAG_TBODY:
	case GUMBO_TAG_THEAD:
	case GUMBO_TAG_TFOOT:
	case GUMBO_TAG_CAPTION:
	case GUMBO_TAG_LI:
	case GUMBO_TAG_DT:
	case GUMBO_TAG_DD:
	case GUMBO_TAG_BODY:
		return true;
	default:
		return false;
	}
}

bool
element_is_block(GumboTag tag)
{
	switch (tag) {
	case GUMBO_TAG_ADDRESS:
	case GUMBO_TAG_ARTICLE:
	case GUMBO_TAG_ASIDE:
	case GUMBO_TAG_BLOCKQUOTE:
	case GUMBO_TAG_CENTER:
	case GUMBO_TAG_DIV:
	case GUMBO_TAG_DL:
	case GUMBO_TAG_FIELDSET:
	case GUMBO_TAG_FOOTER:
	case GUMBO_TAG_FORM:
	case GUMBO_TAG_H1:
	case GUMBO_TAG_H2:
	case GUMBO_TAG_H3:
	case GUMBO_TAG_H4:
	case GUMBO_TAG_H5:
	case GUMBO_TAG_H6:
	case GUMBO_TAG_HEADER:
	case GUMBO_TAG_HR:
	case GUMBO_TAG_MAIN:
	case GUMBO_TAG_NAV:
	case GUMBO_TAG_OL:
	case GUMBO_TAG_P:
	case GUMBO_TAG_PRE:
	case GUMBO_TAG_SECTION:
	case GUMBO_TAG_TABLE:
	case GUMBO_TAG_UL:
		return true;
	default:
		return element_is_inner(tag);
	}
}
