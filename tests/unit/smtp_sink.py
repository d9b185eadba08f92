#!/usr/bin/env python3
"""An SMTP server on loopback for tests, which behaves as badly as it is told.

It writes into DIRECTORY: "port" once it listens, "commands" with each line
that a client sent, and every accepted message as 1.eml, 2.eml, ...  It ends
when its standard input does, so that it never outlives the test.
"""
import argparse
import os
import socket
import ssl
import sys
import threading
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("directory")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--cert", help="certificate and key in one file")
parser.add_argument("--tls", choices=("none", "starttls", "smtps"),
                    default="none")
parser.add_argument("--login", help="USER:PASSWORD, required")
parser.add_argument("--reply", action="append", default=[],
                    metavar="[COUNT*]START=REPLY",
                    help='a reply, its lines parted by "|", to commands that '
                    'start so; "." is the end of a message, "" the greeting')
parser.add_argument("--hang", action="append", default=[], metavar="START",
                    help="no reply at all to commands that start so")
options = parser.parse_args()
lock = threading.Lock()
context = None
if options.cert:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert)


def path(name):
    return os.path.join(options.directory, name)


def write(name, data):
    with open(path(name + ".new"), "wb") as file:
        file.write(data)
    os.rename(path(name + ".new"), path(name))


class Rule:
    """One --reply, which may be used up."""

    def __init__(self, text):
        start, reply = text.split("=", 1)
        self.reply = reply.replace("|", "\r\n")
        count, star, rest = start.partition("*")
        self.left = int(count) if star else None
        self.start = (rest if star else start).upper()

    def matches(self, command):
        if self.start and not command.upper().startswith(self.start):
            return False
        if not self.start and command:
            return False
        if self.left == 0:
            return False
        if self.left is not None:
            self.left -= 1
        return True


rules = [Rule(text) for text in options.reply]


class Conversation(threading.Thread):
    def __init__(self, client):
        super().__init__(daemon=True)
        self.secure = options.tls == "smtps"
        self.login = False
        self.client = client

    def say(self, text):
        self.client.sendall(text.encode() + b"\r\n")

    def answer(self, command, default):
        """Whether the default applied."""
        if any(command.upper().startswith(h.upper()) for h in options.hang):
            time.sleep(3600)
        with lock:
            rule = next((r for r in rules if r.matches(command)), None)
        self.say(rule.reply if rule else default)
        return rule is None

    def read(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError
        return line

    def run(self):
        try:
            if self.secure:
                self.client = context.wrap_socket(self.client,
                                                  server_side=True)
            self.file = self.client.makefile("rb")
            if self.answer("", "220 sink ESMTP"):
                while self.command():
                    pass
        except (OSError, ConnectionError):
            pass
        self.client.close()

    def command(self):
        line = self.read().decode("utf-8", "replace").rstrip("\r\n")
        with lock, open(path("commands"), "a", encoding="utf-8") as file:
            file.write(line + "\n")
        verb = line.upper().split(" ")[0].split(":")[0]
        if verb == "EHLO":
            self.hello(line)
        elif verb == "STARTTLS" and options.tls == "starttls":
            if self.answer(line, "220 go ahead"):
                self.client = context.wrap_socket(self.client,
                                                  server_side=True)
                self.file = self.client.makefile("rb")
                self.secure = True
        elif verb == "AUTH":
            self.authenticate(line)
        elif verb == "MAIL" and options.login and not self.login:
            self.say("530 5.7.0 login first")
        elif verb == "DATA":
            if self.answer(line, "354 end with a dot"):
                self.data()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.answer(line, "250 2.0.0 ok")
        return True

    def hello(self, line):
        lines = ["sink", "SIZE 10000000", "8BITMIME"]
        if options.tls == "starttls" and not self.secure:
            lines.append("STARTTLS")
        if options.login and (self.secure or options.tls == "none"):
            lines.append("AUTH PLAIN")
        reply = "\r\n".join("250-" + x for x in lines[:-1])
        self.answer(line, reply + "\r\n250 " + lines[-1])

    def authenticate(self, line):
        import base64
        parts = line.split(" ")
        if len(parts) < 3:
            self.say("334 ")
            parts.append(self.read().decode().strip())
        _, user, password = base64.b64decode(parts[2]).decode().split("\0")
        self.login = user + ":" + password == options.login
        self.say("235 2.7.0 ok" if self.login else "535 5.7.8 wrong password")

    def data(self):
        lines = []
        while (line := self.read()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        # A message is there before the client can know that it is.
        with lock:
            refused = next((r for r in rules if r.matches(".")), None)
            if refused is None:
                have = [f for f in os.listdir(options.directory)
                        if f.endswith(".eml")]
                write("%d.eml" % (len(have) + 1), b"".join(lines))
        if "." in options.hang:
            time.sleep(3600)
        self.say(refused.reply if refused else "250 2.0.0 taken")


def wait_for_end():
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


threading.Thread(target=wait_for_end, daemon=True).start()
listener = socket.create_server(("127.0.0.1", options.port))
write("port", b"%d\n" % listener.getsockname()[1])
while True:
    Conversation(listener.accept()[0]).start()
