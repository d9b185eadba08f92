#include <string.h>

#include "policy/language/lex.h"
#include "policy/language/gram.h"

/* What a word of the language begins. */
enum { STATEMENT = 1, CLAUSE = 2, ACTION = 4 };

/*
 * Every word of the language.  None can be a name.  Where two words make one
 * token, the first alone may be something else.
 */
static const struct word {
	const char *word, *second;
	int kind;
	unsigned begins;
} words[] = {
    {"a", NULL, T_ARTICLE, 0},
    {"above", NULL, T_ABOVE, 0},
    {"accept", NULL, T_ACCEPT, 0},
    {"active", NULL, T_ACTIVE, CLAUSE},
    {"aliases", NULL, T_ALIASES, STATEMENT},
    {"all", NULL, T_ALL, 0},
    {"all", "above", T_ALL_ABOVE, STATEMENT},
    {"an", NULL, T_ARTICLE, 0},
    {"and", NULL, T_AND, 0},
    {"any", NULL, T_ANY, 0},
    {"archive", NULL, T_ARCHIVE, STATEMENT},
    {"are", NULL, T_ARE, 0},
    {"at", NULL, T_AT, 0},
    {"attachment", NULL, T_ATTACHMENT, 0},
    {"attachments", NULL, T_ATTACHMENT, 0},
    {"author", NULL, T_AUTHOR, 0},
    {"automatic", NULL, T_AUTOMATIC, 0},
    {"banner", NULL, T_BANNER, 0},
    {"bcc", NULL, T_BCC, 0},
    {"bottom", NULL, T_BOTTOM, 0},
    {"by", NULL, T_BY, 0},
    {"cc", NULL, T_CC, 0},
    {"class", NULL, T_CLASS, STATEMENT},
    {"committee", NULL, T_COMMITTEE, 0},
    {"confidence", NULL, T_CONFIDENCE, 0},
    {"confidential", NULL, T_CONFIDENTIAL, 0},
    {"contains", NULL, T_CONTAINS, 0},
    {"contradictory", NULL, T_CONTRADICTORY, 0},
    {"council", NULL, T_COUNCIL, STATEMENT},
    {"creates", NULL, T_CREATES, 0},
    {"defer", NULL, T_DEFER, ACTION},
    {"digest", NULL, T_DIGEST, 0},
    {"disclose", NULL, T_DISCLOSE, ACTION},
    {"domain", NULL, T_DOMAIN, 0},
    {"domains", NULL, T_DOMAINS, STATEMENT},
    {"encrypted", NULL, T_ENCRYPTED, 0},
    {"encrypted", "mail", T_ENCRYPTED_MAIL, STATEMENT},
    {"end", NULL, T_END, 0},
    {"enforce", NULL, T_ENFORCE, 0},
    {"equivalent", NULL, T_EQUIVALENT, STATEMENT},
    {"every", NULL, T_EVERY, 0},
    {"exactly", NULL, T_EXACTLY, 0},
    {"exempt", NULL, T_EXEMPT, STATEMENT},
    {"expect", NULL, T_EXPECT, STATEMENT},
    {"failure", NULL, T_FAILURE, 0},
    {"fewer", NULL, T_FEWER, 0},
    {"flag", NULL, T_FLAG, ACTION},
    {"footer", NULL, T_FOOTER, ACTION},
    {"footer", "in", T_FOOTER_IN, STATEMENT},
    {"forward", NULL, T_FORWARD, 0},
    {"forwards", NULL, T_FORWARDS, 0},
    {"from", NULL, T_FROM, 0},
    {"fully", NULL, T_FULLY, 0},
    {"gives", NULL, T_GIVES, 0},
    {"group", NULL, T_GROUP, 0},
    {"has", NULL, T_HAS, 0},
    {"header", NULL, T_HEADER, 0},
    {"hidden", NULL, T_HIDDEN, 0},
    {"high", NULL, T_HIGH, 0},
    {"hold", NULL, T_HOLD, ACTION},
    {"in", NULL, T_IN, 0},
    {"inbound", NULL, T_INBOUND, 0},
    {"include", NULL, T_INCLUDE, STATEMENT},
    {"inspected", NULL, T_INSPECTED, 0},
    {"instruction", NULL, T_INSTRUCTION, 0},
    {"internal", NULL, T_INTERNAL, 0},
    {"is", NULL, T_IS, 0},
    {"least", NULL, T_LEAST, 0},
    {"leave", NULL, T_LEAVE, 0},
    {"letter", NULL, T_LETTER, 0},
    {"letters", NULL, T_LETTERS, 0},
    {"like", NULL, T_LIKE, 0},
    {"log", NULL, T_LOG, ACTION},
    {"low", NULL, T_LOW, 0},
    {"mark", NULL, T_MARK, ACTION},
    {"marked", NULL, T_MARKED, 0},
    {"markings", NULL, T_MARKINGS, 0},
    {"medium", NULL, T_MEDIUM, 0},
    {"message", NULL, T_MESSAGE, 0},
    {"mode", NULL, T_MODE, STATEMENT | CLAUSE},
    {"more", NULL, T_MORE, 0},
    {"most", NULL, T_MOST, 0},
    {"name", NULL, T_NAME, 0},
    {"networks", NULL, T_NETWORKS, 0},
    {"no", NULL, T_NO, 0},
    {"no", "footer", T_NO_FOOTER, ACTION},
    {"none", NULL, T_NONE, 0},
    {"not", NULL, T_NOT, 0},
    {"notify", NULL, T_NOTIFY, ACTION},
    {"obligation", NULL, T_OBLIGATION, 0},
    {"obligations", NULL, T_OBLIGATIONS, 0},
    {"observe", NULL, T_OBSERVE, 0},
    {"of", NULL, T_OF, 0},
    {"offer", NULL, T_OFFER, 0},
    {"official", NULL, T_OFFICIAL, 0},
    {"on", NULL, T_ON, CLAUSE},
    {"once", NULL, T_ONCE, 0},
    {"only", NULL, T_ONLY, 0},
    {"or", NULL, T_OR, 0},
    {"own", NULL, T_OWN, 0},
    {"phrases", NULL, T_PHRASES, STATEMENT},
    {"quote", NULL, T_QUOTE, 0},
    {"quotes", NULL, T_QUOTES, 0},
    {"quoting", NULL, T_QUOTING, 0},
    {"reads", NULL, T_READS, 0},
    {"reason", NULL, T_REASON, 0},
    {"recipient", NULL, T_RECIPIENT, 0},
    {"recipient", "delimiter", T_RECIPIENT_DELIMITER, STATEMENT},
    {"recipients", NULL, T_RECIPIENT, 0},
    {"reject", NULL, T_REJECT, ACTION},
    {"replies", NULL, T_REPLIES, 0},
    {"reply", NULL, T_REPLY, 0},
    {"report", NULL, T_REPORT, ACTION},
    {"reports", NULL, T_REPORTS, STATEMENT},
    {"roster", NULL, T_ROSTER, STATEMENT},
    {"rule", NULL, T_RULE, STATEMENT},
    {"says", NULL, T_SAYS, 0},
    {"sender", NULL, T_SENDER, 0},
    {"signed", NULL, T_SIGNED, 0},
    {"signed", "mail", T_SIGNED_MAIL, STATEMENT},
    {"something", NULL, T_SOMETHING, 0},
    {"subject", NULL, T_SUBJECT, 0},
    {"submitted", NULL, T_SUBMITTED, 0},
    {"text", NULL, T_TEXT, 0},
    {"than", NULL, T_THAN, 0},
    {"that", NULL, T_THAT, 0},
    {"the", NULL, T_THE, 0},
    {"then", NULL, T_THEN, CLAUSE},
    {"there", NULL, T_THERE, 0},
    {"to", NULL, T_TO, 0},
    {"top", NULL, T_TOP, 0},
    {"trusted", NULL, T_TRUSTED, STATEMENT},
    {"type", NULL, T_TYPE, 0},
    {"unless", NULL, T_UNLESS, CLAUSE},
    {"visible", NULL, T_VISIBLE, 0},
    {"ward", NULL, T_WARD, 0},
    {"when", NULL, T_WHEN, CLAUSE},
    {"with", NULL, T_WITH, 0},
    {"wrap", NULL, T_WRAP, 0},
    /* Roles that people write as two words. */
    {"committee", "member", T_WORD, 0},
    {"committee", "members", T_WORD, 0},
    {"junior", "officer", T_WORD, 0},
    {"junior", "officers", T_WORD, 0},
    {"proper", "officer", T_WORD, 0},
    {"proper", "officers", T_WORD, 0},
    {"vice", "chair", T_WORD, 0},
    {"vice", "chairs", T_WORD, 0},
};

int
lex_lookup(const char *word)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].second == NULL && strcmp(words[i].word, word) == 0)
			return words[i].kind;
	return T_WORD;
}

int
lex_lookup_pair(const char *word, const char *second)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].second != NULL &&
		    strcmp(words[i].second, second) == 0 &&
		    strcmp(words[i].word, word) == 0)
			return words[i].kind;
	return 0;
}

static bool
begins(int kind, unsigned what)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].kind == kind && (words[i].begins & what) != 0)
			return true;
	return false;
}

bool
lex_begins_statement(int kind)
{
	return begins(kind, STATEMENT);
}

bool
lex_begins_clause(int kind)
{
	return begins(kind, CLAUSE);
}

bool
lex_begins_action(int kind)
{
	return begins(kind, ACTION);
}

const char *
lex_word(int kind)
{
	size_t i;

	switch (kind) {
	case T_ARTICLE:
	case T_WORD:
		return NULL;
	case T_ALL_ABOVE:
		return "all above";
	case T_ENCRYPTED_MAIL:
		return "encrypted mail";
	case T_FOOTER_IN:
		return "footer in";
	case T_NO_FOOTER:
		return "no footer";
	case T_RECIPIENT_DELIMITER:
		return "recipient delimiter";
	case T_SIGNED_MAIL:
		return "signed mail";
	}
	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].kind == kind)
			return words[i].word;
	return NULL;
}

const char *
lex_nearest(const char *word)
{
	const char *all[G_N_ELEMENTS(words) + 1];
	size_t i, n = 0;

	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].second == NULL)
			all[n++] = words[i].word;
	all[n] = NULL;
	return diag_suggest(word, all);
}
