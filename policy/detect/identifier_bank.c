#include <stdlib.h>
#include <string.h>

#include "policy/detect/identifier.h"

/*
 * "Validating account numbers" of Vocalink.  The fourteen digits of sort code
 * and account are called u v w x y z a b c d e f g h there; a sort code has
 * none, one or two rows of weights, and rows have exceptions.
 */
enum { U, V, W, X, Y, Z, A, B, C, D, E, F, G, H, DIGITS };
enum method { MOD10, MOD11, DBLAL };

/* No table has nearly as many rows: about 1,200. */
enum { ROWS_MAX = 20000 };

struct row {
	unsigned first, last; /* sort codes */
	enum method method;
	int weights[DIGITS];
	unsigned exception; /* 0: none */
};

struct bank_tables {
	GArray *rows;              /* struct row, in file order */
	GHashTable *substitutions; /* sort code to sort code, as pointers */
};

void
bank_tables_free(struct bank_tables *tables)
{
	if (tables == NULL)
		return;
	g_array_unref(tables->rows);
	g_hash_table_unref(tables->substitutions);
	g_free(tables);
}

static bool
read_number(const char *word, gint64 lowest, gint64 highest, gint64 *number)
{
	return word != NULL && g_ascii_string_to_signed(
				   word, 10, lowest, highest, number, NULL);
}

static bool
read_method(const char *word, enum method *method)
{
	static const char *const methods[] = {"MOD10", "MOD11", "DBLAL"};
	guint i;

	for (i = 0; word != NULL && i < G_N_ELEMENTS(methods); i++) {
		if (g_ascii_strcasecmp(word, methods[i]) == 0) {
			*method = (enum method)i;
			return true;
		}
	}
	return false;
}

/* The words of a line, without the empty ones between spaces. */
static GPtrArray *
words_of(const char *line)
{
	g_auto(GStrv) all = g_strsplit_set(line, " \t\r", -1);
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	guint i;

	for (i = 0; all[i] != NULL; i++)
		if (*all[i] != '\0')
			g_ptr_array_add(words, g_strdup(all[i]));
	return words;
}

static bool
read_row(const GPtrArray *words, struct row *row)
{
	gint64 number;
	guint i;

	if (words->len < 3 + DIGITS || words->len > 4 + DIGITS)
		return false;
	if (!read_number(words->pdata[0], 0, 999999, &number))
		return false;
	row->first = (unsigned)number;
	if (!read_number(words->pdata[1], row->first, 999999, &number))
		return false;
	row->last = (unsigned)number;
	if (!read_method(words->pdata[2], &row->method))
		return false;
	for (i = 0; i < DIGITS; i++) {
		if (!read_number(words->pdata[3 + i], -999, 999, &number))
			return false;
		row->weights[i] = (int)number;
	}
	row->exception = 0;
	if (words->len == 4 + DIGITS) {
		if (!read_number(words->pdata[3 + DIGITS], 1, 99, &number))
			return false;
		row->exception = (unsigned)number;
	}
	return true;
}

static bool
add_row(struct bank_tables *tables, const GPtrArray *words)
{
	struct row row;

	if (tables->rows->len >= ROWS_MAX || !read_row(words, &row))
		return false;
	g_array_append_val(tables->rows, row);
	return true;
}

static bool
add_substitution(struct bank_tables *tables, const GPtrArray *words)
{
	gint64 from, to;

	if (g_hash_table_size(tables->substitutions) >= ROWS_MAX ||
	    words->len != 2 ||
	    !read_number(words->pdata[0], 0, 999999, &from) ||
	    !read_number(words->pdata[1], 0, 999999, &to))
		return false;
	g_hash_table_insert(tables->substitutions,
	    GUINT_TO_POINTER((guint)from), GUINT_TO_POINTER((guint)to));
	return true;
}

static bool
read_lines(struct bank_tables *tables, const char *text, const char *what,
    bool (*add)(struct bank_tables *, const GPtrArray *), GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint i;

	for (i = 0; lines[i] != NULL; i++) {
		g_autoptr(GPtrArray) words = words_of(lines[i]);

		if (words->len == 0 || add(tables, words))
			continue;
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "line %u is no row of a %s table", i + 1, what);
		return false;
	}
	return true;
}

struct bank_tables *
bank_tables_new(const char *weights, const char *substitutions, GError **error)
{
	g_autoptr(bank_tables) tables = g_new0(struct bank_tables, 1);

	tables->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	tables->substitutions = g_hash_table_new(NULL, NULL);
	if (!read_lines(tables, weights, "modulus weight", add_row, error))
		return NULL;
	if (substitutions != NULL &&
	    !read_lines(tables, substitutions, "sort code substitution",
		add_substitution, error))
		return NULL;
	return g_steal_pointer(&tables);
}

static void
put_sort_code(int *digits, unsigned sort_code)
{
	int i;

	for (i = Z; i >= U; i--, sort_code /= 10)
		digits[i] = (int)(sort_code % 10);
}

static int
total(enum method method, const int *digits, const int *weights)
{
	int i, product, sum = 0;

	for (i = 0; i < DIGITS; i++) {
		product = digits[i] * weights[i];
		sum += method == DBLAL ? abs(product) / 10 + abs(product) % 10
				       : product;
	}
	return sum;
}

/* Exceptions that take other digits or weights than the row has. */
static void
apply_exception(const struct bank_tables *tables, const struct row *row,
    int *digits, int *weights)
{
	static const int two[] = {0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1};
	static const int two_nine[] = {
	    0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1};
	unsigned sort_code = 0;
	gpointer other;
	int i;

	for (i = U; i <= Z; i++)
		sort_code = sort_code * 10 + (unsigned)digits[i];
	switch (row->exception) {
	case 2:
		if (digits[A] != 0)
			memcpy(weights, digits[G] == 9 ? two_nine : two,
			    sizeof(two));
		break;
	case 5:
		if (g_hash_table_lookup_extended(tables->substitutions,
			GUINT_TO_POINTER(sort_code), NULL, &other))
			put_sort_code(digits, GPOINTER_TO_UINT(other));
		break;
	case 8:
		put_sort_code(digits, 90126);
		break;
	case 9:
		put_sort_code(digits, 309634);
		break;
	case 10:
		if ((digits[A] != 0 && digits[A] != 9) || digits[B] != 9)
			break;
		G_GNUC_FALLTHROUGH;
	case 7:
		if (digits[G] == 9)
			for (i = U; i <= B; i++)
				weights[i] = 0;
		break;
	}
}

/* Exception 5: the remainder gives one of the last two digits. */
static bool
passes_five(enum method method, int sum, const int *digits)
{
	int modulus = method == MOD11 ? 11 : 10;
	int check = method == MOD11 ? digits[G] : digits[H];
	int rest = sum % modulus;

	if (rest == 0)
		return check == 0;
	if (method == MOD11 && rest == 1)
		return false;
	return modulus - rest == check;
}

/* Exception 14: the account may have seven digits and a branch digit. */
static bool
passes_shifted(const struct row *row, const int *digits, const int *weights)
{
	int shifted[DIGITS];

	if (digits[H] != 0 && digits[H] != 1 && digits[H] != 9)
		return false;
	memcpy(shifted, digits, sizeof(shifted));
	memmove(shifted + B, digits + A, (H - A) * sizeof(*digits));
	shifted[A] = 0;
	return total(row->method, shifted, weights) % 11 == 0;
}

static bool
passes(
    const struct bank_tables *tables, const struct row *row, const int *given)
{
	int digits[DIGITS], weights[DIGITS], sum, modulus;

	memcpy(digits, given, sizeof(digits));
	memcpy(weights, row->weights, sizeof(weights));
	apply_exception(tables, row, digits, weights);
	sum = total(row->method, digits, weights);
	modulus = row->method == MOD11 ? 11 : 10;
	switch (row->exception) {
	case 1:
		return (sum + 27) % modulus == 0;
	case 4:
		return sum % modulus == digits[G] * 10 + digits[H];
	case 5:
		return passes_five(row->method, sum, digits);
	case 14:
		return sum % modulus == 0 ||
		       passes_shifted(row, digits, weights);
	default:
		return sum % modulus == 0;
	}
}

/* Exceptions whose two rows are alternatives. */
static bool
is_either(const struct row *first, const struct row *second)
{
	return (first->exception == 2 && second->exception == 9) ||
	       (first->exception == 10 && second->exception == 11) ||
	       (first->exception == 12 && second->exception == 13);
}

static bool
passes_both(const struct bank_tables *tables, const struct row *first,
    const struct row *second, const int *digits)
{
	if (is_either(first, second))
		return passes(tables, first, digits) ||
		       passes(tables, second, digits);
	if (!passes(tables, first, digits))
		return false;
	if (second->exception == 3 && (digits[C] == 6 || digits[C] == 9))
		return true;
	return passes(tables, second, digits);
}

enum validity
bank_tables_check(const struct bank_tables *tables, const char *sort_code,
    const char *account)
{
	const struct row *found[2] = {NULL, NULL};
	unsigned code = (unsigned)strtoul(sort_code, NULL, 10);
	int digits[DIGITS], i;
	guint k, n = 0;
	bool valid;

	for (i = 0; i < DIGITS; i++)
		digits[i] = (i <= Z ? sort_code[i] : account[i - A]) - '0';
	for (k = 0; k < tables->rows->len && n < 2; k++) {
		const struct row *row =
		    &g_array_index(tables->rows, struct row, k);

		if (code >= row->first && code <= row->last)
			found[n++] = row;
	}
	if (n == 0)
		return IDENTIFIER_CANNOT_TELL;
	/* Accounts in foreign currency have no check digits. */
	if (found[0]->exception == 6 && digits[A] >= 4 && digits[A] <= 8 &&
	    digits[G] == digits[H])
		return IDENTIFIER_CANNOT_TELL;
	valid = n == 1 ? passes(tables, found[0], digits)
		       : passes_both(tables, found[0], found[1], digits);
	return valid ? IDENTIFIER_VALID : IDENTIFIER_INVALID;
}
