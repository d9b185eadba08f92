"""Stands between Postfix and the filter and sees each milter packet.

The milter protocol is a stream of packets in both directions: four bytes of
length, one of command, the rest is data.  A hook is told of every packet just
before and just after it is passed on, so that a test can do something to the
filter at exactly that moment.
"""

import socket
import struct
import threading

TO_FILTER, TO_MTA = "to filter", "to MTA"
BEFORE, AFTER = "before", "after"


class Proxy:
    def __init__(self, port, filter_socket, hook):
        """hook(direction, command, moment), command as one-letter str."""
        self.port = port
        self._target = filter_socket
        self._hook = hook
        self._listener = None
        self._thread = None

    @property
    def address(self):
        return "inet:127.0.0.1:%d" % self.port

    def start(self):
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(64)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _accept(self):
        while True:
            try:
                mta, _ = self._listener.accept()
            except OSError:
                return
            mta.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            council = socket.socket(socket.AF_UNIX)
            try:
                council.connect(self._target)
            except OSError:
                mta.close()
                council.close()
                continue
            for source, sink, direction in ((mta, council, TO_FILTER),
                                            (council, mta, TO_MTA)):
                threading.Thread(target=self._pass, daemon=True,
                                 args=(source, sink, direction)).start()

    def _pass(self, source, sink, direction):
        try:
            while True:
                length = _exactly(source, 4)
                packet = _exactly(source, struct.unpack("!I", length)[0])
                command = chr(packet[0])
                self._hook(direction, command, BEFORE)
                sink.sendall(length + packet)
                self._hook(direction, command, AFTER)
        except (OSError, EOFError):
            pass
        finally:
            for end in source, sink:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            source.close()


def _exactly(source, count):
    data = b""
    while len(data) < count:
        piece = source.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
