#!/usr/bin/env python3
"""Time and memory to read attachments: extract.py [ROUNDS].

Each document is read in a pool of one worker, with all that belongs to it:
a process is forked and contained, and for PDF two programs are run.  The time
is the best of the rounds, the memory that of the largest process.
"""
import os
import random
import subprocess
import sys
import tempfile
import zipfile
import zlib

READER = os.path.join(os.environ.get("BUILDDIR", "."), "tests", "bench",
                      "extract")
SIZE = 1 << 20
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words(count, seed=1):
    """Sentences that compress no better than honest ones."""
    dice = random.Random(seed)
    known = ["".join(dice.choices(LETTERS, k=dice.randint(2, 10)))
             for _ in range(8000)]
    return dice.choices(known, k=count)


def paragraphs(count):
    text = words(count * 40)
    return [" ".join(text[i:i + 40]) for i in range(0, len(text), 40)]


def docx(path):
    """About a megabyte, compressed."""
    body = "".join("<w:p><w:r><w:t>%s.</w:t></w:r></w:p>" % text
                   for text in paragraphs(7000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="w"><w:body>%s</w:body></w:document>' % body)


def pdf(path):
    pages, objects = [], [
        b"<</Type/Catalog/Pages 2 0 R>>", None,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    size, text = 0, paragraphs(20000)
    while size < SIZE:
        lines = "\n".join("50 %d Td (%s) Tj -50 -%d Td" %
                          (780 - 16 * i, text.pop()[:90], 780 - 16 * i)
                          for i in range(45))
        stream = zlib.compress(("BT /F 9 Tf %s ET" % lines).encode())
        pages.append(len(objects) + 1)
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
                       b"/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>" %
                       (len(objects) + 2))
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\n"
                       b"endstream" % (len(stream), stream))
        size += len(stream)
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(pages), b" ".join(b"%d 0 R" % page for page in pages))
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, start)
    with open(path, "wb") as file:
        file.write(out)


def text(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(paragraphs(5000))[:SIZE])


def small(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("The hall is closed.\n")


def main():
    rounds = sys.argv[1] if len(sys.argv) > 1 else "10"
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (("small.txt", small), ("text.txt", text),
                           ("words.docx", docx), ("words.pdf", pdf)):
            path = os.path.join(folder, name)
            make(path)
            # One process for each: its memory is not taken for another's.
            subprocess.run([READER, rounds, path], check=True)


main()
