/*
 * Whose words the lines of HTML are: what elements claim, and what the colour
 * of words says.
 */
#include <string.h>

#include "milter/message/content.h"
#include "tests/mail/mail.h"
#include "tests/unit/unit.h"
#include "tests/unit/whose.h"

#define BORDER "<div style='border:none;border-top:solid #E1E1E1 1.0pt;'>"
#define HEADING                                             \
	"<b>From:</b> Jane<br><b>Sent:</b> 3 June 2026<br>" \
	"<b>To:</b> Alex<br><b>Subject:</b> x"
#define OUTLOOK BORDER HEADING "</div>"

/* clang-format off */
static const struct {
	const char *name, *html, *want;
} cases[] = {
	{ "Outlook", "<p>Yes.</p>" OUTLOOK "<p>No?</p>", "o:Yes.|q1:From: Jane" },
	{ "its border alone", "<p>Yes.</p>" BORDER "<p>No.</p></div>", "o:Yes." },
	{ "its element alone", "<p>Yes.</p><div id=divRplyFwdMsg><p>No.</p></div>", "o:Yes." },
	{ "its empty element", "<div id=appendonsend></div><p>Yes.</p><p>No.</p>", "o:Yes." },
	{ "in a language that nobody knows", "<p>Yes.</p><div id=divRplyFwdMsg>Xa: Jane j@a.example<br>"
	    "Xe: 3 June 2026<br>Xi: Alex</div><p>No?</p>", "o:Yes.|q1:Xa: Jane" },
	{ "Gmail", "<p>Yes.</p><div class=gmail_quote><div>On 3 June 2026, Jane &lt;j@a.example&gt; wrote:</div>"
	    "<blockquote class=gmail_quote>No?</blockquote></div>", "o:Yes.|q1:On 3 June" },
	{ "its element alone", "<div class=gmail_quote><p>Yes.</p><p>No.</p></div>", "o:Yes." },
	{ "below own words", "<p>Yes.</p><div class=gmail_quote><p>No.</p></div>", "o:Yes." },
	{ "answers in it", "<div class=gmail_quote><div>On 3 June 2026, Jane &lt;j@a.example&gt; wrote:</div>"
	    "<blockquote class=gmail_quote>a</blockquote><p>b</p><blockquote class=gmail_quote>c</blockquote></div>",
	    "q1:On 3 June|o:b|q1:c" },
	{ "attribution in words that nobody knows", "<p>Yes.</p><div class=yahoo_quoted><p>Xa Jane xe:</p>"
	    "<blockquote type=cite>No?</blockquote></div>", "o:Yes.|q1:Xa Jane" },
	{ "attribution above it", "<p>Yes.</p><p>On 3 June 2026, Jane &lt;j@a.example&gt; wrote:</p>"
	    "<div class=yahoo_quoted>No?</div>", "o:Yes.|q1:On 3 June" },
	{ "Thunderbird", "<div class=moz-cite-prefix>On 3/6/2026 10:00, Jane wrote:</div>"
	    "<blockquote type=cite>No?</blockquote><p>Yes.</p>", "q1:On 3/6|o:Yes." },
	{ "its element alone", "<p>Yes.</p><div class=moz-cite-prefix>No.</div><p>So.</p>", "o:Yes." },
	{ "date above other fields", "<p>Yes.</p><div><b>Gesendet:</b> 3. Juni 2026<br><b>Von:</b> &quot;Jane&quot; "
	    "&lt;j@a.example&gt;<br><b>An:</b> Alex<br><b>Betreff:</b> x</div><p>Nein?</p>", "o:Yes.|q1:Gesendet" },
	{ "answers in red", "<p>See my comments in red.</p>" OUTLOOK
	    "<p>Who?</p><p style='color:red'>Sam.</p><p>When?</p><p><font color='#c00000'>Now.</font></p>",
	    "o:See my|q1:From|o:Sam.|q1:When?|o:Now." },
	{ "answers behind the question", "<p>Answers below in blue.</p>" OUTLOOK
	    "<p>Who?</p><p>When? <span style='color:#0070c0'>Now.</span></p>", "o:Answers|q1:From|o:When? Now." },
	{ "answers in green, Welsh", "<p>Mae fy sylwadau mewn gwyrdd.</p>" OUTLOOK
	    "<p>Pwy?</p><p style='color:#00b050'>Sam.</p>", "o:Mae fy|q1:From|o:Sam." },
	{ "answers on yellow", "<p>My replies are highlighted.</p>" OUTLOOK
	    "<p>Who?</p><p style='background:yellow'>Sam.</p>", "o:My replies|q1:From|o:Sam." },
	{ "another colour", "<p>See my comments in red.</p>" OUTLOOK
	    "<p>Who?</p><p style='color:#1f497d'>When?</p>", "o:See my|q1:From" },
	{ "a colour nobody announced", "<p>Yes.</p>" OUTLOOK "<p>Who?</p><p style='color:red'>When?</p>",
	    "o:Yes.|q1:From" },
	{ "no answers in red", "<p>The red door, please.</p>" OUTLOOK "<p style='color:red'>Which?</p>",
	    "o:The red|q1:From" },
	{ "signature", "<p>Yes.</p><div class=gmail_signature>Alex Morgan<br>Clerk</div>", "o:Yes.|s:Alex" },
	{ "own words in its element", "<p>Yes.</p><div class=gmail_signature>We pay you on Monday for all of it.<br>"
	    "Alex Morgan<br>Clerk</div>", "o:Yes.|s:Alex" },
};
/* clang-format on */

START_TEST(test_claims)
{
	static const struct message_limits limits = {.text = 65536};
	g_autofree char *source =
	    g_strconcat("From: Alex Morgan <a@a.example>\nSubject: Re: x\n"
			"Content-Type: text/html; charset=utf-8\n\n",
		cases[_i].html, NULL);
	g_autoptr(mail) mail = mail_parse(source, strlen(source), true);
	g_autoptr(message) message = mail_message(mail, &limits);
	g_autoptr(content) content = message_content(message, true);

	/* After the subject. */
	check_whose(cases[_i].name, content, 1, cases[_i].want);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("claims");
	TCase *t = tcase_create("claims");

	tcase_add_loop_test(t, test_claims, 0, G_N_ELEMENTS(cases));
	suite_add_tcase(s, t);
	return s;
}
