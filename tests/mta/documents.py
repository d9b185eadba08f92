"""Small documents for attachments, made from their text."""

import io
import zipfile
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = ("http://schemas.openxmlformats.org/officeDocument/2006/"
          "relationships/officeDocument")


def docx(text):
    """A Word document, a paragraph a line."""
    paragraphs = "".join("<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % escape(line)
                         for line in text.splitlines())
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", (
            '<Types xmlns="%s"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.wordprocessingml.document.main'
            '+xml"/></Types>') % TYPES)
        package.writestr("_rels/.rels", (
            '<Relationships xmlns="%s"><Relationship Id="r1" Type="%s" '
            'Target="word/document.xml"/></Relationships>') % (
                RELATIONS, OFFICE))
        package.writestr("word/document.xml", (
            '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="%s">'
            '<w:body>%s</w:body></w:document>') % (WORD, paragraphs))
    return data.getvalue()


def pdf(text):
    """A PDF of one page in Helvetica, a line a line; Latin-1 only."""
    lines = "".join("(%s) Tj T*\n" % line.replace("\\", r"\\").replace(
        "(", r"\(").replace(")", r"\)") for line in text.splitlines())
    page = ("BT /F1 11 Tf 14 TL 60 780 Td\n%sET" % lines).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 "
        b"R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding "
        b"/WinAnsiEncoding >>"]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d "
                   b"/Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
                       len(objects) + 1, table, len(objects) + 1, len(data)))


def locked_zip(name, content):
    """An archive whose one file needs a password, as its flags say."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    locked = bytearray(data.getvalue())
    for signature, flags in (b"PK\3\4", 6), (b"PK\1\2", 8):
        locked[locked.index(signature) + flags] |= 1
    return bytes(locked)
