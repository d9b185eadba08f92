"""The MTA's side of the milter protocol, version 6, for tests.

A Client is one connection.  Each step is sent and answered exactly as was
agreed upon in negotiate(): a step that the filter does not want is left out,
and one that it answers with silence is not waited for.  Whatever the filter
says that it must not say is a ProtocolError.

Facts from Sendmail's mfdef.h and libmilter.
"""
import socket
import struct

# Steps (SMFIP_), as bits of the negotiation.
NOCONNECT, NOHELO, NOMAIL, NORCPT = 0x1, 0x2, 0x4, 0x8
NOBODY, NOHDRS, NOEOH, NR_HDR = 0x10, 0x20, 0x40, 0x80
NOUNKNOWN, NODATA, SKIP, RCPT_REJ = 0x100, 0x200, 0x400, 0x800
NR_CONN, NR_HELO, NR_MAIL, NR_RCPT = 0x1000, 0x2000, 0x4000, 0x8000
NR_DATA, NR_UNKN, NR_EOH, NR_BODY = 0x10000, 0x20000, 0x40000, 0x80000
HDR_LEADSPC = 0x100000
ALL_STEPS = 0x1FFFFF
V1_STEPS, OLD_STEPS = 0x3F, 0x7F    # what versions 1 and 2 know

# Actions (SMFIF_).
ADDHDRS, CHGBODY, ADDRCPT, DELRCPT = 0x1, 0x2, 0x4, 0x8
CHGHDRS, QUARANTINE, CHGFROM, ADDRCPT_PAR = 0x10, 0x20, 0x40, 0x80
SETSYMLIST = 0x100
ALL_ACTIONS = 0x1FF
OLD_ACTIONS = 0x3F

# Answers.
CONTINUE, ACCEPT, REJECT, TEMPFAIL = "c", "a", "r", "t"
DISCARD, SKIPPED, REPLYCODE = "d", "s", "y"
FINAL = {CONTINUE, ACCEPT, REJECT, TEMPFAIL, DISCARD, REPLYCODE}
CHUNK = 65535


class ProtocolError(Exception):
    pass


class Closed(ProtocolError):
    """The filter closed the connection."""


class Result:
    """What the filter said at the end of a message."""

    def __init__(self):
        self.verdict = None
        self.reply = None           # of a reply code
        self.quarantine = None
        self.changes = []           # (op, index, name, value)
        self.body = None            # bytes, or None when not replaced
        self.chunks = []            # sizes of the packets of the new body
        self.order = ""             # all packets, one letter each

    def header(self, fields):
        """A header with the changes made, as the MTA would have it."""
        fields = list(fields)
        for op, index, name, value in self.changes:
            if op == "i":
                fields.insert(min(index, len(fields)), (name, value))
            elif op == "h":
                fields.append((name, value))
            else:
                places = [i for i, f in enumerate(fields)
                          if f[0].lower() == name.lower()]
                if index <= len(places) and value:
                    fields[places[index - 1]] = (name, value)
                elif index <= len(places):
                    del fields[places[index - 1]]
                elif value:
                    fields.append((name, value))
        return fields


class Client:
    def __init__(self, path=None, port=None, timeout=60):
        if path is not None:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            address = path
        else:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            address = ("127.0.0.1", port)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.steps = 0
        self.actions = 0
        self.symbols = {}
        self.pending = b""

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Packets.

    def send(self, command, data=b""):
        """Puts a packet off until something is waited for."""
        self.pending += struct.pack("!I", len(data) + 1) + \
            command.encode("ascii") + data

    def flush(self):
        data, self.pending = self.pending, b""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed(str(error)) from error

    def _read(self, length):
        data = b""
        while len(data) < length:
            try:
                part = self.socket.recv(min(length - len(data), 1 << 20))
            except ConnectionResetError as error:
                raise Closed(str(error)) from error
            if not part:
                raise Closed("after %d of %d bytes" % (len(data), length))
            data += part
        return data

    def receive(self):
        """One packet: its letter and its data."""
        self.flush()
        length, = struct.unpack("!I", self._read(4))
        if not 1 <= length <= CHUNK + 1:
            raise ProtocolError("a packet of %d bytes" % length)
        data = self._read(length)
        return chr(data[0]), data[1:]

    def silent(self, seconds=0.2):
        """Does the filter say nothing for that long?"""
        self.flush()
        timeout = self.socket.gettimeout()
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
            return False
        except socket.timeout:
            return True
        except ConnectionResetError as error:
            raise Closed(str(error)) from error
        finally:
            self.socket.settimeout(timeout)

    # Steps.

    def negotiate(self, version=6, actions=ALL_ACTIONS, steps=ALL_STEPS):
        self.send("O", struct.pack("!III", version, actions, steps))
        letter, data = self.receive()
        if letter != "O" or len(data) < 12:
            raise ProtocolError("answer %r to the negotiation" % letter)
        self.version, self.actions, self.steps = \
            struct.unpack("!III", data[:12])
        if self.actions & ~actions:
            raise ProtocolError("actions that were not offered")
        # Who offers nothing is taken for version 1.
        if self.steps & ~(steps or V1_STEPS):
            raise ProtocolError("steps that were not offered")
        if self.version > version:
            raise ProtocolError("a version that was not offered")
        rest = data[12:]
        while rest:
            stage, = struct.unpack("!I", rest[:4])
            names, rest = rest[4:].split(b"\0", 1)
            self.symbols[stage] = names.decode("ascii").split()
        return self

    def macros(self, command, values):
        data = command.encode("ascii")
        for name, value in values.items():
            data += name.encode() + b"\0" + _bytes(value) + b"\0"
        self.send("D", data)

    def step(self, command, data, unwanted, silent):
        """Sends a step; its answer, or CONTINUE where there is none."""
        if self.steps & unwanted:
            return CONTINUE
        self.send(command, data)
        if self.steps & silent:
            return CONTINUE
        letter, data = self.receive()
        if letter == REPLYCODE:
            self.last_reply = data.rstrip(b"\0").decode()
        elif letter not in FINAL and letter != SKIPPED:
            raise ProtocolError("answer %r to %r" % (letter, command))
        return letter

    def connect(self, host="client.example", address="192.0.2.7", port=4711):
        if address is None:
            data = host.encode() + b"\0U"
        else:
            family = b"6" if ":" in address else b"4"
            data = host.encode() + b"\0" + family + \
                struct.pack("!H", port) + address.encode() + b"\0"
        self.macros("C", {"j": "mx.woodland-pc.example"})
        return self.step("C", data, NOCONNECT, NR_CONN)

    def helo(self, name="client.example"):
        return self.step("H", _bytes(name) + b"\0", NOHELO, NR_HELO)

    def mail(self, sender, login=None):
        values = {"{mail_addr}": sender}
        if login is not None:
            values["{auth_authen}"] = login
        self.macros("M", values)
        return self.step("M", b"<" + _bytes(sender) + b">\0", NOMAIL, NR_MAIL)

    def rcpt(self, recipient, resolved=None, mailer="local"):
        self.macros("R", {"{rcpt_addr}": resolved or recipient,
                          "{rcpt_mailer}": mailer})
        return self.step("R", b"<" + _bytes(recipient) + b">\0", NORCPT,
                         NR_RCPT)

    def data(self, queue_id="Q1"):
        self.macros("T", {"i": queue_id})
        return self.step("T", b"", NODATA, NR_DATA)

    def header(self, name, value):
        """value: with the space after the colon, as it stands in the mail."""
        value = _bytes(value)
        if not self.steps & HDR_LEADSPC and value.startswith(b" "):
            value = value[1:]
        return self.step("L", _bytes(name) + b"\0" + value + b"\0", NOHDRS,
                         NR_HDR)

    def end_of_headers(self, queue_id="Q1"):
        self.macros("N", {"i": queue_id})
        return self.step("N", b"", NOEOH, NR_EOH)

    def body(self, data):
        for i in range(0, len(data), CHUNK):
            answer = self.step("B", data[i:i + CHUNK], NOBODY, NR_BODY)
            if answer == SKIPPED:
                break
            if answer != CONTINUE:
                return answer
        return CONTINUE

    def end_of_message(self, queue_id="Q1"):
        self.macros("E", {"i": queue_id})
        self.send("E")
        result = Result()
        while True:
            letter, data = self.receive()
            result.order += letter
            if letter == "b":
                if result.body is None:
                    result.body = b""
                elif result.order[-2] != "b":
                    raise ProtocolError("the new body is interrupted")
                result.body += data
                result.chunks.append(len(data))
            elif letter in "im":
                index, = struct.unpack("!I", data[:4])
                name, value, _ = data[4:].split(b"\0")
                result.changes.append((letter, index, name.decode(), value))
            elif letter == "h":
                name, value, _ = data.split(b"\0")
                result.changes.append((letter, 0, name.decode(), value))
            elif letter == "q":
                result.quarantine = data.rstrip(b"\0").decode()
            elif letter == "p":
                pass
            elif letter in FINAL:
                result.verdict = letter
                if letter == REPLYCODE:
                    result.reply = data.rstrip(b"\0").decode()
                return result
            else:
                raise ProtocolError("answer %r at the end" % letter)

    def abort(self):
        self.send("A")
        self.flush()

    def quit(self):
        self.send("Q")
        self.flush()
        self.close()

    # A message in one go.

    def message(self, sender, recipients, fields, body, login=None,
                queue_id="Q1"):
        """Its Result; one with order "N" when it was decided at the header.

        fields: (name, value) pairs, value with its leading space."""
        for answer in self.until_end_of_headers(sender, recipients, fields,
                                                login, queue_id):
            if answer != CONTINUE:
                result = Result()
                result.verdict, result.order = answer, "N"
                if answer == REPLYCODE:
                    result.reply = self.last_reply
                return result
        answer = self.body(body)
        if answer != CONTINUE:
            raise ProtocolError("answer %r to the body" % answer)
        return self.end_of_message(queue_id)

    def until_end_of_headers(self, sender, recipients, fields, login=None,
                             queue_id="Q1"):
        yield self.mail(sender, login)
        for recipient in recipients:
            yield self.rcpt(recipient)
        yield self.data(queue_id)
        for name, value in fields:
            yield self.header(name, value)
        yield self.end_of_headers(queue_id)


def _bytes(value):
    return value if isinstance(value, bytes) else value.encode("utf-8")
