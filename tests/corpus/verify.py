#!/usr/bin/env python3
"""Hold edited mail against the original with Python's own parser.

    verify.py CHECK_CORPUS PATH...

Runs check_corpus --pairs over the paths and checks, for each message before
and after an edit: the same tree of parts; every part but the edited texts
equal; the edited texts equal but for one insertion each; the lines asked for
readable, once more than before, in every text that a reader is shown; no
header field touched that an edit has no business with; a wrapped message
whole inside its wrapper.

Prints each failure and the counts; the exit status is 1 if there was any.
"""
import collections
import email
import html
import html.parser
import re
import subprocess
import sys

LINES = {
    'ascii': ['CC councillor Sam Smith'],
    'unicode': ['CC y Cynghorydd Siân Ŵyn / CC councillor Siân Ŵyn'],
    'above': ['CC councillor Zoë Müller',
              'CC councillor "O\'Neill" <& Co>'],
    'banner': ['CONFIDENTIAL: this message names a person in a matter of '
               'staff, and goes to nobody else.'],
    'both': ['CC councillor Priya Patel',
             'CYFRINACHOL / CONFIDENTIAL – staffing'],
}
OURS = {'content-type', 'content-transfer-encoding', 'mime-version',
        'x-council-milter', 'content-md5'}
BANNER_OURS = {'subject', 'sensitivity'}


def squeeze(text):
    return re.sub(r'\s+', '', text)


class Visible(html.parser.HTMLParser):
    """The text of an HTML document that is not in a script or the like."""
    HIDDEN = {'script', 'style', 'title', 'textarea', 'template', 'noframes',
              'noscript', 'iframe', 'select'}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.text = []

    def handle_starttag(self, tag, attrs):
        if tag in self.HIDDEN:
            self.depth += 1

    def handle_endtag(self, tag):
        if tag in self.HIDDEN and self.depth:
            self.depth -= 1

    def handle_data(self, data):
        if not self.depth:
            self.text.append(data)


def visible(text):
    parser = Visible()
    try:
        parser.feed(text)
        parser.close()
    except AssertionError:
        return html.unescape(re.sub(r'<[^>]*>', '', text))
    return ''.join(parser.text)


class Part:
    def __init__(self, message, path):
        self.message = message
        self.path = path
        self.type = message.get_content_type()
        self.multipart = message.is_multipart()
        self.children = []
        if self.multipart:
            self.children = [Part(child, path + (i,))
                             for i, child in enumerate(message.get_payload())]
            self.octets = b''
        else:
            self.octets = message.get_payload(decode=True) or b''
        self.fields = [(n.lower(), str(v)) for n, v in message._headers]

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def text(self):
        charset = str(self.message.get_param('charset', 'ascii') or 'ascii')
        for name in (charset, 'ascii'):
            try:
                return self.octets.decode(name, 'replace'), name
            except (LookupError, UnicodeError, ValueError):
                pass
        return self.octets.decode('latin-1'), 'latin-1'

    def is_shown(self):
        disposition = str(self.message.get('content-disposition', ''))
        named = self.path and (self.message.get_filename() or
                               self.message.get_param('name'))
        return (self.type in ('text/plain', 'text/html') and not named and
                disposition.split(';')[0].strip().lower() in ('', 'inline'))


def shown(part, banner):
    """The texts a reader sees at the top or the foot, by their paths."""
    if not part.multipart:
        return [part.path] if part.is_shown() else []
    if part.type.startswith('message/') or part.type in (
            'multipart/report', 'multipart/appledouble',
            'multipart/encrypted'):
        return []
    if part.message.get_content_disposition() == 'attachment':
        return []
    found = [shown(child, banner) for child in part.children]
    if part.type == 'multipart/alternative':
        return [path for paths in found for path in paths]
    if not banner and part.type not in ('multipart/related',
                                        'multipart/signed'):
        found.reverse()
    return next((paths for paths in found if paths), [])


def insertion(before, after):
    """What was inserted, in one place, or None."""
    extra = len(after) - len(before)
    if extra < 0:
        return None
    start = 0
    low, high = 0, len(before)
    while low < high:
        middle = (low + high + 1) // 2
        if after.startswith(before[:middle]):
            low = middle
        else:
            high = middle - 1
    start = low
    if after[start + extra:] != before[start:]:
        return None
    return after[start:start + extra]


def is_subsequence(before, after):
    rest = iter(after.splitlines())
    return all(any(line == other for other in rest)
               for line in before.splitlines())


class Check:
    def __init__(self):
        self.failures = collections.Counter()
        self.counts = collections.Counter()
        self.name = ''

    def fail(self, kind, what):
        self.failures[what] += 1
        print(f'FAILED {self.name}: {kind}: {what}')

    def fields(self, kind, before, after):
        ours = OURS | (BANNER_OURS if kind == 'banner' else set())
        old = [f for f in before if f[0] not in ours]
        new = [f for f in after if f[0] not in ours]
        if old != new:
            self.fail(kind, 'a header field changed')

    def edited_text(self, kind, old, new):
        before, charset = old.text()
        after, _ = new.text()
        both = kind == 'both'
        added = insertion(before, after)
        if added is None and not (
                both and (is_subsequence(before, after) or
                          new.type == 'text/html')):
            self.fail(kind, f'text changed beyond one insertion ({charset})')
            return
        if new.type == 'text/html':
            before, after = visible(before), visible(after)
        for line in LINES[kind]:
            had = squeeze(before).count(squeeze(line))
            has = squeeze(after).count(squeeze(line))
            if has not in ((had, had + 1) if both else (had + 1,)):
                self.fail(kind, f'"{line[:14]}" not there once in {new.type}')

    def edited(self, kind, before, after):
        old, new = list(before.walk()), list(after.walk())
        if [(p.path, p.type, p.multipart) for p in old] != \
                [(p.path, p.type, p.multipart) for p in new]:
            self.fail(kind, 'the tree of parts changed')
            return
        touched = set()
        for a, b in zip(old, new):
            if a.path:
                self.fields(kind, a.fields, b.fields)
            if a.multipart:
                for what in ('preamble', 'epilogue'):
                    if getattr(a.message, what) != getattr(b.message, what):
                        self.fail(kind, f'{what} changed')
            elif a.octets != b.octets or a.text()[0] != b.text()[0]:
                touched.add(a.path)
                if not a.is_shown():
                    self.fail(kind, f'an attachment changed ({a.type})')
                else:
                    self.edited_text(kind, a, b)
        wanted = set()
        if kind != 'banner':
            wanted |= set(shown(before, False))
        if kind in ('banner', 'both'):
            wanted |= set(shown(before, True))
        for path in wanted - touched:
            part = next(p for p in new if p.path == path)
            text = part.text()[0]
            if part.type == 'text/html':
                text = visible(text)
            if not any(squeeze(line) in squeeze(text) for line in LINES[kind]):
                self.fail(kind, f'a displayed text lacks it ({part.type})')
        if touched - wanted:
            self.fail(kind, 'a text was edited that is not at the end or top')

    def wrapped(self, kind, before, after):
        if after.type != 'multipart/mixed':
            self.fail(kind, 'the wrapper is no multipart/mixed')
            return
        children = after.children
        texts = [c for c in children if c.type == 'text/plain']
        at = 1 if kind in ('banner', 'both') else 0
        if len(children) <= at:
            self.fail(kind, 'the wrapper is empty')
            return
        inner = children[at]
        a = [(p.type, p.octets) for p in before.walk()]
        b = [(p.type, p.octets) for p in inner.walk()]
        # Of a multipart without its boundary, or without its close, Python
        # takes the line end before the wrapper's boundary for content.
        if a[-1][1] + b'\r\n' == b[-1][1]:
            b[-1] = a[-1]
        if a != b:
            self.fail(kind, 'the wrapped message is not the original')
        said = squeeze(''.join(c.text()[0] for c in texts if c is not inner))
        for line in LINES[kind]:
            if said.count(squeeze(line)) != 1:
                self.fail(kind, 'the wrapper does not say it once')

    def pair(self, kind, status, before, after):
        self.counts[kind, status] += 1
        if status in ('left', 'there', 'none', 'hold'):
            if kind != 'banner' and before != after:
                self.fail(kind, 'left alone, yet changed')
            return
        old = Part(email.message_from_bytes(before), ())
        new = Part(email.message_from_bytes(after), ())
        ours = OURS | (BANNER_OURS if kind == 'banner' else set())
        if status == 'wrapped':
            keep = [f for f in old.fields if not f[0].startswith('content-')]
            kept = [f for f in new.fields if not f[0].startswith('content-')]
        else:
            keep, kept = old.fields, new.fields
        self.fields(kind, keep, kept)
        if status == 'wrapped':
            self.wrapped(kind, old, new)
            body = before.split(b'\r\n\r\n', 1)[-1]
            if body not in after:
                self.fail(kind, 'the wrapped bytes changed')
        else:
            self.edited(kind, old, new)


    def read(self, stream):
        """All pairs that check_corpus writes."""
        while head := stream.readline():
            name, kind, status, _, size, edited_size = \
                head.decode('utf-8', 'replace').rstrip('\n').split('\t')
            self.name = name
            before = stream.read(int(size))
            after = stream.read(int(edited_size))
            try:
                self.pair(kind, status, before, after)
            except RecursionError:
                self.fail(kind, 'too deep for the checker')

    def print_counts(self):
        for (kind, status), count in sorted(self.counts.items()):
            print(f'{count:7} {kind} {status}')
        for what, count in self.failures.most_common():
            print(f'{count:7} FAILED: {what}')


def run(program, paths):
    """Both checks; returns whether both found nothing."""
    check = Check()
    with subprocess.Popen([program, '--pairs', *paths],
                          stdout=subprocess.PIPE) as process:
        check.read(process.stdout)
    check.print_counts()
    return process.returncode == 0 and check.counts and not check.failures


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit('usage: verify.py CHECK_CORPUS PATH...')
    sys.exit(0 if run(sys.argv[1], sys.argv[2:]) else 1)
