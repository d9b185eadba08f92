"""A private Sendmail on loopback, unpacked from its Debian packages.

Sendmail cannot be installed beside Postfix, but it runs from anywhere.  The
packages are downloaded once and kept in the build directory.  Ports:
  submission  login required (AUTH PLAIN against a sasldb of our own)
  relay       takes everything, as a mail exchanger and for the local machine
and sendmail(1) with -t, which submits to the relay port as a client would.
"""

import glob
import os
import subprocess

import client
from place import end_group, listens, run, wait_until

PACKAGES = ("sendmail-bin", "sendmail-cf", "sendmail-base")

COMMON = """\
divert(-1)
include(`{cf}/m4/cf.m4')
OSTYPE(`linux')
undefine(`PROCMAIL_MAILER_PATH')
define(`confPID_FILE', `{path}/{name}.pid')
define(`QUEUE_DIR', `{path}/{name}.queue')
define(`STATUS_FILE', `')
define(`confDONT_PROBE_INTERFACES', `True')
define(`confDOMAIN_NAME', `mx.woodland-pc.example')
define(`confTO_IDENT', `0')
define(`confTO_ICONNECT', `5s')
define(`confSERVICE_SWITCH_FILE', `{path}/switch')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`accept_unqualified_senders')
FEATURE(`no_default_msa')
"""

DAEMON = COMMON + """\
define(`ALIAS_FILE', `{path}/aliases')
define(`SMART_HOST', `relay:[127.0.0.1]')
define(`RELAY_MAILER_ARGS', `TCP $h {sink}')
FEATURE(`promiscuous_relay')
define(`confAUTH_MECHANISMS', `PLAIN LOGIN')
TRUST_AUTH_MECH(`PLAIN LOGIN')
DAEMON_OPTIONS(`Port={submission}, Addr=127.0.0.1, Name=MSA, M=Ea')
DAEMON_OPTIONS(`Port={relay}, Addr=127.0.0.1, Name=MTA')
{filter}
MAILER(`local')
MAILER(`smtp')
LOCAL_CONFIG
Cwlists.woodland-pc.example
ESASL_CONF_PATH={path}/sasl
"""

# What the project ships for sendmail.mc, with this socket.
SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                       "contrib", "sendmail", "council-milter.mc")
SOCKET = "unix:/run/council-milter/milter.sock"

SUBMIT = COMMON + """\
define(`MSP_QUEUE_DIR', `{path}/submit.queue')
define(`RELAY_MAILER_ARGS', `TCP $h {relay}')
define(`confTRUSTED_USER', `mail')
define(`confRUN_AS_USER', `mail')
FEATURE(`msp', `[127.0.0.1]', `')
"""


def unpacked(cache):
    """Where the packages are unpacked, fetching them when they are not."""
    root = os.path.join(cache, "root")
    if not os.path.isdir(root):
        os.makedirs(cache, exist_ok=True)
        run("apt-get", "-o", "APT::Sandbox::User=root", "-q", "download",
            *PACKAGES, cwd=cache)
        for package in glob.glob(cache + "/*.deb"):
            run("dpkg", "-x", package, root + ".new")
        os.rename(root + ".new", root)
    return root


class Sendmail:
    def __init__(self, place, cache, sink_port, milter, aliases="", logins=()):
        self.place = place
        root = unpacked(cache)
        self.program = root + "/usr/libexec/sendmail/sendmail"
        self.ports = {name: place.port() for name in ("submission", "relay")}
        self.log = place.file("sendmail.log")
        self.queue = place.folder("daemon.queue", 0o700)
        self._process = None
        place.folder("submit.queue", 0o700, "mail")
        place.file("switch", "hosts files\naliases files\n")
        place.file("aliases", aliases)
        self._sasl(logins)
        words = dict(self.ports, cf=root + "/usr/share/sendmail/cf",
                     path=place.path, sink=sink_port)
        with open(SHIPPED, encoding="utf-8") as lines:
            words["filter"] = lines.read().replace(SOCKET, milter)
        self.config = self._compile("daemon", DAEMON, words)
        self.submit = self._compile("submit", SUBMIT, words)

    def _sasl(self, logins):
        folder = self.place.folder("sasl", 0o700)
        self.place.file("sasl/Sendmail.conf", "pwcheck_method: auxprop\n"
                        "auxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n"
                        "sasldb_path: %s/users\n" % folder, 0o600)
        for login in logins:
            user, _, realm = login.partition("@")
            run("saslpasswd2", "-p", "-c", "-f", folder + "/users", "-u",
                realm or "mx.woodland-pc.example", user,
                input=client.PASSWORD.encode())

    def _compile(self, name, template, words):
        source = self.place.file(
            name + ".mc", template.format(name=name, **words))
        return self.place.file(
            name + ".cf", run("m4", "-D_CF_DIR_=" + words["cf"] + "/", source))

    def _named(self, *arguments):
        """The command line under a host name with a dot in it."""
        return ["unshare", "--uts", "sh", "-c",
                'hostname mx.woodland-pc.example; exec "$@"', "sh",
                self.program, *arguments]

    def start(self):
        self.place.release_ports()
        run(*self._named("-C", self.config, "-bi"))
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                self._named("-C", self.config, "-X", self.place.path +
                            "/traffic", "-bD", "-q1m"),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True)
        self.place.at_end(self.stop)
        wait_until("Sendmail", lambda: listens(self.ports["relay"]))

    def stop(self):
        if self._process is not None:
            end_group(self._process.pid)
            self._process.wait()
            self._process = None

    def connected(self, service="submission", login=None, source=None):
        return client.connected(self.ports[service], login, source=source)

    def sendmail(self, message, *arguments):
        run(*self._named("-C", self.submit, "-i", *arguments), input=message)

    def quarantined(self):
        """[(queue file, reason)] of the messages that are held."""
        held = []
        for path in glob.glob(self.queue + "/hf*"):
            with open(path, encoding="utf-8", errors="replace") as lines:
                reasons = [line[1:].strip() for line in lines
                           if line.startswith("q")]
            held.append((path, " ".join(reasons)))
        return held

    def queued(self):
        return glob.glob(self.queue + "/[qh]f*")
