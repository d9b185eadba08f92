#include "milter/extract/reader.h"

static void
read_nothing(struct document *document G_GNUC_UNUSED,
    const guint8 *data G_GNUC_UNUSED, gsize len G_GNUC_UNUSED)
{
}

/* A reader, or else the state and why. */
static const struct {
	void (*read)(struct document *, const guint8 *, gsize);
	enum attachment_state state;
	const char *reason;
} readers[KIND_COUNT] = {
    [KIND_UNKNOWN] = {NULL, ATTACHMENT_UNSUPPORTED,
	"a kind of file that is not known"},
    [KIND_EMPTY] = {read_nothing, 0, NULL},
    [KIND_TEXT] = {read_text, 0, NULL},
    [KIND_HTML] = {read_html, 0, NULL},
    [KIND_XML] = {read_xml, 0, NULL},
    [KIND_WORD_XML] = {read_word_xml, 0, NULL},
    [KIND_FLAT_ODF] = {read_flat_odf, 0, NULL},
    [KIND_RTF] = {read_rtf, 0, NULL},
    [KIND_CARD] = {read_card, 0, NULL},
    [KIND_MAIL] = {read_mail, 0, NULL},
    [KIND_SIGNED] = {read_signed, 0, NULL},
    [KIND_DOCX] = {read_docx, 0, NULL},
    [KIND_XLSX] = {read_xlsx, 0, NULL},
    [KIND_PPTX] = {read_pptx, 0, NULL},
    [KIND_ODF] = {read_odf, 0, NULL},
    [KIND_ARCHIVE] = {read_archive, 0, NULL},
    [KIND_COMPRESSED] = {read_compressed, 0, NULL},
    [KIND_PDF] = {read_pdf, 0, NULL},
    [KIND_DOC] = {read_doc, 0, NULL},
    [KIND_XLS] = {read_xls, 0, NULL},
    [KIND_PPT] = {read_ppt, 0, NULL},
    [KIND_MSG] = {read_msg, 0, NULL},
    [KIND_TNEF] = {read_tnef, 0, NULL},
    [KIND_OBJECT] = {read_object, 0, NULL},
    [KIND_ENCRYPTED] = {NULL, ATTACHMENT_ENCRYPTED, "it is encrypted"},
    [KIND_MEDIA] = {NULL, ATTACHMENT_UNSUPPORTED,
	"pictures and sound are not read"},
    [KIND_PROGRAM] = {NULL, ATTACHMENT_UNSUPPORTED, "it is a program"},
    [KIND_OTHER] = {NULL, ATTACHMENT_UNSUPPORTED,
	"nothing here reads such files"},
};

void
reader_read(struct document *document, const struct file_type *type,
    const guint8 *data, gsize len)
{
	/* Archives have no text of their own, only what is in them. */
	bool spent = document->reading->text == 0 &&
		     type->kind != KIND_ARCHIVE &&
		     type->kind != KIND_COMPRESSED;

	if (readers[type->kind].read != NULL) {
		readers[type->kind].read(document, data, len);
		/* Some stop where others ran out of it before. */
		if (spent)
			document_spent(document);
	} else
		document_fail(document, readers[type->kind].state, "%s",
		    readers[type->kind].reason);
}
