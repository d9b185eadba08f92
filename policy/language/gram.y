/*
 * The grammar of council.policy(5).
 *
 * The actions only call the builders of build.h.  Memory comes from the
 * policy's arena, so nothing needs a destructor.  After an error the parser
 * takes up again at the next test, action, part of a rule or statement, so
 * that one slip is one message; syntax.c words it.
 */
%require "3.8"
%define api.pure full
%define api.prefix {gram_}
%define api.token.prefix {T_}
%define api.location.type {struct place}
%define parse.error custom
%define parse.lac full
%param {struct compiler *compiler}
%locations

%code requires {
#include "policy/language/compile.h"
}

%code {
#include "policy/language/build.h"
#include "policy/language/lex.h"
#include "policy/language/syntax.h"

#define C compiler

/*
 * A construct on several lines stands where its first line does, one without
 * words where the word before it does.
 */
#define YYLLOC_DEFAULT(Cur, Rhs, N)					\
	do {								\
		if (N) {						\
			(Cur) = YYRHSLOC(Rhs, 1);			\
			place_extend(&(Cur), &YYRHSLOC(Rhs, N));	\
		} else {						\
			(Cur) = YYRHSLOC(Rhs, 0);			\
		}							\
	} while (0)

static int gram_lex(GRAM_STYPE *, struct place *, struct compiler *);
static void gram_error(
    const struct place *, struct compiler *, const char *);
}

%union {
	const char *text;
	unsigned number;
	bool flag;
	GPtrArray *list;
	struct class *class;
	struct expr *expr;
	struct action *action;
}

%token END_OF_FILE 0
%token <text> WORD STRING ADDRESS AT_DOMAIN NETWORK NUMBER DATE
%token COMMA_ACTION	/* a comma before an action */

%token ABOVE ACCEPT ACTIVE ALIASES ALL ALL_ABOVE AND ANY ARCHIVE ARE ARTICLE AT
%token ATTACHMENT AUTHOR AUTOMATIC BANNER BCC BOTTOM BY CC CLASS COMMITTEE
%token CONFIDENCE CONFIDENTIAL CONTAINS CONTRADICTORY COUNCIL CREATES DEFER
%token DIGEST DISCLOSE
%token DOMAIN DOMAINS ENCRYPTED ENCRYPTED_MAIL END ENFORCE EQUIVALENT EVERY
%token EXACTLY EXEMPT EXPECT FAILURE FEWER FLAG FOOTER FOOTER_IN FORWARD
%token FORWARDS FROM FULLY GIVES GROUP HAS HEADER HIDDEN HIGH HOLD IN INBOUND
%token INCLUDE INSPECTED INSTRUCTION INTERNAL IS LEAST LEAVE LETTER LETTERS
%token LIKE LOG LOW MARK MARKED MARKINGS MEDIUM MESSAGE MODE MORE MOST NAME
%token NETWORKS NO NO_FOOTER NONE NOT NOTIFY OBLIGATION OBLIGATIONS OBSERVE OF OFFER
%token OFFICIAL ON ONCE ONLY OR OWN PHRASES QUOTE QUOTES QUOTING READS REASON
%token RECIPIENT RECIPIENT_DELIMITER REJECT REPLIES REPLY REPORT REPORTS
%token ROSTER RULE SAYS SENDER SIGNED SIGNED_MAIL SOMETHING SUBJECT SUBMITTED
%token TEXT THAN THAT THE THEN THERE TO TOP TRUSTED TYPE UNLESS VISIBLE WARD WHEN
%token WITH WRAP

%type <number> mode protected phrases failure property which some amount visibility
%type <number> level placement severity
%type <flag> not in_subject sent
%type <list> domains networks members who_list expected parties
%type <class> member membership who noun in_name by_whom
%type <expr> condition alternative factor atom test quantifier existence
%type <action> action
%type <text> network_text clause kind marking_place type state optional_text
%type <text> banner
%type <text> party

/* "mode" after a rule is the rule's, and so is what cannot be read there. */
%precedence ENDS
%precedence MODE error

%%

policy:
	statements
	;

statements:
	%empty
	| statements statement
	;

statement:
	COUNCIL ok STRING[name]
		{ build_council(C, &@1, $name, &@name); }
	| DOMAINS ok domains
		{ build_domains(C, &@1, $domains); }
	| EQUIVALENT ok DOMAIN WORD[other] IS WORD[main]
		{ build_equivalent(C, $other, &@other, $main, &@main); }
	| RECIPIENT_DELIMITER ok STRING[chars]
		{ build_delimiter(C, &@1, $chars, &@chars); }
	| ROSTER ok STRING[file]
		{ build_file(C, SET_ROSTER, &@1, $file, &@file); }
	| ALIASES ok STRING[file]
		{ build_file(C, SET_ALIASES, &@1, $file, &@file); }
	| TRUSTED ok NETWORKS networks
		{ build_networks(C, &@1, $networks); }
	| REPORTS ok TO who_list
		{ build_reports(C, &@1, $who_list); }
	| MODE ok mode
		{ build_mode(C, &@1, $mode); }
	| ARCHIVE ok members
		{ build_channel(C, SET_ARCHIVE, &@1, $members); }
	| EXEMPT ok members
		{ build_channel(C, SET_EXEMPT, &@1, $members); }
	| SIGNED_MAIL ok protected
		{ build_protected(C, SET_SIGNED, &@1, $protected); }
	| ENCRYPTED_MAIL ok protected
		{ build_protected(C, SET_ENCRYPTED, &@1, $protected); }
	| PHRASES ok IN LETTERS phrases
		{ build_phrases(C, &@1, $phrases); }
	| ALL_ABOVE ok NUMBER STRING
		{ build_all_above(C, &@1, $3, &@3, $4, &@4); }
	| FOOTER_IN ok WORD STRING
		{ build_footer(C, $3, &@3, $4, &@4); }
	| INCLUDE ok STRING[file]
		{ compile_include(C, &@file, $file); }
	| class_head members
		{ build_class_members(C, $members); }
	| class_head error
		{ build_broken(C); }
	| rule
	| expectation
	| error
		{ build_lost(C); }
	;

/* From here on an error is news again. */
ok:
	%empty				{ yyerrok; }
	;

domains:
	WORD				{ $$ = build_name(C, NULL, $1, &@1); }
	| domains ',' WORD		{ $$ = build_name(C, $1, $3, &@3); }
	;

networks:
	network_text
		{ $$ = build_name(C, NULL, $1, &@1); }
	| networks ',' network_text
		{ $$ = build_name(C, $1, $3, &@3); }
	;

network_text:
	WORD
	| NETWORK
	;

mode:
	OBSERVE				{ $$ = MODE_OBSERVE; }
	| NOTIFY			{ $$ = MODE_NOTIFY; }
	| ENFORCE			{ $$ = MODE_ENFORCE; }
	;

protected:
	WRAP				{ $$ = PROTECTED_WRAP; }
	| LEAVE				{ $$ = PROTECTED_LEAVE; }
	| HOLD				{ $$ = PROTECTED_HOLD; }
	;

phrases:
	NONE				{ $$ = PHRASES_NONE; }
	| OBLIGATIONS			{ $$ = PHRASES_OBLIGATIONS; }
	| ALL				{ $$ = PHRASES_ALL; }
	;

/* Classes and people. */

class_head:
	CLASS ok WORD[name] IS		{ build_class(C, $name, &@name); }
	;

members:
	member				{ $$ = build_list(C, NULL, $1); }
	| members ',' member		{ $$ = build_list(C, $1, $3); }
	;

member:
	WORD
		{ $$ = build_class_word(C, $1, &@1); }
	| COMMITTEE STRING
		{ $$ = build_class_text(C, CLASS_COMMITTEE, $2, &@$); }
	| GROUP STRING
		{ $$ = build_class_text(C, CLASS_GROUP, $2, &@$); }
	| WARD STRING
		{ $$ = build_class_text(C, CLASS_WARD, $2, &@$); }
	| ADDRESS
		{ $$ = build_class_address(C, $1, &@1); }
	| AT_DOMAIN
		{ $$ = build_class_domain(C, $1, &@1); }
	;

/* What stands between "is" and a class changes nothing: "is in the …". */
membership:
	member
	| article member		{ $$ = $2; }
	| IN member			{ $$ = $2; }
	| IN THE member			{ $$ = $3; }
	;

article:
	ARTICLE
	| THE
	;

who:
	WORD				{ $$ = build_who(C, $1, &@1); }
	| THE WORD			{ $$ = build_who(C, $2, &@2); }
	| ADDRESS			{ $$ = build_who_address(C, $1, &@1); }
	;

who_list:
	who				{ $$ = build_list(C, NULL, $1); }
	| who_list ',' who		{ $$ = build_list(C, $1, $3); }
	;

/* Rules. */

rule:
	rule_head rule_parts %prec ENDS	{ build_rule_end(C); }
	;

rule_head:
	RULE ok WORD clause		{ build_rule(C, &@1, $3, &@3, $4); }
	;

clause:
	%empty				{ $$ = ""; }
	| STRING
	;

rule_parts:
	%empty
	| rule_parts rule_part
	;

rule_part:
	MODE ok mode			{ build_rule_mode(C, &@1, $mode); }
	| ACTIVE ok dates		{ build_active(C, &@1); }
	| WHEN ok condition		{ build_when(C, &@1, $condition); }
	| UNLESS ok condition		{ build_unless(C, &@1, $condition); }
	| then actions
	| ON ok FAILURE failure		{ build_failure(C, &@1, $failure); }
	| error				{ build_broken(C); }
	;

dates:
	from
	| to
	| from to
	;

from:
	FROM DATE			{ build_from(C, $2, &@2); }
	;

to:
	TO DATE				{ build_to(C, $2, &@2); }
	;

failure:
	DEFER				{ $$ = FAILURE_DEFER; }
	| HOLD				{ $$ = FAILURE_HOLD; }
	| REJECT			{ $$ = FAILURE_REJECT; }
	| ACCEPT			{ $$ = FAILURE_ACCEPT; }
	;

/* Conditions. */

condition:
	alternative
	| condition OR ok alternative	{ $$ = build_or(C, &@2, $1, $4); }
	;

alternative:
	factor
	| alternative AND ok factor	{ $$ = build_and(C, &@2, $1, $4); }
	;

factor:
	atom
	| NOT atom			{ $$ = build_not(C, &@1, $2); }
	;

atom:
	test
	| '(' open condition ')'	{ $$ = build_close(C, $3); }
	| error				{ $$ = build_broken(C); }
	;

open:
	%empty				{ build_open(C, &@0); }
	;

test:
	SENDER IS not membership
		{ $$ = build_party(C, TEST_SENDER, &@$, $not, $membership); }
	| AUTHOR IS not membership
		{ $$ = build_party(C, TEST_AUTHOR, &@$, $not, $membership); }
	| quantifier visibility noun is_are not membership
		{ $$ = build_recipients(C, &@$, $1, $2, $3, $5, $6); }
	| THERE is_are existence visibility noun
		{ $$ = build_recipients(C, &@$, $3, $4, $5, false, NULL); }
	| MESSAGE IS not property
		{ $$ = build_message(C, $4, &@$, $3); }
	| MESSAGE IS not FULLY INSPECTED
		{ $$ = build_message(C, TEST_NOT_INSPECTED, &@$, !$3); }
	| MESSAGE IS not MARKED kind marking_place
		{ $$ = build_marked(C, TEST_MARKED, &@$, $3, $5, $6); }
	| MESSAGE IS not IN THE NAME OF membership
		{ $$ = build_party(C, TEST_IN_NAME_OF, &@$, $3, $8); }
	| MESSAGE REPLIES TO membership
		{ $$ = build_party(C, TEST_REPLIES_TO, &@$, false, $4); }
	| MESSAGE REPLIES TO ARTICLE OFFER
		{ $$ = build_message(C, TEST_OFFER, &@$, false); }
	| MESSAGE FORWARDS membership
		{ $$ = build_party(C, TEST_FORWARDS, &@$, false, $3); }
	| MESSAGE QUOTES something MARKED kind by_whom
		{ $$ = build_quoted(C, &@$, $5, $6); }
	| MESSAGE HAS NO ATTACHMENT type state
		{ $$ = build_attachment(C, &@$, true, $5, $6, &@6); }
	| MESSAGE HAS optional_article ATTACHMENT type state
		{ $$ = build_attachment(C, &@$, false, $5, $6, &@6); }
	| MESSAGE HAS CONTRADICTORY MARKINGS
		{ $$ = build_message(C, TEST_CONTRADICTION, &@$, false); }
	| MESSAGE SAYS SOMETHING CONFIDENTIAL kind level
		{ $$ = build_speech(C, TEST_CONFIDENTIAL, &@$, false, $5, $6); }
	| OWN TEXT SAYS SOMETHING CONFIDENTIAL kind level
		{ $$ = build_speech(C, TEST_CONFIDENTIAL, &@$, true, $6, $7); }
	| OWN TEXT CREATES article OBLIGATION kind level in_name
		{ $$ = build_obligation(C, &@$, $6, $7, $8); }
	| OWN TEXT GIVES article INSTRUCTION level
		{ $$ = build_speech(C, TEST_INSTRUCTION, &@$, true, "", $6); }
	| OWN TEXT READS LIKE optional_article WORD level
		{ $$ = build_speech(C, TEST_PHRASE, &@$, true, $6, $7); }
	| CONFIDENCE HAS NO REASON
		{ $$ = build_message(C, TEST_NO_REASON, &@$, false); }
	| SUBJECT CONTAINS STRING
		{ $$ = build_contains(C, TEST_SUBJECT, &@$, "", $3, &@3); }
	| HEADER STRING CONTAINS STRING
		{
			build_field_check(C, $2, &@2);
			$$ = build_contains(C, TEST_HEADER, &@$, $2, $4, &@4);
		}
	;

not:
	%empty				{ $$ = false; }
	| NOT				{ $$ = true; }
	;

is_are:
	IS
	| ARE
	;

optional_article:
	%empty
	| ARTICLE
	;

something:
	%empty
	| SOMETHING
	;

quantifier:
	which				{ $$ = build_quantifier(C, $1); }
	| amount NUMBER			{ $$ = build_amount(C, $1, $2, &@2); }
	;

which:
	ANY				{ $$ = QUANT_ANY; }
	| EVERY				{ $$ = QUANT_EVERY; }
	| NO				{ $$ = QUANT_NO; }
	| ONLY				{ $$ = QUANT_ONLY; }
	| THE ONLY			{ $$ = QUANT_ONLY; }
	;

existence:
	some				{ $$ = build_quantifier(C, $1); }
	| amount NUMBER			{ $$ = build_amount(C, $1, $2, &@2); }
	;

some:
	ARTICLE				{ $$ = QUANT_ANY; }
	| ANY				{ $$ = QUANT_ANY; }
	| NO				{ $$ = QUANT_NO; }
	;

amount:
	AT LEAST			{ $$ = QUANT_AT_LEAST; }
	| AT MOST			{ $$ = QUANT_AT_MOST; }
	| MORE THAN			{ $$ = QUANT_MORE_THAN; }
	| FEWER THAN			{ $$ = QUANT_FEWER_THAN; }
	| EXACTLY			{ $$ = QUANT_EXACTLY; }
	;

visibility:
	%empty				{ $$ = VIS_ALL; }
	| VISIBLE			{ $$ = VIS_VISIBLE; }
	| HIDDEN			{ $$ = VIS_HIDDEN; }
	;

noun:
	RECIPIENT			{ $$ = NULL; }
	| WORD				{ $$ = build_class_word(C, $1, &@1); }
	;

property:
	SUBMITTED			{ $$ = TEST_SUBMITTED; }
	| INBOUND			{ $$ = TEST_INBOUND; }
	| INTERNAL			{ $$ = TEST_INTERNAL; }
	| AUTOMATIC			{ $$ = TEST_AUTOMATIC; }
	| ARTICLE REPLY			{ $$ = TEST_REPLY; }
	| ARTICLE FORWARD		{ $$ = TEST_FORWARD; }
	| SIGNED			{ $$ = TEST_SIGNED; }
	| ENCRYPTED			{ $$ = TEST_ENCRYPTED; }
	| ARTICLE OFFICIAL LETTER	{ $$ = TEST_OFFICIAL_LETTER; }
	;

kind:
	%empty				{ $$ = ""; }
	| WORD
	| STRING
	| CONFIDENTIAL			{ $$ = "confidential"; }
	;

marking_place:
	%empty				{ $$ = ""; }
	| IN SUBJECT			{ $$ = "subject"; }
	| IN HEADER			{ $$ = "header"; }
	| IN TOP			{ $$ = "top"; }
	| IN BOTTOM			{ $$ = "bottom"; }
	| IN ATTACHMENT			{ $$ = "attachment"; }
	;

type:
	%empty				{ $$ = ""; }
	| OF TYPE STRING		{ $$ = $3; }
	;

state:
	%empty				{ $$ = ""; }
	| THAT IS WORD			{ $$ = $3; }
	| THAT IS ENCRYPTED		{ $$ = "encrypted"; }
	;

by_whom:
	%empty				{ $$ = NULL; }
	| BY membership			{ $$ = $2; }
	;

in_name:
	%empty				{ $$ = NULL; }
	| IN THE NAME OF membership	{ $$ = $5; }
	;

level:
	%empty				{ $$ = LEVEL_ANY; }
	| LOW				{ $$ = LEVEL_LOW; }
	| MEDIUM			{ $$ = LEVEL_MEDIUM; }
	| HIGH				{ $$ = LEVEL_HIGH; }
	;

/* Actions. */

then:
	THEN				{ yyerrok; build_then(C, &@1); }
	;

actions:
	action				{ build_action_end(C, $1); }
	| actions separator action	{ build_action_end(C, $3); }
	;

separator:
	AND				{ yyerrok; }
	| COMMA_ACTION			{ yyerrok; }
	;

action:
	FOOTER optional_text placement
		{ $$ = build_action_footer(C, &@1, $2, &@2, $3); }
	| NO_FOOTER
		{ $$ = build_action_text(C, ACTION_NO_FOOTER, &@1, NULL, &@1); }
	| MARK STRING in_subject banner
		{ $$ = build_action_mark(C, &@1, $2, &@2, $3, $4, &@4); }
	| FLAG severity
		{ $$ = build_action_flag(C, &@1, $2); }
	| REPORT
		{ $$ = build_action_report(C, &@1, false, NULL); }
	| REPORT sent
		{ $$ = build_action_report(C, &@1, $2, NULL); }
	| REPORT sent TO who_list
		{ $$ = build_action_report(C, &@1, $2, $4); }
	| REPORT TO who_list
		{ $$ = build_action_report(C, &@1, false, $3); }
	| REPORT TO who_list sent
		{ $$ = build_action_report(C, &@1, $4, $3); }
	| NOTIFY optional_the SENDER optional_text
		{ $$ = build_action_text(C, ACTION_NOTIFY, &@1, $4, &@4); }
	| DISCLOSE TO members optional_text
		{ $$ = build_action_disclose(C, &@1, $3, $4, &@4); }
	| DISCLOSE TO VISIBLE members optional_text
		{ $$ = build_action_disclose(C, &@1, $4, $5, &@5); }
	| HOLD optional_text
		{ $$ = build_action_text(C, ACTION_HOLD, &@1, $2, &@2); }
	| REJECT STRING
		{ $$ = build_action_text(C, ACTION_REJECT, &@1, $2, &@2); }
	| DEFER optional_text
		{ $$ = build_action_text(C, ACTION_DEFER, &@1, $2, &@2); }
	| LOG optional_text
		{ $$ = build_action_text(C, ACTION_LOG, &@1, $2, &@2); }
	| error
		{ build_broken(C); $$ = NULL; }
	;

optional_text:
	%empty				{ $$ = NULL; }
	| STRING
	;

optional_the:
	%empty
	| THE
	;

placement:
	%empty				{ $$ = PLACE_DEFAULT; }
	| AT optional_the END		{ $$ = PLACE_AT_END; }
	| ABOVE optional_the QUOTE	{ $$ = PLACE_ABOVE_QUOTE; }
	;

in_subject:
	%empty				{ $$ = false; }
	| IN optional_the SUBJECT	{ $$ = true; }
	;

banner:
	%empty				{ $$ = NULL; }
	| WITH BANNER STRING		{ $$ = $3; }
	;

severity:
	%empty				{ $$ = SEVERITY_MEDIUM; }
	| LOW				{ $$ = SEVERITY_LOW; }
	| MEDIUM			{ $$ = SEVERITY_MEDIUM; }
	| HIGH				{ $$ = SEVERITY_HIGH; }
	;

sent:
	AT ONCE				{ $$ = false; }
	| IN optional_the DIGEST	{ $$ = true; }
	;

/* The policy's own tests. */

expectation:
	expectation_head expectation_parts %prec ENDS
		{ build_expect_end(C); }
	;

expectation_head:
	EXPECT ok expected		{ build_expect(C, &@1, $expected); }
	| EXPECT ok NO RULE		{ build_expect(C, &@1, NULL); }
	;

expected:
	WORD				{ $$ = build_name(C, NULL, $1, &@1); }
	| expected AND WORD		{ $$ = build_name(C, $1, $3, &@3); }
	;

expectation_parts:
	%empty
	| expectation_parts expectation_part
	;

expectation_part:
	FROM ok party			{ build_expect_from(C, $3, &@3); }
	| TO ok parties			{ build_expect_to(C, EXPECT_TO, $3); }
	| CC ok parties			{ build_expect_to(C, EXPECT_CC, $3); }
	| BCC ok parties		{ build_expect_to(C, EXPECT_BCC, $3); }
	| INBOUND			{ build_expect_is(C, TEST_INBOUND); }
	| AUTOMATIC			{ build_expect_is(C, TEST_AUTOMATIC); }
	| SIGNED			{ build_expect_is(C, TEST_SIGNED); }
	| ENCRYPTED			{ build_expect_is(C, TEST_ENCRYPTED); }
	| REPLY				{ build_expect_is(C, TEST_REPLY); }
	| SUBJECT ok STRING		{ build_expect_subject(C, $3); }
	| TEXT ok STRING		{ build_expect_text(C, $3); }
	| QUOTING ok STRING		{ build_expect_quoting(C, $3); }
	| ON ok DATE			{ build_expect_on(C, $3, &@3); }
	| error				{ build_broken(C); }
	;

parties:
	party				{ $$ = build_name(C, NULL, $1, &@1); }
	| parties ',' party		{ $$ = build_name(C, $1, $3, &@3); }
	;

party:
	WORD
	| THE WORD			{ $$ = $2; }
	| ADDRESS
	;

%%

static int
gram_lex(GRAM_STYPE *value, struct place *place, struct compiler *compiler)
{
	struct reading *reading = compiler->reading;
	const struct token *token =
	    &g_array_index(reading->tokens, struct token, reading->next);

	if (token->kind != T_END_OF_FILE)
		reading->next++;
	value->text = token->text;
	*place = token->place;
	return token->kind;
}

/* Bison has its own numbers for tokens inside the parser. */
static int
token_of(yysymbol_kind_t symbol)
{
	int kind;

	for (kind = 0; kind <= YYMAXUTOK; kind++)
		if (YYTRANSLATE(kind) == symbol)
			return kind;
	return T_GRAM_UNDEF;
}

static int
yyreport_syntax_error(const yypcontext_t *context, struct compiler *compiler)
{
	enum { TOKENS_MAX = YYNTOKENS };
	yysymbol_kind_t symbols[TOKENS_MAX];
	int expected[TOKENS_MAX];
	int i, count;

	count = yypcontext_expected_tokens(context, symbols, TOKENS_MAX);
	for (i = 0; i < count; i++)
		expected[i] = token_of(symbols[i]);
	syntax_report(compiler, token_of(yypcontext_token(context)),
	    yypcontext_location(context), expected, count);
	return 0;
}

/* Only called when the parser's stack is full. */
static void
gram_error(const struct place *place, struct compiler *compiler,
    const char *message)
{
	(void)message;
	compile_report(compiler, DIAG_ERROR, place,
	    "this is nested too deeply to be read");
	build_lost(compiler);
}
