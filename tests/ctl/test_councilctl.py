#!/usr/bin/env python3
"""councilctl from outside: what it prints, writes and returns.  Speaks TAP.

Each case is a command line with the exit code it must have and a file of what
it must print on standard output (NAME.out) or on standard error (NAME.err)
beside this script, or a function.  "UPDATE=1 test_councilctl.py" writes the
files anew, for reading before they are committed.
"""
import email
import email.policy
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(
    os.path.abspath(os.environ.get("BUILDDIR", ".")), "councilctl")
CLERK = "clerk@woodland-pc.example"
JONES = "jones@woodland-pc.example"
SMITH = "smith@woodland-pc.example"
DAY = ["--time", "2026-05-07"]

MESSAGE = """\
From: Alex Morgan <clerk@woodland-pc.example>
To: Jane Jones <jones@woodland-pc.example>
Subject: The allotments
Date: Thu, 7 May 2026 10:00:00 +0100
Message-ID: <1@woodland-pc.example>

The allotments will be let in June.
"""
REPLY = """\
From: Alex Morgan <clerk@woodland-pc.example>
To: Jane Jones <jones@woodland-pc.example>
Subject: RE: The allotments
Date: Thu, 7 May 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Dear Jane,

Plot 7 is “vacant”. [1mSee the plan.

Kind regards
Alex Morgan
Clerk

CC councillor Sam Smith

If you have received this email in error please delete it.

From: Jane Jones <jones@woodland-pc.example>
Sent: 06 May 2026 18:00
To: Alex Morgan
Subject: The allotments

Is plot 7 taken?

> Ask Sam.

--b
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--b
Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="s.p7m"
Content-Transfer-Encoding: base64

MIAGCSqGSIb3DQEHA6CA
--b--
"""
REPORTER = MESSAGE.replace(
    "To: ", "Cc: news@press.example\nTo: ").replace(
    "Alex Morgan <clerk@", "Jane Jones <jones@")

SETTINGS = """\
[milter]
policy = {home}/council.policy
socket = unix:{home}/milter.sock
[journal]
file = {home}/journal.sqlite
key-file = {home}/marker.key
[reports]
server = smtp://127.0.0.1:{port}
from = council-milter@woodland-pc.example
"""

cases = []


def case(function):
    cases.append((function.__name__.replace("_", "-"), function))
    return function


def run(*args, stdin=None, env=None, binary=False):
    environment = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", **(env or {}))
    done = subprocess.run([PROGRAM, *args], input=stdin, env=environment,
                          capture_output=True, timeout=120)
    if binary:
        return done
    done.stdout = done.stdout.decode()
    done.stderr = done.stderr.decode()
    return done


def check_equal(got, want, what):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


def write(name, text):
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def read(name):
    with open(name, "rb") as file:
        return file.read()


def compare(name, text):
    """Holds text against a file of what is expected."""
    path = os.path.join(HERE, name)
    if os.environ.get("UPDATE"):
        write(path, text)
    check_equal(text, read(path).decode(), name)


def printed(name, code, *args, stdin=None, err=None):
    """A case that is nothing but a command line.

    err is a pattern for standard error where its words are not ours.
    """
    def function():
        done = run(*args, stdin=stdin)
        check_equal(done.returncode, code, "exit code, " + done.stderr)
        if err is not None:
            if not re.search(err, done.stderr):
                raise AssertionError(f"no {err} in {done.stderr}")
            done.stderr = ""
        for suffix, text in ((".out", done.stdout), (".err", done.stderr)):
            text = text.replace(os.getcwd(), "HOME")
            path = os.path.join(HERE, name + suffix)
            if os.environ.get("UPDATE") and text:
                write(path, text)
            if os.path.exists(path):
                compare(name + suffix, text)
            else:
                check_equal(text, "", suffix)
    cases.append((name, function))


# The command line.

printed("help", 0, "--help")
printed("no-command", 2)
printed("unknown-command", 2, "explian", "x")
printed("unknown-option", 2, "check", "--strict")
printed("no-settings", 3, "--config", "missing.conf", "check")
for words in (("report", "x"), ("purge", "--before", "2026-01-01", "x"),
              ("doctor", "x")):
    printed("too-many-" + words[0], 2, *words,
            err=r'"x" is one argument too many')


@case
def help_for_help():
    check_equal(run("help", "help").stdout, run("--help").stdout, "help")


@case
def help_for_every_command():
    for word in ("check", "explain", "text", "replay", "roster", "report",
                 "purge", "outbox", "doctor", "score"):
        done = run("help", word)
        check_equal(done.returncode, 0, word)
        again = run(word, "--help")
        check_equal(again.stdout, done.stdout, word)
        if "councilctl " + word not in done.stdout:
            raise AssertionError(done.stdout)


@case
def full_disk():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "--help"], stdout=full,
                              stderr=subprocess.PIPE, timeout=60)
    check_equal(done.returncode, 3, "exit code")


# check

printed("check", 0, "check", "council.policy")
printed("check-settings", 0, "--config", "council-milter.conf", "check")
FOTTER = r'(?m)^broken\.policy:14:12: error: .*"fotter".*"footer"\?$'
printed("check-broken", 1, "check", "broken.policy", err=FOTTER)
printed("check-failing", 1, "check", "failing.policy",
        err=r"(?m)^failing\.policy:38:1: error: .*press-release")
printed("check-missing", 1, "check", "missing.policy",
        err=r"^missing\.policy: error: .*No such file")

# score

SCORE = ["score", "--detector", "marking", "--patterns", "score.patterns"]


@case
def score():
    write("score.patterns", 'marking m "m"\n    kind confidential\n'
          '    alone "confidential"\n    says "in confidence"\n')
    write("score.tsv", "# kind@position, tab, text\n\n"
          "mark/plain@subject\tConfidential: kiosk\n"
          "mark/plain@last-line\tCONFIDENTIAL\n"
          "mark/said@body\tI say this in confidence.\n"
          "mark/said@body\tHush!\n"
          "not/mention@first-line\tSaid in confidence, years ago.\n"
          "not/quoted@body\t> Confidential\\n> In confidence\n"
          "not/name@filename\tkiosk.pdf\n"
          "not/header@header\tSensitivity: Normal\n"
          "other/label\tpassed over\n")
    done = run(*SCORE, "score.tsv")
    check_equal(done.returncode, 0, "exit code, " + done.stderr)
    compare("score.out", done.stdout)
    got = json.loads(run(*SCORE, "--json", "score.tsv").stdout)
    check_equal([got[key] for key in ("lines", "wanted", "right", "missed",
                                      "wrong", "precision-per-mille")],
                [8, 4, 3, 1, 1, 750], "figures")
    check_equal([miss["line"] for miss in got["misses"]], [6, 7], "misses")
    done = run(*SCORE, "--recall", "0.7", "score.tsv")
    check_equal(done.returncode, 0, "recall reached")
    done = run(*SCORE, "--recall", "0.8", "score.tsv")
    check_equal(done.returncode, 1, "recall not reached")


@case
def score_levels():
    write("levels.patterns", 'category staff "staff"\n\n'
          'evidence e\n    category staff\n'
          '    anchor "leave" confidence 0.4\n'
          '    anchor "sick" confidence 0.7\n'
          '    anchor "sacked" confidence 0.9\n')
    write("levels.tsv", "p1-personnel\tShe was sacked.\n"
          "p1-personnel\tShe is sick.\n"
          "none/policy\tThe sick pay policy.\n"
          "p1-personnel\tShe is on leave.\n"
          "none/other\tNothing.\n")
    command = ["score", "-d", "confidential", "--patterns",
               "levels.patterns", "levels.tsv"]
    done = run(*command)
    check_equal(done.returncode, 0, "exit code, " + done.stderr)
    compare("score-levels.out", done.stdout)
    got = json.loads(run(*command, "--json").stdout)
    check_equal([list(level.values()) for level in got["levels"]],
                [["low", 1, 1], ["medium", 2, 1], ["high", 1, 1]], "levels")


@case
def score_of_names():
    """What a line wants is told after the line itself is gone."""
    write("names.patterns", 'office clerk\n    as officer\n'
          '    title /clerk to the council/\n'
          'sign-off valediction\n    pattern /yours faithfully,?/\n')
    write("names.tsv", "councillor\tHush!\nambiguous\tHush, please!\n")
    done = run("score", "-d", "name", "--patterns", "names.patterns",
               "--json", "names.tsv")
    check_equal([(miss["wanted"], miss["got"]) for miss in
                 json.loads(done.stdout)["misses"]],
                [("councillor", ""), ("ambiguous", "")], "misses")


printed("score-no-detector", 2, "score", "x.tsv", err="--detector is missing")
printed("score-bad-detector", 2, "score", "-d", "marknig", "x.tsv",
        err='unknown detector "marknig"')
printed("score-no-file", 2, "score", "-d", "marking", err="no file")
printed("score-no-patterns", 3, "score", "-d", "marking", "--patterns",
        "missing.patterns", "x.tsv", err="missing.patterns")

# explain

SENT = ["--policy", "council.policy", *DAY, "--auth", "alex",
        "--from", CLERK, "--rcpt", JONES]
COPIED = [*SENT, "--rcpt", SMITH]

printed("explain", 0, "explain", *COPIED, "plain.eml")
printed("explain-early", 0, "explain", *SENT, "plain.eml")
printed("explain-json", 0, "explain", "--json", *COPIED, "plain.eml")
printed("explain-stdin", 0, "explain", *COPIED, "-", stdin=MESSAGE.encode())
printed("explain-text", 0, "explain", "--text", *COPIED, "reply.eml")
printed("explain-text-json", 0, "explain", "--text", "--json", *COPIED,
        "reply.eml")
printed("explain-inbound", 0, "explain", "--policy", "council.policy", *DAY,
        "--client", "198.51.100.7", "--rcpt", SMITH, "plain.eml")
printed("explain-no-policy", 1, "explain", "--policy", "broken.policy",
        "plain.eml", err=FOTTER)
printed("explain-no-message", 3, "explain", "--policy", "council.policy",
        "missing.eml")
printed("explain-two-messages", 2, "explain", "plain.eml", "plain.eml")
printed("explain-bad-client", 2, "explain", "--client", "nowhere", "plain.eml")
printed("explain-bad-time", 2, "explain", "--time", "noon", "plain.eml")


# text

printed("text", 0, "text", "reply.eml")
printed("text-json", 0, "text", "--json", "reply.eml")
printed("text-stdin", 0, "text", "-", stdin=MESSAGE.encode())
printed("text-no-message", 3, "text", "missing.eml")
printed("text-two-messages", 2, "text", "plain.eml", "plain.eml")


def explain(*args):
    done = run("explain", "--json", *args)
    check_equal(done.returncode, 0, "exit code, " + done.stderr)
    return json.loads(done.stdout)


@case
def json_of_a_silent_copy():
    got = explain(*COPIED, "plain.eml")
    check_equal(got["verdict"], "accept", "verdict")
    check_equal(got["actions"], ["footer", "report"], "actions")
    check_equal(got["recipients"]["visible"],
                [{"id": "cllr.jones", "name": "Cllr Jane Jones"}], "visible")
    check_equal(got["recipients"]["hidden"],
                [{"id": "cllr.smith", "name": "Cllr Sam Smith"}], "hidden")
    check_equal(got["sender"], {"id": "clerk", "name": "Alex Morgan"}, "sender")
    finding, = got["findings"]
    check_equal(finding["rule"], "silent-copy", "rule")
    check_equal(finding["clause"],
                "Correspondence, paragraph 1: no silent copies", "clause")
    check_equal((finding["file"], finding["line"]), ("council.policy", 9),
                "place")
    check_equal(any("Sam Smith" in e for e in finding["evidence"]), True,
                "evidence")
    check_equal(got["footers"][0]["text"], "CC councillor Sam Smith", "footer")
    check_equal([(l["kind"], l["to"]) for l in got["letters"]],
                [("report", "patel@woodland-pc.example")], "letters")
    check_equal(got["edit"]["status"], "done", "edit")
    check_equal(len(got["rules"]), 5, "rules")


@case
def verdicts():
    for subject, verdict, when in (
            ("refuse me", "reject", "2026-05-07"),
            ("hold me", "hold", "2026-05-07"),
            ("defer me", "accept", "2026-05-07"),
            ("defer me", "defer", "2030-05-07"),
            ("defer me", "accept", "2031-01-01")):
        write("subject.eml", MESSAGE.replace("The allotments\n", subject + "\n"))
        got = explain("--policy", "council.policy", "--time", when,
                      "--from", CLERK, "--rcpt", JONES, "subject.eml")
        check_equal(got["verdict"], verdict, subject + " " + when)
        if verdict in ("reject", "defer"):
            check_equal(got["code"][0], "5" if verdict == "reject" else "4",
                        "code")


@case
def what_the_envelope_settles_is_explained_too():
    rule = read("council.policy").decode()
    write("narrow.policy", rule[:rule.index("rule press-release")])
    got = explain("--policy", "narrow.policy", *DAY, "--auth", "jane",
                  "--from", JONES, "--rcpt", SMITH, "plain.eml")
    check_equal(got["early"], True, "early")
    check_equal(got["recipients"]["hidden"][0]["id"], "cllr.smith", "hidden")
    check_equal(got["rules"][0]["outcome"], "does not hold", "outcome")
    check_equal(got["rules"][0]["tests"][0],
                {"test": "sender is officer", "outcome": "false",
                 "evidence": got["rules"][0]["tests"][0]["evidence"]}, "test")


@case
def exempt_mail():
    write("union.eml", MESSAGE.replace("Jane Jones <jones@", "Union <union@"))
    got = explain("--policy", "council.policy", *DAY, "--auth", "alex",
                  "--from", CLERK, "--rcpt", "union@woodland-pc.example",
                  "--rcpt", SMITH, "union.eml")
    check_equal((got["exempt"], got["verdict"]), (True, "accept"), "exempt")
    check_equal((got["findings"], got["rules"], got["letters"]), ([], [], []),
                "rules")


@case
def no_stranger_is_revealed():
    strangers = ["x1@secret.example", "cllr@hidden.example",
                 "deputy@woodland-pc.example"]
    args = [*COPIED]
    for stranger in strangers:
        args += ["--rcpt", stranger]
    for form in ([], ["--json"]):
        done = run("explain", *form, *args, "plain.eml")
        check_equal(done.returncode, 0, "exit code")
        for word in ("secret.example", "hidden.example", "Robin", "deputy"):
            if word in done.stdout + done.stderr:
                raise AssertionError(f"{word} in {done.stdout}")
        if "Sam Smith" not in done.stdout:
            raise AssertionError("the councillor is not named")


@case
def json_is_utf8_whatever_comes():
    write("bytes.eml", b"From: \xff\xfe <x\xff@example.org>\n"
          b"To: Zo\xeb \"M\\\"\x01 <y@example.org>\nSubject: \x80\n\n\xff\n")
    done = run("explain", "--json", "--policy", "council.policy",
               "bytes.eml", binary=True)
    check_equal(done.returncode, 0, "exit code")
    json.loads(done.stdout.decode("utf-8", "strict"))


@case
def no_control_reaches_the_terminal():
    write("escape.eml", MESSAGE.replace(
        "Jane Jones <jones@woodland-pc.example>",
        "x\x1b[31m <\"a\x1b[31mb\"@example.org>"))
    done = run("explain", "--policy", "council.policy", "escape.eml")
    if "\x1b" in done.stdout + done.stderr:
        raise AssertionError(repr(done.stdout))


def output_of(source, *args):
    write("source.eml", source)
    done = run("explain", *args, "--output", "out.eml", "source.eml")
    check_equal(done.returncode, 0, "exit code, " + done.stderr)
    return read("out.eml")


@case
def output_gains_the_footer_and_nothing_else():
    for end in (b"\n", b"\r\n"):
        source = MESSAGE.encode().replace(b"\n", end)
        got = output_of(source, *COPIED)
        footer = b"CC councillor Sam Smith" + end
        check_equal(got.count(footer), 1, "footers")
        check_equal(got.replace(b"\r\n", b"").count(b"\r"), 0, "bare CR")
        if end == b"\n":
            check_equal(got.count(b"\r"), 0, "CR")
        else:
            check_equal(got.count(b"\n"), got.count(b"\r\n"), "LF")
        # Header and text are those of the source, in their order.
        at = 0
        for line in source.split(end)[:-1]:
            at = got.index(line, at) + len(line)
        parsed = email.message_from_bytes(got, policy=email.policy.default)
        before = email.message_from_bytes(source, policy=email.policy.default)
        for name in before.keys():
            check_equal(parsed[name], before[name], name)
        text = parsed.get_content().replace("\r\n", "\n")
        check_equal(text.startswith("The allotments will be let in June.\n"),
                    True, "text")
        check_equal(text.rstrip().endswith("CC councillor Sam Smith"), True,
                    "footer in " + repr(text))


@case
def output_without_an_edit_is_the_input():
    for source in (MESSAGE, MESSAGE.replace("\n", "\r\n"), MESSAGE[:-1],
                   "Subject: x\n", "Subject: x", "Subject: x\n\n\0\xff\r",
                   "no header at all\n", "\n", "To : x\nfoo\nbar\n"):
        source = source.encode("latin-1")
        check_equal(output_of(source, *SENT), source, "output")


@case
def output_mixed_line_ends():
    source = MESSAGE.encode() + b"one\r\ntwo\nthree\r\n"
    got = output_of(source, *COPIED)
    check_equal(b"one\r\ntwo\nthree\r\n" in got, True, "lines")
    check_equal(b"CC councillor Sam Smith\n" in got, True, "footer")


@case
def output_of_what_does_not_leave():
    write("refused.eml", MESSAGE.replace("The allotments\n", "refuse me\n"))
    done = run("explain", "--output", "refused.out", *SENT, "refused.eml")
    check_equal(done.returncode, 0, "exit code")
    check_equal(os.path.exists("refused.out"), False, "output")
    check_equal("refused.out" in done.stderr, True, done.stderr)


@case
def output_that_cannot_be_written():
    for path in ("/dev/full", "missing/out.eml"):
        done = run("explain", "--output", path, *COPIED, "plain.eml")
        check_equal(done.returncode, 3, path)


@case
def arguments_in_any_locale():
    done = subprocess.run(
        [PROGRAM, "explain", "--policy", "council.policy",
         b"--rcpt", "zoë@exämple.org".encode(), "plain.eml"],
        env=dict(os.environ, LC_ALL="C"), capture_output=True, timeout=60)
    check_equal(done.returncode, 0, done.stderr)


# replay

printed("replay", 0, "replay", "--policy", "council.policy", "stored")
printed("replay-verbose", 0, "replay", "-v", "--policy", "council.policy",
        "stored")
printed("replay-json", 0, "replay", "--json", "--policy", "council.policy",
        "stored")
printed("replay-unreadable", 1, "replay", "--policy", "council.policy",
        "stored/one.eml", "missing.eml", "empty.eml")
printed("replay-empty-folder", 1, "replay", "--policy", "council.policy",
        "nothing")
printed("replay-nothing", 2, "replay", "--policy", "council.policy")


@case
def replay_says_what_explain_says():
    done = run("replay", "-jv", "--policy", "council.policy", "stored")
    lines = done.stdout.splitlines()
    check_equal(len(lines), 8, "lines")
    for line in lines[:-1]:
        got = json.loads(line)
        check_equal({"message", "verdict", "actions", "findings",
                     "recipients"} <= set(got), True, line)
    counts = json.loads(lines[-1])
    check_equal(counts["messages"], 7, "messages")
    held = sum(len(json.loads(line)["findings"]) for line in lines[:-1])
    check_equal(sum(rule["holds"] for rule in counts["rules"]), held, "holds")


@case
def replay_standard_input():
    box = b"".join(b"From x\n" + MESSAGE.encode() + b"\n" for _ in range(3))
    done = run("replay", "--json", "--policy", "council.policy", "-",
               stdin=box)
    check_equal(json.loads(done.stdout)["messages"], 3, "messages")


@case
def replay_of_every_file():
    done = run("replay", "--json", "--all", "--policy", "council.policy",
               "stored")
    check_equal(json.loads(done.stdout)["messages"], 8, "messages")


@case
def replay_is_as_of_each_message():
    # Not a councillor in 2026, but one in 2028.
    for year, holds in (("2026", 0), ("2028", 1)):
        text = MESSAGE.replace("2026", year).replace("Thu, ", "")
        write("year.eml", "Delivered-To: muller@woodland-pc.example\n" + text)
        done = run("replay", "--json", "--policy", "council.policy", "year.eml")
        got = json.loads(done.stdout)["rules"][0]
        check_equal((got["rule"], got["holds"]), ("silent-copy", holds), year)


# roster

printed("roster", 0, "roster", "--policy", "council.policy",
        "--on", "2026-05-07")
printed("roster-later", 0, "roster", "--policy", "council.policy",
        "--on", "2027-06-01")
printed("roster-find", 0, "roster", "--policy", "council.policy",
        "find", "Jane+list@Jones.Example", "--on", "2026-05-07")
printed("roster-find-group", 0, "roster", "--policy", "council.policy",
        "find", "planning@woodland-pc.example")
printed("roster-find-nobody", 1, "roster", "--policy", "council.policy",
        "find", "nobody@example.org")
printed("roster-bad-date", 2, "roster", "--policy", "council.policy",
        "--on", "7 May")
printed("roster-bad-word", 2, "roster", "seek", "x")

# report, purge and outbox without a journal; with one see test_ctl_journal.

for word in (["report"], ["purge", "--before", "2026-01-01"], ["outbox"]):
    printed(word[0] + "-no-journal", 3, *word, "--config",
            "council-milter.conf")
printed("purge-unasked", 2, "purge")
printed("report-backwards", 2, "report", "--from", "2026-02-01", "--to",
        "2026-01-01")
printed("outbox-bad-id", 2, "outbox", "send")


# doctor

class Listener(threading.Thread):
    """Answers one connection after another until it is closed."""

    def __init__(self, listener, talk):
        super().__init__(daemon=True)
        self.listener, self.talk, self.seen = listener, talk, []
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(20)
                try:
                    self.talk(connection, self.seen)
                except OSError:
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join()


def talk_milter(connection, seen):
    seen.append(connection.recv(64))
    connection.sendall(bytes.fromhex("0000000d4f000000060000000000000000"))
    connection.recv(64)


def talk_smtp(connection, seen):
    connection.sendall(b"220 mail.example ESMTP\r\n")
    for line in connection.makefile("rb"):
        seen.append(line.split()[0].upper())
        connection.sendall(b"250 OK\r\n" if seen[-1] != b"QUIT"
                           else b"221 Bye\r\n")


def talk_nonsense(connection, seen):
    seen.append(connection.recv(64))
    connection.sendall(b"220 hello\r\n")


def lines_of(done):
    return [line for line in done.stdout.splitlines()
            if line[:6] in ("PASS  ", "WARN  ", "FAIL  ")]


POSTCONF = """\
#!/bin/sh
case "$1" in
-hx) printf '%s\\n' '{smtpd}' '{other}' '{action}' '{home}/queue' nobody ;;
-Px) printf '%s\\n' '{service}' ;;
-hF) printf '%s\\n' n ;;
esac
"""


def doctor(port, **postfix):
    home = os.getcwd()
    values = {"smtpd": f"unix:{home}/milter.sock, inet:127.0.0.1:8891",
              "other": f"{{ unix:{home}/milter.sock, default_action=tempfail }}",
              "action": "tempfail", "service": "", "home": home, **postfix}
    os.makedirs("bin", exist_ok=True)
    write("bin/postconf", POSTCONF.format(**values))
    os.chmod("bin/postconf", 0o755)
    write("doctor.conf", SETTINGS.format(home=home, port=port))
    return run("--config", "doctor.conf", "doctor",
               env={"PATH": home + "/bin:" + os.environ["PATH"]})


def found(done, level, what):
    for line in lines_of(done):
        if line.startswith(f"{level}  {what}:"):
            return
    raise AssertionError(f"no {level} for {what} in\n{done.stdout}")


@case
def doctor_of_a_sound_house():
    os.chmod(".", 0o700)
    write("marker.key", bytes(32))
    os.chmod("marker.key", 0o600)
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    local = socket.socket(socket.AF_UNIX)
    local.bind("milter.sock")
    os.chmod("milter.sock", 0o666)
    local.listen()
    smtp, milter = Listener(server, talk_smtp), Listener(local, talk_milter)
    try:
        done = doctor(port)
        check_equal([line for line in lines_of(done) if line[:4] == "FAIL"], [],
                    "failures in " + done.stdout + done.stderr)
        check_equal(done.returncode, 0, "exit code")
        for what in ("settings", "policy", "readers", "key", "journal folder",
                     "socket", "reports", "smtpd_milters", "non_smtpd_milters",
                     "milter_default_action"):
            found(done, "PASS", what)
        check_equal(milter.seen[0][:5], b"\0\0\0\rO", "negotiation")
        check_equal(b"NOOP" in smtp.seen, True, "NOOP")
        check_equal(done.stdout.splitlines()[-1], "0 failures, 1 warning",
                    "summary")
        check_equal(b"MAIL" in smtp.seen, False, "nothing is sent")
        sock = f"unix:{os.getcwd()}/milter.sock"
        for postfix, level, what in (
                ({"smtpd": ""}, "FAIL", "smtpd_milters"),
                ({"smtpd": "inet:127.0.0.1:8891 " + sock}, "FAIL",
                 "smtpd_milters"),
                ({"smtpd": "unix:opendkim/opendkim.sock," + sock}, "FAIL",
                 "smtpd_milters"),
                ({"smtpd": "unix:../milter.sock"}, "FAIL", "smtpd_milters"),
                ({"other": ""}, "FAIL", "non_smtpd_milters"),
                ({"action": "accept"}, "FAIL", "milter_default_action"),
                ({"action": "reject"}, "WARN", "milter_default_action"),
                ({"service": "submission/inet/smtpd_milters = "}, "FAIL",
                 "submission/inet/smtpd_milters"),
                ({"service": f"submission/inet/smtpd_milters = {sock}"},
                 "PASS", "submission/inet/smtpd_milters")):
            done = doctor(port, **postfix)
            found(done, level, what)
            check_equal(done.returncode, 1 if level == "FAIL" else 0, what)
        os.chmod("marker.key", 0o644)
        found(doctor(port), "FAIL", "key")
    finally:
        smtp.close()
        milter.close()
        os.unlink("milter.sock")


@case
def doctor_tries_the_examples():
    """The daemon does not start with a pattern whose examples fail."""
    sound = read("council.policy").decode()
    try:
        write("wrong.patterns", 'let bus /bus/\n'
              'category hours "when somebody works"\n'
              'evidence timetable "a timetable"\n'
              '    category   hours\n'
              '    confidence 0.9\n'
              '    anchor     {bus}\n'
              '    match      "The tram is late."\n'
              '    no match   "The train is late."\n')
        write("council.policy", sound + '\ninclude "wrong.patterns"\n')
        done = doctor(25)
        found(done, "FAIL", "policy")
        check_equal("wrong.patterns:7:" in done.stderr, True, done.stderr)
    finally:
        write("council.policy", sound)


@case
def doctor_of_a_ruin():
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    server.close()
    local = socket.socket(socket.AF_UNIX)
    local.bind("milter.sock")
    local.listen()
    nonsense = Listener(local, talk_nonsense)
    try:
        done = doctor(port)
        found(done, "FAIL", "socket")
    finally:
        nonsense.close()
    found(done, "FAIL", "reports")
    check_equal(done.returncode, 1, "exit code")
    done = doctor(port)
    found(done, "FAIL", "socket")
    os.unlink("milter.sock")
    done = run("--config", "missing.conf", "doctor", env={"PATH": "/nowhere"})
    found(done, "FAIL", "settings")


def furnish():
    """The files that the cases work on."""
    for name in ("council.policy", "council.roster"):
        shutil.copyfile(os.path.join(HERE, name), name)
    sound = read("council.policy").decode()
    write("broken.policy", sound.replace("footer \"CC", "fotter \"CC"))
    write("failing.policy", sound.replace(
        "expect no rule", "expect press-release"))
    write("council-milter.conf",
          SETTINGS.format(home=os.getcwd(), port=25))
    write("plain.eml", MESSAGE)
    write("reply.eml", REPLY)
    write("empty.eml", b"")
    os.mkdir("nothing")
    for folder in ("stored", "stored/.Sent/cur", "stored/.Sent/tmp"):
        os.makedirs(folder)
    write("stored/one.eml", MESSAGE)
    write("stored/one.env", f"<{CLERK}>\n{JONES}\n{SMITH}\nauth alex\n")
    write("stored/two.eml", "Delivered-To: " + SMITH + "\n" + MESSAGE)
    write("stored/three.eml", REPORTER)
    # A stranger who only says that she is a councillor.
    write("stored/forged.eml", "Return-Path: <x@elsewhere.example>\n"
          + REPORTER)
    write("stored/.Sent/cur/1:2,S", MESSAGE)
    write("stored/.Sent/tmp/2", MESSAGE)
    write("stored/old.mbox", "From clerk Thu May  7 10:00:00 2026\n" + MESSAGE
          + "\nFrom clerk Thu May  7 10:00:00 2026\n" + MESSAGE
          + ">From the clerk\n\n")


def main():
    print(f"1..{len(cases)}")
    failed = 0
    home = tempfile.mkdtemp(prefix="councilctl-")
    os.chdir(home)
    try:
        furnish()
        for number, (name, function) in enumerate(cases, 1):
            try:
                function()
                print(f"ok {number} - {name}")
            except Exception as trouble:  # one bad case must not hide others
                failed += 1
                print(f"not ok {number} - {name}")
                for line in f"{type(trouble).__name__}: {trouble}".split("\n"):
                    print("#", line)
            sys.stdout.flush()
    finally:
        os.chdir("/")
        shutil.rmtree(home)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
