#include <string.h>

#include "tests/unit/reading.h"
#include "tests/unit/unit.h"

static const struct {
	const char *name, *text;
	const char *want; /* as it reads in the text; NULL: as given */
} names[] = {
    {"plain", "Jane Jones", NULL},
    {"umlaut", "Zoë Müller", NULL},
    {"Welsh", "Siân Ŵyn", NULL},
    {"Chinese", "王小明", NULL},
    {"Arabic", "محمد علي", NULL},
    {"emoji", "Owen 🏴󠁧󠁢󠁷󠁬󠁳󠁿", NULL},
    {"quotes", "Sam \"Sammy\" O'Smith & Sons <x@y>", NULL},
    {"script", "<script>alert(1)</script>", NULL},
    {"comma and backslash", "Smith\\, Sam (the chair)", NULL},
    {"encoded word", "=?UTF-8?Q?Bcc?=", NULL},
    {"header", "Sam\r\nBcc: x@evil.example", "Sam  Bcc: x@evil.example"},
    {"body", "Sam\r\n\r\n<b>hello</b>", "Sam    <b>hello</b>"},
    {"other line ends", "Sam\v\f\xc2\x85\u2028\u2029Smith", "Sam     Smith"},
    {"reordered", "Sam \u202egpj.exe\u202c", "Sam gpj.exe"},
    {"not UTF-8", "Zo\xeb", "Zo\ufffd"},
    {"one long word",
	"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
	"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
	NULL},
    {"long in UTF-8",
	"ŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵŵ",
	NULL},
};

/* Runs of spaces count as one. */
static bool
reads_like(const char *got, const char *want)
{
	g_autofree char *flat_want = flatten(want, false);
	g_autofree char *flat_got = flatten(got, false);

	return strstr(flat_got, flat_want) != NULL;
}

START_TEST(name_in_body)
{
	const char *want = names[_i].want ? names[_i].want : names[_i].text;
	g_autoptr(outbox_item) item = item_new("report");
	g_autofree char *html = NULL;
	struct reading reading;

	entry_set(&item->entry->sender, names[_i].text);
	entry_set(&item->entry->date, names[_i].text);
	entry_set(&item->entry->message_id, names[_i].text);
	entry_set(&item->entry->queue_id, names[_i].text);
	entry_set(&item->entry->not_inspected, names[_i].text);
	item->text = g_strdup(names[_i].text);
	reading = reading_of_item(item);
	ck_assert_msg(reads_like(reading.text, want), "%s: %s", names[_i].name,
	    reading.text);
	html = flatten(reading.html, true);
	ck_assert_msg(
	    reads_like(html, want), "%s: %s", names[_i].name, reading.html);
	ck_assert_ptr_null(strstr(reading.html, "<script"));
	ck_assert_ptr_null(strstr(reading.html, "<b>"));
	reading_clear(&reading);
}
END_TEST

START_TEST(name_in_header)
{
	const char *want = names[_i].want ? names[_i].want : names[_i].text;
	g_autofree char *council = g_strdup(names[_i].text);
	g_autofree char *display = g_strdup_printf("%s mail filter", want);
	g_autoptr(outbox_item) item = item_new("notice");
	struct letterhead other = test_letterhead;
	struct reading reading;
	InternetAddress *from;

	other.council = council;
	entry_set(&first_finding(item)->clause, names[_i].text);
	entry_set(&item->entry->message_id, names[_i].text);
	reading = reading_of(letter_render(&other, item));
	ck_assert_ptr_null(reading_header(&reading, "Bcc"));
	ck_assert_ptr_null(reading_header(&reading, "In-Reply-To"));
	from = internet_address_list_get_address(
	    g_mime_message_get_from(reading.message), 0);
	ck_assert_msg(reads_like(internet_address_get_name(from), display),
	    "%s: %s", names[_i].name, internet_address_get_name(from));
	if (g_utf8_validate(names[_i].text, -1, NULL) &&
	    g_utf8_strlen(names[_i].text, -1) <= 90)
		ck_assert_msg(
		    reads_like(
			g_mime_message_get_subject(reading.message), want),
		    "%s: %s", names[_i].name,
		    g_mime_message_get_subject(reading.message));
	reading_clear(&reading);
}
END_TEST

static const struct {
	const char *input, *want;
} addresses[] = {
    {"clerk@woodland-pc.example", "clerk@woodland-pc.example"},
    {"x@y.example>\r\nBcc: z@y.example", "x@y.example___Bcc:_z@y.example"},
    {"a@b.example,c@d.example", "a@b.example_c@d.example"},
    {"clerk@m\u00fcller.example", "clerk@xn--mller-kva.example"},
};

START_TEST(address_in_header)
{
	g_autoptr(outbox_item) item = item_new("report");
	struct reading reading;

	entry_set(&item->address, addresses[_i].input);
	reading = reading_of_item(item);
	ck_assert_str_eq(reading_header(&reading, "To"), addresses[_i].want);
	ck_assert_ptr_null(reading_header(&reading, "Bcc"));
	reading_clear(&reading);
}
END_TEST

START_TEST(text_width)
{
	g_autoptr(outbox_item) item = item_new("report");
	g_auto(GStrv) lines = NULL;
	struct reading reading;
	unsigned i;

	entry_set(&item->entry->recipients,
	    "Cllr Jane Jones, Cllr Sam Smith, Cllr Priya Patel, Cllr Owen "
	    "Hughes, Cllr Zo\u00eb M\u00fcller, Robin Lee, Alex Morgan");
	reading = reading_of_item(item);
	lines = g_strsplit(reading.text, "\n", -1);
	for (i = 0; lines[i] != NULL; i++)
		ck_assert_msg(
		    g_utf8_strlen(lines[i], -1) <= 72, "%s", lines[i]);
	ck_assert_ptr_nonnull(strstr(reading.text,
	    "To:               Cllr Jane Jones, Cllr Sam Smith, Cllr Priya "
	    "Patel,\n                  Cllr Owen Hughes"));
	reading_clear(&reading);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("mail");
	TCase *tcase = tcase_create("mail");

	g_mime_init();
	tcase_add_loop_test(tcase, name_in_body, 0, G_N_ELEMENTS(names));
	tcase_add_loop_test(tcase, name_in_header, 0, G_N_ELEMENTS(names));
	tcase_add_loop_test(
	    tcase, address_in_header, 0, G_N_ELEMENTS(addresses));
	tcase_add_test(tcase, text_width);
	suite_add_tcase(suite, tcase);
	return suite;
}
