/* Whose words: own, quoted, forwarded, signature, disclaimer, footer. */
#include <string.h>
#include <time.h>

#include "policy/text/segments.h"
#include "tests/unit/unit.h"
#include "tests/unit/whose.h"

/* clang-format off */
static const struct split_case {
	const char *name, *text, *want;
	bool expected, forward;
} cases[] = {
	{ "own alone", "Dear Jane,\nyes.\n", "o:Dear Jane,", true, false },
	{ "quoted lines", "Yes.\n\n> No?\n> Why?\n", "o:Yes.|q1:No?", true, false },
	{ "depths", "Yes.\n> a\n>> b\n> > > c\n", "o:Yes.|q1:a|q2:b|q3:c", true, false },
	{ "answers between", "> a\nb\n> c\nd\n", "q1:a|o:b|q1:c|o:d", true, false },
	{ "attribution is history", "Yes.\n\nOn 3 Jun 2026, Jane wrote:\n> No?\n",
	    "o:Yes.|q1:On 3 Jun", true, false },
	{ "attribution over two lines", "Yes.\n\nOn Wed, 3 Jun 2026 at 10:00, Jane\n"
	    "<j@a.example> wrote:\n\n> No?\n", "o:Yes.|q1:On Wed", true, false },
	{ "verb not last, German", "Ja.\n\nJane Jones <j@a.example> schrieb am Fr., 28.\n"
	    "Apr. 2026 um 11:53 Uhr:\n\n> Nein?\n", "o:Ja.|q1:Jane Jones", true, false },
	{ "bracket broken off", "Ja.\n\nAm 21.04.2026 schrieb \"Jane\" <j@a.example\n>:\n\n> Nein?\n",
	    "o:Ja.|q1:Am 21", true, false },
	{ "bracket broken off, Apple", "Yes.\n\nOn Thu, 31 Mar 2026 at 11:16 Jane\n\n<\n"
	    "mailto:Jane <j@a.example>\n> wrote:\n\nNo?\n", "o:Yes.|q1:On Thu", true, false },
	{ "short attribution", "Jane wrote:\n> No?\nYes.\n", "q1:Jane wrote|o:Yes.", false, false },
	{ "history cut out", "On 3 Jun 2026, Jane <j@a.example> wrote:\n\nYes, do.\n",
	    "q1:On 3 Jun|o:Yes, do.", true, false },
	{ "header block", "Yes.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\nSubject: x\n\nNo?\n",
	    "o:Yes.|q1:From: Jane", true, false },
	{ "header block, unexpected, whole",
	    "Yes.\n\nFrom: Jane [mailto:j@a.example]\nSent: 3 June\nTo: Alex\nSubject: x\n\nNo?\n",
	    "o:Yes.|q1:From: Jane", false, false },
	{ "memorandum", "From: the Clerk\nDate: 3 June\nTo: all members\n\nText\n",
	    "o:From: the Clerk", false, false },
	{ "chain", "Yes.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\nSubject: x\n\nNo?\n\n"
	    "From: Alex\nSent: 2 June\nTo: Jane\nSubject: x\n\nWhat?\n",
	    "o:Yes.|q1:From: Jane|q2:From: Alex", true, false },
	{ "forwarded by Outlook", "See below.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\n\nNo?\n",
	    "o:See below.|f1:From: Jane", true, true },
	{ "forwarded by its separator", "See.\n\n---------- Forwarded message ---------\n"
	    "From: Jane <j@a.example>\nDate: 3 June\n\nNo?\n", "o:See.|f1:------|f1:From", false, false },
	{ "forwarded in marks", "See.\n\nBegin forwarded message:\n\n> From: Jane\n> Date: 3 June\n"
	    ">\n> No?\n", "o:See.|f1:Begin|f1:From", false, false },
	{ "answer in a forward in a reply", "Ja.\n\n-----Original Message-----\nFrom: Jane\nTo: Alex\n\nx\n\n"
	    "-------- Forwarded Message --------\nFrom: Sam\nTo: Jane\n\ny\n",
	    "o:Ja.|q1:-----Orig|q1:From: Jane|f2:-----|f2:From: Sam", true, false },
	{ "wrapped rest", "> The committee looked at the plan for the new playing beside the\nfield and\n"
	    "> left it.\nGood.\n", "q1:The committee|o:Good.", true, false },
	{ "a file", "Here.\nbegin 644 plan\n>9&)C\n`\nend\n", "o:Here.", true, false },
	{ "bars", "Yes.\n\n2026/7/20 Sam via A <info@a.example>\n\n| a\n| b\n| c\n",
	    "o:Yes.|q1:2026", true, false },
	{ "initials", "Yes.\n\nJJ> a\nJJ>\nJJ> b\n", "o:Yes.|q1:a", true, false },
	{ "a table is none", "Figures:\n| a | b |\n| 1 | 2 |\n| 3 | 4 |\n", "o:Figures", true, false },
	{ "signature", "Yes.\n--\nAlex\nClerk\n", "o:Yes.|s:--", false, false },
	{ "sign-off", "Yes.\n\nKind regards,\n\nAlex Morgan\nClerk\n", "o:Yes.|s:Kind regards", false, false },
	{ "sign-off in Welsh", "Iawn.\n\nYn gywir\n\nAlex\nClerc y Cyngor\n", "o:Iawn.|s:Yn gywir", false, false },
	{ "sign-off on one line", "Yes.\n\nThanks, Alex\n", "o:Yes.|s:Thanks", false, false },
	{ "stacked", "Yes.\n\nMany thanks\n\nBest wishes\nAlex\n", "o:Yes.|s:Many thanks", false, false },
	{ "thanks are the answer", "Thanks\n", "o:Thanks", false, false },
	{ "thanks at the end", "I have it.\n\nThanks\n", "o:I have it.", false, false },
	{ "on behalf", "Yes.\n\nfor and on behalf of Woodland Parish Council\n", "o:Yes.|s:for and", false, false },
	{ "pp", "Yes.\n\npp Alex Morgan, Clerk\n", "o:Yes.|s:pp Alex", false, false },
	{ "the author's name", "I agree.\n\nAlex\n", "o:I agree.|s:Alex", false, false },
	{ "a word is no name", "You asked.\n\nAgreed\n", "o:You asked.", false, false },
	{ "title", "Agreed.\n\nCllr Sam Smith\n", "o:Agreed.|s:Cllr", false, false },
	{ "name and numbers", "It is open.\n\nPat Example\nVillage Hall\nTel: 01632 960123\n",
	    "o:It is open.|s:Pat Example", false, false },
	{ "a list is none", "Bring:\n\n- Item 1\n- Item 2\n", "o:Bring:", false, false },
	{ "regards in a sentence", "Give my regards to the chair.\nYes.\n", "o:Give my", false, false },
	{ "prose after", "Regards the roof, we shall see.\nIt leaks.\n", "o:Regards", false, false },
	{ "postscript", "Yes.\n\nRegards\nAlex\n\nPS It rains.\n", "o:Yes.|s:Regards|o:PS", false, false },
	{ "iPhone", "Yes.\n\nSent from my iPhone\n", "o:Yes.|s:Sent from", false, false },
	{ "no device", "Sent from my desk, which is easier.\n", "o:Sent from", false, false },
	{ "Welsh device", "Iawn.\n\nAnfonwyd o fy iPhone\n", "o:Iawn.|s:Anfonwyd", false, false },
	{ "disclaimer", "Yes.\n\nThis email is intended solely for the addressee. If you have\n"
	    "received it in error please delete it.\n", "o:Yes.|d:This email", false, false },
	{ "disclaimer, last sentence", "The plan is attached. Confidential unless otherwise stated.\n",
	    "o:The plan is attached.|d:Confidential unless", false, false },
	{ "disclaimer under a heading", "Yes.\n\nDisclaimer\nAny views are those of the author only.\n",
	    "o:Yes.|d:Disclaimer", false, false },
	{ "disclaimer in Welsh", "Iawn.\n\nBwriedir yr e-bost hwn ar gyfer y derbynnydd yn unig.\n",
	    "o:Iawn.|d:Bwriedir", false, false },
	{ "Welsh is welcome", "Iawn.\n\nMae croeso i chi ohebu yn Gymraeg.\n", "o:Iawn.|d:Mae croeso", false, false },
	{ "monitored, at the end", "Yes.\nEmails may be monitored.\n", "o:Yes.|d:Emails", false, false },
	{ "monitored, in the text", "Our emails are monitored. I do not like it at all.\n",
	    "o:Our emails", false, false },
	{ "received in error, told", "I received your letter in error and sent it back.\n",
	    "o:I received", false, false },
	{ "intended, in the text", "The grant is intended only for individuals in need.\n",
	    "o:The grant", false, false },
	{ "disclaimer in history", "Yes.\n\n> No?\n>\n> This email is intended solely for the addressee.\n",
	    "o:Yes.|q1:No?|d1:This email", true, false },
	{ "footer", "Yes.\n\nCC councillor Sam Smith\n", "o:Yes.|c:CC", false, false },
	{ "footer in Welsh", "Iawn.\n\nCC y Cynghorydd Sam Smith\n", "o:Iawn.|c:CC", false, false },
	{ "no footer", "CC councillors as usual.\nYes.\n", "o:CC", false, false },
	{ "list footer", "Yes.\n\n_____________\nclerks mailing list\nclerks@lists.example\n",
	    "o:Yes.|d:_____", false, false },
	{ "signed inline", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nYes.\n"
	    "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n", "o:Yes.", false, false },
	{ "answers named by Outlook", "See below.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\nSubject: x\n\nNo?\n"
	    "[Alex Morgan] Yes.\nWhen?\n[AM] Now.\n[Jane] Oh.\n[JJ] So.\n",
	    "o:See below.|q1:From|o:[Alex Morgan] Yes.|q1:When?|o:[AM] Now.|q1:[Jane] Oh.", true, false },
	{ "answers of earlier days", "Yes.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\nSubject: x\n\nNo?\n\n"
	    "From: Alex\nSent: 2 June\nTo: Jane\nSubject: x\n\n[Alex Morgan] y\n",
	    "o:Yes.|q1:From: Jane|q2:From: Alex", true, false },
	{ "attribution in the marks", "Yes.\n\n> On 3 Jun 2026, at 10:00, Jane <j@a.example> wrote:\n>\n> No?\n>> x\n",
	    "o:Yes.|q1:On 3 Jun|q2:x", true, false },
	{ "header block in the marks", "Yes.\n> From: Jane\n> Sent: 3 June\n> To: Alex\n> Subject: x\n>\n> No?\n",
	    "o:Yes.|q1:From: Jane", true, false },
	{ "a second one in them", "Yes.\n> From: Jane\n> Sent: 3 June\n> To: Alex\n> Subject: x\n>\n> No?\n>\n"
	    "> From: Alex\n> Sent: 2 June\n> To: Jane\n> Subject: x\n>\n> Oh?\n",
	    "o:Yes.|q1:From: Jane|q2:From: Alex", true, false },
	{ "forwarded by Apple, German", "Hier.\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Jane\nDatum: 3. Juni\nAn: Alex\n\nx\n",
	    "o:Hier.|f1:Anfang|f1:Von: Jane", false, false },
	{ "forwarded by Apple, French", "Ici.\n\nD\303\251but du message transf\303\251r\303\251 :\n\nDe: Jane\nDate: 3 juin\n\303\200: Alex\n\nx\n",
	    "o:Ici.|f1:D\303\251but|f1:De: Jane", false, false },
	{ "no words of Apple", "We talk about the beginning of the forwarded message:\nyes.\n", "o:We talk", true, false },
	{ "forwarded by a telephone", "See.\n\n-------- Original message --------From: Jane <j@a.example> Date: 3 June To: Alex\n\nx\n",
	    "o:See.|f1:-----", true, true },
	{ "sign-off in two languages", "Yes.\n\nYn gywir / Yours sincerely\n\nAlex Morgan\nClerc / Clerk\n", "o:Yes.|s:Yn gywir", false, false },
	{ "sign-off in Spanish", "S\303\255.\n\nUn cordial saludo,\n\nAlex\nSecretaria\n", "o:S\303\255.|s:Un cordial", false, false },
	{ "sign-off in Polish", "Tak.\n\nZ wyrazami szacunku\nAlex\nSekretarz\n", "o:Tak.|s:Z wyrazami", false, false },
	{ "sign-off with the office", "Yes.\n\nKind regards Jane Jones, Clerk to the Council\n", "o:Yes.|s:Kind regards", false, false },
	{ "regards with no name", "Yes.\n\nKind regards to everyone in the Clerk's office, see you\n", "o:Yes.", false, false },
	{ "name, dash, office", "Yes.\n\nAlex Morgan - Town Clerk\n", "o:Yes.|s:Alex Morgan", false, false },
	{ "somebody, dash, office", "Speakers:\n\nFlood Wardens - Town Clerk\n", "o:Speakers", false, false },
	{ "disclaimer that opens", "Yes.\n\nThis message is confidential. If you have received this message\n"
	    "in error, tell the sender.\n", "o:Yes.|d:This message is", false, false },
	{ "opens, but is the author's", "This email is confidential.\n\nIf you have received this email in error, tell the sender.\n",
	    "o:This email is confidential.|d:If you", false, false },
	{ "headings of both", "Yes.\n\nYmwadiad\nMae'r neges yn gyfrinachol. Os ydych wedi derbyn y neges mewn camgymeriad, dil\303\253wch hi.\n"
	    "Disclaimer\nThis message is confidential. If you received this message in error, delete it.\n",
	    "o:Yes.|d:Ymwadiad", false, false },
	{ "Welsh is welcome, both at once", "Yes.\n\nRydym yn croesawu gohebiaeth yn Gymraeg. Byddwn yn ymateb yn Gymraeg ac ni fydd oedi. "
	    "We welcome letters in Welsh. We will respond in Welsh and this will not lead to delay.\n", "o:Yes.|d:Rydym", false, false },
	{ "disclaimer in German", "Ja.\n\nFalls Sie nicht der Empf\303\244nger sind, l\303\266schen Sie die Nachricht.\n", "o:Ja.|d:Falls", false, false },
	{ "disclaimer in French", "Oui.\n\nSi vous n'\303\252tes pas le destinataire, veuillez le d\303\251truire.\n", "o:Oui.|d:Si vous", false, false },
	{ "disclaimer in Spanish", "S\303\255.\n\nSi no es usted el destinatario, b\303\263rrelo.\n", "o:S\303\255.|d:Si no", false, false },
	{ "disclaimer in Polish", "Tak.\n\nWiadomo\305\233\304\207 przeznaczona wy\305\202\304\205cznie dla adresata.\n", "o:Tak.|d:Wiadomo", false, false },
	{ "falls are none", "Falls in the park: if you see one, please report it.\n", "o:Falls", false, false },
	{ "attribution broken at its verb", "Oui.\n\nLe 3 juin 2026 \303\240 10:00, Jane <j@a.example> a\n\303\251crit :\n\n> Non ?\n",
	    "o:Oui.|q1:Le 3 juin", true, false },
	{ "attribution without a verb", "Yes.\n\n3 Jun 2026, 10:00, Jane <j@a.example>:\n\nNo?\n", "o:Yes.|q1:3 Jun", true, false },
	{ "a time and an address are none", "Call at 10:00 or write to j@a.example:\nI am in.\n", "o:Call at", true, false },
	{ "between brackets, GroupWise", "Yes.\n\n>>> Jane <j@a.example> 03/06/26 10:00 >>>\nNo?\n", "o:Yes.|q1:>>>", true, false },
	{ "between dashes, Zoho", "Yes.\n\n---- On 3 Jun 2026 10:00 Jane <j@a.example> wrote ----\n\nNo?\n", "o:Yes.|q1:----", true, false },
	{ "separator without dashes", "Yes.\n  Original Message\nFrom: Jane\nSent: 3 June\nTo: Alex\n\nNo?\n", "o:Yes.|q1:Original", true, false },
	{ "separator without a block", "Original Message\nis what I mean.\n", "o:Original", true, false },
	{ "separator in other words", "Tak.\n\n--- Oryginalny e-mail ---\nOdd.\n", "o:Tak.", true, false },
	{ "separator, a mail that is forwarded", "See.\n\n----- Forwarded mail -----\nFrom: Jane\nTo: Alex\n\nx\n", "o:See.|f1:-----|f1:From", false, false },
	{ "separator, Czech", "Ano.\n\n-------- P\305\257vodn\303\255 zpr\303\241va --------\nOd: Jane\nKomu: Alex\n\nNe?\n",
	    "o:Ano.|q1:-----|q1:Od", true, false },
	{ "header block, Czech", "Ano.\n\nOd: Jane\nOdesl\303\241no: 3. 6. 2026\nKomu: Alex\nP\305\231edm\304\233t: x\n\nNe?\n", "o:Ano.|q1:Od", true, false },
	{ "header block, Ukrainian", "Yes.\n\n\320\222\321\226\320\264: Jane\n\320\235\320\260\320\264\321\226\321\201\320\273\320\260\320\275\320\276: 3.6.2026\n"
	    "\320\232\320\276\320\274\321\203: Alex\n\nNo?\n", "o:Yes.|q1:", true, false },
	{ "header block, date first", "Ja.\n\nGesendet: 3. Juni\nVon: Jane <j@a.example>\nAn: Alex\nBetreff: x\n\nNein?\n", "o:Ja.|q1:Gesendet", true, false },
	{ "a meeting's date first", "Come.\n\nDate: 3 June\nFrom: 7 pm\nTo: 9 pm\nWe pay for the hall.\n", "o:Come.", true, false },
	{ "Notes without colons", "Yes.\n\nJane <j@a.example>\n03/06/2026 10:00\n\nTo\nAlex\ncc\n\nSubject\nx\n\nNo?\n", "o:Yes.|q1:Jane", true, false },
	{ "bars below an attribution", "Jane wrote:\n| a\n| b\n\nYes.\n", "q1:Jane|o:Yes.", true, false },
	{ "initials that come again", "JJ> a\n\nYes.\n\nJJ> b\n\nNo.\n", "q1:a|o:Yes.|q1:b|o:No.", true, false },
	{ "initials once", "See A> B in the plan.\nBB> CC\n", "o:See A", true, false },
	{ "answers in capitals", "My answers are in CAPITALS.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\n\nWho?\nMR TESTER.\nWhen?\n",
	    "o:My answers|q1:From|o:MR TESTER.|q1:When?", true, false },
	{ "capitals that nobody announced", "Yes.\n\nFrom: Jane\nSent: 3 June\nTo: Alex\n\nWHO IS IT?\n", "o:Yes.|q1:From", true, false },
	{ "words below the name", "Yes.\n\nRegards\nAlex\n\nWe pay the \302\243900 on Monday.\n", "o:Yes.|s:Regards|o:We pay", false, false },
	{ "request below the name", "Yes.\n\nRegards\nAlex\n\nPlease start now\n", "o:Yes.|s:Regards|o:Please", false, false },
	{ "office hours below the name", "Yes.\n\nRegards\nAlex\n\nI work on Mondays, so please excuse a late answer.\n", "o:Yes.|s:Regards", false, false },
	{ "words below the dashes", "Yes.\n--\nThe council accepts the quotation of the contractor.\n", "o:Yes.|s:--|o:The council", false, false },
	{ "wrapped words below the dashes", "Yes.\n--\nThe quotation of the contractor for the old boiler is\nagreed by us and we order it.\nAlex\n",
	    "o:Yes.|s:--|o:The quotation|s:Alex", false, false },
	{ "words behind a device", "Yes.\n\nSent from my phone: go ahead\n", "o:Yes.", false, false },
	{ "a network", "Yes.\n\nSent from my BlackBerry 10 smartphone on the EE network.\n", "o:Yes.|s:Sent", false, false },
	{ "name above an office and a firm", "Yes.\n\nAlex Morgan\nDirector of Works\nTester and Sons\nTel: 01632 960123\n", "o:Yes.|s:Alex", false, false },
	{ "signature above the answer", "Alex Morgan\nClerk\n\n> No?\n\nYes, on Monday.\n", "s:Alex|q1:No?|o:Yes", true, false },
	{ "footer that goes on", "Yes.\n\nCC councillor Smith, who accepts the price\n", "o:Yes.", false, false },
	{ "order among disclaimers", "Yes.\n\nIf you are not the intended recipient, delete this email. We accept the price of \302\243900. "
	    "Views are not necessarily those of the council.\n", "o:Yes.|d:Views", false, false },
	{ "order in a disclaimer", "Yes.\n\nIf you are the intended recipient of this email we accept your price.\n", "o:Yes.", false, false },
	{ "no order in a disclaimer", "Yes.\n\nWe do not accept service of documents by email.\n", "o:Yes.|d:We do not", false, false },
	{ "external, in two lines", "*** EXTERNAL EMAIL ***\nThis message came from outside. Think before you click.\n\nYes.\n", "d:***|o:Yes.", false, false },
	{ "external, Welsh", "Daeth yr e-bost hwn o'r tu allan i'r sefydliad. Peidiwch \303\242 chlicio ar ddolenni.\n\nIawn.\n", "d:Daeth|o:Iawn.", false, false },
	{ "a stranger", "You don't often get email from j@a.example. Learn why this is important\n\nYes.\n", "d:You don't|o:Yes.", false, false },
	{ "often, but no stranger", "You often get emails from me.\n", "o:You often", false, false },
	{ "registered", "Yes.\n\nTester Ltd is registered in England, number 01234567. Registered office: 1 Mill Lane.\n", "o:Yes.|d:Tester", false, false },
	{ "registered, in the text", "We have registered the company. It may start.\n", "o:We have", false, false },
	{ "environment, in the text", "Print the plan for the environment group.\n", "o:Print", false, false },
};
/* clang-format on */

static struct content *
split_text(const char *text, bool expected, bool forward)
{
	struct content *content = content_new();
	const struct split_input input = {
	    .text = text,
	    .len = strlen(text),
	    .author = "Alex Morgan",
	    .expected = expected,
	    .forward = forward,
	};
	g_autoptr(split) split = text_split(&input);

	split_add_segments(split, &input, NULL, content);
	return content;
}

START_TEST(test_split)
{
	const struct split_case *c = &cases[_i];
	g_autoptr(content) content =
	    split_text(c->text, c->expected, c->forward);

	check_whose(c->name, content, 0, c->want);
}
END_TEST

/* clang-format off */
static const struct writer_case {
	const char *text, *name, *address;
} writers[] = {
	{ "On Wed, 3 Jun 2026 at 10:00, Jane Jones <j@a.example> wrote:\n> x\n", "Jane Jones", "j@a.example" },
	{ "On Mon, Jun 3, 2026 at 10:00 AM Jane Jones <j@a.example> wrote:\n> x\n", "Jane Jones", "j@a.example" },
	{ "On 3 Jun 2026, at 10:00, Jane Jones wrote:\n> x\n", "Jane Jones", NULL },
	{ "On 3 June 2026, j@a.example wrote:\n> x\n", NULL, "j@a.example" },
	{ "Am 03.06.2026 um 10:00 schrieb Jane Jones:\n> x\n", "Jane Jones", NULL },
	{ "Le 3 juin 2026 à 10:00, Jane <j@a.example> a écrit :\n> x\n", "Jane", "j@a.example" },
	{ "Ar 3 Meh 2026, ysgrifennodd Jane <j@a.example>:\n> x\n", "Jane", "j@a.example" },
	{ "Jane Jones wrote:\n> x\n", "Jane Jones", NULL },
	{ ">>> Jane Jones <j@a.example> 03/06/26 10:00 >>>\nx\n", "Jane Jones", "j@a.example" },
	{ ">>> \"Jane Jones\" <j@a.example> >>>\nx\n", "Jane Jones", "j@a.example" },
	{ "---- On 3 Jun 2026 10:00 Jane Jones <j@a.example> wrote ----\nx\n", "Jane Jones", "j@a.example" },
	{ "Jane Jones <j@a.example>\n03/06/2026 10:00\n\nTo\nAlex\ncc\n\nSubject\nx\n\ny\n", "Jane Jones", "j@a.example" },
	{ "Gesendet: 3. Juni\nVon: \"Jane Jones\" <j@a.example>\nAn: Alex\nBetreff: x\n\ny\n", "Jane Jones", "j@a.example" },
	{ "-----Original Message-----\nFrom: Jane Jones [mailto:j@a.example]\nTo: x\n\ny\n", "Jane Jones", "j@a.example" },
	{ "-----Original Message-----\nFrom: \"Jones, Jane\" <j@a.example>\nTo: x\n\ny\n", "Jones, Jane", "j@a.example" },
	{ "-----Original Message-----\nFrom: j@a.example\nTo: x\n\ny\n", NULL, "j@a.example" },
	{ "On 3 Jun 2026 10:00, Jane Jones via Clerks <c@a.example> wrote:\n> x\n", "Jane Jones", "c@a.example" },
	{ "Jane Jones wrote on 3/6/2026 10:00:\n> x\n", "Jane Jones", NULL },
	{ "Le 03/06/2026 \303\240 10:00, Jane Jones a \303\251crit :\n> x\n", "Jane Jones", NULL },
	{ "Am 3. Juni 2026 um 10:00 MESZ hat Jane <j@a.example> Folgendes geschrieben:\n> x\n", "Jane", "j@a.example" },
	{ "-----Original Message-----\nFrom: post@a.example <post@a.example> On Behalf Of Jane Jones\nTo: x\n\ny\n", "Jane Jones", NULL },
	{ "-----Original Message-----\nVon: Amt <post@a.example> im Auftrag von Jane <j@a.example>\nAn: x\n\ny\n", "Jane", "j@a.example" },
	{ "-------- Original message --------From: Jane Jones <j@a.example> Date: 3/6/26 To: x@a.example\ny\n", "Jane Jones", "j@a.example" },
	{ "-----Original Message-----\nSubject: z\nFrom: Jane Jones\nTo: x\n\ny\n", "Jane Jones", NULL },
};
/* clang-format on */

START_TEST(test_writer)
{
	const struct writer_case *c = &writers[_i];
	g_autoptr(content) content = split_text(c->text, true, false);
	const struct segment *last =
	    content->segments->pdata[content->segments->len - 1];

	ck_assert_msg(g_strcmp0(last->writer_name, c->name) == 0 &&
			  g_strcmp0(last->writer_address, c->address) == 0,
	    "%s: %s <%s>", c->text, last->writer_name, last->writer_address);
}
END_TEST

/* clang-format off */
static const struct hostile_case {
	const char *name, *unit;
} hostile[] = {
	{ "marks", ">" }, { "marked lines", "> x\n" }, { "deeper", ">>>>>>>> x\n" },
	{ "wrote", "wrote:\n" }, { "On wrote", "On 3 Jun 2026 x <a@b> wrote:\n" },
	{ "colons", "a 123 b:\n" }, { "fields", "From: x\n" },
	{ "blocks", "From: x\nSent: y\nTo: z\n" }, { "empty", "\n" },
	{ "rules", "_____\n" }, { "separators", "-----Original Message-----\n" },
	{ "words", "word " }, { "full stops", ". " }, { "dots", "." },
	{ "disclaimers", "intended recipient. " }, { "closing", "Regards\n" },
	{ "names", "Alex\n" }, { "two dashes", "--\n" }, { "PS", "PS x\n" },
	{ "bars", "| x\n" }, { "a long word", "x" }, { "files", "begin 644 x\n" },
	{ "interleaved", "> x\ny\n" }, { "footers", "CC councillor X\n" },
	{ "behalf", "From: x on behalf of x on behalf of " }, { "answers", "[Alex Morgan] x\n" },
	{ "Apple", "> Begin forwarded message:\n" }, { "dashes", "-- From: " },
	{ "fences", ">>> a@b.example 1 >>>\n" }, { "labels", "Xa: 1@2\n" },
	{ "initials", "AB> x\ny\n" }, { "addresses", "j@a.example\n3/6/2026\n\n" },
	{ "announcements", "answers in capitals\n" }, { "requests", "Please start now\n" },
};
/* clang-format on */

START_TEST(test_hostile)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(content) content = NULL;
	clock_t start = clock();

	while (text->len < 512 * 1024)
		g_string_append(text, hostile[_i].unit);
	content = split_text(text->str, true, false);
	/* A hundred times what it takes, so that only a square fails. */
	ck_assert_msg(clock() - start < 20 * CLOCKS_PER_SEC, "%s: too slow",
	    hostile[_i].name);
}
END_TEST

START_TEST(test_attachment)
{
	g_autoptr(content) content = content_new();
	struct attachment *a = content_add_attachment(content);
	const struct segment *s;

	a->opening = g_strdup("NOT FOR PUBLICATION");
	a->text = g_strdup("The “lease”");
	attachment_add_property(a, "Category", "Confidential");
	content_add_attachment_text(content, 0);
	ck_assert_uint_eq(content->segments->len, 3);
	s = content->segments->pdata[0];
	ck_assert(s->origin == ORIGIN_ATTACHMENT && s->opens);
	s = content->segments->pdata[1];
	ck_assert(s->origin == ORIGIN_ATTACHMENT && !s->opens);
	ck_assert_str_eq(s->text, "The \"lease\"");
	s = content->segments->pdata[2];
	ck_assert(s->origin == ORIGIN_PROPERTY && s->attachment == 0);
	ck_assert_str_eq(s->text, "Category: Confidential");
}
END_TEST

START_TEST(test_attachments)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) read = g_ptr_array_new();
	struct attachment *outer = attachment_new(), *inner = attachment_new();
	const struct segment *s;

	g_free(inner->name);
	inner->name = g_strdup("papers.zip/minutes.docx");
	inner->text = g_strdup("minutes");
	g_ptr_array_add(read, outer);
	g_ptr_array_add(read, inner);
	content_add_attachments(content, read, 3);
	ck_assert_uint_eq(read->len, 0);
	ck_assert_uint_eq(content->attachments->len, 2);
	ck_assert_uint_eq(content->segments->len, 2);
	s = content->segments->pdata[0];
	ck_assert(s->origin == ORIGIN_NAME && s->attachment == 1);
	s = content->segments->pdata[1];
	ck_assert(s->origin == ORIGIN_ATTACHMENT && s->part == 3);
}
END_TEST

START_TEST(test_names)
{
	for (int i = 0; i < ORIGIN_COUNT; i++)
		ck_assert_ptr_nonnull(origin_name((enum origin)i));
	for (int i = 0; i < ATTACHMENT_STATE_COUNT; i++)
		ck_assert_ptr_nonnull(
		    attachment_state_name((enum attachment_state)i));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("split");
	TCase *t = tcase_create("split");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_split, 0, G_N_ELEMENTS(cases));
	tcase_add_loop_test(t, test_writer, 0, G_N_ELEMENTS(writers));
	tcase_add_loop_test(t, test_hostile, 0, G_N_ELEMENTS(hostile));
	tcase_add_test(t, test_attachment);
	tcase_add_test(t, test_attachments);
	tcase_add_test(t, test_names);
	suite_add_tcase(s, t);
	return s;
}
