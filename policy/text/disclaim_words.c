#include <stdlib.h>
#include <string.h>

#include "policy/text/disclaimer.h"
#include "policy/text/words.h"

/*
 * A sentence is judged by the ideas in it, whatever words stand for them and
 * in whatever order: "intended" with "recipient", "received" with "in error",
 * "views" with "necessarily".  English and Welsh share the ideas.
 */
#define IDEA(n) (G_GUINT64_CONSTANT(1) << (n))
#define MAIL IDEA(0)
#define INTENDED IDEA(1)
#define RECIPIENT IDEA(2)
#define PERSON IDEA(3)
#define ONLY IDEA(4)
#define NOT IDEA(5)
#define YOU IDEA(6)
#define IF IDEA(7)
#define RECEIVED IDEA(8)
#define MISTAKE IDEA(9)
#define DELETE IDEA(10)
#define NOTIFY IDEA(11)
#define SENDER IDEA(12)
#define VIEWS IDEA(13)
#define NECESSARILY IDEA(14)
#define VIRUS IDEA(15)
#define CHECKED IDEA(16)
#define FREEDOM IDEA(17)
#define INFORMATION IDEA(18)
#define DISCLOSED IDEA(19)
#define MONITORED IDEA(20)
#define ENVIRONMENT IDEA(21)
#define PRINT IDEA(22)
#define CONFIDENTIAL IDEA(23)
#define PRIVILEGED IDEA(24)
#define UNLESS IDEA(25)
#define STATED IDEA(26)
#define UNAUTHORISED IDEA(27)
#define PROHIBITED IDEA(28)
#define COPYING IDEA(29)
#define FILES IDEA(30)
#define LIABILITY IDEA(31)
#define BINDING IDEA(32)
#define OUTSIDE IDEA(33)
#define ORIGINATED IDEA(34)
#define CLICK IDEA(35)
#define PRIVACY IDEA(36)
#define NOTICE IDEA(37)
#define WELSH IDEA(38)
#define WELCOME IDEA(39)
#define CORRESPOND IDEA(40)
#define DELAY IDEA(41)
#define EXPRESSED IDEA(42)
#define SUBSCRIBED IDEA(43)
#define UNSUBSCRIBE IDEA(44)
#define TRANSMITTED IDEA(45)
#define MAY IDEA(46)
#define COPIES IDEA(47)
#define LIST IDEA(48)

struct idea {
	const char *word;
	guint64 ideas;
};

/* clang-format off */
static const struct idea ideas[] = {
	{ "access", DISCLOSED },
	{ "addressed", PERSON },
	{ "addressee", RECIPIENT },
	{ "addressees", RECIPIENT },
	{ "advise", NOTIFY },
	{ "amgylchedd", ENVIRONMENT },
	{ "anfonwr", SENDER },
	{ "anfonydd", SENDER },
	{ "angenrheidrwydd", NECESSARILY },
	{ "anghenraid", NECESSARILY },
	{ "anghyfreithlon", PROHIBITED },
	{ "argraffu", PRINT },
	{ "ateb", CORRESPOND },
	{ "atebolrwydd", LIABILITY },
	{ "atodiad", FILES },
	{ "atodiadau", FILES },
	{ "attached", FILES },
	{ "attachment", FILES },
	{ "attachments", FILES },
	{ "author", SENDER },
	{ "authors", SENDER },
	{ "awdur", SENDER },
	{ "awdurdodedig", UNAUTHORISED },
	{ "awduron", SENDER },
	{ "barn", VIEWS },
	{ "binding", BINDING },
	{ "breintiedig", PRIVILEGED },
	{ "brintio", PRINT },
	{ "bwriadir", INTENDED },
	{ "bwriadu", INTENDED },
	{ "bwriadwyd", INTENDED },
	{ "bwriedid", INTENDED },
	{ "bwriedir", INTENDED },
	{ "calls", CORRESPOND },
	{ "came", ORIGINATED },
	{ "camgymeriad", MISTAKE },
	{ "check", CHECKED },
	{ "checked", CHECKED },
	{ "chi", YOU },
	{ "chroeso", WELCOME },
	{ "chyfathrebiad", MAIL },
	{ "chyfrinachol", CONFIDENTIAL },
	{ "click", CLICK },
	{ "clicking", CLICK },
	{ "comes", ORIGINATED },
	{ "communication", MAIL },
	{ "communications", MAIL },
	{ "confidential", CONFIDENTIAL },
	{ "confidentiality", CONFIDENTIAL },
	{ "contact", NOTIFY | CORRESPOND },
	{ "contacting", CORRESPOND },
	{ "contract", BINDING },
	{ "contractual", BINDING },
	{ "contractually", BINDING },
	{ "copied", COPYING },
	{ "copies", COPIES },
	{ "copio", COPYING },
	{ "copy", COPIES },
	{ "copying", COPYING },
	{ "copïau", COPIES },
	{ "correspond", CORRESPOND },
	{ "correspondence", MAIL | CORRESPOND },
	{ "corresponding", CORRESPOND },
	{ "could", MAY },
	{ "croesawn", WELCOME },
	{ "croesawu", WELCOME },
	{ "croeso", WELCOME },
	{ "cyfrifol", LIABILITY },
	{ "cyfrifoldeb", LIABILITY },
	{ "cyfrinachol", CONFIDENTIAL },
	{ "cyhoeddi", DISCLOSED },
	{ "cymraeg", WELSH },
	{ "cysylltu", NOTIFY | CORRESPOND },
	{ "cysylltwch", NOTIFY },
	{ "datdanysgrifio", UNSUBSCRIBE },
	{ "datgelu", DISCLOSED | COPYING },
	{ "ddatgelu", DISCLOSED },
	{ "dderbyn", RECEIVED },
	{ "dderbynnydd", RECIPIENT },
	{ "ddileu", DELETE },
	{ "ddinistrio", DELETE },
	{ "ddosbarthu", COPYING },
	{ "delay", DELAY },
	{ "delete", DELETE },
	{ "deleted", DELETE },
	{ "deleting", DELETE },
	{ "derbyn", RECEIVED },
	{ "derbynioch", RECEIVED },
	{ "derbyniwyd", RECEIVED },
	{ "derbynnydd", RECIPIENT },
	{ "derbynwyr", RECIPIENT },
	{ "derbynyddion", RECIPIENT },
	{ "destroy", DELETE },
	{ "destroyed", DELETE },
	{ "dileu", DELETE },
	{ "dilewch", DELETE },
	{ "dilëwch", DELETE },
	{ "dinistrio", DELETE },
	{ "dinistriwch", DELETE },
	{ "disclose", DISCLOSED },
	{ "disclosed", DISCLOSED },
	{ "disclosing", COPYING },
	{ "disclosure", DISCLOSED | COPYING },
	{ "disregard", DELETE },
	{ "disseminate", COPYING },
	{ "dissemination", COPYING },
	{ "distribute", COPYING },
	{ "distributing", COPYING },
	{ "distribution", COPYING },
	{ "dosbarthu", COPYING },
	{ "ebost", MAIL },
	{ "ebostiau", MAIL },
	{ "ebyst", MAIL },
	{ "eich", YOU },
	{ "email", MAIL },
	{ "emails", MAIL },
	{ "entities", PERSON },
	{ "entity", PERSON },
	{ "environment", ENVIRONMENT },
	{ "erase", DELETE },
	{ "error", MISTAKE },
	{ "exclusively", ONLY },
	{ "expressed", EXPRESSED },
	{ "external", OUTSIDE },
	{ "externally", OUTSIDE },
	{ "farn", VIEWS },
	{ "feirws", VIRUS },
	{ "feirysau", VIRUS },
	{ "ffeiliau", FILES },
	{ "file", FILES },
	{ "files", FILES },
	{ "firws", VIRUS },
	{ "firysau", VIRUS },
	{ "foi", FREEDOM | INFORMATION },
	{ "foia", FREEDOM | INFORMATION },
	{ "fonitro", MONITORED },
	{ "forbidden", PROHIBITED },
	{ "fraint", PRIVILEGED },
	{ "free", CHECKED },
	{ "freedom", FREEDOM },
	{ "freintiedig", PRIVILEGED },
	{ "from", LIST },
	{ "fwriadu", INTENDED },
	{ "fwriadwyd", INTENDED },
	{ "fwriedid", INTENDED },
	{ "fwriedir", INTENDED },
	{ "fynegir", EXPRESSED },
	{ "fynegwyd", EXPRESSED },
	{ "gall", MAY },
	{ "gallai", MAY },
	{ "gam", MISTAKE },
	{ "gamgymeriad", MISTAKE },
	{ "gohebiaeth", MAIL | CORRESPOND },
	{ "gohebu", CORRESPOND },
	{ "gopïau", COPIES },
	{ "gopïo", COPYING },
	{ "groesawu", WELCOME },
	{ "group", LIST },
	{ "gwaharddir", PROHIBITED },
	{ "gwaherddir", PROHIBITED },
	{ "gwall", MISTAKE },
	{ "gwirio", CHECKED },
	{ "gwybodaeth", INFORMATION },
	{ "gyfer", RECIPIENT },
	{ "gyfrifoldeb", LIABILITY },
	{ "gyfrinachol", CONFIDENTIAL },
	{ "gymraeg", WELSH },
	{ "gysylltu", CORRESPOND },
	{ "gytundeb", BINDING },
	{ "hanfonodd", SENDER },
	{ "hargraffu", PRINT },
	{ "hysbysiad", NOTICE },
	{ "hysbysu", NOTIFY },
	{ "hysbyswch", NOTIFY },
	{ "if", IF },
	{ "illegal", PROHIBITED },
	{ "inadvertently", MISTAKE },
	{ "individual", PERSON },
	{ "individuals", PERSON },
	{ "inform", NOTIFY },
	{ "information", INFORMATION },
	{ "intended", INTENDED },
	{ "intercepted", MONITORED },
	{ "letters", CORRESPOND },
	{ "liability", LIABILITY },
	{ "liable", LIABILITY },
	{ "link", FILES },
	{ "links", FILES },
	{ "list", LIST },
	{ "mail", MAIL },
	{ "malware", VIRUS },
	{ "marked", STATED },
	{ "may", MAY },
	{ "message", MAIL },
	{ "messages", MAIL },
	{ "mistake", MISTAKE },
	{ "mistakenly", MISTAKE },
	{ "monitir", MONITORED },
	{ "monitor", MONITORED },
	{ "monitored", MONITORED },
	{ "monitoring", MONITORED },
	{ "monitors", MONITORED },
	{ "monitro", MONITORED },
	{ "mynegir", EXPRESSED },
	{ "na", NOT },
	{ "named", PERSON },
	{ "necessarily", NECESSARILY },
	{ "neges", MAIL },
	{ "negeseuon", MAIL },
	{ "never", NOT },
	{ "newsletter", LIST },
	{ "nghymraeg", WELSH },
	{ "ni", NOT },
	{ "nid", NOT },
	{ "no", NOT },
	{ "nodi", STATED },
	{ "nodir", STATED },
	{ "not", NOT },
	{ "notice", NOTICE },
	{ "notify", NOTIFY },
	{ "oedi", DELAY },
	{ "ohebiaeth", MAIL | CORRESPOND },
	{ "ohebu", CORRESPOND },
	{ "oni", UNLESS },
	{ "only", ONLY },
	{ "opinion", VIEWS },
	{ "opinions", VIEWS },
	{ "organisation", PERSON },
	{ "organization", PERSON },
	{ "originated", ORIGINATED },
	{ "originates", ORIGINATED },
	{ "originator", SENDER },
	{ "os", IF },
	{ "otherwise", STATED },
	{ "outside", OUTSIDE },
	{ "paper", ENVIRONMENT },
	{ "person", PERSON },
	{ "personau", PERSON },
	{ "persons", PERSON },
	{ "policy", NOTICE },
	{ "preifatrwydd", PRIVACY },
	{ "print", PRINT },
	{ "printed", PRINT },
	{ "printing", PRINT },
	{ "printio", PRINT },
	{ "privacy", PRIVACY },
	{ "privilege", PRIVILEGED },
	{ "privileged", PRIVILEGED },
	{ "prohibited", PROHIBITED },
	{ "receive", RECEIVED },
	{ "received", RECEIVED },
	{ "receiving", RECEIVED },
	{ "recipient", RECIPIENT },
	{ "recipients", RECIPIENT },
	{ "recorded", MONITORED },
	{ "reidrwydd", NECESSARILY },
	{ "release", DISCLOSED },
	{ "released", DISCLOSED },
	{ "reproduction", COPYING },
	{ "responsibility", LIABILITY },
	{ "return", NOTIFY },
	{ "rhowch", NOTIFY },
	{ "rhwymo", BINDING },
	{ "rhyddid", FREEDOM },
	{ "ryddid", FREEDOM },
	{ "safbwynt", VIEWS },
	{ "safbwyntiau", VIEWS },
	{ "sawl", PERSON },
	{ "scan", CHECKED },
	{ "scanned", CHECKED },
	{ "screened", CHECKED },
	{ "sefydliad", PERSON },
	{ "sender", SENDER | ORIGINATED },
	{ "sent", ORIGINATED },
	{ "sganio", CHECKED },
	{ "should", IF },
	{ "solely", ONLY },
	{ "specified", STATED },
	{ "stated", STATED },
	{ "statement", NOTICE },
	{ "strictly", UNAUTHORISED },
	{ "subscribed", SUBSCRIBED },
	{ "swept", CHECKED },
	{ "telephone", NOTIFY },
	{ "tell", NOTIFY },
	{ "transmission", MAIL },
	{ "transmitted", TRANSMITTED },
	{ "trees", ENVIRONMENT },
	{ "unauthorised", UNAUTHORISED },
	{ "unauthorized", UNAUTHORISED },
	{ "unig", ONLY },
	{ "unigolion", PERSON },
	{ "unigolyn", PERSON },
	{ "unlawful", PROHIBITED },
	{ "unless", UNLESS },
	{ "unsubscribe", UNSUBSCRIBE },
	{ "view", VIEWS },
	{ "views", VIEWS },
	{ "virus", VIRUS },
	{ "viruses", VIRUS },
	{ "virusfree", CHECKED },
	{ "visit", CLICK },
	{ "waherddir", PROHIBITED },
	{ "wall", MISTAKE },
	{ "welcome", WELCOME },
	{ "welcomes", WELCOME },
	{ "welsh", WELSH },
	{ "wirio", CHECKED },
	{ "wybodaeth", INFORMATION },
	{ "ydych", YOU },
	{ "you", YOU },
	{ "your", YOU },
	{ "yourself", YOU },
};

static const struct rule {
	guint64 all;	/* these */
	guint64 any;	/* and one of these, if there are any */
	enum disclaim disclaim;
} rules[] = {
	{ INTENDED | RECIPIENT, 0, DISCLAIM_YES },
	{ INTENDED | PERSON | MAIL, 0, DISCLAIM_YES },
	{ INTENDED | MAIL | ONLY, 0, DISCLAIM_YES },
	{ IF | YOU | NOT | RECIPIENT, 0, DISCLAIM_YES },
	{ IF | YOU | RECEIVED | MISTAKE, MAIL | DELETE | NOTIFY | SENDER,
	    DISCLAIM_YES },
	{ VIEWS | SENDER, ONLY | NECESSARILY | EXPRESSED, DISCLAIM_YES },
	{ VIEWS | NECESSARILY, 0, DISCLAIM_YES },
	{ VIRUS | MAIL, CHECKED | LIABILITY, DISCLAIM_YES },
	{ VIRUS | LIABILITY, 0, DISCLAIM_YES },
	{ VIRUS | FILES, CHECKED, DISCLAIM_YES },
	{ ENVIRONMENT | PRINT, 0, DISCLAIM_YES },
	{ CONFIDENTIAL | UNLESS | STATED, 0, DISCLAIM_YES },
	{ PROHIBITED | COPYING, MAIL | RECIPIENT, DISCLAIM_YES },
	{ UNAUTHORISED | COPYING | PROHIBITED, 0, DISCLAIM_MAYBE },
	{ OUTSIDE | ORIGINATED | MAIL, 0, DISCLAIM_YES },
	{ WELCOME | WELSH, CORRESPOND | MAIL, DISCLAIM_YES },
	{ CORRESPOND | WELSH | DELAY, 0, DISCLAIM_YES },
	{ SUBSCRIBED | RECEIVED, MAIL, DISCLAIM_YES },
	{ UNSUBSCRIBE, MAIL | LIST | CLICK, DISCLAIM_YES },
	{ CONFIDENTIAL | MAIL | FILES, TRANSMITTED | RECIPIENT | INTENDED,
	    DISCLAIM_YES },
	{ PRIVILEGED | CONFIDENTIAL | MAIL, MAY, DISCLAIM_YES },
	{ FREEDOM | INFORMATION | MAIL, DISCLOSED | MAY, DISCLAIM_MAYBE },
	{ MAIL | MONITORED, 0, DISCLAIM_MAYBE },
	{ PRIVILEGED | MAIL, 0, DISCLAIM_MAYBE },
	{ CONFIDENTIAL | MAIL, FILES | MAY | RECIPIENT, DISCLAIM_MAYBE },
	{ LIABILITY | MAIL, 0, DISCLAIM_MAYBE },
	{ BINDING | MAIL, NOT, DISCLAIM_MAYBE },
	{ CLICK | FILES, NOT, DISCLAIM_MAYBE },
	{ PRIVACY | NOTICE, 0, DISCLAIM_MAYBE },
	{ DELETE | MAIL, MISTAKE | COPIES | SENDER | NOTIFY, DISCLAIM_MAYBE },
	{ NOTIFY | SENDER | DELETE, 0, DISCLAIM_MAYBE },
	{ COPYING | PROHIBITED, 0, DISCLAIM_MAYBE },
};
/* clang-format on */

/* A line of few words that names what follows. */
enum { HEADING_WORDS = 6 };

static int
compare(const void *key, const void *element)
{
	return strcmp(key, ((const struct idea *)element)->word);
}

static guint64
ideas_of(const char *word)
{
	const struct idea *found = bsearch(
	    word, ideas, G_N_ELEMENTS(ideas), sizeof(ideas[0]), compare);

	return found != NULL ? found->ideas : 0;
}

static bool
is_heading(const char *word)
{
	static const char *const words[] = {"confidentiality", "cyfrinachedd",
	    "disclaimer", "hysbysiad", "notice", "ymwadiad"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

enum disclaim
sentence_disclaims(const char *text, gsize len)
{
	enum disclaim best = DISCLAIM_NO;
	struct word word;
	guint64 found = 0;
	unsigned words = 0;
	bool heading = false;
	gsize pos = 0;

	while (words < SENTENCE_WORDS && word_next(text, len, &pos, &word)) {
		found |= ideas_of(word.text);
		heading |= is_heading(word.text);
		words++;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		const struct rule *rule = &rules[i];

		if ((found & rule->all) == rule->all &&
		    (rule->any == 0 || (found & rule->any) != 0))
			best = MAX(best, rule->disclaim);
	}
	if (best == DISCLAIM_NO && heading && words <= HEADING_WORDS)
		return DISCLAIM_HEADING;
	return best;
}
