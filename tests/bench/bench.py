#!/usr/bin/env python3
"""Messages a second through the filter, next to filters that do nothing.

    bench.py [SECONDS [ROUNDS]]

Five kinds of message: one that no rule concerns, and four that gain a footer.
Each figure is the best of the rounds, because a busy machine only ever makes
things slower.  Below each of our rows stand its ratios: for the message that
no rule concerns to the empty filter that accepts at the end of the header,
for the others to the empty filter that hears everything out.

The last row has the policy and all patterns of conf/, so that what messages
say is judged as well; the others have one rule, for the footer.
"""
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "protocol"))

from harness import CLERK, JONES, POLICY, SMITH, Filter

BUILD = os.path.join(os.environ.get("BUILDDIR", "."), "tests", "bench")
BLAST, NULL = os.path.join(BUILD, "blast"), os.path.join(BUILD, "null")
CONNECTIONS = "2"
CONF = os.path.join(HERE, "..", "..", "conf")


def in_digest(policy):
    """Reports wait for their digest, so that no letter is sent meanwhile."""
    return re.sub(r"(and +report)\n", r"\1 in digest\n", policy)


def shipped_filter():
    with open(os.path.join(CONF, "council.policy")) as file:
        f = Filter(in_digest(file.read()), journal__sync="normal")
    for name in "council.roster", "council.aliases":
        with open(os.path.join(CONF, name)) as file:
            f.write(name, file.read())
    shutil.copytree(os.path.join(CONF, "patterns"), f.file("patterns"))
    for name in os.listdir(f.file("patterns")):
        os.chmod(f.file("patterns/" + name), 0o644)
    os.chmod(f.file("patterns"), 0o755)
    return f

PARAGRAPH = (
    "The working group met on the green after the fair and walked the path\n"
    "from the bus shelter to the pond. The bench by the war memorial wants a\n"
    "new slat, the notice board a new lock, and the hedge along Mill Lane\n"
    "will be cut when the birds have left it, as in the years before.\n\n")


def head(name, sender, to, content):
    extra = "".join("X-Trace-%d: hop %d of the way\n" % (i, i)
                    for i in range(8))
    return ("From: Alex Morgan <%s>\nTo: Jane Jones <%s>\n"
            "Subject: The village green\nMIME-Version: 1.0\n%s"
            "Message-ID: <%s.SEQUENCE@woodland-pc.example>\n"
            "Date: Mon, 02 Nov 2026 10:00:00 +0000\n%s\n" %
            (sender, to, content, name, extra))


def text(size):
    return PARAGRAPH * (size // len(PARAGRAPH) + 1)


def html(size):
    paragraphs = text(size).strip().split("\n\n")
    return "<html><body>\n%s\n</body></html>\n" % "\n".join(
        "<p>%s</p>" % p for p in paragraphs)


PLAIN = "Content-Type: text/plain; charset=utf-8\n"
PART = "--part\nContent-Type: text/%s; charset=utf-8\n\n%s\n"


def messages():
    yield ("unconcerned 3 KB", "someone@example.org",
           ["other@example.net"],
           head("out", "someone@example.org", "other@example.net", PLAIN) +
           text(3000))
    council = CLERK, [JONES, SMITH]
    for name, size in (("text 3 KB", 3000), ("text+HTML 6 KB", 0),
                       ("text 50 KB", 50000), ("text 2 MB", 2000000)):
        if size:
            body = head("t%d" % size, CLERK, JONES, PLAIN) + text(size)
        else:
            body = head("alt", CLERK, JONES, "Content-Type: multipart/"
                        "alternative; boundary=part\n") + \
                PART % ("plain", text(3000)) + PART % ("html", html(3000)) + \
                "--part--\n"
        yield (name, *council, body)


def blast(path, file, sender, recipients, seconds):
    command = [BLAST, "-c", CONNECTIONS, "-t", str(seconds), "-f", sender]
    for recipient in recipients:
        command += ["-r", recipient]
    done = subprocess.run(command + [path, file], capture_output=True,
                          text=True)
    found = re.search(r"rate (\d+) edited (\d+) errors (\d+)", done.stdout)
    if not found or found.group(3) != "0":
        raise SystemExit("blast: " + done.stdout + done.stderr)
    return int(found.group(1)), int(found.group(2))


def start_null(directory, name, *arguments):
    path = os.path.join(directory, name)
    process = subprocess.Popen([NULL, "unix:" + path, *arguments])
    while not os.path.exists(path):
        time.sleep(0.01)
    return path, process


def peak_memory(pid):
    with open("/proc/%d/status" % pid) as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))


def show(name, cells):
    print("%-34s" % name + "".join("%17s" % cell for cell in cells))
    sys.stdout.flush()


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    filters = {"sync = " + sync: Filter(in_digest(POLICY), journal__sync=sync)
               for sync in ("normal", "full")}
    filters["shipped policy"] = shipped_filter()
    kinds, nulls = list(messages()), []
    try:
        for f in filters.values():
            f.start()
        directory = filters["sync = full"].directory
        files = []
        for i, (_, _, _, content) in enumerate(kinds):
            files.append(os.path.join(directory, "%d.eml" % i))
            with open(files[-1], "w") as file:
                file.write(content)
        nulls = [start_null(directory, "null.sock"),
                 start_null(directory, "early.sock", "early")]
        rows = [("empty filter", nulls[0][0]),
                ("empty filter, early accept", nulls[1][0])]
        rows += [("council-milter, " + name, f.path)
                 for name, f in filters.items()]
        best = {name: [0] * len(kinds) for name, _ in rows}
        memory = [0] * len(kinds)
        for _ in range(rounds):
            for i, (_, sender, recipients, _) in enumerate(kinds):
                for name, path in rows:
                    rate, edited = blast(path, files[i], sender, recipients,
                                         seconds)
                    if path in [f.path for f in filters.values()] and \
                            bool(edited) != (i > 0):
                        raise SystemExit("%s: %s" % (name, kinds[i][0]))
                    best[name][i] = max(best[name][i], rate)
                memory[i] = peak_memory(
                    filters["shipped policy"].process.pid)
        show("messages a second", [kind[0] for kind in kinds])
        for name, _ in rows:
            show(name, best[name])
            if name.startswith("council"):
                bases = [best[rows[1][0]][0]] + best[rows[0][0]][1:]
                show("", ["%.2f" % (rate / base) for rate, base in
                          zip(best[name], bases)])
        show("peak memory so far (VmHWM)",
             ["%.1f MB" % (kb / 1024) for kb in memory])
    finally:
        for _, process in nulls:
            process.kill()
            process.wait()
        for f in filters.values():
            if f.process and f.alive():
                f.stop()
            f.clean_up()


if __name__ == "__main__":
    main()
