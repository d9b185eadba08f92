"""A council-milter in a private directory, for tests that speak to it.

The filter is the one of the build tree ($BUILDDIR) or $COUNCIL_MILTER.  It
never runs as root: started by root, tests run it as nobody.
"""
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time

from milterclient import Client

BINARY = os.environ.get("COUNCIL_MILTER") or os.path.join(
    os.environ.get("BUILDDIR", "."), "council-milter")
AS_ROOT = os.geteuid() == 0
PATIENCE = 60

ROSTER = """\
id,name,title,roles,addresses,language
clerk,Alex Morgan,Clerk,proper-officer,"clerk@woodland-pc.example",
deputy,Robin Lee,Deputy Clerk,junior-officer,deputy@woodland-pc.example,
cllr.jones,Jane Jones,Councillor,councillor,cllr.jones@woodland-pc.example,
cllr.smith,Sam Smith,Councillor,councillor,cllr.smith@woodland-pc.example,
cllr.patel,Priya Patel,Councillor,"councillor; chair",\
cllr.patel@woodland-pc.example,
"""

POLICY = """\
council "Woodland Parish Council"
domains woodland-pc.example
roster "roster.csv"
trusted networks 127.0.0.0/8
reports to clerk

rule silent-copy "Correspondence, paragraph 1: no silent copies"
    when   sender is officer
    and    any visible recipient is councillor
    and    any hidden recipient is councillor
    then   footer "CC councillor {name}"
    and    report
"""

HOLDING = """\
rule hold-it
    when   sender is officer
    and    subject contains "tender"
    then   hold and report
"""

REFUSING = """\
rule refuse-it
    when   sender is officer
    and    subject contains "refused"
    then   reject "100% refused, see %s"
rule defer-it
    when   sender is officer
    and    subject contains "deferred"
    then   defer "not before 9 o'clock"
"""

CLERK = "clerk@woodland-pc.example"
JONES = "cllr.jones@woodland-pc.example"
SMITH = "cllr.smith@woodland-pc.example"
PATEL = "cllr.patel@woodland-pc.example"


def fields(subject="Allotments", sender=CLERK, to=JONES, extra=()):
    return [("From", " Alex Morgan <%s>" % sender),
            ("To", " Jane Jones <%s>" % to),
            ("Subject", " " + subject),
            ("Date", " Mon, 02 Nov 2026 10:00:00 +0000"),
            ("Message-ID", " <%s@woodland-pc.example>" %
             os.urandom(8).hex())] + list(extra)


class Filter:
    def __init__(self, policy=POLICY, **settings):
        if not os.access(BINARY, os.X_OK):
            raise SystemExit("no filter to test: " + BINARY)
        self.directory = tempfile.mkdtemp(prefix="council-milter-")
        self.path = os.path.join(self.directory, "milter.sock")
        self.lines = []
        self.process = None
        self.news = threading.Condition()
        # A port where nobody answers, so that reports wait in the outbox.
        self.nobody = socket.socket()
        self.nobody.bind(("127.0.0.1", 0))
        self.settings = {
            "milter": {"socket": "unix:" + self.path,
                       "policy": self.file("council.policy")},
            "journal": {"file": self.file("journal.sqlite"),
                        "key-file": self.file("marker.key"),
                        "sync": "normal"},
            "reports": {"server": "smtp://127.0.0.1:%d" %
                        self.nobody.getsockname()[1],
                        "timeout": "5", "host": "mx.woodland-pc.example"},
            "limits": {}, "log": {"to": "stderr"},
        }
        for name, value in settings.items():
            section, key = name.split("__")
            self.settings[section][key.replace("_", "-")] = value
        self.write("roster.csv", ROSTER)
        self.write("council.policy", policy)
        self.write_settings()
        self.binary = BINARY
        if AS_ROOT:
            # The build tree may be closed to nobody.
            self.binary = self.file("council-milter")
            shutil.copy(BINARY, self.binary)
            self.give(self.directory)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        try:
            if self.process is not None and self.process.poll() is None:
                status = self.stop()
                if kind is None and status != 0:
                    raise AssertionError("exit status %d" % status)
            if kind is None:
                self.check_log()
            else:
                self.explain()
        finally:
            self.clean_up()

    def explain(self):
        """Says what the filter said, for a test that failed."""
        print("# exit status %s" % self.process.poll())
        for line in self.lines[-40:]:
            print("# " + line)

    def clean_up(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.nobody.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    # Files.

    def file(self, name):
        return os.path.join(self.directory, name)

    def give(self, path):
        if AS_ROOT:
            nobody = pwd.getpwnam("nobody")
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def write(self, name, text):
        """As an editor does it: the old file until the new one is whole."""
        path = self.file(name)
        with open(path + ".new", "w", encoding="utf-8") as out:
            out.write(text)
        self.give(path + ".new")
        os.rename(path + ".new", path)

    def write_settings(self):
        text = ""
        for section, keys in self.settings.items():
            text += "[%s]\n" % section
            text += "".join("%s = %s\n" % pair for pair in keys.items())
        self.write("council-milter.conf", text)

    # The process.

    def command(self, *arguments):
        return [self.binary, "--config", self.file("council-milter.conf"),
                *arguments]

    def identity(self):
        if not AS_ROOT:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid,
                "extra_groups": []}

    def become_its_user(self):
        if AS_ROOT:
            who = self.identity()
            os.setgroups(who["extra_groups"])
            os.setgid(who["group"])
            os.setuid(who["user"])

    def run(self, *arguments):
        """Runs it to its end: (status, standard output, standard error)."""
        done = subprocess.run(self.command(*arguments), text=True,
                              capture_output=True, timeout=PATIENCE,
                              **self.identity())
        return done.returncode, done.stdout, done.stderr

    def start(self, **keywords):
        keywords = keywords or self.identity()
        self.lines = []
        self.process = subprocess.Popen(
            self.command(), stderr=subprocess.PIPE, text=True,
            errors="replace", **keywords)
        threading.Thread(target=self._collect, args=(self.process,),
                         daemon=True).start()
        self.wait_log(r"started on ")
        return self

    def _collect(self, process):
        for line in process.stderr:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()
        process.stderr.close()
        with self.news:
            self.news.notify_all()

    def wait_log(self, pattern, after=0):
        """Waits for a line of the log and returns it."""
        end = time.monotonic() + PATIENCE
        with self.news:
            while True:
                for line in self.lines[after:]:
                    if re.search(pattern, line):
                        return line
                left = end - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError("no line %r in the log:\n%s" % (
                        pattern, "\n".join(self.lines)))
                self.news.wait(min(left, 0.2))

    def check_log(self):
        """Nothing that libmilter, a sanitizer or GLib complains about."""
        for line in self.lines:
            if re.search(r"claimed not to reply|private data not NULL|"
                         r"Sanitizer|runtime error|GLib-CRITICAL|"
                         r"does not fulfill", line):
                raise AssertionError("in the log: " +
                                     "\n".join(self.lines[-60:]))

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        self.send(number)
        return self.process.wait(PATIENCE)

    def reload(self, policy, number=signal.SIGUSR1):
        """Returns the line that says what came of it."""
        self.write("council.policy", policy)
        with self.news:
            after = len(self.lines)
        self.send(number)
        return self.wait_log(r"reloaded", after)

    def alive(self):
        return self.process.poll() is None

    # Connections.

    def connect(self, **negotiation):
        client = Client(self.path, timeout=PATIENCE)
        client.negotiate(**negotiation)
        return client

    def client(self, **negotiation):
        """A connection of somebody in a trusted network."""
        client = self.connect(**negotiation)
        assert client.connect("localhost", "127.0.0.1") == "c"
        assert client.helo() == "c"
        return client

    def socket_mode(self):
        return stat.S_IMODE(os.stat(self.path).st_mode)
