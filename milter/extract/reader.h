/*
 * The readers, one for each kind of file.
 */
#ifndef MILTER_EXTRACT_READER_H
#define MILTER_EXTRACT_READER_H

#include "milter/extract/reading.h"
#include "milter/extract/type.h"

/* Reads a document by its type, and settles its state. */
void reader_read(
    struct document *, const struct file_type *, const guint8 *data, gsize len);

void read_text(struct document *, const guint8 *data, gsize len);
void read_html(struct document *, const guint8 *data, gsize len);
void read_xml(struct document *, const guint8 *data, gsize len);
void read_card(struct document *, const guint8 *data, gsize len);
void read_rtf(struct document *, const guint8 *data, gsize len);
void read_mail(struct document *, const guint8 *data, gsize len);
void read_signed(struct document *, const guint8 *data, gsize len);
void read_archive(struct document *, const guint8 *data, gsize len);
void read_compressed(struct document *, const guint8 *data, gsize len);
void read_docx(struct document *, const guint8 *data, gsize len);
void read_word_xml(struct document *, const guint8 *data, gsize len);
void read_xlsx(struct document *, const guint8 *data, gsize len);
void read_pptx(struct document *, const guint8 *data, gsize len);
void read_odf(struct document *, const guint8 *data, gsize len);
void read_flat_odf(struct document *, const guint8 *data, gsize len);
void read_pdf(struct document *, const guint8 *data, gsize len);
void read_doc(struct document *, const guint8 *data, gsize len);
void read_xls(struct document *, const guint8 *data, gsize len);
void read_msg(struct document *, const guint8 *data, gsize len);
void read_tnef(struct document *, const guint8 *data, gsize len);
void read_object(struct document *, const guint8 *data, gsize len);
void read_ppt(struct document *, const guint8 *data, gsize len);

#endif
