"""Messages for the tests, and the comparison of what left with what came in.

The comparison uses nothing of ours: Python's email package takes both
messages apart.
"""

import email
import html.parser
import itertools
import re
import time

_serial = itertools.count(1)
_run = "%x" % time.time_ns()

# What MTAs, a signer and the filter add.  Everything else must stay as it is.
ADDED = {"received", "return-path", "delivered-to", "x-original-to",
         "dkim-signature", "x-council-milter"}


def new_id():
    return "<%s.%d@client.example>" % (_run, next(_serial))


def compose(body, to=(), cc=(), headers=(), subject="Agenda",
            sender="Alex Morgan <clerk@woodland-pc.example>"):
    """A message as bytes with CRLF.

    body: bytes, from its first own header field (or the empty line that ends
    the header, when there is none) to the end.
    """
    fields = ["Date: Thu, 07 May 2026 10:00:00 +0100", "From: " + sender]
    if to:
        fields.append("To: " + ",\r\n ".join(to))
    if cc:
        fields.append("Cc: " + ",\r\n ".join(cc))
    fields += ["Subject: " + subject, "Message-ID: " + new_id()]
    fields += headers
    return "".join(field + "\r\n" for field in fields).encode() + body


def message_id(message):
    return email.message_from_bytes(message)["Message-ID"]


def crlf(text):
    return text.replace("\n", "\r\n").encode()


PLAIN = crlf("\nDear councillor,\n\nthe agenda is on our pages.\n\nAlex\n")

LATIN1 = crlf("""MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

""") + "Dear Zoë, the café is open.\r\n.\r\n..two dots\r\n".encode("latin-1")

QUOTED = crlf("""MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

The caf=C3=A9 is open again, and so is this line that goes on and on for=
 longer than one line may be.
""")

BASE64 = crlf("""MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

VGhlIGNhZsOpIGlzIG9wZW4gYWdhaW4sIGFuZCBzbyBpcyB0aGUgdmlsbGFnZSBoYWxsIG9uIE1v
bmRheXMuCg==
""")

ALTERNATIVE = crlf("""MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_two"

This is the preamble.
--=_two
Content-Type: text/plain; charset=us-ascii; format=flowed

The hall is open \n\
on Mondays.

-- \n\
Alex Morgan, Clerk
--=_two
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html><html><head><title>x</title></head>
<BODY style=3D"color: #222"><p>The hall is open on Mondays.</p>
<!-- </body> is not here -->
</BODY></html>
--=_two--
And this is the epilogue.
""")

MIXED = crlf("""MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/related; boundary=inner

--inner
Content-Type: multipart/alternative; boundary=third

--third
Content-Type: text/plain

See the plan.
--third
Content-Type: text/html

<html><body><p>See the plan. <img src="cid:plan"></p></body></html>
--third--
--inner
Content-Type: image/png
Content-ID: <plan>
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAA
AABJRU5ErkJggg==
--inner--

--outer
Content-Type: text/plain; name="minutes.txt"
Content-Disposition: attachment; filename="minutes.txt"

These are the minutes.
--outer
Content-Type: message/rfc822

From: somebody@outside.example
Subject: an older message

Text of the older message.
--outer--
""")

HTML_ONLY = crlf("""MIME-Version: 1.0
Content-Type: text/html; charset="windows-1252"
Content-Transfer-Encoding: 8bit

""") + "<p>The hall – at last – is open.\r\n".encode("windows-1252")

SIGNED = crlf("""MIME-Version: 1.0
Content-Type: multipart/signed; protocol="application/pgp-signature";
 micalg=pgp-sha256; boundary=sig

--sig
Content-Type: text/plain

Signed text.
--sig
Content-Type: application/pgp-signature; name=signature.asc

-----BEGIN PGP SIGNATURE-----

iHUEARYKAB0WIQTESTTESTTESTTESTTESTTESTTESTQUCAAAAAAAKCRATESTTEST
=aaaa
-----END PGP SIGNATURE-----
--sig--
""")

SHAPES = {"plain": PLAIN, "latin-1": LATIN1, "quoted-printable": QUOTED,
          "base64": BASE64, "alternative": ALTERNATIVE, "mixed": MIXED,
          "html only": HTML_ONLY}


def split(message):
    head, _, body = message.partition(b"\r\n\r\n")
    return re.split(rb"\r\n(?![ \t])", head), body


def raw_parts(entity):
    """The parts of a multipart as they stand there, header and body."""
    boundary = email.message_from_bytes(entity).get_boundary().encode()
    pieces = (b"\r\n" + split(entity)[1]).split(b"\r\n--" + boundary)
    return [piece.split(b"\r\n", 1)[1] for piece in pieces[1:-1]]


def check_headers(sent, delivered, relabelled=False, unfold=False):
    """The sent fields are all there, in order, and only known ones are new.

    relabelled: those of MIME may change, for another charset or a wrapping.
    unfold: white space may, for MTAs that write fields anew.
    """
    def name(field):
        return field.split(b":", 1)[0].decode("ascii", "replace").lower()

    def value(field):
        return re.sub(rb"\s+", b" ", field) if unfold else field

    def ignored(field):
        return relabelled and (name(field) == "mime-version" or
                               name(field).startswith("content-"))

    want = [value(one) for one in split(sent)[0] if not ignored(one)]
    got = [value(one) for one in split(delivered)[0]
           if name(one) not in ADDED and not ignored(one)]
    if want != got:
        raise AssertionError("header changed:\n  sent      %r\n  delivered %r"
                             % (want, got))


def _leaves_of(part):
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for child in part.get_payload():
            yield from _leaves_of(child)
    else:
        yield part


def leaves(message):
    """[(part, raw text)] of everything that is no multipart.

    The raw text, a character a byte, is exactly what stands in the message.
    A message/rfc822 is one leaf: nothing in it may change.
    """
    parsed = email.message_from_bytes(message)
    raw = email.message_from_string(message.decode("latin-1"))
    return [(part, twin.as_string() if twin.is_multipart()
             else twin.get_payload())
            for part, twin in zip(_leaves_of(parsed), _leaves_of(raw))]


def displayed(part):
    return (part.get_content_type() in ("text/plain", "text/html") and
            part.get_content_disposition() != "attachment")


def text_of(part):
    charset = part.get_content_charset() or "us-ascii"
    return part.get_payload(decode=True).decode(charset)


class _Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "div", "br", "hr"):
            self.text += "\n"

    def handle_endtag(self, tag):
        if tag in ("p", "div"):
            self.text += "\n"

    def handle_data(self, data):
        self.text += data


def visible_lines(part):
    """The lines a reader sees."""
    text = text_of(part)
    if part.get_content_subtype() == "html":
        reader = _Reader()
        reader.feed(text)
        reader.close()
        text = reader.text
    return [line.strip() for line in text.splitlines()]


def check_one_insertion(before, after):
    head = 0
    while head < len(before) and before[head] == after[head:head + 1]:
        head += 1
    if not after.endswith(before[head:]) or len(after) <= len(before):
        raise AssertionError("not the old text with one insertion:\n"
                             "  sent      %r\n  delivered %r" % (
                                 before, after))


def check_edit(sent, delivered, footers, relabelled=False, unfold=False):
    """Holds what was delivered against what was sent.

    footers: the lines that each displayed part must show exactly once and no
    attachment at all.  With none the body must be untouched.
    """
    check_headers(sent, delivered, relabelled, unfold)
    sent_body, body = split(sent)[1], split(delivered)[1]
    if not footers:
        if body != sent_body:
            raise AssertionError("body changed:\n  sent      %r\n"
                                 "  delivered %r" % (sent_body, body))
        return
    old, new = leaves(sent), leaves(delivered)
    if ([one.get_content_type() for one, _ in old] !=
            [one.get_content_type() for one, _ in new]):
        raise AssertionError("parts changed: %r" % delivered)
    restored, rest = "", body.decode("latin-1")
    for (old_part, old_raw), (new_part, new_raw) in zip(old, new):
        edited = displayed(old_part)
        if edited:
            check_one_insertion(text_of(old_part), text_of(new_part))
            lines = visible_lines(new_part)
            for footer in footers:
                if lines.count(footer) != 1:
                    raise AssertionError("%d times %r in %r" % (
                        lines.count(footer), footer, lines))
        elif old_raw != new_raw:
            raise AssertionError("attachment changed: %r" % new_raw)
        if edited and not relabelled:
            # Undo the edit: what is left must be what was sent.
            at = rest.index(new_raw)
            restored += rest[:at] + old_raw
            rest = rest[at + len(new_raw):]
    if not relabelled and restored + rest != sent_body.decode("latin-1"):
        raise AssertionError("bytes outside the edit changed:\n"
                             "  sent      %r\n  delivered %r" % (
                                 sent_body, body))
    if sent_body.isascii() and not body.isascii():
        raise AssertionError("8-bit text in 7-bit mail: %r" % body)
    long = max(map(len, body.split(b"\r\n")))
    if long > 998:
        raise AssertionError("a line of %d bytes" % long)
