/*
 * Files that other programs read for us: PDF, and Office before 2007.
 */
#include <stdlib.h>
#include <string.h>

#include "milter/extract/object.h"
#include "milter/extract/ole.h"
#include "milter/extract/properties.h"
#include "milter/extract/reader.h"

bool
document_run(struct document *document, enum program program, const void *data,
    gsize len, struct program_result *result)
{
	static const char *const names[PROGRAM_COUNT] = {"pdftotext", "pdfinfo",
	    "pdfdetach", "antiword", "catdoc", "xls2csv"};
	const struct reading_events *events = document->reading->events;

	*result = (struct program_result){.end = PROGRAM_MISSING};
	if (events->run != NULL)
		events->run(events->data, program, data, len,
		    document->reading->text, result);
	switch (result->end) {
	case PROGRAM_DONE:
	case PROGRAM_TOO_MUCH:
		return true;
	case PROGRAM_MISSING:
		document_fail(document, ATTACHMENT_UNSUPPORTED,
		    "%s is not installed", names[program]);
		return false;
	case PROGRAM_TOO_LONG:
		document_fail(document, ATTACHMENT_TIMED_OUT,
		    "%s took too long", names[program]);
		return false;
	case PROGRAM_BROKE:
		break;
	}
	document_fail(document, ATTACHMENT_FAILED, "%s broke", names[program]);
	return false;
}

static void
take_output(struct document *document, const struct program_result *result)
{
	document_text(document, result->output, (gssize)result->len);
	if (result->end == PROGRAM_TOO_MUCH)
		document_spent(document);
}

/* Lines of "Name:   value", pdfinfo's own findings left out. */
static void
read_pdf_properties(struct document *document, const guint8 *data, gsize len)
{
	static const char *const ours[] = {"Creator", "Producer",
	    "CreationDate", "ModDate", "Metadata Stream", "Tagged",
	    "UserProperties", "Suspects", "Form", "JavaScript", "Pages",
	    "Encrypted", "Page size", "Page rot", "File size", "Optimized",
	    "PDF version", "Custom Metadata", NULL};
	struct document quiet = *document;
	struct program_result result;
	g_auto(GStrv) lines = NULL;

	/* Its failure is not the document's. */
	quiet.failed = true;
	if (document_run(&quiet, PROGRAM_PDFINFO, data, len, &result) &&
	    result.status == 0) {
		lines = g_strsplit(result.output, "\n", 1000);
		for (char **line = lines; *line != NULL; line++) {
			char *colon = strchr(*line, ':');

			if (colon == NULL)
				continue;
			*colon = '\0';
			if (!g_strv_contains(ours, *line))
				document_property(
				    document, *line, g_strstrip(colon + 1));
		}
	}
	program_result_clear(&result);
}

/*
 * Files in it are only named, in lines of "1: name" after one with their
 * number: pdfdetach would write them to files, and nothing here may do that.
 */
static void
read_pdf_files(struct document *document, const guint8 *data, gsize len)
{
	static const char why[] = "files inside a PDF are not read";
	struct document quiet = *document;
	struct program_result result;
	g_auto(GStrv) lines = NULL;

	quiet.failed = true;
	document_run(&quiet, PROGRAM_PDFDETACH, data, len, &result);
	if (result.end == PROGRAM_DONE && result.status == 0 &&
	    strtoul(result.output, NULL, 10) > 0) {
		document_fail(document, ATTACHMENT_UNSUPPORTED, "%s", why);
		lines = g_strsplit(result.output, "\n", -1);
	} else if (result.end != PROGRAM_MISSING &&
		   (result.end != PROGRAM_DONE || result.status != 0))
		document_fail(document, ATTACHMENT_FAILED,
		    "whether there are files in it cannot be told");
	for (char **line = lines; line != NULL && *line != NULL; line++) {
		const char *name = strstr(*line, ": ");

		if (line != lines && name != NULL &&
		    document_deeper(document, "files"))
			reading_member(document, name + 2, NULL, "", 0,
			    ATTACHMENT_UNSUPPORTED, why);
	}
	program_result_clear(&result);
}

void
read_pdf(struct document *document, const guint8 *data, gsize len)
{
	struct program_result result;
	const char *page;

	if (!document_run(document, PROGRAM_PDFTOTEXT, data, len, &result)) {
		program_result_clear(&result);
		return;
	}
	if (strstr(result.complaint, "ncorrect password") != NULL)
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
	else if (strstr(result.complaint, "security handler") != NULL)
		/* Of rights management, whose keys are elsewhere. */
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it is encrypted");
	else if (result.end == PROGRAM_DONE && result.status != 0)
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
	else {
		read_pdf_properties(document, data, len);
		read_pdf_files(document, data, len);
	}
	/* As a scanner makes them. */
	if (result.end == PROGRAM_DONE &&
	    strspn(result.output, " \f\n\r\t") == result.len)
		document_fail(document, ATTACHMENT_UNSUPPORTED,
		    "it has no text, but perhaps pictures of text");
	page = memchr(result.output, '\f', result.len);
	if (page != NULL) {
		document_text(document, result.output, page - result.output);
		document_page(document);
		g_strdelimit(result.output, "\f", '\n');
		result.len -= (gsize)(page - result.output);
		memmove(result.output, page, result.len + 1);
	}
	take_output(document, &result);
	program_result_clear(&result);
}

/* The first of the programs that makes something of it. */
static void
read_by(struct document *document, const enum program *programs, unsigned count,
    const guint8 *data, gsize len)
{
	struct document quiet = *document;

	office_97_properties(document, data, len);
	quiet.failed = true;
	for (unsigned i = 0; i < count; i++) {
		bool last = i + 1 == count;
		struct program_result result;
		bool done = document_run(
		    last ? document : &quiet, programs[i], data, len, &result);

		if (done && (last || (result.status == 0 && result.len > 1))) {
			if (result.end == PROGRAM_DONE && result.status != 0)
				document_fail(document, ATTACHMENT_FAILED,
				    "it is damaged");
			take_output(document, &result);
			program_result_clear(&result);
			return;
		}
		program_result_clear(&result);
	}
}

void
read_doc(struct document *document, const guint8 *data, gsize len)
{
	static const enum program programs[] = {
	    PROGRAM_ANTIWORD, PROGRAM_CATDOC};
	g_autoptr(GByteArray) head = ole_stream(data, len, "WordDocument", 12);

	/* A flag of the file information block, [MS-DOC] 2.5.2. */
	if (head != NULL && head->len == 12 && (head->data[11] & 0x01) != 0) {
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
		return;
	}
	read_by(document, programs, G_N_ELEMENTS(programs), data, len);
	object_read_97(document, data, len);
}

/* A FilePass record among the first ones, [MS-XLS] 2.4.117. */
static bool
has_file_pass(const GByteArray *book)
{
	for (gsize at = 0; book != NULL && at + 4 <= book->len;) {
		guint type = book->data[at] | (guint)book->data[at + 1] << 8;

		if (type == 0x2f)
			return true;
		at += 4 + (book->data[at + 2] | (gsize)book->data[at + 3] << 8);
	}
	return false;
}

void
read_xls(struct document *document, const guint8 *data, gsize len)
{
	static const enum program programs[] = {PROGRAM_XLS2CSV};
	g_autoptr(GByteArray) head = ole_stream(data, len, "Workbook", 4096);

	if (head == NULL)
		head = ole_stream(data, len, "Book", 4096);
	if (has_file_pass(head))
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
	else {
		read_by(document, programs, 1, data, len);
		object_read_97(document, data, len);
	}
}
