"""A private Postfix on loopback: own configuration, queue, data and log.

Services, each on a port of its own:
  submission  login required (AUTH PLAIN against a sasldb of our own)
  inbound     takes a client's address from the haproxy protocol, relays all
  filtered    submission whose content filter sends mail back through again
  again       where it comes back, with the same milters
and sendmail(1) for local submission.
"""

import json
import os
import re

import client
from place import end_group, listens, run, wait_until

MAIN = """\
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {log}
maillog_file_prefixes = {path}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.woodland-pc.example
mydomain = woodland-pc.example
myorigin = woodland-pc.example
mydestination = lists.woodland-pc.example
mynetworks = 127.0.0.0/8
local_recipient_maps =
relayhost = [127.0.0.1]:{relay}
recipient_delimiter = +
alias_maps = hash:{aliases}
alias_database =
virtual_alias_maps = texthash:{virtual}
always_bcc = {archive}
notify_classes =
fast_flush_domains =
smtputf8_enable = yes
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
relay_domains = woodland-pc.example, xn--dr-bva.example
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject_unauth_destination
smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject
smtpd_recipient_limit = 1000
smtpd_junk_command_limit = 1000
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = woodland-pc.example
cyrus_sasl_config_path = {sasl}
default_destination_recipient_limit = 50
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
smtp_connection_cache_on_demand = no
milter_connect_timeout = 10s
"""

SERVICES = ("submission", "inbound", "filtered", "again")

# What the project ships for main.cf, with these sockets.
SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "..", "contrib", "postfix", "main.cf")
FILTER_SOCKET = "unix:/run/council-milter/milter.sock"
SIGNER_SOCKET = "unix:/run/opendkim/opendkim.sock"

LOGIN = """
    -o smtpd_sasl_auth_enable=yes
    -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
"""

MASTER = """\
{submission} inet n - n - - smtpd{login}
{inbound} inet n - n - - smtpd
    -o smtpd_upstream_proxy_protocol=haproxy
    -o mynetworks=
    -o smtpd_recipient_restrictions=reject_unauth_destination
{filtered} inet n - n - - smtpd{login}\
    -o content_filter=smtp:[127.0.0.1]:{again}
{again} inet n - n - - smtpd
    -o content_filter=
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


def _shipped(milter, signer):
    with open(SHIPPED, encoding="utf-8") as lines:
        text = lines.read()
    for socket, ours in (FILTER_SOCKET, milter), (SIGNER_SOCKET, signer):
        if text.count(socket) != 1:
            raise ValueError("%s: %s is not there once" % (SHIPPED, socket))
        text = (text.replace(socket, ours) if ours else
                re.sub(r",?\s*" + re.escape(socket), "", text))
    return text


class Postfix:
    def __init__(self, place, relay_port, milter, aliases="", virtual="",
                 archive="", logins=(), signer=None):
        self.place = place
        self.ports = {name: place.port() for name in SERVICES}
        self.config = place.folder("postfix")
        self.log = place.file("postfix.log")
        self.queue = place.folder("queue")
        # Debian's Postfix looks in its configuration directory, whatever
        # cyrus_sasl_config_path says.
        sasl = place.folder("postfix/sasl")
        self.aliases = place.file("aliases", aliases)
        words = dict(
            self.ports, path=place.path, queue=self.queue, log=self.log,
            data=place.folder("data", 0o700, "postfix"), relay=relay_port,
            aliases=self.aliases,
            virtual=place.file("virtual", virtual), archive=archive,
            sasl=sasl, login=LOGIN)
        place.file("postfix/main.cf", MAIN.format(**words) +
                   _shipped(milter, signer))
        place.file("postfix/master.cf", MASTER.format(**words))
        place.file("postfix/sasl/smtpd.conf", "pwcheck_method: auxprop\n"
                   "auxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n"
                   "sasldb_path: %s/users\n" % sasl)
        for login in logins:
            user, _, realm = login.partition("@")
            run("saslpasswd2", "-p", "-c", "-f", sasl + "/users", "-u",
                realm or "woodland-pc.example", user,
                input=client.PASSWORD.encode())
        if logins:
            os.chmod(sasl + "/users", 0o644)

    def start(self):
        self.place.release_ports()
        self.place.at_end(self.stop)
        run("postalias", "-c", self.config, "hash:" + self.aliases)
        run("postfix", "-c", self.config, "start")
        wait_until("Postfix", lambda: listens(self.ports["submission"]))

    def stop(self):
        # "postfix stop" takes seconds; the master leads a process group that
        # holds its children and nothing else.
        try:
            with open(self.queue + "/pid/master.pid", encoding="ascii") as pid:
                master = int(pid.read())
        except FileNotFoundError:
            return
        end_group(master)

    def connected(self, service="submission", login=None, proxied=None):
        return client.connected(self.ports[service], login, proxied)

    def sendmail(self, message, *arguments):
        run("sendmail", "-C", self.config, "-i", *arguments, input=message)

    def queued(self):
        """[(queue name, queue id)] of what has not left."""
        listing = run("postqueue", "-c", self.config, "-j").decode()
        entries = [json.loads(line) for line in listing.splitlines()]
        return [(one["queue_name"], one["queue_id"]) for one in entries]

    def queue_file(self, queue_id):
        """The message as the queue holds it, by postcat."""
        return run("postcat", "-c", self.config, "-hbq", queue_id)

    def release(self, queue_id):
        run("postsuper", "-c", self.config, "-H", queue_id)

    def discard(self, queue_id):
        run("postsuper", "-c", self.config, "-d", queue_id)

    def flush(self):
        run("postqueue", "-c", self.config, "-f")

    def log_lines(self):
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return lines.read().splitlines()
