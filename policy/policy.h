/*
 * A council's policy as data: what council.policy(5) says, read, checked and
 * ready to be judged.
 *
 * policy_load() builds it; afterwards it is read-only, so that any number of
 * threads may judge with it.  policy_ref()/policy_unref() are thread-safe; a
 * session takes a reference at MAIL FROM and a reload swaps the pointer.
 * Everything reachable from a policy lives as long as it does.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <glib.h>
#include <stdbool.h>

#include "policy/people/address.h"
#include "policy/diag.h"
#include "policy/facts.h"
#include "policy/level.h"
#include "policy/people/roster.h"

/* Least to most: of a rule's mode and the file's, the lesser one holds. */
enum mode {
	MODE_OBSERVE,	/* the journal only */
	MODE_NOTIFY,	/* reports and notices, the message passes as it is */
	MODE_ENFORCE,	/* everything */
};

/* What a class is made of. */
enum class_kind {
	CLASS_ANYONE,		/* "anyone" */
	CLASS_ROLE,		/* "councillor", "proper-officer", … */
	CLASS_OUTSIDER,		/* nobody on the roster */
	CLASS_COMMITTEE,	/* committee "Planning" */
	CLASS_GROUP,		/* group "Independent" */
	CLASS_WARD,		/* ward "North" */
	CLASS_PERSON,		/* a roster id */
	CLASS_ADDRESS,		/* one address, folded */
	CLASS_DOMAIN,		/* @example.org */
	CLASS_SUBDOMAINS,	/* @.example.org: the domain and all below it */
	CLASS_UNION,		/* the policy's own class */
};

/*
 * A use of a class.  Where text says "folded" it is by name_fold(), address_
 * fold() or address_fold_domain().  A union's members are never unions: the
 * classes of a class are flattened when the policy is loaded.
 */
struct class {
	enum class_kind kind;
	struct place place;		/* where it is defined or used */
	char *name;			/* as written, a role in the singular;
					 * committee "Planning" */
	char *text;			/* folded: what follows the committee,
					 * group, ward, "@" or "@."; address */
	enum role role;			/* CLASS_ROLE */
	const struct person *person;	/* CLASS_PERSON */
	GPtrArray *members;		/* struct class; CLASS_UNION */
};

/* Is this party in the class on that day? */
bool class_holds(const struct class *, const struct party *, day);

enum expr_op { EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_TEST };

enum quantifier {
	QUANT_ANY,	/* at least one */
	QUANT_EVERY,	/* there is one, and all are */
	QUANT_NO,	/* none */
	QUANT_ONLY,	/* there is exactly one, and it is */
	QUANT_AT_LEAST,	/* count or more */
	QUANT_AT_MOST,
	QUANT_MORE_THAN,
	QUANT_FEWER_THAN,
	QUANT_EXACTLY,
};

enum visibility { VIS_ALL, VIS_VISIBLE, VIS_HIDDEN };

enum test_kind {
	TEST_SENDER,		/* sender is CLASS */
	TEST_AUTHOR,		/* author is CLASS */
	TEST_RECIPIENTS,	/* QUANT [visible|hidden] NOUN is CLASS */
	TEST_SUBMITTED,		/* message is submitted */
	TEST_INBOUND,
	TEST_INTERNAL,		/* submitted, and no recipient is an outsider */
	TEST_AUTOMATIC,
	TEST_REPLY,		/* message is a reply */
	TEST_FORWARD,		/* message is a forward */
	TEST_SIGNED,
	TEST_ENCRYPTED,
	TEST_NOT_INSPECTED,	/* message is not fully inspected */
	TEST_SUBJECT,		/* subject contains "…" */
	TEST_HEADER,		/* header "X-Foo" contains "…" */
	TEST_MARKED,		/* message is marked [KIND] [in PLACE] */
	TEST_QUOTES_MARKED,	/* message quotes something marked [KIND]
				 * [by CLASS] */
	TEST_CONFIDENTIAL,	/* text says something confidential [CATEGORY]
				 * [low|medium|high] */
	TEST_NO_REASON,		/* confidence has no reason */
	TEST_CONTRADICTION,	/* message has contradictory markings */
	TEST_OBLIGATION,	/* own text creates an obligation [KIND]
				 * [low|medium|high] [in the name of CLASS] */
	TEST_INSTRUCTION,	/* own text gives an instruction … */
	TEST_PHRASE,		/* own text reads like KIND … */
	TEST_OFFICIAL_LETTER,	/* message is an official letter */
	TEST_IN_NAME_OF,	/* message is in the name of CLASS */
	TEST_REPLIES_TO,	/* message replies to CLASS */
	TEST_OFFER,		/* message replies to an offer */
	TEST_FORWARDS,		/* message forwards CLASS */
	TEST_ATTACHMENT,	/* message has [no] attachment [of type "pdf"]
				 * [that is STATE] */
	TEST_KIND_COUNT
};

/* What finds the facts of a test in the text; see policy/detect. */
enum detector {
	DETECTOR_NONE,
	DETECTOR_MARKING,
	DETECTOR_CONFIDENTIAL,
	DETECTOR_OBLIGATION,
	DETECTOR_NAMES,
	DETECTOR_PHRASES,
	DETECTOR_COUNT
};

/* The one table about tests: what the grammar, checks and judge share. */
struct test_info {
	const char *phrase;	/* as it reads in a policy */
	enum stage stage;	/* when its fact may arrive at the earliest */
	enum detector detector;	/* whose patterns it needs */
};

const struct test_info *test_info(enum test_kind);

struct test {
	enum test_kind kind;
	enum quantifier quantifier;	/* TEST_RECIPIENTS */
	unsigned count;
	enum visibility visibility;
	struct class *noun;		/* whom is quantified over; NULL: all */
	struct class *is;		/* the class asked for, or NULL; of
					 * TEST_OBLIGATION: in whose name; of
					 * TEST_QUOTES_MARKED: whose words */
	bool negated;			/* "is not" */
	char *name;			/* kind of marking, category, header,
					 * state of an attachment…; never
					 * NULL */
	char *text;			/* what it contains; place of a marking;
					 * type of an attachment; never NULL */
	enum level level;		/* LEVEL_ANY: medium */
	bool own_text;			/* the author's own text alone, not
					 * what it quotes */
};

/* What a test takes: next to nothing; a search for names; one for the rest. */
enum cost { COST_NONE, COST_NAMES, COST_TEXT };

struct expr {
	enum expr_op op;
	struct place place;
	struct expr *left, *right;	/* right: AND and OR only */
	bool grouped;			/* stood in parentheses */
	enum cost cost;			/* of the dearest test in it */
	struct test test;		/* EXPR_TEST */
};

/* In order of precedence: what comes first settles the message's fate. */
enum action_kind {
	ACTION_REJECT,		/* reject ["text"] */
	ACTION_HOLD,		/* hold ["reason"] */
	ACTION_DEFER,		/* defer ["text"] */
	ACTION_FOOTER,		/* footer "template" [at end|above quote] */
	ACTION_NO_FOOTER,	/* no footer, whatever other rules say */
	ACTION_MARK,		/* mark "WORD" [in subject] [with banner "…"] */
	ACTION_REPORT,		/* report [at once|in digest] [to WHOM] */
	ACTION_NOTIFY,		/* notify sender ["text"] */
	ACTION_DISCLOSE,	/* disclose to CLASS ["text"] */
	ACTION_FLAG,		/* flag [low|medium|high] */
	ACTION_LOG,		/* log ["text"] */
	ACTION_KIND_COUNT
};

enum placement { PLACE_DEFAULT, PLACE_AT_END, PLACE_ABOVE_QUOTE };
enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

struct action {
	enum action_kind kind;
	struct place place;
	char *text;		/* template, word, reply…; NULL: the default */
	char *banner;		/* ACTION_MARK; NULL: none */
	bool in_subject;	/* ACTION_MARK: in the subject as well */
	enum placement placement;
	enum severity severity;
	bool in_digest;
	GPtrArray *to;		/* struct class; ACTION_REPORT: in order of
				 * preference, NULL: policy->reports_to;
				 * ACTION_DISCLOSE: visible recipients in any
				 * of them */
};

/* What to do when a rule stays UNKNOWN at the end. */
enum failure { FAILURE_DEFER, FAILURE_HOLD, FAILURE_REJECT, FAILURE_ACCEPT };

/* The words of the language for these, as they stand in a policy. */
const char *action_name(enum action_kind);
const char *mode_name(enum mode);
const char *severity_name(enum severity);
const char *failure_name(enum failure);

struct rule {
	char *name;		/* "silent-copy" */
	char *clause;		/* "Correspondence, paragraph 1: …" or "" */
	struct place place;	/* of the name */
	struct expr *condition;	/* when A unless B is A and not B */
	GArray *actions;	/* struct action, in order of precedence */
	enum mode mode;		/* already the lesser of rule's and file's */
	day from, to;		/* active from … to …, both included */
	enum failure on_failure;
};

/* How signed or encrypted mail gains a footer (settings "signed mail" …). */
enum protected_mail { PROTECTED_WRAP, PROTECTED_LEAVE, PROTECTED_HOLD };

/* Whose words letters may quote, shortened and redacted. */
enum phrases { PHRASES_NONE, PHRASES_OBLIGATIONS, PHRASES_ALL };

/* A case of the policy's own tests. */
struct expectation {
	struct place place;
	GPtrArray *rules;	/* char *: names; empty: "no rule" */
	char *from;		/* id or address */
	GPtrArray *to, *cc, *bcc;	/* char * */
	bool inbound, automatic, is_signed, is_encrypted, is_reply;
	char *subject;		/* NULL: a default one */
	char *text, *quoting;	/* own text, and the history below it; NULL:
				 * none */
	day on;			/* DAY_LAST: today */
};

struct policy {
	char *path;		/* as given to policy_load() */
	char *council;		/* "Woodland Parish Council" */
	GPtrArray *domains;	/* char *, folded: the council's own */
	struct address_rules *rules;
	struct roster *roster;
	GPtrArray *networks;	/* struct network: trusted to submit */
	GPtrArray *reports_to;	/* struct class, in order of preference */
	struct class *archive;	/* recipients that count as nobody, or NULL */
	struct class *exempt;	/* exempt channels, or NULL */
	enum mode mode;
	enum protected_mail signed_mail, encrypted_mail;
	enum phrases phrases;
	struct detectors *detectors;	/* of its pattern files */
	unsigned all_above;	/* more hidden councillors than this share one
				 * line; 0: never */
	char *all_text;		/* that line */
	GHashTable *footers;	/* language -> template (char *) */
	GPtrArray *rules_list;	/* struct rule, in file order */
	GPtrArray *expectations;	/* struct expectation */
	/* private */
	gint refs;
	GHashTable *classes;	/* name -> struct class, the policy's own */
	struct arena *arena;	/* all that is reachable and not below */
};

/* An IPv4 or IPv6 network. */
struct network {
	guint8 bytes[16];	/* IPv4 as ::ffff:a.b.c.d */
	unsigned prefix;	/* 0 … 128 */
};

bool network_parse(const char *text, struct network *);
bool network_holds(const struct network *, const char *address);

/*
 * Loads a policy, the files that it includes (those that end in ".patterns"
 * are pattern files), its roster and its aliases, relative names being relative to the file that names them.  All faults of
 * all files go to diags.  NULL when there is any error; warnings do not count.
 * The expectations are not run: see expect.h.
 */
struct policy *policy_load(const char *path, struct diags *);
/* The same from memory; path is used for messages and relative names. */
struct policy *policy_parse(
    const char *path, const char *text, size_t len, struct diags *);
struct policy *policy_ref(struct policy *);
void policy_unref(struct policy *);

/* The rule with that name, or NULL. */
const struct rule *policy_find_rule(const struct policy *, const char *name);

/*
 * What has been read, in the language's own words, for explanations: read
 * again it gives the same.  The caller frees the result.
 */
char *expr_to_string(const struct expr *);
char *test_to_string(const struct test *);
char *action_to_string(const struct action *);

typedef struct policy policy; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(policy, policy_unref)

#endif
