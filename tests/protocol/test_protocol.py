#!/usr/bin/env python3
"""What the filter says on the wire, held against the milter protocol."""
import os
import random
import re
import struct
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import milterclient as m
import tap
from harness import (CLERK, HOLDING, JONES, PATEL, POLICY, REFUSING, SMITH,
                     Filter, fields)

BODY = b"Dear Jane,\r\n\r\nThe allotments are let.\r\n\r\nAlex\r\n"
FOOTER = b"CC councillor Sam Smith"
OUTSIDER = "someone@example.org"
SILENT = m.NR_CONN | m.NR_MAIL | m.NR_RCPT | m.NR_HDR | m.NR_BODY
LEFT_OUT = m.NOHELO | m.NODATA | m.NOUNKNOWN


def silent_copy(client, body=BODY, queue_id="Q1", recipients=(JONES, SMITH),
                **keywords):
    return client.message(CLERK, recipients, fields(**keywords), body,
                          queue_id=queue_id)


def check_footer(result, body=BODY, footer=FOOTER):
    """The body gained the footer, once, and nothing else."""
    assert result.verdict == m.CONTINUE, result.order
    assert result.body is not None, result.order
    assert result.body.count(footer) == 1, result.body[-200:]
    at = next((i for i, (a, b) in enumerate(zip(body, result.body))
               if a != b), len(body))
    rest = body[at:]
    assert result.body.endswith(rest)
    insertion = result.body[at:len(result.body) - len(rest)]
    assert footer in insertion and len(insertion) < len(footer) + 40, insertion
    assert b"\n" not in insertion.replace(b"\r\n", b""), insertion
    assert len(result.chunks) <= len(result.body) // m.CHUNK + 4, \
        result.chunks
    assert len(result.chunks) == 1 or len(result.body) > m.CHUNK, \
        result.chunks


def check_untouched(result):
    assert result.order == "N" and result.verdict == m.ACCEPT, result.order


# Negotiation.

def test_modern_MTA():
    with Filter() as f, f.connect() as client:
        assert client.version == 6
        assert client.steps == SILENT | LEFT_OUT | m.HDR_LEADSPC, \
            hex(client.steps)
        assert client.actions == m.ADDHDRS | m.CHGHDRS | m.CHGBODY | \
            m.QUARANTINE | m.SETSYMLIST, hex(client.actions)
        assert client.symbols == {2: ["{auth_authen}"],
                                  3: ["{rcpt_addr}", "{rcpt_mailer}"],
                                  5: ["i"]}, client.symbols


OFFERS = [
    ("version 2", 2, m.OLD_ACTIONS, m.OLD_STEPS),
    ("version 2 without a word on steps", 2, m.OLD_ACTIONS, 0),
    ("version 3", 3, m.OLD_ACTIONS, m.OLD_STEPS | m.NOUNKNOWN),
    ("version 4", 4, m.OLD_ACTIONS, m.OLD_STEPS | m.NOUNKNOWN | m.NODATA),
    ("no silence", 6, m.ALL_ACTIONS, m.ALL_STEPS & ~SILENT),
    ("half of the silence", 6, m.ALL_ACTIONS,
     m.ALL_STEPS & ~m.NR_HDR & ~m.NR_BODY),
    ("the other half", 6, m.ALL_ACTIONS,
     m.ALL_STEPS & ~m.NR_CONN & ~m.NR_MAIL & ~m.NR_RCPT),
    ("no leading space", 6, m.ALL_ACTIONS, m.ALL_STEPS & ~m.HDR_LEADSPC),
    ("no list of macros", 6, m.ALL_ACTIONS & ~m.SETSYMLIST, m.ALL_STEPS),
    ("no quarantine", 6, m.ALL_ACTIONS & ~m.QUARANTINE, m.ALL_STEPS),
    ("every step sent", 6, m.ALL_ACTIONS, m.ALL_STEPS & ~LEFT_OUT),
    ("nothing skipped", 6, m.ALL_ACTIONS, m.ALL_STEPS & ~m.SKIP),
    ("everything", 6, m.ALL_ACTIONS, m.ALL_STEPS),
    ("a future version", 7, 0xFFFF, 0x0FFFFFFF),
]


def test_every_offer_gives_the_same_message():
    seen = set()
    with Filter() as f:
        for name, version, actions, steps in OFFERS:
            with f.client(version=version, actions=actions,
                          steps=steps) as client:
                for _ in range(2):
                    result = silent_copy(client, BODY * 2000)
                    check_footer(result, BODY * 2000)
                    seen.add(result.body)
                    check_untouched(client.message(
                        OUTSIDER, ["other@example.net"],
                        fields(sender=OUTSIDER), BODY))
                client.quit()
    assert len(seen) == 1, [name for name, *_ in OFFERS]


def refused(policy, actions):
    with Filter(policy) as f:
        try:
            f.connect(actions=actions).close()
        except m.Closed:
            return f.wait_log(r"the MTA does not offer")
        return None


def test_a_policy_that_edits_needs_an_MTA_that_lets_it():
    for bit, name in ((m.CHGBODY, "replacing the body"),
                      (m.ADDHDRS, "adding headers"),
                      (m.CHGHDRS, "changing headers")):
        line = refused(POLICY, m.ALL_ACTIONS & ~bit)
        assert line and name in line and "rule silent-copy" in line and \
            "council.policy:7" in line, line


def test_a_policy_that_holds_needs_quarantine():
    line = refused(POLICY + HOLDING, m.ALL_ACTIONS & ~m.QUARANTINE)
    assert line and "quarantine" in line and "rule hold-it" in line, line


def test_a_policy_that_only_observes_needs_nothing():
    assert refused("mode observe\n" + POLICY + HOLDING, m.ADDRCPT) is None


# Silence and answers.

def test_silence_where_it_was_agreed_upon():
    with Filter() as f, f.connect() as client:
        steps = [
            ("connect", lambda: client.connect("localhost", "127.0.0.1")),
            ("mail", lambda: client.mail(CLERK)),
            ("rcpt", lambda: client.rcpt(JONES)),
            ("rcpt", lambda: client.rcpt(SMITH)),
            ("header", lambda: client.header("From", " " + CLERK)),
            ("header", lambda: client.header("To", " " + JONES)),
        ]
        for name, step in steps:
            step()
            assert client.silent(), name
        assert client.end_of_headers() == m.CONTINUE
        client.body(BODY)
        assert client.silent(), "body"
        check_footer(client.end_of_message())
        assert client.silent(), "end"


def test_one_answer_to_each_step_otherwise():
    steps = m.ALL_STEPS & ~SILENT & ~LEFT_OUT
    with Filter() as f, f.connect(steps=steps) as client:
        answers = [client.connect("localhost", "127.0.0.1"), client.helo()]
        answers += client.until_end_of_headers(CLERK, [JONES, SMITH],
                                               fields())
        for data in (BODY, BODY):
            answers.append(client.body(data))
        assert set(answers) == {m.CONTINUE}, answers
        assert client.silent()
        check_footer(client.end_of_message(), BODY + BODY)
        assert client.silent()


# Messages.

def test_early_accept():
    with Filter() as f, f.client() as client:
        check_untouched(silent_copy(client, recipients=[JONES]))
        check_untouched(client.message(OUTSIDER, [JONES, SMITH],
                                       fields(sender=OUTSIDER), BODY))
        assert not [line for line in f.lines if line.startswith("Q1")]


def test_footer():
    with Filter() as f, f.client() as client:
        result = silent_copy(client, queue_id="4F0O7xzzz")
        check_footer(result)
        names = [(op, name) for op, _, name, _ in result.changes]
        assert ("i", names[0][1]) in names, result.changes
        for _, _, _, value in result.changes:
            assert value[:1] == b" ", result.changes
        line = f.wait_log(r"4F0O7xzzz: ")
        assert line.startswith("council-milter: 4F0O7xzzz: "), line
        assert "silent-copy" in line and "council.policy:7" in line, line


def test_headers_without_leading_space():
    steps = m.ALL_STEPS & ~m.HDR_LEADSPC
    with Filter() as f, f.client(steps=steps) as client:
        result = silent_copy(client)
        check_footer(result)
        assert result.changes
        for _, _, _, value in result.changes:
            assert value[:1] != b" ", result.changes


SIGNED = (b"--s\r\nContent-Type: text/plain\r\n\r\nDear Jane\r\n\r\n"
          b"--s\r\nContent-Type: application/pgp-signature\r\n\r\n"
          b"-----BEGIN PGP SIGNATURE-----\r\n--s--\r\n")


def test_signed_mail_is_wrapped_alike():
    extra = [("MIME-Version", " 1.0"), ("Content-Type", " multipart/signed;"
             "\n protocol=\"application/pgp-signature\"; boundary=s")]
    bodies = []
    with Filter("signed mail wrap\n" + POLICY) as f:
        for steps in (m.ALL_STEPS, m.ALL_STEPS & ~m.HDR_LEADSPC):
            with f.client(steps=steps) as client:
                result = silent_copy(client, SIGNED, extra=extra)
                assert result.verdict == m.CONTINUE and SIGNED in result.body
                assert b"\r\nContent-Type: multipart/signed;\r\n protocol" \
                    in result.body, result.body
                boundary = re.search(rb"^--([^\r]+)\r\n", result.body, re.M)
                bodies.append(result.body.replace(boundary.group(1), b"B"))
    assert bodies[0] == bodies[1]


def test_second_pass_changes_nothing():
    with Filter() as f:
        head = fields()
        with f.client() as client:
            first = client.message(CLERK, [JONES, SMITH], head, BODY)
        check_footer(first)
        with f.client() as client:
            again = client.message(CLERK, [JONES, SMITH], first.header(head),
                                   first.body)
        assert again.verdict == m.CONTINUE or again.order == "N"
        assert again.body is None and not again.changes, again.changes


def test_several_hidden():
    with Filter() as f, f.client() as client:
        result = silent_copy(client, recipients=[JONES, SMITH, PATEL])
        assert result.body.count(FOOTER) == 1
        assert result.body.count(b"CC councillor Priya Patel") == 1


def test_big_body_in_full_packets():
    body = BODY * (2 << 20 >> 5)
    with Filter() as f, f.client() as client:
        result = silent_copy(client, body)
        check_footer(result, body)
        assert max(result.chunks) <= m.CHUNK


def test_body_over_the_limit():
    body = BODY * 20000
    with Filter(limits__size="64K") as f, f.client() as client:
        result = silent_copy(client, body)
        assert result.verdict in (m.CONTINUE, m.REPLYCODE)
        assert result.body is None
        check_footer(silent_copy(client))


def test_two_messages_on_one_connection():
    with Filter() as f, f.client() as client:
        check_footer(silent_copy(client, queue_id="A1"))
        check_untouched(silent_copy(client, recipients=[JONES]))
        result = silent_copy(client, recipients=[JONES, PATEL],
                             queue_id="A2")
        check_footer(result, footer=b"CC councillor Priya Patel")
        assert FOOTER not in result.body


def test_login_makes_a_sender():
    with Filter() as f, f.connect() as client:
        client.connect("client.example", "203.0.113.9")
        head = fields()
        check_untouched(client.message(CLERK, [JONES, SMITH], head, BODY))
        check_footer(client.message(CLERK, [JONES, SMITH], head, BODY,
                                    login=CLERK))
        check_untouched(client.message(CLERK, [JONES, SMITH], head, BODY,
                                       login=""))


def test_clients():
    for host, address, trusted in (
            ("localhost", None, True), ("unknown", None, False),
            ("client.example", "::1", False),
            ("client.example", "2001:db8::1", False),
            ("localhost", "127.0.0.1", True)):
        with Filter() as f, f.connect() as client:
            client.connect(host, address)
            result = silent_copy(client)
            if trusted:
                check_footer(result)
            else:
                check_untouched(result)


def test_recipient_that_the_MTA_refused():
    with Filter() as f, f.client() as client:
        client.mail(CLERK)
        client.rcpt(JONES)
        client.rcpt(SMITH, mailer="error")
        for name, value in fields():
            client.header(name, value)
        assert client.end_of_headers() == m.ACCEPT


def test_bounce():
    with Filter() as f, f.client() as client:
        check_untouched(client.message("", [JONES, SMITH],
                                       fields(sender=OUTSIDER), BODY))


def test_hold():
    with Filter(POLICY + HOLDING) as f, f.client() as client:
        result = silent_copy(client, recipients=[JONES, OUTSIDER],
                             subject="The tender")
        assert result.verdict == m.CONTINUE and result.quarantine, result.order
        both = silent_copy(client, subject="The tender", queue_id="B2")
        check_footer(both)
        assert both.order.index("q") < both.order.index("b"), both.order
        assert "tender" not in f.wait_log("B2: ")


def test_reject_and_defer():
    with Filter(POLICY + REFUSING) as f, f.client() as client:
        for _ in range(2):
            result = silent_copy(client, subject="refused")
            assert result.order[-1:] == m.REPLYCODE, result.order
            assert result.reply == "550 5.7.1 100%% refused, see %%s", \
                result.reply
            assert result.body is None and not result.changes
            result = silent_copy(client, subject="deferred")
            assert result.reply == "451 4.7.1 not before 9 o'clock", \
                result.reply
            check_footer(silent_copy(client))


def test_no_content_and_no_stranger_in_the_log():
    with Filter() as f, f.client() as client:
        result = silent_copy(
            client, subject="Xylophone", queue_id="C3",
            body=b"quartzite\r\n", recipients=[JONES, SMITH, OUTSIDER])
        assert result.body and OUTSIDER.encode() not in result.body
        f.wait_log("C3: ")
        text = "\n".join(f.lines).lower()
        for word in ("xylophone", "quartzite", "example.org", "someone"):
            assert word not in text, text


def test_nobody_forges_a_line_of_the_log():
    with Filter() as f, f.client() as client:
        check_footer(silent_copy(client, queue_id="C4\x1b[2J\nforged: yes"))
        line = f.wait_log("C4")
        assert "C4?[2J?forged: yes: " in line, line


# Broken off.

def test_abort_at_every_stage():
    with Filter() as f, f.client() as client:
        for stage in range(7):
            partial(client, stage)
            client.abort()
            check_footer(silent_copy(client, recipients=[JONES, SMITH]))
            check_untouched(silent_copy(client, recipients=[JONES]))


def partial(client, stage):
    """The first steps of a message to Patel in secret."""
    steps = [
        lambda: client.mail(CLERK),
        lambda: client.rcpt(JONES),
        lambda: client.rcpt(PATEL),
        lambda: client.header("From", " " + CLERK),
        lambda: client.header("To", " " + JONES),
        lambda: client.end_of_headers(),
        lambda: client.body(BODY),
    ]
    for step in steps[:stage + 1]:
        step()


def test_connection_dropped_at_every_stage():
    with Filter() as f:
        for stage in range(-1, 7):
            for half in (False, True):
                with f.client() as client:
                    partial(client, stage)
                    if half:
                        client.pending += struct.pack("!I", 100) + b"B" + \
                            b"x" * 20
                    client.flush()
        for where in ("", "E", "A", "Q"):
            with f.client() as client:
                partial(client, 6)
                client.pending += b"".join(
                    struct.pack("!I", 1) + c.encode() for c in where)
                client.flush()
        with f.client() as client:
            check_footer(silent_copy(client))


def test_commands_out_of_order():
    with Filter() as f:
        for letters in ("E", "NE", "BE", "ME", "MNE", "MRBE", "MME", "MRTNNE",
                        "RLNE", "CCE", "K", "QM", "MRLEE", "MRLNBAE"):
            with f.client() as client:
                data = {"M": b"<>\0", "R": b"<a@b>\0", "L": b"A\0 b\0",
                        "B": BODY, "C": b"h\0U"}
                for letter in letters:
                    client.send(letter, data.get(letter, b""))
                try:
                    client.flush()
                    client.silent(0.05)
                except m.Closed:
                    pass
        with f.client() as client:
            check_footer(silent_copy(client))


def test_noise():
    noise = random.Random(2)
    with Filter() as f:
        for _ in range(60):
            with m.Client(f.path, timeout=5) as client:
                data = noise.randbytes(noise.randrange(1, 200))
                if noise.random() < 0.5:
                    client.negotiate()
                    letter = noise.choice("ABCDEHLKMNOQRTU")
                    client.send(letter, data)
                else:
                    client.pending = data
                try:
                    client.flush()
                except m.Closed:
                    pass
        with f.client() as client:
            check_footer(silent_copy(client))


# Sizes.

def test_many_headers():
    with Filter() as f, f.client() as client:
        extra = [("X-Number-%d" % i, " %d" % i) for i in range(5000)]
        check_footer(silent_copy(client, extra=extra))


def test_many_recipients():
    crowd = ["r%d@example.org" % i for i in range(2000)]
    with Filter() as f, f.client() as client:
        extra = [("Cc", " " + ",\n\t".join(crowd[i:i + 500]))
                 for i in range(0, 2000, 500)]
        check_footer(silent_copy(client, extra=extra,
                                 recipients=[JONES, SMITH] + crowd))


def test_long_header():
    with Filter() as f, f.client() as client:
        extra = [("X-Long", " " + "x" * 60000)]
        check_footer(silent_copy(client, extra=extra))


def test_NUL():
    body = b"a\0b\r\n\0\0\r\nc\r\n"
    with Filter() as f, f.client() as client:
        extra = [("X-Nul", b" a\0b\0"), ("X\0Y", b" c"), ("X-Eight", b" \xff")]
        result = silent_copy(client, body, extra=extra)
        assert result.verdict == m.CONTINUE
        if result.body is not None:
            check_footer(result, body)
        check_footer(silent_copy(client))


def test_200_connections_at_once():
    with Filter() as f:
        barrier = threading.Barrier(200)
        faults = []

        def one():
            try:
                with f.client() as client:
                    barrier.wait(60)
                    for _ in range(2):
                        check_footer(silent_copy(client))
                        check_untouched(silent_copy(client,
                                                    recipients=[JONES]))
                    client.quit()
            except Exception as error:
                faults.append(repr(error))
                barrier.abort()

        threads = [threading.Thread(target=one) for _ in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults, faults[:3]


if __name__ == "__main__":
    sys.exit(tap.run(sys.modules["__main__"]))
