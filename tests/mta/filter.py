"""council-milter itself, as a process of a Place."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading

from place import end_process, run, wait_until

USER = "nobody"     # whoever is not root and owns nothing

SETTINGS = """\
[milter]
socket = unix:{socket}
socket-mode = 0660
socket-group = postfix
user = {user}
policy = {policy}

[journal]
file = {state}/journal.sqlite
key-file = {state}/marker.key

[reports]
server = smtp://127.0.0.1:{reports}
from = council-milter@woodland-pc.example
host = gateway.woodland-pc.example
timeout = 10s
retry-min = 1s
retry-max = 2s

[log]
to = stderr
"""


RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules")


class Filter:
    """rules: a folder with council.policy and the files that it reads."""

    def __init__(self, place, build, reports_port, rules=RULES):
        self.place = place
        self.program = os.path.join(build, "council-milter")
        self.ctl = os.path.join(build, "councilctl")
        self.socket = place.file("milter.sock")
        self.log = place.file("filter.log", "")
        self.state = place.folder("state", 0o700, USER)
        shutil.copytree(rules, place.file("rules"))
        self.policy = place.file("rules/council.policy")
        self.config = place.file("council-milter.conf", SETTINGS.format(
            socket=self.socket, user=USER, policy=self.policy,
            state=self.state, reports=reports_port))
        self._process = None
        place.at_end(self.stop)

    def start(self):
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [self.program, "--config", self.config], stdout=log,
                stderr=log, stdin=subprocess.DEVNULL)
        # Under a sanitizer it takes its time over the patterns.
        wait_until("the filter", self._answers, 300)

    def _answers(self):
        if self._process.poll() is not None:
            status, self._process = self._process.returncode, None
            raise RuntimeError("the filter ended with status %d:\n%s" % (
                status, self.log_text()))
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    def stop(self):
        """Ends it in order; an error or a leak shows in its exit status."""
        process, self._process = self._process, None
        if process is not None:
            status = end_process(process, 30)
            if status != 0:
                raise RuntimeError("the filter ended with status %d:\n%s" % (
                    status, self.log_text()[-4000:]))

    def kill(self):
        """kill -9."""
        if self._process is not None:
            end_process(self._process, how=signal.SIGKILL)
            self._process = None

    def reload(self):
        self._process.send_signal(signal.SIGUSR1)

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_log(self, pattern, seconds=30):
        return wait_until("log line /%s/" % pattern, lambda: re.search(
            pattern, self.log_text()), seconds)

    def journal_bytes(self):
        """Everything in the state directory, the write-ahead log included."""
        found = b""
        for name in sorted(os.listdir(self.state)):
            with open(os.path.join(self.state, name), "rb") as data:
                found += data.read()
        return found

    def outbox(self):
        """The letters that still wait, a line each."""
        lines = run(self.ctl, "--config", self.config,
                    "outbox").decode().splitlines()
        return [] if lines == ["nothing waits"] else lines[1:]

    def waiting(self):
        """How many letters have not left."""
        return len(self.outbox())


class Respawner:
    """Starts the filter again whenever it has been killed."""

    def __init__(self, council_filter):
        self.filter = council_filter
        self.kills = 0
        self._lock = threading.Lock()

    def kill(self):
        # One at a time: whoever comes second finds it running again, and
        # kills that one, too.
        with self._lock:
            self.filter.kill()
            self.kills += 1
            self.filter.start()
