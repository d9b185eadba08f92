#!/usr/bin/env python3
"""How well councilctl tells whose words a text is made of.

    segments.py COUNCILCTL [CORPUS]

Judges the labelled messages in segments/ beside this script and, when there
is a CORPUS of stored mail, the reply corpora in it.  Prints for each form
how many of the author's own lines were found (recall), how many lines called
own are (precision), and the same for signatures.  Fails when the figures fall
below what is promised.

A labelled message begins with "name: value" lines (form, subject, from, type).
After an empty line each line is LABEL, a tab and the line itself.  Of plain
text these lines are the message; of HTML they are what its reader sees, and
the source follows after a line "%%".  Of the type message/rfc822 that is the
whole message.
"""
import collections
import glob
import json
import os
import subprocess
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
OVERALL = 0.97
EACH_FORM = 0.9
LABELS = ("own", "quoted", "forwarded", "signature", "disclaimer", "footer",
          "unseen")


def key(line):
    """What is left of a line when marks, space and case are not looked at."""
    line = unicodedata.normalize("NFKC", line)
    return "".join(c for c in line.lower() if c.isalnum())


def wrap(subject, sender, type_, body):
    return (f"From: {sender}\nTo: jones@woodland-pc.example\n"
            f"Subject: {subject}\nMIME-Version: 1.0\n"
            f"Content-Type: {type_}; charset=utf-8\n"
            "Content-Transfer-Encoding: 8bit\n\n").encode() + body


def segment(program, message):
    """The lines of a message: (origin, key), empty ones left out."""
    done = subprocess.run([program, "text", "--json", "-"], input=message,
                          capture_output=True, timeout=60, check=True)
    found = []
    for one in json.loads(done.stdout)["segments"]:
        if one["origin"] in LABELS:
            found += [(one["origin"], key(line))
                      for line in one["text"].split("\n") if key(line)]
    return found


def align(want, got):
    """Pairs of wanted and found origin, line by line.

    A line may have been cut in two: then its beginning counts.
    """
    pairs, at = [], 0
    for label, line in want:
        for look in range(at, min(at + 200, len(got))):
            origin, found = got[look]
            if found == line or (found and line.startswith(found)):
                pairs.append((label, origin, line))
                rest = line[len(found):]
                at = look + 1
                while rest and at < len(got) and rest.startswith(got[at][1]):
                    rest = rest[len(got[at][1]):]
                    at += 1
                break
        else:
            pairs.append((label, "lost", line))
    return pairs


def labelled(path):
    """A labelled message: form, wanted lines, message."""
    with open(path, encoding="utf-8") as file:
        head, _, rest = file.read().partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.split("\n"))
    lines, _, source = rest.partition("\n%%\n")
    want, body = [], []
    for line in lines.split("\n"):
        label, _, text = line.partition("\t")
        if label and label not in LABELS:
            raise SystemExit(f"{path}: unknown label {label!r}")
        body.append(text)
        if key(text):
            want.append((label, key(text)))
    type_ = facts.get("type", "text/plain")
    if type_ == "message/rfc822":
        return facts["form"], want, source.encode()
    text = source if type_ == "text/html" else "\n".join(body)
    return facts["form"], want, wrap(
        facts["subject"], facts["from"], type_, text.encode())


def read(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read().replace("\r\n", "\n")


# What it keeps of these is a message that is passed on, and not marked ">".
NOT_OWN = {"forwarded_message.txt"}


def trimmer(corpus):
    """Inputs with what is left of them: the author's own words."""
    root = os.path.join(corpus, "reply-trimmer", "test")
    for path in sorted(glob.glob(os.path.join(root, "emails", "*.txt"))):
        kept = os.path.join(root, "trimmed", os.path.basename(path))
        if not os.path.exists(kept) or os.path.basename(path) in NOT_OWN:
            continue
        own = [key(line) for line in read(kept).split("\n") if key(line)]
        want, at = [], 0
        for line in read(path).split("\n"):
            if not key(line):
                continue
            if at < len(own) and key(line) == own[at]:
                # Quotations between answers are kept there, and sign-offs.
                want.append(("quoted" if line.startswith(">") else "mine",
                             key(line)))
                at += 1
            else:
                want.append(("other", key(line)))
        name = os.path.basename(path).split(".")[0].rstrip("0123456789_")
        yield "trimmer: " + name, path, want, wrap(
            "Re: x", "Foo Bar <foo@example.com>", "text/plain",
            read(path).encode())


def compact(corpus):
    """Inputs without answers beside them: segments/*.lines has a letter for
    each line that is not empty."""
    letters = {"o": "own", "q": "quoted", "s": "signature", "d": "disclaimer"}
    with open(os.path.join(HERE, "segments", "zapier.lines"),
              encoding="utf-8") as file:
        rows = [row.split() for row in file if not row.startswith("#")]
    for name, labels in rows:
        path = os.path.join(corpus, "reply-zapier", "test", "emails", name)
        lines = [line for line in read(path).split("\n") if key(line)]
        if len(lines) != len(labels):
            raise SystemExit(f"{path}: {len(lines)} lines, not {len(labels)}")
        want = [(letters[label], key(line))
                for label, line in zip(labels, lines)]
        yield "zapier", path, want, wrap(
            "Re: x", "Abhishek Kona <abhishek@example.com>", "text/plain",
            read(path).encode())


def talon(corpus):
    """Whole messages with the words of the answer, signature and all."""
    root = os.path.join(corpus, "reply-talon", "tests", "fixtures")
    for path in sorted(glob.glob(os.path.join(
            root, "standard_replies", "*.eml"))):
        answer = path[:-4] + "_reply_text"
        words = read(answer) if os.path.exists(answer) else "Hello"
        with open(path, "rb") as file:
            yield ("talon: " + os.path.basename(path)[:-4], path, words,
                   file.read())
    for path in sorted(glob.glob(os.path.join(root, "html_replies", "*.html"))):
        with open(path, "rb") as file:
            yield ("talon: " + os.path.basename(path), path,
                   "Hi. I am fine.\nThanks,\nAlex",
                   wrap("Re: x", "Alex <a@example.com>", "text/html",
                        file.read()))


class Score:
    def __init__(self):
        self.counts = collections.Counter()

    def add(self, want, got):
        if want == "mine":
            want = got if got in ("own", "signature") else "own"
        elif want == "other" and got == "signature":
            want = got
        for what in ("own", "signature"):
            if want == what:
                self.counts[what, "wanted"] += 1
            if got == what:
                self.counts[what, "called"] += 1
            if want == got == what:
                self.counts[what, "right"] += 1

    def rate(self, what, of):
        whole = self.counts[what, of]
        return self.counts[what, "right"] / whole if whole else None

    def row(self, name):
        cells = [f"{self.counts['own', 'wanted']:6d}"]
        for what in ("own", "signature"):
            for of in ("called", "wanted"):
                rate = self.rate(what, of)
                cells.append("     -" if rate is None else f"{rate:6.3f}")
        return f"{name:34s} " + " ".join(cells)


def judge(program, corpus):
    forms = collections.OrderedDict()
    wrong = []

    def count(form, path, pairs):
        score = forms.setdefault(form, Score())
        for want, got, line in pairs:
            score.add(want, got)
            if want == "mine" and got in ("own", "signature"):
                continue
            if want != got and {"own", "mine"} & {want, got}:
                wrong.append((form, os.path.basename(path), want, got, line))

    for path in sorted(glob.glob(os.path.join(HERE, "segments", "*.txt"))):
        form, want, message = labelled(path)
        count(form, path, align(want, segment(program, message)))
    if corpus is None:
        return forms, wrong
    for source in (trimmer, compact):
        for form, path, want, message in source(corpus):
            form = form.split(":")[0] + " corpus"
            count(form, path, align(want, segment(program, message)))
    for form, path, words, message in talon(corpus):
        left = collections.Counter(
            key(line) for line in words.split("\n") if key(line))
        pairs = []
        for origin, line in segment(program, message):
            mine = origin in ("own", "signature")
            wanted = left[line] > 0 and mine
            left[line] -= wanted
            pairs.append(("own" if wanted else "other",
                          "own" if mine else origin, line))
        pairs += [("own", "lost", line) for line in left.elements()]
        count("talon corpus", path, pairs)
    return forms, wrong


def main(program, corpus=None, *rest):
    if corpus is not None:
        corpus = os.path.join(corpus, "mail") if os.path.isdir(
            os.path.join(corpus, "mail")) else corpus
    forms, wrong = judge(program, corpus)
    if os.environ.get("VERBOSE"):
        for form, name, want, got, line in wrong:
            print(f"{form}: {name}: {want}, called {got}: {line[:60]}")
    whole = Score()
    print(f"{'':34s}    own lines        signatures")
    print(f"{'form':34s}  lines   prec    rec   prec    rec")
    failed = False
    for form, score in forms.items():
        print(score.row(form))
        whole.counts.update(score.counts)
        failed |= min(score.rate("own", of) or 0
                      for of in ("wanted", "called")) < EACH_FORM and \
            score.counts["own", "wanted"] > 0
    print(whole.row("all"))
    failed |= min(whole.rate("own", of) or 0
                  for of in ("wanted", "called")) < OVERALL
    return failed


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))
