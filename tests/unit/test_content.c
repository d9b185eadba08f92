/* From a message to segments: HTML, twins, attachments, limits, places. */
#include <string.h>

#include "milter/message/content.h"
#include "milter/message/flowed.h"
#include "milter/message/html_text.h"
#include "policy/text/marks.h"
#include "tests/mail/mail.h"
#include "tests/unit/unit.h"

/* clang-format off */
static const struct html_case {
	const char *name, *source, *seen, *unseen;
} html_cases[] = {
	{ "empty", "", "", "" },
	{ "paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo", "" },
	{ "lines", "<div>One</div><div>Two<br>Three</div>", "One\nTwo\nThree", "" },
	{ "empty lines", "<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo", "" },
	{ "lines of Word", "<p class=MsoNormal>One</p><p class=MsoNormal>&nbsp;</p>"
	    "<p class=MsoNormal>Two</p><p class=MsoNormal>Three</p>", "One\n\nTwo\nThree", "" },
	{ "words", "<b>con</b>fid<i>ential</i> <span>words </span><span> here</span>",
	    "confidential words here", "" },
	{ "entities", "Smith &amp; Sons &lt;x&gt; caf&eacute; &#163;5&nbsp;only", "Smith & Sons <x> café £5 only", "" },
	{ "list", "<ul><li>one</li><li>two</li></ul>x", "- one\n- two\n\nx", "" },
	{ "table", "<table><tr><td>From:</td><td>Jane</td></tr><tr><td>To:</td><td>Sam</td></tr></table>",
	    "From: Jane\nTo: Sam", "" },
	{ "rule", "a<hr>b", "a\n_____\nb", "" },
	{ "preformatted", "<pre>a\nb\n\nc</pre>", "a\nb\n\nc", "" },
	{ "comment", "a<!-- b -->c", "ac", "" },
	{ "script and style", "<style>x</style><script>y</script>a<title>z</title>", "a", "" },
	{ "display none", "a<div style=\"display: none\">b</div>c", "a\nc", "b" },
	{ "hidden attribute", "a<p hidden>b</p>", "a", "b" },
	{ "visibility", "a<div style='visibility:hidden'>b<span style='visibility:visible'>c</span></div>",
	    "a\nc", "b" },
	{ "font size", "a<span style=\"font-size:0px\">b</span> c<font style='font-size:1px'>d</font>", "a c", "bd" },
	{ "font size undone", "<div style='font-size:0'>a<span style='font-size:12pt'>b</span></div>", "b", "a" },
	{ "opacity", "a <b style='opacity:0'>b</b>", "a", "b" },
	{ "white on white", "<table bgcolor='#FFFFFF'><tr><td style='color:white'>a</td><td>b</td></tr></table>",
	    "b", "a" },
	{ "white on nothing", "<span style='color:white'>a</span>", "a", "" },
	{ "preheader", "<div class='preheader'>a</div>b", "b", "a" },
	{ "clipped", "<div style='max-height:0;overflow:hidden'>a</div>b", "b", "a" },
	{ "not clipped", "<div style='height:0'>a</div>b", "a\nb", "" },
	{ "off the page", "<div style='position:absolute;left:-9999px'>a</div>b", "b", "a" },
	{ "the last one counts", "<p style='display:none;display:block'>a", "a", "" },
	{ "the important one counts", "<p style='display:none!important;display:block'>a", "", "a" },
	{ "transparent", "a<span style='color: transparent'>b</span><i style='color:rgba(0,0,0,0)'>c</i>", "a", "bc" },
	{ "white on a colour not known here", "<body bgcolor=white><p style='background:navy;color:white'>a", "a", "" },
	{ "white on a picture", "<body bgcolor=white><table><td background=x.gif><font color=white>a</font>"
	    "<tr><td style='background-image:url(x)'><font color=white>b", "a\nb", "" },
	{ "white on no picture", "<body style='background-color:#fff;background-image:none'><p style='color:#fff'>a", "", "a" },
	{ "font without size", "a<span style=\"font:0/0 'Segoe UI'\">b</span><span style='font:bold 12pt x'>c</span>", "ac", "b" },
	{ "semicolons in a value", "<p style=\"background:url('a;display:none');font-family:';display:none'\">a", "a", "" },
	{ "select", "a<select><option>b</option></select>", "a", "b" },
	{ "unclosed", "<div><p>a<table><tr><td>b", "a\n\nb", "" },
};
/* clang-format on */

#define WORDS "<p>a<p class=\"x y\" id=z>b<div class=o><b>c</b></div><h1>d</h1>"

/* The rules of a style element, and which of the words they hide. */
/* clang-format off */
static const struct sheet_case {
	const char *name, *sheet, *unseen;
} sheet_cases[] = {
	{ "class", ".x { display: none }", "b" },
	{ "element", "h1 {DISPLAY:NONE}", "d" },
	{ "id", "#z{visibility:hidden}", "b" },
	{ "all of them", "p.y.x#z{font-size:0}", "b" },
	{ "not all of them", "p.y.q{font-size:0}", "" },
	{ "part of a class", ".xx,.o-{display:none}", "" },
	{ "list", "i, .q,\nh1\t, .x{opacity:0}", "b d" },
	{ "everything", "*{display:none}", "a b c d" },
	{ "inherited", ".o{visibility:hidden}", "c" },
	{ "seen again", ".o{visibility:hidden} b{visibility:visible}", "" },
	{ "descendant", "body .o b{mso-hide:all}", "c" },
	{ "descendant of another", ".x b{mso-hide:all}", "" },
	{ "child", ".o>b{max-height:0;overflow:hidden}", "c" },
	{ "child of another", "body > b{display:none}", "" },
	{ "child of a descendant", "html .o > b{display:none}", "c" },
	{ "clipped by two rules", ".o{height:0px} div{overflow:hidden}", "c" },
	{ "colours", "body{background-color:#ffffff} b{color:#FFF}", "c" },
	{ "colours apart", "body{background-color:#ffffff} b{color:#444}", "" },
	{ "off the page", ".x{position:absolute;left:-9999px}", "b" },
	{ "the last rule", ".x{display:none} .y{display:block}", "" },
	{ "the first rule", ".y{display:block} .x{display:none}", "b" },
	{ "the stronger rule", "#z{display:none} .x{display:block} p{display:block}", "b" },
	{ "the important rule", ".x{display:none!important} #z{display:block}", "b" },
	{ "the less important rule", ".x{display:none} p{display:block ! important}", "" },
	{ "print", "@media print{.x{display:none}} h1{display:none}", "d" },
	{ "screen", "@media screen{.x{display:none}} h1{display:none}", "b d" },
	{ "only screen, print", "@media print , only screen{.x{display:none}}", "b" },
	{ "small screens", "@media only screen and (max-width:600px){p{display:none}.x{color:red}}", "" },
	{ "other at-rules", "@import url(x;y);@charset 'a';@font-face{src:a}@page x{size:1}"
	    "@supports (display:grid){p{display:none}} .x{display:none}", "b" },
	{ "states", "p:hover,p:first-child,p::before,p[id],p+p,p~p,a:link{display:none}", "" },
	{ "beside what is not read", "p:hover, .x{display:none}", "b" },
	{ "comments", "/* h1{display:none} */ .x/**/{display:none}.x{/*;*/display:none}", "b" },
	{ "comment of HTML", "<!-- .x{display:none} -->", "b" },
	{ "open to the end", "h1{color:red}.x{display:none", "b" },
	{ "too many braces", "}} .x{display:none}} h1{display:none}", "b d" },
	{ "braces in strings", ".q{content:'}{'} .x{display:none}", "b" },
	{ "what long rules say", ".q{font-family:a very long name indeed} .x{color:red;display:none}", "b" },
	{ "no rule", "p", "" },
	{ "nothing", "", "" },
};
/* clang-format on */

static char *
words_of(const GString *text)
{
	g_auto(GStrv) words = g_strsplit_set(text->str, " \n", -1);
	GString *joined = g_string_new(NULL);

	for (char **w = words; *w != NULL; w++)
		if (**w != '\0')
			g_string_append_printf(
			    joined, "%s%s", joined->len > 0 ? " " : "", *w);
	return g_string_free(joined, FALSE);
}

START_TEST(test_sheet)
{
	const struct sheet_case *c = &sheet_cases[_i];
	static const char *const places[][2] = {
	    {"<head><style type='text/css'>", "</style></head><body>"},
	    {"<style>\n", "\n</style>"}, {"<STYLE media=screen>", "</STYLE>"}};

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *source = g_strconcat(
		    places[i][0], c->sheet, places[i][1], WORDS, NULL);
		g_autoptr(html_text) text =
		    html_text_read(source, strlen(source));
		g_autofree char *unseen = words_of(text->unseen);

		ck_assert_msg(strcmp(unseen, c->unseen) == 0,
		    "%s: unseen \"%s\"", c->name, unseen);
	}
}
END_TEST

START_TEST(test_sheet_of_other_medium)
{
	static const char source[] =
	    "<style media='print'>p{display:none}</style><p>a";
	g_autoptr(html_text) text = html_text_read(source, sizeof(source) - 1);

	ck_assert_str_eq(text->seen->str, "a");
}
END_TEST

/* Many rules, and many elements that each of them might mean. */
START_TEST(test_sheet_bounds)
{
	g_autoptr(GString) source = g_string_new("<style>");
	g_autoptr(html_text) text = NULL;

	for (unsigned i = 0; i < 5000; i++)
		g_string_append_printf(
		    source, "div div div div .a%s{display:none}",
		    i % 2 > 0 ? ".b" : "");
	g_string_append(source, "</style>");
	for (unsigned i = 0; i < 300; i++)
		g_string_append(source, "<div>");
	for (unsigned i = 0; i < 20000; i++)
		g_string_append(source, "<i class='a b'>x</i>");
	g_string_append(source, "CONFIDENTIAL");
	text = html_text_read(source->str, source->len);
	ck_assert_ptr_nonnull(strstr(text->seen->str, "CONFIDENTIAL"));
	ck_assert_uint_gt(text->unseen->len, 0);
}
END_TEST

/* Lines that flow, with "^" for the space at the end of a line. */
/* clang-format off */
static const struct flowed_case {
	const char *name, *source, *want;
	bool delsp;
} flowed_cases[] = {
	{ "empty", "", "", false },
	{ "soft", "a^\nb\n", "a b\n", false },
	{ "hard", "a\nb\n", "a\nb\n", false },
	{ "soft, soft, hard", "a^\nb^\nc\nd", "a b c\nd", false },
	{ "CRLF", "a^\r\nb\r\nc", "a b\r\nc", false },
	{ "deleted space", "a^\nb\nc^^\nd\n", "ab\nc d\n", true },
	{ "deleted space of CRLF", "a^\r\nb", "ab", true },
	{ "stuffed", "a^\n From b\n", "a From b\n", false },
	{ "quoted", "> a^\n> b\n> c\n", "> a b\n> c\n", false },
	{ "quoted deeper", ">> a^\n>> b\n> c\n", ">> a b\n> c\n", false },
	{ "marks with spaces", "> > a^\n> > b\n", "> > a b\n", false },
	{ "marks both ways", ">> a^\n> > b\n", ">> a b\n", false },
	{ "into a quotation", "a^\n> b\n", "a^\n> b\n", false },
	{ "out of a quotation", "> a^\nb\n", "> a^\nb\n", false },
	{ "out of the deeper", ">> a^\n> b\n", ">> a^\n> b\n", false },
	{ "empty quoted line", "> a\n>^\n> b\n", "> a\n>^\n> b\n", false },
	{ "blank line", "a\n^^\nb\n", "a\n^^\nb\n", false },
	{ "above an empty line", "a^\n\nb\n", "a^\n\nb\n", false },
	{ "signature", "a^\n--^\nJane\n", "a^\n--^\nJane\n", false },
	{ "below the separator", "--^\nJane^\nJones\n", "--^\nJane Jones\n", false },
	{ "quoted signature", "> a^\n> --^\n> J\n", "> a^\n> --^\n> J\n", false },
	{ "stuffed signature", " --^\nJ\n", " --^\nJ\n", false },
	{ "to the end", "a^", "a^", false },
	{ "and a line end", "a^\n", "a^\n", false },
};
/* clang-format on */

START_TEST(test_flowed)
{
	const struct flowed_case *c = &flowed_cases[_i];
	g_autofree char *source = g_strdelimit(g_strdup(c->source), "^", ' ');
	g_autofree char *want = g_strdelimit(g_strdup(c->want), "^", ' ');
	g_autoptr(GArray) marks = text_marks_new();
	g_autofree char *got = NULL;
	gsize len;

	got = flowed_read(source, strlen(source), c->delsp, &len, marks);
	ck_assert_uint_eq(len, strlen(got));
	ck_assert_msg(strcmp(got, want) == 0, "%s: \"%s\"", c->name, got);
	for (gsize i = 0; i < len; i++)
		ck_assert_msg(source[text_marks_source(marks, i)] == got[i],
		    "%s: back from %zu", c->name, i);
}
END_TEST

START_TEST(test_html)
{
	const struct html_case *c = &html_cases[_i];
	g_autoptr(html_text) text =
	    html_text_read(c->source, strlen(c->source));

	g_strchomp(text->seen->str);
	ck_assert_msg(strcmp(text->seen->str, c->seen) == 0, "%s: seen \"%s\"",
	    c->name, text->seen->str);
	ck_assert_msg(strcmp(g_strstrip(text->unseen->str), c->unseen) == 0,
	    "%s: unseen \"%s\"", c->name, text->unseen->str);
}
END_TEST

START_TEST(test_html_marks)
{
	/* The capital letters lead back to themselves. */
	static const char source[] =
	    "<html><body><p>The words that come first are Many and long.</p>"
	    "<p>caf&eacute; &amp; Tea&nbsp;And <b>Bread</b> &lt;X&gt; Y</p>\r\n"
	    "<div>and sixteen more words for a run, then Z</div></body></html>";
	g_autoptr(html_text) text = html_text_read(source, sizeof(source) - 1);
	unsigned found = 0;

	for (gsize i = 0; i < text->seen->len; i++) {
		char c = text->seen->str[i];

		if (!g_ascii_isupper(c))
			continue;
		found++;
		ck_assert_msg(
		    source[text_marks_source(text->seen_marks, i)] == c,
		    "%c at %zu", c, i);
	}
	ck_assert_uint_eq(found, 8);
}
END_TEST

START_TEST(test_html_deep)
{
	static const char *const units[] = {"<div>", "<blockquote>",
	    "<table><tr><td>", "<span style='color:red'>", "<b>", "<p>"};
	g_autoptr(GString) source = g_string_new(NULL);
	g_autoptr(html_text) text = NULL;

	for (unsigned i = 0; i < 100000; i++)
		g_string_append(source, units[_i]);
	g_string_append(source, "CONFIDENTIAL");
	text = html_text_read(source->str, source->len);
	ck_assert_ptr_nonnull(strstr(text->seen->str, "CONFIDENTIAL"));
}
END_TEST

static struct content *
read_content(const char *source, bool html, struct message **message)
{
	static const struct message_limits limits = {.text = 4096};
	g_autoptr(mail) m = mail_parse(source, strlen(source), true);

	*message = mail_message(m, &limits);
	return message_content(*message, html);
}

static char *
summary(const struct content *content)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < content->segments->len; i++) {
		const struct segment *s = content->segments->pdata[i];

		g_string_append_printf(text, "%s%s %u%s", i > 0 ? "|" : "",
		    origin_name(s->origin), s->part, s->html ? "h" : "");
		if (s->depth > 0)
			g_string_append_printf(text, " %u", s->depth);
		g_string_append_printf(
		    text, ": %.*s", (int)strcspn(s->text, "\n"), s->text);
	}
	return g_string_free(text, FALSE);
}

#define HEAD "From: Alex Morgan <clerk@a.example>\nSubject: Lease\n"
#define ALTERNATIVE(plain, html)                                        \
	HEAD "Content-Type: multipart/alternative; boundary=b\n\n--b\n" \
	     "Content-Type: text/plain\n\n" plain                       \
	     "\n--b\nContent-Type: text/html\n\n" html "\n--b--\n"

/* clang-format off */
static const struct message_case {
	const char *name, *source, *want;
	bool html;
} message_cases[] = {
	{ "plain", HEAD "\nYes.\n", "subject 0: Lease|own 0: Yes.", true },
	{ "encoded subject", "Subject: =?utf-8?q?Cyfarfod_T=C5=B7?=\n\nx\n",
	    "subject 0: Cyfarfod Tŷ|own 0: x", true },
	{ "twins", ALTERNATIVE("*Yes*, see <https://a.example/x>\n\n  1. one\n",
	    "<p><b>Yes</b>, see</p><ol><li>one</li></ol>"),
	    "subject 0: Lease|own 0h: Yes, see", true },
	{ "twins, HTML not wanted", ALTERNATIVE("Yes.\n", "<p>No.</p>"),
	    "subject 0: Lease|own 0: Yes.", false },
	{ "twins that differ", ALTERNATIVE("Yes.\n", "<p>No.</p>"),
	    "subject 0: Lease|own 0: Yes.|own 0h: No.", true },
	{ "twins that differ in a word", ALTERNATIVE("Do pay.\n", "<p>Do not pay.</p>"),
	    "subject 0: Lease|own 0: Do pay.|own 0h: Do not pay.", true },
	{ "flowed", HEAD "Content-Type: text/plain; format=flowed\n\nWe accept \nit.\n> Will you \n> pay?\nYes \n-- \nJane\n",
	    "subject 0: Lease|own 0: We accept it.|quoted 0 1: Will you pay?|own 0: Yes|signature 0: --", true },
	{ "not flowed", HEAD "\nWe accept \nit.\n", "subject 0: Lease|own 0: We accept", true },
	{ "flowed twins", HEAD "Content-Type: multipart/alternative; boundary=b\n\n--b\n"
	    "Content-Type: text/plain; format=flowed; delsp=yes\n\nThe pavi \nlion  \nroof\n--b\n"
	    "Content-Type: text/html\n\n<p>The pavilion roof\n--b--\n",
	    "subject 0: Lease|own 0h: The pavilion roof", true },
	{ "twins whose list has letters", ALTERNATIVE("a. one\nii) two\n\t\302\267 three\n",
	    "<ol><li>one<li>two</ol><ul><li>three</ul>"), "subject 0: Lease|own 0h: - one", true },
	{ "HTML alone", HEAD "Content-Type: text/html\n\n<p>Yes.<p hidden>No.", 
	    "subject 0: Lease|own 0h: Yes.|unseen 0h: No.", false },
	{ "attachment", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes.\n--b\n"
	    "Content-Type: application/pdf; name=\"a.pdf\"\n"
	    "Content-Disposition: attachment; filename*=utf-8''C%C5%B7n.pdf\n\nx\n--b--\n",
	    "subject 0: Lease|own 0: Yes.|name 1: Cŷn.pdf", true },
	{ "text below an attachment", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes.\n--b\n"
	    "Content-Type: image/png; name=a.png\n\nx\n--b\n\nAnd no.\n--b--\n",
	    "subject 0: Lease|own 0: Yes.|own 2: And no.|name 1: a.png", true },
	{ "attached text", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes.\n--b\n"
	    "Content-Disposition: attachment; filename=a.txt\n\nNo.\n--b--\n",
	    "subject 0: Lease|own 0: Yes.|name 1: a.txt", true },
	{ "broken base64", HEAD "Content-Transfer-Encoding: base64\n\n!!!\n",
	    "subject 0: Lease", true },
	{ "Outlook on the web", "From: Alex <a@a.example>\nSubject: Re: x\nContent-Type: text/html\n\n<div>Yes.</div>"
	    "<div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> Jane<br><b>Sent:</b> 3 June<br><b>To:</b> Alex<br>"
	    "<b>Subject:</b> x</div><div>No?</div>", "subject 0: Re: x|own 0h: Yes.|quoted 0h 1: _____", true },
	{ "signed", HEAD "Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"\n\n"
	    "--b\n\nYes.\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n",
	    "subject 0: Lease|own 0: Yes.", true },
};
/* clang-format on */

START_TEST(test_message)
{
	const struct message_case *c = &message_cases[_i];
	g_autoptr(message) message = NULL;
	g_autoptr(content) content = read_content(c->source, c->html, &message);
	g_autofree char *got = summary(content);

	ck_assert_msg(strcmp(got, c->want) == 0, "%s: %s", c->name, got);
}
END_TEST

START_TEST(test_attachments)
{
	static const char source[] =
	    HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes.\n"
		 "--b\nContent-Type: application/pdf; name=a.pdf\n"
		 "Content-Transfer-Encoding: base64\n\naGVsbG8=\n"
		 "--b\nContent-Type: message/rfc822\n\nSubject: x\n\ny\n"
		 "--b\nContent-Type: multipart/encrypted; boundary=c; "
		 "protocol=\"application/"
		 "pgp-encrypted\"\n\n--c\n\nz\n--c--\n--b--\n";
	g_autoptr(message) message = NULL;
	g_autoptr(content) content = read_content(source, true, &message);
	const GPtrArray *found = message_attachments(message);
	const struct message_attachment *pdf = found->pdata[0];
	const struct message_attachment *mail = found->pdata[1];
	g_autoptr(GBytes) data = message_attachment_data(pdf);
	const struct attachment *encrypted = content->attachments->pdata[0];

	ck_assert_uint_eq(found->len, 2);
	ck_assert_str_eq(pdf->name, "a.pdf");
	ck_assert_str_eq(pdf->type, "application/pdf");
	ck_assert_uint_eq(pdf->leaf, 1);
	ck_assert_uint_eq(g_bytes_get_size(data), 5);
	ck_assert(memcmp(g_bytes_get_data(data, NULL), "hello", 5) == 0);
	ck_assert_str_eq(mail->type, "message/rfc822");
	ck_assert_uint_eq(content->attachments->len, 1);
	ck_assert_int_eq(encrypted->state, ATTACHMENT_ENCRYPTED);
	ck_assert_ptr_nonnull(encrypted->reason);
}
END_TEST

START_TEST(test_limit)
{
	g_autoptr(GString) source = g_string_new(HEAD "\n");
	g_autoptr(message) message = NULL;
	g_autoptr(content) content = NULL;
	const struct segment *own;

	for (unsigned i = 0; i < 1000; i++)
		g_string_append(source, "£ words\n");
	content = read_content(source->str, true, &message);
	own = content->segments->pdata[1];
	ck_assert_uint_le(own->len, 4096);
	ck_assert(g_utf8_validate(own->text, -1, NULL));
	ck_assert_str_eq(content->not_read, "it has more text than the limit");
}
END_TEST

/* Where "HERE" stands in the body, "@" before it as it is written there. */
/* clang-format off */
static const struct place_case {
	const char *name, *head, *body, *here;
} place_cases[] = {
	{ "7bit", "", "Yes  \xe2\x80\x9cno\xe2\x80\x9d\n\n> a\n> b HERE\n", "HERE" },
	{ "quoted-printable", "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n",
	    "caf=C3=A9 =E2=80=94 =\nand HERE\n", "HERE" },
	{ "base64", "Content-Transfer-Encoding: base64\n", "WWVzIG5vIEhFUkU=\n", "EhFUkU" },
	{ "Latin-1", "Content-Type: text/plain; charset=iso-8859-1\n", "caf\xe9 \xe9\xe9 HERE\n", "HERE" },
	{ "HTML", "Content-Type: text/html; charset=utf-8\n", "<p>caf&eacute;</p><p>a <b>HERE</b></p>\n", "HERE" },
	{ "HTML in quoted-printable", "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/html; charset=iso-8859-1\n",
	    "<p class=3D\"x\">caf=E9=\n</p><p>a &amp; HERE</p>\n", "HERE" },
	{ "flowed", "Content-Type: text/plain; format=flowed; delsp=yes\n", "> a \n> \xe2\x80\x9cno\xe2\x80\x9d  b \n> c HE \n> RE\n", "HE " },
	{ "flowed in quoted-printable", "Content-Type: text/plain; charset=utf-8; format=flowed\n"
	    "Content-Transfer-Encoding: quoted-printable\n", "caf=C3=A9=20\n=\nsoft =\n\nand HERE\n", "HERE" },
	{ "UTF-16 by its line", "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-16le\n",
	    "YQAKAEgARQBSAEUACgA=\n", "EgARQBSAEUACgA" },
};
/* clang-format on */

START_TEST(test_place)
{
	const struct place_case *c = &place_cases[_i];
	g_autofree char *source =
	    g_strconcat("Subject: x\n", c->head, "\n", c->body, NULL);
	g_autoptr(message) message = NULL;
	g_autoptr(content) content = read_content(source, true, &message);
	gsize len, place;
	const char *body = message_body(message, &len);
	const char *want = memmem(body, len, c->here, strlen(c->here));

	for (guint i = 0; i < content->segments->len; i++) {
		const struct segment *s = content->segments->pdata[i];
		const char *here = strstr(s->text, "HERE");

		if (here == NULL)
			continue;
		ck_assert(
		    content_place(message, s, (gsize)(here - s->text), &place));
		ck_assert_msg(place == (gsize)(want - body),
		    "%s: at %zu, not %zu", c->name, place,
		    (gsize)(want - body));
		return;
	}
	ck_abort_msg("%s: it is not there", c->name);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("content");
	TCase *t = tcase_create("content");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_html, 0, G_N_ELEMENTS(html_cases));
	tcase_add_test(t, test_html_marks);
	tcase_add_loop_test(t, test_html_deep, 0, 6);
	tcase_add_loop_test(t, test_sheet, 0, G_N_ELEMENTS(sheet_cases));
	tcase_add_test(t, test_sheet_of_other_medium);
	tcase_add_test(t, test_sheet_bounds);
	tcase_add_loop_test(t, test_flowed, 0, G_N_ELEMENTS(flowed_cases));
	tcase_add_loop_test(t, test_message, 0, G_N_ELEMENTS(message_cases));
	tcase_add_test(t, test_attachments);
	tcase_add_test(t, test_limit);
	tcase_add_loop_test(t, test_place, 0, G_N_ELEMENTS(place_cases));
	suite_add_tcase(s, t);
	return s;
}
