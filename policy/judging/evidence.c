#include <string.h>

#include "policy/judging/evidence.h"
#include "policy/judging/judge.h"

/* More names than this make a list that nobody reads. */
enum { NAMES_MAX = 10 };

static const char *
article(const char *noun)
{
	return strchr("aeiou", noun[0]) != NULL ? "an" : "a";
}

/* Roles and "outsider" read as nouns, and roles as titles before a name. */
static bool
is_title(const struct class *class)
{
	return class != NULL &&
	       (class->kind == CLASS_ROLE || class->kind == CLASS_OUTSIDER);
}

static void
append_title(GString *s, const struct class *class, bool plural)
{
	gsize i = s->len;

	g_string_append(s, class->name);
	for (; i < s->len; i++)
		if (s->str[i] == '-')
			s->str[i] = ' ';
	if (plural)
		g_string_append_c(s, 's');
}

/* What follows "is": "a councillor", "in trusted-advisers", "Jane Jones". */
static void
append_class(GString *s, const struct class *class, bool plural)
{
	switch (class->kind) {
	case CLASS_ROLE:
	case CLASS_OUTSIDER:
		if (!plural)
			g_string_append_printf(s, "%s ", article(class->name));
		append_title(s, class, plural);
		return;
	case CLASS_PERSON:
		g_string_append(s, class->person->name);
		return;
	case CLASS_COMMITTEE:
	case CLASS_GROUP:
	case CLASS_WARD:
	case CLASS_UNION:
		g_string_append_printf(s, "in %s", class->name);
		return;
	case CLASS_ADDRESS:
		g_string_append(s, class->name);
		return;
	case CLASS_DOMAIN:
	case CLASS_SUBDOMAINS:
		g_string_append_printf(s, "at %s", class->text);
		return;
	case CLASS_ANYONE:
		g_string_append(s, "anyone");
		return;
	}
}

/* " is officer Alex Morgan", " are not in advisers (Sam Smith)". */
static void
append_is(GString *s, const struct class *class, bool negated, bool plural,
    const char *names)
{
	g_string_append(s, plural ? " are " : " is ");
	if (negated)
		g_string_append(s, "not ");
	if (*names != '\0' && !negated && class->kind == CLASS_ROLE) {
		append_title(s, class, plural);
		g_string_append_printf(s, " %s", names);
		return;
	}
	append_class(s, class, plural);
	if (*names != '\0' && class->kind != CLASS_PERSON)
		g_string_append_printf(s, " (%s)", names);
}

char *
say_sender(const struct test *test, const struct facts *facts, bool holds)
{
	const struct person *person = facts_sender(facts)->person;
	bool is_not = holds == test->negated;
	GString *s = g_string_new("the sender");

	if (is_not && person != NULL)
		g_string_append_printf(s, ", %s,", person->name);
	append_is(s, test->is, is_not, false,
	    is_not || person == NULL ? "" : person->name);
	return g_string_free(s, FALSE);
}

char *
say_author(const struct test *test, const struct facts *facts, bool holds)
{
	const GPtrArray *authors = facts_authors(facts);
	bool is_not = holds == test->negated;
	const char *name = "";
	GString *s;
	guint i;

	for (i = 0; i < authors->len && !is_not && *name == '\0'; i++) {
		const struct party *author = g_ptr_array_index(authors, i);

		if (author->person != NULL &&
		    class_holds(test->is, author, facts_day(facts)))
			name = author->person->name;
	}
	s = g_string_new(is_not ? "no author" : "an author");
	append_is(s, test->is, false, false, name);
	return g_string_free(s, FALSE);
}

/* Hidden recipients may be shown when a footer would name them, too. */
static bool
in_view(const struct recipient *r, day on)
{
	return r->visible ||
	       (r->party.person != NULL &&
		   person_has_role(r->party.person, ROLE_COUNCILLOR, on));
}

static bool
concerns_any(const struct test *test, const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	guint i;

	for (i = 0; i < recipients->len; i++)
		if (judge_concerns(test, facts, recipients->pdata[i]))
			return true;
	return false;
}

/*
 * What a test of recipients found: the test with its outcome folded in.  Of
 * the quantifiers, only ANY, EVERY, NO, ONLY, AT_LEAST, FEWER_THAN and EXACTLY
 * are left, the numbers being 2 or more except that of EXACTLY, 1 or more.
 */
struct finding {
	struct test test;
	bool denied; /* "it is not so that …", for want of an opposite */
};

static void
set_quantifier(struct finding *f, enum quantifier quantifier, unsigned count)
{
	f->test.quantifier = quantifier;
	f->test.count = count;
}

/* The same in as few quantifiers as say it. */
static void
simplify(struct finding *f)
{
	if (f->test.quantifier == QUANT_MORE_THAN)
		set_quantifier(f, QUANT_AT_LEAST, f->test.count + 1);
	if (f->test.quantifier == QUANT_AT_MOST)
		set_quantifier(f, QUANT_FEWER_THAN, f->test.count + 1);
	if (f->test.quantifier == QUANT_AT_LEAST && f->test.count == 1)
		set_quantifier(f, QUANT_ANY, 0);
	if ((f->test.quantifier == QUANT_FEWER_THAN && f->test.count == 1) ||
	    (f->test.quantifier == QUANT_EXACTLY && f->test.count == 0))
		set_quantifier(f, QUANT_NO, 0);
}

static void
finding_init(struct finding *f, const struct test *test,
    const struct facts *facts, bool holds)
{
	f->test = *test;
	f->denied = false;
	simplify(f);
	if (holds)
		return;
	switch (f->test.quantifier) {
	case QUANT_ANY:
		f->test.quantifier = QUANT_NO;
		return;
	case QUANT_NO:
		f->test.quantifier = QUANT_ANY;
		return;
	case QUANT_AT_LEAST:
		f->test.quantifier = QUANT_FEWER_THAN;
		return;
	case QUANT_FEWER_THAN:
		f->test.quantifier = QUANT_AT_LEAST;
		return;
	case QUANT_EVERY:
		if (concerns_any(test, facts)) {
			f->test.quantifier = QUANT_ANY;
			f->test.negated = !test->negated;
		} else {
			f->test.quantifier = QUANT_NO;
			f->test.is = NULL;
		}
		return;
	default:
		f->denied = true;
		return;
	}
}

static bool
has_number(const struct finding *f)
{
	return f->test.quantifier == QUANT_ONLY ||
	       f->test.quantifier == QUANT_AT_LEAST ||
	       f->test.quantifier == QUANT_EXACTLY;
}

/* Does it say that there are such recipients? */
static bool
asserts_some(const struct finding *f)
{
	return !f->denied && f->test.quantifier != QUANT_NO &&
	       f->test.quantifier != QUANT_FEWER_THAN;
}

/* Would it, saying that there are some, be true of that many? */
static bool
true_of(const struct finding *f, unsigned such)
{
	switch (f->test.quantifier) {
	case QUANT_AT_LEAST:
		return such >= f->test.count;
	case QUANT_EXACTLY:
		return such == f->test.count;
	default:
		return such > 0;
	}
}

/* Would naming the class say who somebody out of view is? */
static bool
tells_who(const struct class *class)
{
	if (class == NULL)
		return false;
	switch (class->kind) {
	case CLASS_ANYONE:
	case CLASS_OUTSIDER:
		return false;
	case CLASS_ROLE: /* others are held by one or two */
		return class->role != ROLE_OFFICER &&
		       class->role != ROLE_COUNCILLOR;
	default:
		return true;
	}
}

/* Would a finding that is denied hold of those in view alone? */
static bool
holds_in_view(const struct finding *f, const struct facts *facts, unsigned seen)
{
	const GPtrArray *recipients = facts_recipients(facts);
	unsigned all = 0;
	guint i;

	if (f->test.quantifier != QUANT_ONLY)
		return true_of(f, seen);
	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		all += in_view(r, facts_day(facts)) &&
		       judge_concerns(&f->test, facts, r);
	}
	return all == 1 && seen == 1;
}

/*
 * Whether the finding may be put into words.  Words that tell of somebody
 * hidden, of who or of how many, must be true of those in view alone: seen is
 * the number of these.
 */
static bool
may_say(const struct finding *f, const struct facts *facts, unsigned seen)
{
	bool telling = tells_who(f->test.noun) || tells_who(f->test.is);
	bool open = f->test.visibility == VIS_ALL && !telling && !has_number(f);

	if (f->test.visibility == VIS_VISIBLE)
		return true;
	if (asserts_some(f))
		return open || true_of(f, seen);
	if (f->denied && holds_in_view(f, facts, seen))
		return false;
	return !telling || !(f->denied || f->test.negated);
}

/* "Jane Jones, Sam Smith and Priya Patel", or "… and 3 more". */
static char *
join_names(const GArray *people)
{
	GString *s = g_string_new(NULL);
	guint i, shown = MIN(people->len, NAMES_MAX);

	for (i = 0; i < shown; i++) {
		if (i > 0)
			g_string_append(
			    s, i + 1 < people->len ? ", " : " and ");
		g_string_append(
		    s, g_array_index(people, const struct person *, i)->name);
	}
	if (shown < people->len)
		g_string_append_printf(s, " and %u more", people->len - shown);
	return g_string_free(s, FALSE);
}

/*
 * Those in view who are as the finding says: people of the roster are added to
 * people, the result counts strangers as well.
 */
static unsigned
look(const struct finding *f, const struct facts *facts, GArray *people)
{
	const GPtrArray *recipients = facts_recipients(facts);
	day on = facts_day(facts);
	unsigned seen = 0;
	guint i;

	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		if (!in_view(r, on) || !judge_such(&f->test, facts, r))
			continue;
		seen++;
		if (r->party.person != NULL)
			g_array_append_val(people, r->party.person);
	}
	return seen;
}

/* "a hidden recipient", "at least 2 visible councillors". */
static void
append_subject(GString *s, const struct test *test, bool plural)
{
	static const char *const view[] = {[VIS_ALL] = "",
	    [VIS_VISIBLE] = "visible ",
	    [VIS_HIDDEN] = "hidden "};
	g_autoptr(GString) what = g_string_new(view[test->visibility]);

	if (is_title(test->noun)) {
		append_title(what, test->noun, plural);
	} else {
		g_string_append(what, plural ? "recipients" : "recipient");
		if (test->noun != NULL && test->noun->kind != CLASS_ANYONE) {
			g_string_append_c(what, ' ');
			append_class(what, test->noun, plural);
		}
	}
	switch (test->quantifier) {
	case QUANT_EVERY:
		g_string_append(s, plural ? "all " : "every ");
		break;
	case QUANT_NO:
		g_string_append(s, "no ");
		break;
	case QUANT_ONLY:
		g_string_append(s, "the only ");
		break;
	case QUANT_AT_LEAST:
		g_string_append_printf(s, "at least %u ", test->count);
		break;
	case QUANT_FEWER_THAN:
		g_string_append_printf(s, "fewer than %u ", test->count);
		break;
	case QUANT_EXACTLY:
		g_string_append_printf(s, "exactly %u ", test->count);
		break;
	default:
		if (!plural)
			g_string_append_printf(s, "%s ", article(what->str));
		break;
	}
	g_string_append(s, what->str);
}

char *
say_recipients(const struct test *test, const struct facts *facts, bool holds)
{
	g_autoptr(GArray) people =
	    g_array_new(FALSE, FALSE, sizeof(const struct person *));
	g_autofree char *names = NULL;
	struct finding f;
	unsigned seen = 0;
	bool plural;
	GString *s;

	finding_init(&f, test, facts, holds);
	if (asserts_some(&f) || f.denied)
		seen = look(&f, facts, people);
	if (!may_say(&f, facts, seen))
		return g_strdup("the recipients are as the rule says");
	if (f.denied)
		g_array_set_size(people, 0);
	names = join_names(people);
	plural =
	    f.test.quantifier == QUANT_ANY || f.test.quantifier == QUANT_EVERY
		? people->len > 1
		: f.test.count > 1;
	s = g_string_new(f.denied ? "it is not so that " : NULL);
	if (f.test.is == NULL) {
		g_string_append(s, plural ? "there are " : "there is ");
		append_subject(s, &f.test, plural);
		if (*names != '\0')
			g_string_append_printf(s, " (%s)", names);
	} else {
		append_subject(s, &f.test, plural);
		append_is(s, f.test.is, f.test.negated, plural, names);
	}
	return g_string_free(s, FALSE);
}

char *
say_message(const struct test *test, const struct facts *facts, bool holds)
{
	static const struct {
		const char *is, *is_not;
	} words[TEST_KIND_COUNT] = {
	    [TEST_SUBMITTED] = {"is sent from within the council",
		"is not sent from within the council"},
	    [TEST_INBOUND] = {"comes from outside",
		"does not come from outside"},
	    [TEST_INTERNAL] = {"stays inside the council",
		"does not stay inside the council"},
	    [TEST_AUTOMATIC] = {"is automatic", "is not automatic"},
	    [TEST_REPLY] = {"is a reply", "is not a reply"},
	    [TEST_FORWARD] = {"is a forward", "is not a forward"},
	    [TEST_SIGNED] = {"is signed", "is not signed"},
	    [TEST_ENCRYPTED] = {"is encrypted", "is not encrypted"},
	};

	(void)facts;
	return g_strconcat("the message ",
	    holds != test->negated ? words[test->kind].is
				   : words[test->kind].is_not,
	    NULL);
}

char *
say_not_inspected(
    const struct test *test, const struct facts *facts, bool holds)
{
	if (holds == test->negated)
		return g_strdup("the message was fully inspected");
	if (!facts_recipients_known(facts))
		return g_strdup("the message was not fully inspected: its "
				"address header is too long");
	return g_strdup_printf(
	    "the message was not fully inspected: %s",
	    facts_not_inspected(facts));
}

char *
say_subject(const struct test *test, const struct facts *facts, bool holds)
{
	(void)facts;
	return g_strdup_printf("the subject %s \"%s\"",
	    holds != test->negated ? "contains" : "does not contain",
	    test->text);
}

char *
say_header(const struct test *test, const struct facts *facts, bool holds)
{
	(void)facts;
	return g_strdup_printf("the header %s %s \"%s\"", test->name,
	    holds != test->negated ? "contains" : "does not contain",
	    test->text);
}
