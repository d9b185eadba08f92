/* Insertions in HTML: where they go, and that they are seen. */
#include <string.h>

#include "milter/message/html.h"
#include "tests/mail/mail.h"
#include "tests/unit/unit.h"

#define SMITH "CC councillor Sam Smith"
#define SHOWN "display:block!important;visibility:visible!important"
#define LINE(text)                                                           \
	"<div style=\"" SHOWN ";color:inherit;background:inherit\" "         \
	"dir=\"auto\" lang=\"en\">" text "</div>\n"
#define OPEN                                                                 \
	"<div style=\"" SHOWN ";clear:both;margin:1em 0;padding:.3em .5em;"  \
	"color:#1a1a1a;background-color:#fff\">\n"
#define BLOCK OPEN LINE(SMITH) "</div>\n"

static struct edit *
edit_html(const char *header, const char *source_text, const char *footer,
    const char *banner, struct mail **edited)
{
	g_autofree char *text = g_strconcat(
	    header, "Content-Type: text/html; charset=utf-8\n\n", source_text, NULL);
	g_autoptr(mail) m = mail_parse(text, strlen(text), true);
	g_autoptr(message) source = mail_message(m, NULL);
	g_autoptr(edit_request) r = edit_request_new();
	struct edit *e;

	if (footer != NULL)
		edit_request_add_footer(r, footer, "en");
	if (banner != NULL)
		edit_request_add_banner(r, banner, "en");
	e = edit_new(source, r);
	*edited = mail_edit(m, source, e);
	return e;
}

static char *
body_with_lf(const struct mail *m)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < m->body->len; i++)
		if (m->body->data[i] != '\r')
			g_string_append_c(out, (char)m->body->data[i]);
	return g_string_free(out, FALSE);
}

/* In each, "@" is where the footer goes. */
/* clang-format off */
static const struct end_case {
	const char *name, *input;
} end_cases[] = {
	{ "body", "<html><body><p>Dear Jane</p>\n@</body></html>\n" },
	{ "upper case", "<HTML><BODY><P>Dear Jane\n@</BODY></HTML>\n" },
	{ "middle of a line", "<body>Dear Jane@</body>\n" },
	{ "no body", "<p>Dear Jane</p>\n@" },
	{ "no end of body", "<html><body>Dear Jane\n@</html>\n" },
	{ "no end at all", "<html><body>Dear Jane\n@" },
	{ "end in a comment", "<body>Dear Jane<!-- </body> --> x@</body>\n" },
	{ "end in a script", "<body>x<script>\"</body>\"</script>@</body>\n" },
	{ "end in an attribute", "<body>x<a title=\"</body>\">y</a>@</body>\n" },
	{ "conditional comments",
	    "<body><!--[if mso]><p>x</p></body><![endif]-->y@</body>\n" },
	{ "revealed conditional", "<body><![if !mso]>x<![endif]>@</body>\n" },
	{ "text after the end", "<body>x@</body></html>\nList footer\n" },
	{ "two documents",
	    "<html><body>x</body></html><html><body>y@</body></html>\n" },
	{ "open table", "<body><table><tr><td>x\n@" },
	{ "open paragraph", "<body><p>x@</body>\n" },
	{ "many words",
	    "<body><p>The committee will look at it on Tuesday &amp; I shall "
	    "write to you again; the lease is with the solicitor.</p>@</body>\n" },
	{ "signature of Thunderbird",
	    "<body><p>x</p>@<pre class=\"moz-signature\">-- \nAlex</pre></body>\n" },
	{ "signature of Gmail",
	    "<div>x</div>@<span class=\"gmail_signature_prefix\">-- </span><br>"
	    "<div class=\"gmail_signature\">Alex</div>\n" },
	{ "text below a signature",
	    "<body><div class=\"gmail_signature\">Alex</div><p>PS</p>@</body>\n" },
};
/* clang-format on */

static void
check_place(const char *name, const char *header, const char *input)
{
	const char *at = strchr(input, '@');
	g_autofree char *before = g_strndup(input, (gsize)(at - input));
	g_autofree char *plain = g_strconcat(before, at + 1, NULL);
	bool fresh = at == input || at[-1] == '\n';
	g_autofree char *want =
	    g_strconcat(before, fresh ? "" : "\n", BLOCK, at + 1, NULL);
	g_autoptr(mail) edited = NULL, again = NULL;
	g_autoptr(edit) e =
	    edit_html(header, plain, SMITH, NULL, &edited);
	g_autoptr(edit) e2 = NULL;
	g_autofree char *got = body_with_lf(edited);

	ck_assert_msg(e->status == EDIT_DONE, "%s: %s", name,
	    edit_status_name(e->status));
	ck_assert_msg(strcmp(got, want) == 0, "%s: got\n%s", name, got);
	e2 = edit_html(header, got, SMITH, NULL, &again);
	ck_assert_msg(e2->status == EDIT_THERE, "%s: a second pass: %s", name,
	    edit_status_name(e2->status));
}

START_TEST(test_end)
{
	check_place(end_cases[_i].name, "", end_cases[_i].input);
}
END_TEST

/* clang-format off */
static const struct end_case quote_cases[] = {
	{ "Gmail", "<div>Yes.</div>@<div class=\"gmail_quote\"><div>On 3 Jun 2026 "
	    "Jane wrote:</div><blockquote>No?</blockquote></div>\n" },
	{ "Apple Mail", "<body><div>Yes.</div>@<blockquote type=\"cite\">"
	    "<div>On 3 Jun 2026, Jane wrote:</div>No?</blockquote></body>\n" },
	{ "attribution before", "<body><p>Yes.</p>\n@<p>On 3 Jun 2026, Jane "
	    "wrote:</p><blockquote type=\"cite\">No?</blockquote></body>\n" },
	{ "Thunderbird", "<body>Yes.<br>@<div class=\"moz-cite-prefix\">On "
	    "03/06/2026 10:00, Jane wrote:</div><blockquote type=\"cite\">No?"
	    "</blockquote></body>\n" },
	{ "Outlook on the web", "<body><div>Yes.</div>@<hr id=\"stopSpelling\">"
	    "<div id=\"divRplyFwdMsg\"><b>From:</b> Jane</div><div>No?</div>"
	    "</body>\n" },
	{ "Outlook", "<body><p>Yes.</p>@<div style=\"border:none;border-top:"
	    "solid #E1E1E1 1.0pt;padding:3.0pt\"><p><b>From:</b> Jane<br>"
	    "<b>Sent:</b> 3 June 2026</p></div><p>No?</p></body>\n" },
	{ "separator in text", "<body><p>Yes.</p>@<p>-----Original "
	    "Message-----</p><p>No?</p></body>\n" },
	{ "header block in text", "<body><p>Yes.</p>@<p>From: Jane<br>Sent: 3 "
	    "June 2026 10:00<br>To: Alex<br>Subject: x</p><p>No?</p></body>\n" },
	{ "in Welsh", "<body><p>Iawn.</p>@<p>Oddi wrth: Jane<br>Anfonwyd: 3 "
	    "Mehefin 2026<br>At: Alex<br>Pwnc: x</p><p>Na?</p></body>\n" },
	{ "answer below", "<body><blockquote type=\"cite\">No?</blockquote>"
	    "<p>Yes.</p>@</body>\n" },
	{ "a plain blockquote", "<body><p>Yes.</p><blockquote>as I said"
	    "</blockquote>@</body>\n" },
	{ "above signature and quote", "<div>Yes.</div>@<div class="
	    "\"gmail_signature\">Alex</div><div class=\"gmail_quote\">No?</div>\n" },
};
/* clang-format on */

START_TEST(test_quote)
{
	check_place(quote_cases[_i].name,
	    "In-Reply-To: <1@woodland-pc.example>\n", quote_cases[_i].input);
}
END_TEST

/* What would hide the footer makes us wrap the message instead. */
static const char *const hiding[] = {
	"<html><frameset><frame src=\"x\"></frameset></html>\n",
	"<body>x<textarea>y\n",
	"<body>x<script>y\n",
	"<body>x<!-- y\n",
	"<body>x<div style=\"display : none\">y\n",
	"<body>x<select><option>y\n",
	"<plaintext>x\n",
	"<body>x<div style=\"display:none\">y</body>\n",
	"<body>x<div><b hidden>y</body>\n",
	"<body>x<div hidden>y</body></div>\n",
	"<body>x<b style=\"x-display:y;display:none\">y\n",
	"<body>x<t hidden>y</body></v>\n",
	"<body style=\"display:none\">x</body>\n",
	"<body>x<div hidden>y<b hidden>z</div></body>\n",
	"<body>x<b title = \"a > bcdefghijkl\" style=\"display:none\">y\n",
	"<body style=\"font-size:0\">x</body>\n",
	"<body>x<div style=\"font-size:0\">y<b style=\"font-size:9pt\">z</b>\n",
	"<body>x<style>.q{display:none}</style><div class=q>y</body>\n",
};

/* The same by a rule: the important ones hide what says that it is shown. */
/* clang-format off */
static const struct rule_case {
	const char *name, *sheet, *status;
} rule_cases[] = {
	{ "the body", "body{display:none}", "wrapped" },
	{ "the body by its class", ".b{opacity:0}", "wrapped" },
	{ "without size", "body,p{font-size:0px}", "wrapped" },
	{ "the page", "html{max-height:0;overflow:hidden}", "wrapped" },
	{ "our element", "div{opacity:0}", "wrapped" },
	{ "its letters", "div{font-size:0!important}", "wrapped" },
	{ "its colours", "div{color:#fff!important;background:#fff!important}", "wrapped" },
	{ "everything", "*{mso-hide:all}", "wrapped" },
	{ "what our element overrides", "div{display:none!important;visibility:hidden}", "done" },
	{ "visibility of the body", "body{visibility:hidden}", "done" },
	{ "another element", ".q{display:none}", "done" },
	{ "colours that it overrides", "body,div{color:#fff;background:#fff}", "done" },
	{ "printing", "@media print{body{display:none}}", "done" },
	{ "a small screen", "@media (max-width:400px){body{display:none}}", "done" },
	{ "nothing that hides", "p{margin:0;font-size:11pt}", "done" },
};
/* clang-format on */

START_TEST(test_rule)
{
	const struct rule_case *c = &rule_cases[_i];
	g_autofree char *source =
	    g_strdup_printf("<html><head><style>%s</style></head>"
			    "<body class=b><p>x</p></body></html>\n",
		c->sheet);
	g_autoptr(mail) edited = NULL;
	g_autoptr(edit) e = edit_html("", source, SMITH, NULL, &edited);

	ck_assert_msg(strcmp(edit_status_name(e->status), c->status) == 0,
	    "%s: %s", c->name, edit_status_name(e->status));
}
END_TEST

START_TEST(test_hiding)
{
	g_autoptr(mail) edited = NULL;
	g_autoptr(edit) e =
	    edit_html("", hiding[_i], SMITH, NULL, &edited);

	ck_assert_str_eq(edit_status_name(e->status), "wrapped");
	ck_assert_ptr_nonnull(e->reason);
}
END_TEST

START_TEST(test_escaped)
{
	g_autoptr(mail) edited = NULL;
	g_autoptr(edit) e = edit_html("", "<body>x</body>\n",
	    "CC councillor \"Zoë\" O'Neill <& Co>", NULL, &edited);
	g_autofree char *got = body_with_lf(edited);

	ck_assert_str_eq(got,
	    "<body>x\n" OPEN
		LINE("CC councillor &quot;Zo&#235;&quot; O&#39;Neill "
		     "&lt;&amp; Co&gt;") "</div>\n</body>\n");
	ck_assert_uint_eq(e->headers->len, 1);
}
END_TEST

START_TEST(test_banner)
{
	g_autoptr(mail) edited = NULL;
	g_autoptr(edit) e =
	    edit_html("", "<html><head><title>x</title></head>"
			  "<body bgcolor=black>y</body></html>\n",
		NULL, "CONFIDENTIAL", &edited);
	g_autofree char *got = body_with_lf(edited);

	ck_assert_str_eq(got,
	    "<html><head><title>x</title></head><body bgcolor=black>\n"
	    "<div style=\"" SHOWN ";clear:both;margin:1em 0;padding:.3em .5em;"
	    "color:#1a1a1a;background-color:#fff;border:2px solid "
	    "#1a1a1a\">\n" LINE("CONFIDENTIAL") "</div>\ny</body></html>\n");
	ck_assert_str_eq(edit_status_name(e->status), "done");
}
END_TEST

/* The text as its reader sees it. */
/* clang-format off */
static const struct text_case {
	const char *name, *html, *own, *all;
} text_cases[] = {
	{ "lines", "<p>a  b\nc</p>d<br>e<ul><li>f<li>g</ul>",
	    "a b c\nd\ne\nf\ng\n", "a b c\nd\ne\nf\ng\n" },
	{ "unseen", "<head><style>x</style></head><p>a<p style='display:none'>b"
	    "<p hidden>c<!-- d --><p>e", "a\ne\n", "a\ne\n" },
	{ "unseen by style", "<style>.q{display:none}</style>a<p class=q>b<p "
	    "style='opacity:0'>c<p style='font-size:0'>d<b style='font-size:"
	    "9pt'>e</b>", "a\ne\n", "a\ne\n" },
	{ "references", "<p>R&amp;D &lt;x&gt; Zo&euml;", "R&D <x> Zoë\n",
	    "R&D <x> Zoë\n" },
	{ "pre", "<pre>a\nb  c</pre>", "a\nb c\n", "a\nb c\n" },
	{ "table", "<table><tr><td>a<td>b<tr><td>c</table>", "a\nb\nc\n",
	    "a\nb\nc\n" },
	{ "words are whole", "<p>abcdefghij klmnop; qrstuvwxyz<b>bold letters "
	    "here</b> abcdefghijkl", "abcdefghij klmnop; qrstuvwxyzbold letters "
	    "here abcdefghijkl\n", "abcdefghij klmnop; qrstuvwxyzbold letters "
	    "here abcdefghijkl\n" },
	{ "a forged run", "<p>abcdefghij klm&#983040;", NULL,
	    "abcdefghij klm\363\260\200\200\n" },
	{ "quoted", "<p>a<blockquote type=cite>b</blockquote>", "a\n", "a\nb\n" },
};
/* clang-format on */

START_TEST(test_text)
{
	const struct text_case *c = &text_cases[_i];
	g_autoptr(html) h = html_read(c->html, strlen(c->html), false);

	ck_assert_ptr_nonnull(h);
	ck_assert_msg(strcmp(h->all->str, c->all) == 0, "%s: got\n%s", c->name,
	    h->all->str);
	if (c->own != NULL)
		ck_assert_str_eq(h->own->str, c->own);
}
END_TEST

/* Bounds: no document takes the stack, the memory or the day. */
START_TEST(test_bombs)
{
	static const char *const units[] = { "<div>", "<b><i>", "<table><tr>",
		"<font color=x>", "<p>", "<a href=x>" };

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) bomb = g_string_new("<body>");

		for (unsigned j = 0; j < 100000; j++)
			g_string_append(bomb, units[i]);
		html_free(html_read(bomb->str, bomb->len, false));
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("edit_html");
	TCase *t = tcase_create("edit_html");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_end, 0, G_N_ELEMENTS(end_cases));
	tcase_add_loop_test(t, test_quote, 0, G_N_ELEMENTS(quote_cases));
	tcase_add_loop_test(t, test_rule, 0, G_N_ELEMENTS(rule_cases));
	tcase_add_loop_test(t, test_hiding, 0, G_N_ELEMENTS(hiding));
	tcase_add_loop_test(t, test_text, 0, G_N_ELEMENTS(text_cases));
	tcase_add_test(t, test_escaped);
	tcase_add_test(t, test_banner);
	tcase_add_test(t, test_bombs);
	suite_add_tcase(s, t);
	return s;
}
