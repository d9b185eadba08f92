/* Identifiers: check digits, bank tables, and what is shown of a number. */
#include <string.h>

#include "policy/detect/identifier.h"
#include "tests/unit/unit.h"

#define VALID IDENTIFIER_VALID
#define INVALID IDENTIFIER_INVALID
#define UNSURE IDENTIFIER_CANNOT_TELL

/* clang-format off */
static const struct check_case {
	enum identifier kind;
	const char *text;
	enum validity want;
} checks[] = {
	{ IDENTIFIER_NINO, "AB123456C", VALID },
	{ IDENTIFIER_NINO, "HN123456A", VALID },
	{ IDENTIFIER_NINO, "ab 12 34 56 d", VALID },
	{ IDENTIFIER_NINO, "BG123456A", INVALID },
	{ IDENTIFIER_NINO, "AO123456C", INVALID },
	{ IDENTIFIER_NINO, "OA123456C", VALID },
	{ IDENTIFIER_NINO, "AB123456E", INVALID },
	{ IDENTIFIER_NINO, "QQ123456A", INVALID },
	{ IDENTIFIER_NINO, "AB12345C", INVALID },
	{ IDENTIFIER_NINO, "AB1234567C", INVALID },
	{ IDENTIFIER_NHS, "943 476 5919", VALID },
	{ IDENTIFIER_NHS, "943-476-5919", VALID },
	{ IDENTIFIER_NHS, "4010232137", VALID },
	{ IDENTIFIER_NHS, "943 476 5918", INVALID },
	{ IDENTIFIER_NHS, "4010232173", INVALID },
	{ IDENTIFIER_NHS, "0000000000", INVALID },
	{ IDENTIFIER_NHS, "1123456780", INVALID },	/* its check is 10 */
	{ IDENTIFIER_NHS, "943 476 591", INVALID },
	{ IDENTIFIER_UTR, "1955839661", VALID },
	{ IDENTIFIER_UTR, "3282497350", VALID },
	{ IDENTIFIER_UTR, "46004 19250", VALID },
	{ IDENTIFIER_UTR, "2048271936K", VALID },
	{ IDENTIFIER_UTR, "2955839661", INVALID },
	{ IDENTIFIER_UTR, "4600419520", INVALID },
	{ IDENTIFIER_UTR, "1111111111", INVALID },
	{ IDENTIFIER_VAT, "GB980780684", VALID },
	{ IDENTIFIER_VAT, "GB 123 4567 82", VALID },
	{ IDENTIFIER_VAT, "GB 123 4567 27", VALID },	/* with 55 */
	{ IDENTIFIER_VAT, "998877607", VALID },
	{ IDENTIFIER_VAT, "GB980780684001", VALID },	/* a branch */
	{ IDENTIFIER_VAT, "GBGD499", VALID },
	{ IDENTIFIER_VAT, "GBGD500", INVALID },
	{ IDENTIFIER_VAT, "GBHA500", VALID },
	{ IDENTIFIER_VAT, "GBHA499", INVALID },
	{ IDENTIFIER_VAT, "GB802311781", INVALID },
	{ IDENTIFIER_VAT, "GB980780648", INVALID },
	{ IDENTIFIER_VAT, "GB000000000", INVALID },
	{ IDENTIFIER_IBAN, "GB82WEST12345698765432", VALID },
	{ IDENTIFIER_IBAN, "GB29 NWBK 6016 1331 9268 19", VALID },
	{ IDENTIFIER_IBAN, "IE29AIBK93115212345678", VALID },
	{ IDENTIFIER_IBAN, "DE89370400440532013000", VALID },
	{ IDENTIFIER_IBAN, "FR1420041010050500013M02606", VALID },
	{ IDENTIFIER_IBAN, "GB83WEST12345698765432", INVALID },
	{ IDENTIFIER_IBAN, "GB82WEST1234569876543", INVALID },
	{ IDENTIFIER_IBAN, "1234WEST12345698765432", INVALID },
	{ IDENTIFIER_CARD, "4111111111111111", VALID },
	{ IDENTIFIER_CARD, "4111 1111 1111 1111", VALID },
	{ IDENTIFIER_CARD, "5105105105105100", VALID },
	{ IDENTIFIER_CARD, "378282246310005", VALID },
	{ IDENTIFIER_CARD, "2223000048410010", VALID },
	{ IDENTIFIER_CARD, "6759649826438453", VALID },
	{ IDENTIFIER_CARD, "4111111111111112", INVALID },
	{ IDENTIFIER_CARD, "1234567812345670", INVALID },	/* no issuer */
	{ IDENTIFIER_CARD, "37828224631000", INVALID },
	{ IDENTIFIER_LICENCE, "MORGA657054SM9IJ", VALID },
	{ IDENTIFIER_LICENCE, "MORGA657054SM9IJ 35", VALID },
	{ IDENTIFIER_LICENCE, "FOX99801310J99KL", VALID },
	{ IDENTIFIER_LICENCE, "MORGA613054SM9IJ", INVALID },	/* month 13 */
	{ IDENTIFIER_LICENCE, "MORGA657324SM9IJ", INVALID },	/* day 32 */
	{ IDENTIFIER_LICENCE, "FO9X9801310J99KL", INVALID },
	{ IDENTIFIER_LICENCE, "99999801310J99KL", INVALID },
	{ IDENTIFIER_LICENCE, "MORGA657054SM9I", INVALID },
	{ IDENTIFIER_UPN, "B801200005001", VALID },
	{ IDENTIFIER_UPN, "D823432108001", VALID },
	{ IDENTIFIER_UPN, "B82043210800A", VALID },	/* temporary */
	{ IDENTIFIER_UPN, "A801200005001", INVALID },
	{ IDENTIFIER_UPN, "D823432108010", INVALID },
	{ IDENTIFIER_UPN, "B82043210800I", INVALID },
	{ IDENTIFIER_PASSPORT, "123456789", UNSURE },
	{ IDENTIFIER_PASSPORT, "AB1234567", UNSURE },
	{ IDENTIFIER_PASSPORT, "12345678", INVALID },
	{ IDENTIFIER_SORT_CODE, "08-99-99 66374958", UNSURE },	/* no table */
	{ IDENTIFIER_SORT_CODE, "sort code 08-99-99, account no. 66374958", UNSURE },
	{ IDENTIFIER_SORT_CODE, "089999 6637495", UNSURE },
	{ IDENTIFIER_SORT_CODE, "089999 66374", INVALID },
	{ IDENTIFIER_SORT_CODE, "089999 6637495866374", INVALID },
	{ IDENTIFIER_CARD, "", INVALID },
	{ IDENTIFIER_IBAN, "GB", INVALID },
};
/* clang-format on */

START_TEST(test_check)
{
	const struct check_case *c = &checks[_i];
	enum validity got =
	    identifier_check(c->kind, c->text, strlen(c->text), NULL);

	ck_assert_msg(got == c->want, "%s %s: %d", identifier_name(c->kind),
	    c->text, got);
}
END_TEST

/*
 * A small table in the form of the real one: three rows as published (089999,
 * 107999, 202959), the others simple enough to be reckoned by hand.
 */
static const char weights[] =
    "089000 089999 MOD10  0  0  0  0  0  0  7  1  3  7  1  3  7  1\r\n"
    "107999 107999 MOD11  0  0  0  0  0  0  8  7  6  5  4  3  2  1\r\n"
    "202959 202959 MOD11  0  0  0  0  0  0  0  7  6  5  4  3  2  1\n"
    "202959 202959 DBLAL  2  1  2  1  2  1  2  1  2  1  2  1  2  1\n"
    "110000 110000 DBLAL  0  0  0  0  0  0  0  0  0  0  0  0  0  1   1\n"
    "134020 134020 MOD11  0  0  0  7  5  9  8  4  6  3  5  2  0  0   4\n"
    "120000 120000 MOD11  0  0  0  0  0  0  0  0  0  0  0  0  0  1   2\n"
    "120000 120000 MOD11  1  0  0  0  0  0  0  0  0  0  0  0  0  1   9\n"
    "130000 130000 MOD10  0  0  0  0  0  0  1  0  0  0  0  0  0  0\n"
    "130000 130000 DBLAL  0  0  0  0  0  0  0  0  0  0  0  0  0  1   3\n"
    "150000 150000 MOD11  0  1  0  0  0  0  0  0  0  0  0  1  0  0   5\n"
    "150000 150000 DBLAL  0  0  0  0  0  0  0  0  0  0  0  1  0  0   5\n"
    "160000 160000 MOD11  0  0  0  0  0  0  0  0  0  0  0  0  0  1   6\n"
    "160000 160000 DBLAL  0  0  0  0  0  0  0  0  0  0  0  0  0  1   6\n"
    "772798 772798 MOD11  0  0  1  2  5  3  6  4  8  7 10  9  3  1   7\n"
    "180000 180000 MOD11  0  1  0  0  0  0  0  0  0  0  0  0  0  1   8\n"
    "190000 190000 MOD11  0  0  0  0  0  0  1  0  0  0  0  0  0  1  10\n"
    "190000 190000 DBLAL  0  0  0  0  0  0  0  0  0  1  0  0  0  0  11\n"
    "200000 200000 MOD11  0  0  0  0  0  0  0  0  0  0  0  0  0  1  12\n"
    "200000 200000 MOD10  0  0  0  0  0  0  0  0  0  1  0  0  0  0  13\n"
    "210000 210000 MOD11  0  0  0  0  0  0  0  7  6  5  4  3  2  1  14\n"
    "\n";
static const char substitutions[] = "150000 140000\n";

/* clang-format off */
static const struct bank_case {
	const char *sort_code, *account;
	enum validity want;
} banks[] = {
	{ "089999", "66374958", VALID },
	{ "089999", "66374959", INVALID },
	{ "089000", "66374958", VALID },
	{ "107999", "88837491", VALID },
	{ "107999", "88837493", INVALID },
	{ "202959", "63748472", VALID },	/* both rows */
	{ "202959", "63748474", INVALID },
	{ "990000", "66374958", UNSURE },	/* no row */
	{ "110000", "00000003", VALID },	/* 3 + 27 */
	{ "110000", "00000004", INVALID },
	{ "134020", "63849203", VALID },	/* the remainder is 03 */
	{ "134020", "63849204", INVALID },
	{ "120000", "12345677", VALID },	/* 242 = 22 x 11 */
	{ "120000", "12345695", INVALID },
	{ "120000", "99345694", VALID },	/* 187 = 17 x 11 */
	{ "120000", "00000008", VALID },	/* as 309634: 3 + 8 */
	{ "120000", "00000007", INVALID },
	{ "130000", "00000000", VALID },
	{ "130000", "00000005", INVALID },
	{ "130000", "00600005", VALID },	/* the second is not needed */
	{ "150000", "00000436", VALID },	/* 4 + 4: 11-8 is 3, 10-4 is 6 */
	{ "150000", "00000437", INVALID },
	{ "150000", "00000446", INVALID },
	{ "150000", "00000600", INVALID },	/* remainder 10: g would be 1 */
	{ "160000", "40000055", UNSURE },	/* foreign currency */
	{ "160000", "00000000", VALID },
	{ "160000", "90000055", INVALID },
	{ "772798", "99345694", VALID },	/* g is 9: weights from c on */
	{ "772798", "99345696", INVALID },
	{ "180000", "00000002", VALID },	/* as 090126: 9 + 2 */
	{ "180000", "00000003", INVALID },
	{ "190000", "90000002", VALID },	/* 9 + 2 */
	{ "190000", "99000190", VALID },	/* ab is 99, g 9: h alone */
	{ "190000", "90010002", VALID },	/* the first row passes */
	{ "190000", "90010001", INVALID },
	{ "200000", "00010000", VALID },
	{ "200000", "00010001", INVALID },
	{ "210000", "00000102", INVALID },
	{ "210000", "00000108", VALID },	/* 3 + 8 */
	{ "210000", "63748472", VALID },
	{ "210000", "37484721", VALID },	/* as 03748472 */
	{ "210000", "10002849", VALID },	/* as 01000284 */
	{ "210000", "10002848", INVALID },
};
/* clang-format on */

START_TEST(test_bank)
{
	const struct bank_case *c = &banks[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(bank_tables) tables =
	    bank_tables_new(weights, substitutions, &error);
	enum validity got;

	ck_assert_msg(tables != NULL, "%s", error ? error->message : "");
	got = bank_tables_check(tables, c->sort_code, c->account);
	ck_assert_msg(
	    got == c->want, "%s/%s: %d", c->sort_code, c->account, got);
}
END_TEST

START_TEST(test_bank_in_text)
{
	g_autoptr(bank_tables) tables = bank_tables_new(weights, NULL, NULL);
	const char *good = "sort code 08-99-99, account 66374958";
	const char *bad = "sort code 08-99-99, account 66374959";
	const char *seven = "107999 1234567";

	ck_assert_int_eq(
	    identifier_check(IDENTIFIER_SORT_CODE, good, strlen(good), tables),
	    VALID);
	ck_assert_int_eq(
	    identifier_check(IDENTIFIER_SORT_CODE, bad, strlen(bad), tables),
	    INVALID);
	/* Filled up to 01234567: 7+12+15+16+15+12+7 = 84 */
	ck_assert_int_eq(identifier_check(IDENTIFIER_SORT_CODE, seven,
			     strlen(seven), tables),
	    INVALID);
}
END_TEST

/* clang-format off */
static const struct fault_case {
	const char *weights, *substitutions, *want;
} faults[] = {
	{ "089000 089999 MOD10 0 0 0", NULL,
	    "line 1 is no row of a modulus weight table" },
	{ "\n089999 089000 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1", NULL,
	    "line 2 is no row of a modulus weight table" },
	{ "089000 089999 MOD12 0 0 0 0 0 0 7 1 3 7 1 3 7 1", NULL,
	    "line 1 is no row of a modulus weight table" },
	{ "089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 x", NULL,
	    "line 1 is no row of a modulus weight table" },
	{ "", "150000", "line 1 is no row of a sort code substitution table" },
};
/* clang-format on */

START_TEST(test_bank_fault)
{
	const struct fault_case *c = &faults[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(bank_tables) tables =
	    bank_tables_new(c->weights, c->substitutions, &error);

	ck_assert_ptr_null(tables);
	ck_assert_str_eq(error->message, c->want);
}
END_TEST

/* clang-format off */
static const struct redact_case {
	const char *text, *want;
} redactions[] = {
	{ "AB123456C", "AB****56C" },
	{ "ab 12 34 56 c", "ab****56c" },
	{ "943 476 5919", "94*****919" },
	{ "4111-1111-1111-1111", "41***********111" },
	{ "12345678", "********" },
	{ "", "" },
};
/* clang-format on */

START_TEST(test_redact)
{
	const struct redact_case *c = &redactions[_i];
	g_autofree char *got = identifier_redact(c->text, strlen(c->text));

	ck_assert_str_eq(got, c->want);
}
END_TEST

START_TEST(test_names)
{
	enum identifier kind;
	int i;

	for (i = 0; i < IDENTIFIER_COUNT; i++) {
		ck_assert(identifier_from_name(
		    identifier_name((enum identifier)i), &kind));
		ck_assert_int_eq(kind, i);
	}
	ck_assert(!identifier_from_name("isbn", &kind));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("identifier");
	TCase *t = tcase_create("identifier");

	tcase_add_loop_test(t, test_check, 0, G_N_ELEMENTS(checks));
	tcase_add_loop_test(t, test_bank, 0, G_N_ELEMENTS(banks));
	tcase_add_test(t, test_bank_in_text);
	tcase_add_loop_test(t, test_bank_fault, 0, G_N_ELEMENTS(faults));
	tcase_add_loop_test(t, test_redact, 0, G_N_ELEMENTS(redactions));
	tcase_add_test(t, test_names);
	suite_add_tcase(s, t);
	return s;
}
