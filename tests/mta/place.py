"""A private place on this machine: a directory, loopback ports, processes.

Everything a test starts belongs to a Place, which stops it by process id and
removes the directory, also when the test fails.  The directory lies where no
component of its path is writable by others than root, because Sendmail
refuses to trust sockets and queues anywhere else.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HOME = "/var/lib"   # not /tmp or /var/tmp: those are writable by all


class Timeout(Exception):
    """Something did not happen in time."""


def wait_until(what, test, seconds=60.0):
    """Waits until test() gives something true, and returns that."""
    end = time.monotonic() + seconds
    while True:
        result = test()
        if result:
            return result
        if time.monotonic() > end:
            raise Timeout("waited %gs in vain for %s" % (seconds, what))
        time.sleep(0.02)


def group_alive(leader):
    """Does any process of the group still run (and not only as a zombie)?"""
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % entry, encoding="ascii",
                      errors="replace") as stat:
                state, _, group = stat.read().rpartition(")")[2].split()[:3]
        except OSError:
            continue            # it has ended meanwhile
        if int(group) == leader and state != "Z":
            return True
    return False


def end_group(leader, seconds=10.0):
    """Ends a process group that we started, by its leader's process id."""
    for sign in signal.SIGTERM, signal.SIGKILL:
        try:
            os.killpg(leader, sign)
        except ProcessLookupError:
            return
        try:
            wait_until("the end of process group %d" % leader,
                       lambda: not group_alive(leader), seconds)
            return
        except Timeout:
            continue
    raise Timeout("process group %d does not end" % leader)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(*command, **options):
    """Runs a command and returns what it says; raises what went wrong."""
    done = subprocess.run(command, capture_output=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError("%s: exit status %d\n%s" % (
            " ".join(command), done.returncode,
            (done.stdout + done.stderr).decode("utf-8", "replace")))
    return done.stdout


class Place:
    def __init__(self, name):
        self.path = tempfile.mkdtemp(prefix="council-milter-%s-" % name,
                                     dir=HOME)
        os.chmod(self.path, 0o755)
        self._closers = []
        self._reserved = []

    def file(self, name, text=None, mode=0o644):
        """The path of a file in here, written when a text is given."""
        path = os.path.join(self.path, name)
        if text is not None:
            with open(path, "wb") as out:
                out.write(text if isinstance(text, bytes) else text.encode())
            os.chmod(path, mode)
        return path

    def folder(self, name, mode=0o755, owner=None):
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
        if owner is not None:
            shutil.chown(path, owner)
        return path

    def port(self):
        """A loopback port that nobody else listens on."""
        # All reservations are held open together, so that the kernel does not
        # hand out the same port twice before its owner has bound it.
        holder = socket.socket()
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        self._reserved.append(holder)
        return holder.getsockname()[1]

    def release_ports(self):
        """Lets go of the reservations, before their owners start."""
        for holder in self._reserved:
            holder.close()
        self._reserved = []

    def at_end(self, closer):
        """closer() is called at the end, the last one first."""
        self._closers.append(closer)

    def close(self):
        self.release_ports()
        errors = []
        while self._closers:
            try:
                self._closers.pop()()
            except Exception as error:     # the others must still be stopped
                errors.append(error)
        if os.environ.get("KEEP_PLACES"):
            print("# kept: " + self.path)
        else:
            shutil.rmtree(self.path)
        if errors:
            raise errors[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def end_process(process, seconds=20.0, how=signal.SIGTERM):
    """Ends a subprocess.Popen of ours; returns its exit status."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Timeout("process %d did not end in %gs" % (
                process.pid, seconds)) from None
    return process.returncode
