/* Messages in files: taking apart, writing edited, envelopes, mailboxes, JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milter/ctl/json.h"
#include "milter/ctl/mailfile.h"
#include "milter/ctl/walk.h"
#include "tests/unit/unit.h"

/* "name=value" of each field, "|", then the body; folds show as "/". */
static char *
take_apart(const char *text, gsize len)
{
	GString *out = g_string_new(NULL);
	struct mailfile mail;

	mailfile_init(&mail, text, len);
	for (guint i = 0; i < mail.fields->len; i++) {
		const struct mailfield *field =
		    &g_array_index(mail.fields, struct mailfield, i);
		g_autofree char *name = mailfile_name(&mail, field);
		g_autofree char *value = mailfile_value(&mail, field);

		g_strdelimit(value, "\n", '/');
		g_string_append_printf(out, "%s=%s;", name, value);
	}
	g_string_append_printf(
	    out, "|%.*s", (int)(mail.len - mail.body), mail.data + mail.body);
	mailfile_clear(&mail);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *name, *input, *want;
} parts[] = {
    {"plain", "To: a\nCc: b\n\nbody\n", "To= a;Cc= b;|body\n"},
    {"crlf", "To: a\r\nCc: b\r\n\r\nbody\r\n", "To= a;Cc= b;|body\r\n"},
    {"folds", "To: a,\n b,\n\tc\n\nx", "To= a,/ b,/\tc;|x"},
    {"crlf folds", "To: a,\r\n b\r\n\r\nx", "To= a,/ b;|x"},
    {"no space after the colon", "To:a\n\n", "To=a;|"},
    {"blanks before the colon", "To \t: a\n\n", "To= a;|"},
    {"empty value", "To:\nCc: b\n\nx", "To=;Cc= b;|x"},
    {"a line that is no field", "To: a\nnonsense\nCc: b\n",
	"To= a;|nonsense\nCc: b\n"},
    {"a space first", " To: a\nCc: b\n", "| To: a\nCc: b\n"},
    {"8-bit name", "T\xc3\xb6: a\n\nx", "|T\xc3\xb6: a\n\nx"},
    {"mbox line", "From a@b Mon\nTo: a\n\nFrom x\n", "To= a;|From x\n"},
    {"no body", "To: a\n", "To= a;|"},
    {"no last line end", "To: a", "To= a;|"},
    {"empty", "", "|"},
    {"empty header", "\nbody", "|body"},
    {"fold of blanks", "To: a\n \n b\n\nx", "To= a/ / b;|x"},
};

START_TEST(test_parts)
{
	g_autofree char *got =
	    take_apart(parts[_i].input, strlen(parts[_i].input));

	ck_assert_msg(
	    strcmp(got, parts[_i].want) == 0, "%s: %s", parts[_i].name, got);
}
END_TEST

/* An edit: each splice is "start-end:text", header changes likewise. */
struct planned {
	gsize start, end;
	const char *text;
};

static const struct {
	const char *name, *input;
	struct planned splices[3];
	const char *want;
} edits[] = {
    {"nothing", "To: a\n\none\n", {{0}}, "To: a\n\none\n"},
    {"at the end", "To: a\n\none\n", {{5, 5, "two\r\n"}},
	"To: a\n\none\ntwo\n"},
    {"at the end, crlf", "To: a\r\n\r\none\r\n", {{5, 5, "two\r\n"}},
	"To: a\r\n\r\none\r\ntwo\r\n"},
    {"between lines, crlf", "To: a\r\n\r\none\r\ntwo\r\nsix\r\n",
	{{10, 10, "X\r\n"}}, "To: a\r\n\r\none\r\ntwo\r\nX\r\nsix\r\n"},
    {"in the middle", "To: a\n\none\ntwo\nsix\n", {{5, 10, "2\r\n3\r\n"}},
	"To: a\n\none\n2\n3\nsix\n"},
    {"within a line", "To: a\n\none\n", {{1, 2, "X"}}, "To: a\n\noXe\n"},
    {"several", "To: a\n\none\ntwo\n", {{0, 0, "0"}, {5, 5, "5"}, {7, 8, ""}},
	"To: a\n\n0one\n5tw\n"},
    {"mixed line ends", "To: a\n\none\r\ntwo\nsix\r\n", {{10, 10, "X\r\n"}},
	"To: a\n\none\r\ntwo\nX\nsix\r\n"},
    {"no last line end", "To: a\n\none", {{5, 5, "two\r\n"}},
	"To: a\n\none\ntwo\n"},
    {"no last line end, untouched", "To: a\n\none\ntwo", {{0, 0, "X"}},
	"To: a\n\nXone\ntwo"},
    {"no body", "To: a\n", {{0, 0, "X\r\n"}}, "To: a\n\nX\n"},
    {"no line end at all", "To: a", {{0, 0, "X\r\n"}}, "To: a\n\nX\n"},
    {"no empty line", "To: a\nnonsense\n", {{10, 10, "X\r\n"}},
	"To: a\n\nnonsense\nX\n"},
    {"empty body", "To: a\n\n", {{0, 0, "X\r\n"}}, "To: a\n\nX\n"},
    {"bare cr stays", "To: a\n\no\re\n", {{5, 5, "X\r\n"}},
	"To: a\n\no\re\nX\n"},
    {"to the very end", "To: a\n\none\ntwo\n", {{5, 10, ""}}, "To: a\n\none\n"},
};

static char *
written(const char *text, const struct edit *edit, gsize *len)
{
	struct mailfile mail;
	char *out = NULL;
	FILE *file = open_memstream(&out, len);

	mailfile_init(&mail, text, strlen(text));
	ck_assert(mailfile_write(&mail, edit, file));
	ck_assert_int_eq(fclose(file), 0);
	mailfile_clear(&mail);
	return out;
}

static void
splice_clear(void *splice)
{
	g_bytes_unref(((struct splice *)splice)->text);
}

static void
change_free(void *data)
{
	struct header_change *change = data;

	g_free(change->name);
	g_free(change->value);
	g_free(change);
}

static void
edit_init(struct edit *edit)
{
	*edit = (struct edit){.status = EDIT_DONE};
	edit->splices = g_array_new(FALSE, TRUE, sizeof(struct splice));
	g_array_set_clear_func(edit->splices, splice_clear);
	edit->headers = g_ptr_array_new_with_free_func(change_free);
}

static void
edit_clear(struct edit *edit)
{
	g_array_unref(edit->splices);
	g_ptr_array_unref(edit->headers);
}

START_TEST(test_write)
{
	struct edit edit;
	char *got;
	gsize len;

	edit_init(&edit);
	for (int i = 0; i < 3 && edits[_i].splices[i].text != NULL; i++) {
		const struct planned *plan = &edits[_i].splices[i];
		struct splice splice = {plan->start, plan->end,
		    g_bytes_new_static(plan->text, strlen(plan->text))};

		g_array_append_val(edit.splices, splice);
	}
	got = written(edits[_i].input, &edit, &len);
	ck_assert_msg(
	    strcmp(got, edits[_i].want) == 0, "%s: %s", edits[_i].name, got);
	free(got);
	edit_clear(&edit);
}
END_TEST

static const struct {
	const char *name, *input;
	struct {
		enum header_op op;
		const char *name;
		unsigned index;
		const char *value;
	} changes[2];
	const char *want;
} changes[] = {
    {"insert at the top", "To: a\n\n", {{HEADER_INSERT, "X", 0, "1"}},
	"X: 1\nTo: a\n\n"},
    {"insert second", "To: a\nCc: b\n\n", {{HEADER_INSERT, "X", 1, "1"}},
	"To: a\nX: 1\nCc: b\n\n"},
    {"insert far behind", "To: a\n\n", {{HEADER_INSERT, "X", 99, "1"}},
	"To: a\nX: 1\n\n"},
    {"a folded value", "To: a\r\n\r\n", {{HEADER_INSERT, "X", 9, "1\n 2"}},
	"To: a\r\nX: 1\r\n 2\r\n\r\n"},
    {"change the second", "X: 1\nx: 2\n\n", {{HEADER_CHANGE, "X", 2, "3"}},
	"X: 1\nX: 3\n\n"},
    {"change what is not there", "To: a\n\n", {{HEADER_CHANGE, "X", 1, "3"}},
	"To: a\nX: 3\n\n"},
    {"delete", "X: 1\n 2\nTo: a\n\n", {{HEADER_DELETE, "x", 1, NULL}},
	"To: a\n\n"},
    {"delete what is not there", "To: a\n\n", {{HEADER_DELETE, "X", 1, NULL}},
	"To: a\n\n"},
    {"delete, then insert", "X: 1\nTo: a\n\n",
	{{HEADER_DELETE, "X", 1, NULL}, {HEADER_INSERT, "X", 0, "2"}},
	"X: 2\nTo: a\n\n"},
    {"no line end before", "To: a", {{HEADER_INSERT, "X", 9, "1"}},
	"To: a\nX: 1\n"},
};

START_TEST(test_header)
{
	struct edit edit;
	char *got;
	gsize len;

	edit_init(&edit);
	for (int i = 0; i < 2 && changes[_i].changes[i].name != NULL; i++) {
		struct header_change *change = g_new0(struct header_change, 1);

		change->op = changes[_i].changes[i].op;
		change->name = g_strdup(changes[_i].changes[i].name);
		change->index = changes[_i].changes[i].index;
		change->value = g_strdup(changes[_i].changes[i].value);
		g_ptr_array_add(edit.headers, change);
	}
	got = written(changes[_i].input, &edit, &len);
	ck_assert_msg(strcmp(got, changes[_i].want) == 0, "%s: %s",
	    changes[_i].name, got);
	free(got);
	edit_clear(&edit);
}
END_TEST

/* "sender>recipient[resolved],…@time" */
static const struct {
	const char *name, *input, *want;
} envelopes[] = {
    {"from and to", "From: Jane <j@x>\nTo: a@x, B <b@x>\n\n", "j@x>a@x,b@x"},
    {"sender before from", "From: j@x\nSender: s@x\nTo: a@x\n\n", "s@x>a@x"},
    {"return path first", "Return-Path: <r@x>\nFrom: j@x\nTo: a@x\n\n",
	"r@x>a@x"},
    {"bounce", "Return-Path: <>\nFrom: j@x\nTo: a@x\n\n", ">a@x"},
    {"bcc", "From: j@x\nTo: a@x\nBcc: b@x\n\n", "j@x>a@x,b@x"},
    {"each once", "From: j@x\nTo: a@x\nCc: a@x\nDelivered-To: a@x\n\n",
	"j@x>a@x"},
    {"delivered", "From: j@x\nTo: a@x\nDelivered-To: d@x\n\n", "j@x>a@x,d@x"},
    {"delivered for",
	"X-Original-To: o@x\nDelivered-To: d@x\nFrom: j@x\nTo: a@x\n\n",
	"j@x>a@x,o@x[d@x]"},
    {"resent", "Resent-From: r@x\nResent-To: s@x\nFrom: j@x\nTo: a@x\n\n",
	"r@x>s@x"},
    {"date", "From: j@x\nDate: 7 May 2026 14:30:00 +0100 (GMT Summer)\n\n",
	"j@x>@1778160600"},
    {"no date", "From: j@x\nDate: some day\n\n", "j@x>"},
    {"nobody", "To: undisclosed-recipients:;\n\n", ">"},
};

static char *
describe(const struct envelope *envelope)
{
	GString *out = g_string_new(envelope->sender);

	g_string_append_c(out, '>');
	for (guint i = 0; i < envelope->recipients->len; i++) {
		const struct envelope_recipient *recipient =
		    envelope->recipients->pdata[i];

		g_string_append_printf(
		    out, "%s%s", i > 0 ? "," : "", recipient->argument);
		if (recipient->resolved != NULL)
			g_string_append_printf(
			    out, "[%s]", recipient->resolved);
	}
	if (envelope->time != 0)
		g_string_append_printf(
		    out, "@%" G_GINT64_FORMAT, envelope->time);
	return g_string_free(out, FALSE);
}

START_TEST(test_envelope)
{
	const char *text = envelopes[_i].input;
	g_autoptr(envelope) envelope = NULL;
	g_autofree char *got = NULL;
	struct mailfile mail;

	mailfile_init(&mail, text, strlen(text));
	envelope = envelope_from_headers(&mail);
	got = describe(envelope);
	ck_assert_msg(strcmp(got, envelopes[_i].want) == 0, "%s: %s",
	    envelopes[_i].name, got);
	mailfile_clear(&mail);
}
END_TEST

START_TEST(test_envelope_file)
{
	char *directory = unit_directory();
	g_autofree char *path = unit_write(directory, "a.env",
	    "<j@x>\r\nauth jane\na@x\n\n<b@x>\nip 192.0.2.7\n");
	g_autoptr(envelope) envelope = envelope_load(path, NULL);
	g_autofree char *got = NULL;

	ck_assert_ptr_nonnull(envelope);
	got = describe(envelope);
	ck_assert_str_eq(got, "j@x>a@x,b@x");
	ck_assert_str_eq(envelope->login, "jane");
	ck_assert_str_eq(envelope->client, "192.0.2.7");
	unit_remove(directory);
	g_free(directory);
}
END_TEST

/* The messages of a mailbox, each ended by "$". */
static const struct {
	const char *name, *input, *want;
} boxes[] = {
    {"one", "From a\nTo: a\n\nx\n", "To: a\n\nx\n$"},
    {"two", "From a\nTo: a\n\nx\n\nFrom b\nTo: b\n\ny\n\n",
	"To: a\n\nx\n$To: b\n\ny\n$"},
    {"crlf", "From a\r\nTo: a\r\n\r\nx\r\n\r\nFrom b\r\nTo: b\r\n\r\n",
	"To: a\r\n\r\nx\r\n$To: b\r\n$"},
    {"quoted", "From a\nTo: a\n\n>From x\n>>From y\n>Fromage\n",
	"To: a\n\nFrom x\n>From y\n>Fromage\n$"},
    {"text like a separator", "From a\nTo: a\n\nx\n\nFrom here\nto there\n",
	"To: a\n\nx\n\nFrom here\nto there\n$"},
    {"separator without an empty line", "From a\nTo: a\n\nx\nFrom b\nTo: b\n",
	"To: a\n\nx\nFrom b\nTo: b\n$"},
    {"a date instead of the empty line",
	"From a\nTo: a\n\nx\nFrom - Mon\nTo: b\n\n"
	"y\nFrom c 12:50\nTo: c\n",
	"To: a\n\nx\n$To: b\n\ny\n$To: c\n$"},
    {"a date in the text", "From a\nTo: a\n\nFrom 12:50 on\nFrom 1:30 on\n",
	"To: a\n\nFrom 12:50 on\nFrom 1:30 on\n$"},
    {"empty lines stay", "From a\nTo: a\n\nx\n\n\n\nFrom b\nTo: b\n\n",
	"To: a\n\nx\n\n\n$To: b\n$"},
    {"a separator last", "From a\nTo: a\n\nx\n\nFrom b\n",
	"To: a\n\nx\n\nFrom b\n$"},
    {"no mbox", "To: a\n\nx\n\nFrom b\nTo: b\n",
	"To: a\n\nx\n\nFrom b\nTo: b\n$"},
    {"empty file", "", "the file is empty!"},
};

static void
collect(void *arg, const struct walked *found)
{
	g_string_append_len(arg, found->data, (gssize)found->len);
	g_string_append_c(arg, '$');
}

static void
collect_trouble(void *arg, const char *name, const char *why)
{
	(void)name;
	g_string_append_printf(arg, "%s!", why);
}

START_TEST(test_box)
{
	char *directory = unit_directory();
	g_autofree char *path = unit_write(directory, "box", boxes[_i].input);
	g_autoptr(GString) got = g_string_new(NULL);
	struct walk walk = {
	    .message = collect, .unreadable = collect_trouble, .arg = got};

	walk_path(&walk, path);
	ck_assert_msg(strcmp(got->str, boxes[_i].want) == 0, "%s: %s",
	    boxes[_i].name, got->str);
	unit_remove(directory);
	g_free(directory);
}
END_TEST

START_TEST(test_limit)
{
	char *directory = unit_directory();
	g_autofree char *path = unit_write(directory, "box",
	    "From a\nTo: a\n\nlong\nlines\n\nFrom b\nTo: b\n\nshort\n");
	g_autoptr(GString) got = g_string_new(NULL);
	struct walk walk = {.message = collect,
	    .unreadable = collect_trouble,
	    .max = 9,
	    .arg = got};

	walk_path(&walk, path);
	ck_assert_str_eq(got->str, "To: a\n\nlo$To: b\n\nsh$");
	unit_remove(directory);
	g_free(directory);
}
END_TEST

static const struct {
	const char *name, *value, *want;
} strings[] = {
    {"plain", "x", "\"x\""},
    {"quotes", "a\"b\\c", "\"a\\\"b\\\\c\""},
    {"controls", "\x01\n\t\x7f", "\"\\u0001\\n\\t\\u007f\""},
    {"utf-8", "Zo\xc3\xab", "\"Zo\xc3\xab\""},
    {"latin-1", "Zo\xeb", "\"Zo\xef\xbf\xbd\""},
};

START_TEST(test_string)
{
	struct json *json = json_new(false);
	g_autofree char *want = g_strdup_printf("[%s]\n", strings[_i].want);
	g_autofree char *got = NULL;

	json_array(json, NULL);
	json_string(json, NULL, strings[_i].value);
	json_end(json);
	got = json_finish(json);
	ck_assert_str_eq(got, want);
}
END_TEST

START_TEST(test_nesting)
{
	struct json *json = json_new(true);
	g_autofree char *got = NULL;

	json_object(json, NULL);
	json_number(json, "n", -3);
	json_array(json, "a");
	json_end(json);
	json_array(json, "b");
	json_bool(json, NULL, true);
	json_object(json, NULL);
	json_end(json);
	json_end(json);
	json_end(json);
	got = json_finish(json);
	ck_assert_str_eq(got,
	    "{\n  \"n\": -3,\n  \"a\": [],\n  \"b\": [\n    true,\n    {}\n"
	    "  ]\n}\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("mailfile");
	TCase *tcase = tcase_create("mailfile");

	tcase_add_loop_test(tcase, test_parts, 0, G_N_ELEMENTS(parts));
	tcase_add_loop_test(tcase, test_write, 0, G_N_ELEMENTS(edits));
	tcase_add_loop_test(tcase, test_header, 0, G_N_ELEMENTS(changes));
	tcase_add_loop_test(tcase, test_envelope, 0, G_N_ELEMENTS(envelopes));
	tcase_add_test(tcase, test_envelope_file);
	tcase_add_loop_test(tcase, test_box, 0, G_N_ELEMENTS(boxes));
	tcase_add_test(tcase, test_limit);
	tcase_add_loop_test(tcase, test_string, 0, G_N_ELEMENTS(strings));
	tcase_add_test(tcase, test_nesting);
	suite_add_tcase(suite, tcase);
	return suite;
}
