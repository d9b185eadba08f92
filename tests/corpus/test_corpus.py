#!/usr/bin/env python3
"""The property test over messages written for the tree.

Every shape of body, in every transfer encoding and charset that makes a
difference, in every place of a multipart, goes through every kind of edit;
check_corpus and verify.py hold the result against the original.

    test_corpus.py              speaks TAP
    test_corpus.py --write DIR  only writes the messages, as seeds for fuzzing
"""
import base64
import os
import quopri
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = ('From: Alex Morgan <clerk@woodland-pc.example>\n'
        'To: Jane Jones <cllr.jones@woodland-pc.example>\n'
        'Subject: Allotments\nMessage-ID: <1@woodland-pc.example>\n'
        'Date: Wed, 03 Jun 2026 10:00:00 +0100\n')
REPLY = 'In-Reply-To: <0@woodland-pc.example>\n'
LETTER = 'Dear Jane,\n\nthe lease is with the solicitor.\n\nAlex Morgan\n'

TEXTS = {
    'letter': LETTER,
    'empty': '',
    'blank': '\n\n',
    'unended': LETTER.rstrip('\n'),
    'signature': LETTER + '\n-- \nAlex Morgan\nClerk to the Council\n',
    'reply': 'Yes.\n\nOn 2 Jun 2026, Jane Jones wrote:\n> No?\n> Why?\n',
    'outlook': 'Yes.\n\n-----Original Message-----\nFrom: Jane\n\nNo?\n',
    'below': '> No?\n\nYes.\n',
    'long': 'word ' * 150 + '\n' + LETTER,
    'odd': 'a=b \tc \n.\nFrom here\n\tend \n',
    'uuencode': 'Here.\nbegin 644 plan\n>9&)C\n`\nend\n',
    'by hand': LETTER + '\ncc Cllr Sam Smith\n',
    'welsh': 'Annwyl Siân,\n\ndiolch.\n',
    'japanese': '田中様\n\nありがとう。\n',
}
PAGES = {
    'page': '<html><body><p>Dear Jane</p></body></html>\n',
    'fragment': '<p>Dear Jane</p>',
    'upper case': '<HTML><BODY>Dear Jane</BODY></HTML>',
    'unended': '<html><body><table><tr><td>Dear Jane\n',
    'comment': '<body><!-- </body> --><!--[if mso]></body><![endif]-->x'
               '</body>\n',
    'twice': '<body>a</body></html>\n<html><body>b</body></html>',
    'after': '<body>a</body></html>\nlist footer\n',
    'gmail': '<div>Yes.</div><div class="gmail_quote">On 2 Jun 2026 Jane '
             'wrote:<blockquote>No?</blockquote></div>',
    'signature': '<body>Yes.<pre class="moz-signature">-- \nAlex</pre></body>',
    'long line': '<body>' + '<b>Dear</b> Jane, ' * 100 + '</body>',
    'frames': '<html><frameset><frame src="x"></frameset></html>',
    'hidden': '<body>x<script>y',
    'welsh': '<body>Siân &amp; Zo&euml;</body>',
}
CHARSETS = ['us-ascii', 'utf-8', 'iso-8859-1', 'windows-1252', 'utf-16',
            'utf-16le', 'utf-7', 'iso-2022-jp', 'shift_jis', 'gb18030',
            'koi8-r']


def encode(octets, encoding):
    if encoding == 'base64':
        return base64.encodebytes(octets)
    if encoding == 'quoted-printable':
        return quopri.encodestring(octets)
    return octets


def leaf(text, subtype='plain', charset='utf-8', encoding='8bit', extra=''):
    """A text part, header and content, or None if it cannot be written."""
    try:
        octets = text.encode(charset)
    except UnicodeEncodeError:
        return None
    if charset.startswith('utf-16') and encoding != 'base64':
        return None
    if encoding == '7bit' and max(octets, default=0) > 127:
        return None
    head = (f'Content-Type: text/{subtype}; charset={charset}{extra}\n'
            f'Content-Transfer-Encoding: {encoding}\n\n')
    return head.encode() + encode(octets, encoding)


def multipart(subtype, *parts, boundary='b', close=True, extra=''):
    out = f'Content-Type: multipart/{subtype}; boundary={boundary}{extra}\n\n'
    mark = b'--' + boundary.encode()
    body = b''.join(mark + b'\n' + part + b'\n' for part in parts)
    return out.encode() + body + (mark + b'--\n' if close else b'')


def structures(plain, page):
    """One text and one page in every place that a message has for them."""
    pdf = b'Content-Type: application/pdf\n' \
        b'Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n'
    note = plain.replace(b'text/plain;', b'text/plain; name=a.txt;')
    alternative = multipart('alternative', plain, page, boundary='alt')
    mail = b'Content-Type: message/rfc822\n\nSubject: x\n' + plain
    yield 'alternative', alternative
    yield 'mixed', multipart('mixed', plain, pdf)
    yield 'apple', multipart('mixed', plain, pdf, plain)
    yield 'file', multipart('mixed', plain, note)
    yield 'attached', multipart('mixed', plain, plain.replace(
        b'Content-T', b'Content-Disposition: attachment\nContent-T', 1))
    yield 'nested', multipart('mixed', multipart(
        'related', alternative, pdf, boundary='rel'), pdf)
    yield 'forward', multipart('mixed', plain, mail)
    yield 'mail alone', mail
    yield 'digest', multipart('digest', b'\nSubject: x\n\ny\n')
    yield 'unclosed', multipart('mixed', plain, pdf, plain, close=False)
    yield 'inner unclosed', multipart('mixed', multipart(
        'alternative', plain, page, boundary='alt', close=False), pdf)
    yield 'signed', multipart(
        'signed', plain, b'Content-Type: application/pgp-signature\n\nx\n')
    yield 'signed inside', multipart('mixed', multipart(
        'signed', plain, b'Content-Type: application/pgp-signature\n\nx\n',
        boundary='sig'), plain)
    yield 'encrypted', multipart(
        'encrypted', b'Content-Type: application/pgp-encrypted\n\nx\n')
    yield 'report', multipart('report', plain)
    yield 'calendar', multipart(
        'alternative', plain, b'Content-Type: text/calendar\n\nBEGIN\n')
    yield 'enriched', multipart(
        'alternative', plain, b'Content-Type: text/enriched\n\nx\n')
    yield 'pdf alone', pdf
    yield 'empty parts', multipart('mixed', b'', plain, b'\n')
    yield 'one boundary', multipart('mixed', multipart('mixed', plain))
    yield 'no boundary', b'Content-Type: multipart/mixed\n\n--b\n\nx\n'
    yield 'space in type', plain.replace(b'text/plain;', b'text/plain ;')


def messages():
    """Names and messages, all different."""
    for name, text in TEXTS.items():
        for charset in CHARSETS:
            for encoding in '7bit', '8bit', 'quoted-printable', 'base64':
                part = leaf(text, 'plain', charset, encoding)
                if part is not None:
                    yield f'{name} {charset} {encoding}', part
        for extra in '; format=flowed', '; format=flowed; delsp=yes':
            yield f'{name}{extra}', leaf(text, extra=extra)
        yield f'{name} without MIME', b'\n' + text.encode()
        yield f'{name} crlf base64', leaf(
            text.replace('\n', '\r\n'), encoding='base64')
    for name, page in PAGES.items():
        for charset in 'utf-8', 'iso-8859-1', 'utf-16':
            for encoding in '8bit', 'quoted-printable', 'base64':
                part = leaf(page, 'html', charset, encoding)
                if part is not None:
                    yield f'html {name} {charset} {encoding}', part
    for encoding in '8bit', 'quoted-printable', 'base64':
        for text in 'letter', 'empty', 'reply':
            plain = leaf(TEXTS[text], encoding=encoding)
            page = leaf(PAGES['gmail' if text == 'reply' else 'page'], 'html',
                        encoding=encoding)
            for name, message in structures(plain, page):
                yield f'{name} {text} {encoding}', message
    yield 'nul', b'\na\0b\n'
    yield 'bare cr', b'\na\rb\r\n'
    yield 'wrong charset', leaf('x').replace(b'x\n', b'') + b'Si\xe2n\n'
    yield 'unknown', b'Content-Transfer-Encoding: x-uuencode\n\nx\n'
    yield 'broken base64', b'Content-Transfer-Encoding: base64\n\neA==eA==\n'
    yield 'tnef', b'Content-Type: application/ms-tnef\n\nx\n'


def write(directory):
    count = 0
    for name, message in messages():
        file = os.path.join(directory, name.replace('/', '-') + '.eml')
        with open(file, 'wb') as out:
            out.write((HEAD + (REPLY if 'reply' in name else '')).encode())
            out.write(message)
        count += 1
    return count


def main():
    program = os.path.join(
        os.environ.get('BUILDDIR', '.'), 'tests', 'corpus', 'check_corpus')
    with tempfile.TemporaryDirectory(prefix='council-milter-') as directory:
        count = write(directory)
        done = subprocess.run(
            [sys.executable, '-B', os.path.join(HERE, 'verify.py'), program,
             directory], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False)
        report = done.stdout.decode('utf-8', 'replace')
        good = done.returncode == 0 and f'{count} messages' in report
        print('1..1')
        for line in report.splitlines():
            print('#', line)
        print(f'{"ok" if good else "not ok"} 1 - {count} messages')
        return 0 if good else 1


if __name__ == '__main__':
    if sys.argv[1:2] == ['--write']:
        write(sys.argv[2])
    else:
        sys.exit(main())
