#include <string.h>

#include "policy/detect/identifier.h"

/* Longer than any identifier, with the words between its parts. */
enum { CODE_MAX = 64 };

static const char *const names[IDENTIFIER_COUNT] = {"nino", "nhs", "utr", "vat",
    "iban", "card", "sort-code", "driving-licence", "upn", "passport"};

const char *
identifier_name(enum identifier kind)
{
	return names[kind];
}

bool
identifier_from_name(const char *name, enum identifier *kind)
{
	int i;

	for (i = 0; i < IDENTIFIER_COUNT; i++) {
		if (strcmp(names[i], name) == 0) {
			*kind = (enum identifier)i;
			return true;
		}
	}
	return false;
}

/* Whether code has a form: "A" is a letter, "9" a digit, "*" either. */
static bool
has_form(const char *code, const char *form)
{
	for (; *code != '\0' && *form != '\0'; code++, form++) {
		if (*form == 'A' && !g_ascii_isalpha(*code))
			return false;
		if (*form == '9' && !g_ascii_isdigit(*code))
			return false;
	}
	return *code == *form;
}

static unsigned
digit(char c)
{
	return (unsigned)(c - '0');
}

/* Two digits as a number. */
static unsigned
pair(const char *p)
{
	return digit(p[0]) * 10 + digit(p[1]);
}

static bool
one_digit_only(const char *code)
{
	return strspn(code, (char[]){code[0], '\0'}) == strlen(code);
}

/* HMRC, National Insurance Manual NIM39110. */
static bool
check_nino(const char *code)
{
	static const char *const never[] = {
	    "BG", "GB", "KN", "NK", "NT", "TN", "ZZ", NULL};
	int i;

	if (!has_form(code, "AA999999A") || strchr("ABCD", code[8]) == NULL)
		return false;
	if (strchr("DFIQUV", code[0]) != NULL ||
	    strchr("DFIOQUV", code[1]) != NULL)
		return false;
	for (i = 0; never[i] != NULL; i++)
		if (strncmp(code, never[i], 2) == 0)
			return false;
	return true;
}

/* NHS Data Dictionary: modulus 11, a check digit of 10 is never issued. */
static bool
check_nhs(const char *code)
{
	unsigned i, sum = 0;

	if (!has_form(code, "9999999999") || one_digit_only(code))
		return false;
	for (i = 0; i < 9; i++)
		sum += digit(code[i]) * (10 - i);
	return (11 - sum % 11) % 11 == digit(code[9]);
}

static bool
check_utr(const char *code)
{
	static const unsigned weights[] = {6, 7, 8, 9, 10, 5, 4, 3, 2};
	unsigned i, sum = 0;

	if (!has_form(code, "9999999999") || one_digit_only(code))
		return false;
	for (i = 0; i < G_N_ELEMENTS(weights); i++)
		sum += digit(code[i + 1]) * weights[i];
	return code[0] == "21987654321"[sum % 11];
}

/*
 * HMRC, VAT numbers: modulus 97, for those issued since 2010 with 55 added.  A
 * branch has three more digits; departments (GD) and health authorities (HA)
 * have three altogether.
 */
static bool
check_vat(const char *code)
{
	unsigned i, sum = 0;

	if (g_str_has_prefix(code, "GB") || g_str_has_prefix(code, "XI"))
		code += 2;
	if (has_form(code, "AA999"))
		return g_str_has_prefix(code, "GD")
			   ? code[2] < '5'
			   : g_str_has_prefix(code, "HA") && code[2] >= '5';
	if (!has_form(code, "999999999") && !has_form(code, "999999999999"))
		return false;
	if (strspn(code, "0") >= 7)
		return false;
	for (i = 0; i < 7; i++)
		sum += digit(code[i]) * (8 - i);
	sum += pair(code + 7);
	return sum % 97 == 0 || (sum + 55) % 97 == 0;
}

/* Lengths of the IBAN registry for what a council meets; else 15 to 34. */
static bool
iban_length_fits(const char *code, size_t len)
{
	static const char registry[] =
	    "AD24 AE23 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 "
	    "FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 "
	    "LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 "
	    "TR26";
	char country[] = {' ', code[0], code[1], '\0'};
	const char *row =
	    strncmp(registry, country + 1, 2) == 0 ? registry : NULL;

	if (row == NULL && (row = strstr(registry, country)) != NULL)
		row++;
	if (row == NULL)
		return len >= 15 && len <= 34;
	return len == pair(row + 2);
}

/* ISO 13616: the first four go last, letters are 10 to 35, modulus 97 is 1. */
static bool
check_iban(const char *code)
{
	size_t i, len = strlen(code);
	unsigned rest = 0;

	if (len < 15 || !g_ascii_isalpha(code[0]) ||
	    !g_ascii_isalpha(code[1]) || !g_ascii_isdigit(code[2]) ||
	    !g_ascii_isdigit(code[3]) || !iban_length_fits(code, len))
		return false;
	for (i = 0; i < len; i++) {
		char c = code[(i + 4) % len];

		rest = g_ascii_isdigit(c)
			   ? (rest * 10 + digit(c)) % 97
			   : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest == 1;
}

/* Ranges of ISO/IEC 7812 issuers: the first four digits, and the lengths. */
static bool
card_prefix_fits(const char *code, size_t len)
{
	static const struct {
		unsigned first, last;
		size_t shortest, longest;
	} ranges[] = {
	    {2221, 2720, 16, 16}, /* Mastercard */
	    {3000, 3059, 14, 19}, /* Diners Club */
	    {3400, 3499, 15, 15}, /* American Express */
	    {3528, 3589, 16, 19}, /* JCB */
	    {3600, 3699, 14, 19}, /* Diners Club */
	    {3700, 3799, 15, 15}, /* American Express */
	    {3800, 3999, 14, 19}, /* Diners Club */
	    {4000, 4999, 13, 19}, /* Visa */
	    {5000, 5099, 12, 19}, /* Maestro */
	    {5100, 5599, 16, 16}, /* Mastercard */
	    {5600, 6999, 12, 19}, /* Maestro, Discover, UnionPay */
	};
	unsigned first = pair(code) * 100 + pair(code + 2);
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(ranges); i++)
		if (first >= ranges[i].first && first <= ranges[i].last)
			return len >= ranges[i].shortest &&
			       len <= ranges[i].longest;
	return false;
}

static bool
check_card(const char *code)
{
	size_t i, len = strlen(code);
	unsigned sum = 0;

	if (len < 12 || len > 19 || strspn(code, "0123456789") != len ||
	    !card_prefix_fits(code, len))
		return false;
	for (i = 0; i < len; i++) {
		unsigned d = digit(code[len - 1 - i]) * (i % 2 + 1);

		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

/*
 * DVLA: five letters of the surname (9 fills up), decade, month (50 more for a
 * woman), day, year, two initials (9 for none), a digit and two letters; an
 * issue number of two digits may follow.
 */
static bool
check_licence(const char *code)
{
	size_t letters = 0, i;
	unsigned month;

	if (strlen(code) != 16 && strlen(code) != 18)
		return false;
	while (letters < 5 && g_ascii_isalpha(code[letters]))
		letters++;
	for (i = letters; i < 5; i++)
		if (code[i] != '9')
			return false;
	if (letters == 0 || strspn(code + 5, "0123456789") < 6 ||
	    !g_ascii_isalpha(code[11]) ||
	    !(g_ascii_isalpha(code[12]) || code[12] == '9') ||
	    !has_form(code + 13, strlen(code) == 16 ? "9AA" : "9AA99"))
		return false;
	month = pair(code + 6);
	if (month > 50)
		month -= 50;
	return month >= 1 && month <= 12 && pair(code + 8) >= 1 &&
	       pair(code + 8) <= 31;
}

/*
 * Department for Education, Unique pupil numbers: 23 letters check; the last
 * character of a temporary number is one of them.
 */
static bool
check_upn(const char *code)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
	const char *last;
	unsigned i, sum = 0;

	if (!has_form(code, "A99999999999*"))
		return false;
	for (i = 1; i < 12; i++)
		sum += digit(code[i]) * (i + 1);
	last = strchr(letters, code[12]);
	if (g_ascii_isdigit(code[12]))
		sum += digit(code[12]) * 13;
	else if (last != NULL)
		sum += (unsigned)(last - letters) * 13;
	else
		return false;
	return code[0] == letters[sum % 23];
}

/* Six digits, then an account of six to eight; longer ones differ by bank. */
static enum validity
check_sort_code(const char *code, const struct bank_tables *banks)
{
	char sort_code[7], account[9] = "00000000";
	size_t len = strspn(code, "0123456789");

	if (code[len] != '\0' || len < 12 || len > 16)
		return IDENTIFIER_INVALID;
	if (len > 14 || banks == NULL)
		return IDENTIFIER_CANNOT_TELL;
	memcpy(sort_code, code, 6);
	sort_code[6] = '\0';
	memcpy(account + 14 - len, code + 6, len - 6);
	return bank_tables_check(banks, sort_code, account);
}

/* Capital letters and digits; digits alone where words may stand between. */
static void
read_code(enum identifier kind, const char *text, gsize len, char *code)
{
	gsize i, n = 0;

	for (i = 0; i < len && n < CODE_MAX - 1; i++) {
		char c = g_ascii_toupper(text[i]);

		if (g_ascii_isdigit(c) ||
		    (kind != IDENTIFIER_SORT_CODE && g_ascii_isalpha(c)))
			code[n++] = c;
	}
	code[n] = '\0';
}

enum validity
identifier_check(enum identifier kind, const char *text, gsize len,
    const struct bank_tables *banks)
{
	char code[CODE_MAX];
	bool valid = false;

	read_code(kind, text, len, code);
	switch (kind) {
	case IDENTIFIER_NINO:
		valid = check_nino(code);
		break;
	case IDENTIFIER_NHS:
		valid = check_nhs(code);
		break;
	case IDENTIFIER_UTR:
		/* Companies and employers see it with a K behind. */
		if (strlen(code) == 11 && code[10] == 'K')
			code[10] = '\0';
		valid = check_utr(code);
		break;
	case IDENTIFIER_VAT:
		valid = check_vat(code);
		break;
	case IDENTIFIER_IBAN:
		valid = check_iban(code);
		break;
	case IDENTIFIER_CARD:
		valid = check_card(code);
		break;
	case IDENTIFIER_SORT_CODE:
		return check_sort_code(code, banks);
	case IDENTIFIER_LICENCE:
		valid = check_licence(code);
		break;
	case IDENTIFIER_UPN:
		valid = check_upn(code);
		break;
	case IDENTIFIER_PASSPORT:
		/* Nine digits, or newer ones with letters before them. */
		return has_form(code, "999999999") ||
			       has_form(code, "A99999999") ||
			       has_form(code, "AA9999999")
			   ? IDENTIFIER_CANNOT_TELL
			   : IDENTIFIER_INVALID;
	case IDENTIFIER_COUNT:
		break;
	}
	return valid ? IDENTIFIER_VALID : IDENTIFIER_INVALID;
}

/*
 * Two characters at the beginning and three at the end of a long one; a short
 * one would be told by as much, so it keeps nothing but its length.
 */
char *
identifier_redact(const char *text, gsize len)
{
	GString *out = g_string_new(NULL);
	gsize i, kept;

	for (i = 0; i < len; i++)
		if (g_ascii_isalnum(text[i]))
			g_string_append_c(out, text[i]);
	kept = out->len >= 9 ? 3 : 0;
	for (i = kept > 0 ? 2 : 0; i + kept < out->len; i++)
		out->str[i] = '*';
	return g_string_free(out, FALSE);
}
