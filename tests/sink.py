"""A mail server for tests, in a process of its own: writes down each mail it accepted, and misbehaves on demand.

    python tests/sink.py LOG [--pause SECONDS] [--mails-a-session N] [--greeting TEXT] [--plain] [--patient]
                         [--broken-tls] [--tls CERTIFICATE] [--keep FOLDER]

It prints its port. ``--tls`` names a file with a certificate and its key; SIGUSR1 ends the pauses. A line of
the log is a JSON object with ``to``, ``id``, ``from`` and ``at``; it is in the file before the mail is
accepted. With ``-`` for LOG it only counts. In FOLDER it keeps each mail as it came, by its number. What
stands before a dash in a recipient's local part is its fault:

    rcpt550-  data451-  mail530-   answers with that code at that step
    drop-      takes the mail and hangs up without a word
    cut-       hangs up in the middle of the mail
    reset-     the same, by a reset of the connection
    half-      takes the mail and says half a sentence
    garbage-   takes the mail and says what is no SMTP
    slow-      answers after 30 seconds
"""

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import ssl
import struct
import time
from pathlib import Path
from typing import Any, cast

FAULT = re.compile(rb"(mail|rcpt|data)(\d{3})-")
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Session(asyncio.Protocol):
    options: Any
    log = -1
    accepted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.buffer = bytearray()
        self.is_data = False
        self.sender = self.recipient = b""
        self.mails = 0
        self.transport.write(self.options.greeting.encode() + b"\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.transport.is_closing() and (self._mail() if self.is_data else self._command()):
            pass

    def _command(self) -> bool:
        line, end, rest = self.buffer.partition(b"\r\n")
        if not end:
            return False
        self.buffer = rest
        verb = bytes(line[:4]).upper().decode()
        answer = getattr(self, f"smtp_{verb}", None)
        return bool(answer(bytes(line))) if answer else self._say(b"250 ok")

    def smtp_EHLO(self, line: bytes) -> bool:
        more = [b"STARTTLS"] if self.options.broken_tls else []
        more += [] if self.options.plain else [b"PIPELINING", b"8BITMIME", b"SMTPUTF8"]
        return self._say(b"".join(b"250-%b\r\n" % word for word in [b"sink", *more]) + b"250 SIZE 99999999")

    def smtp_STAR(self, line: bytes) -> bool:
        return self._say(b"220 go ahead\r\nthis is no handshake")

    def smtp_MAIL(self, line: bytes) -> bool:
        if self.options.mails_a_session and self.mails >= self.options.mails_a_session:
            return self._say(b"421 4.7.0 enough for one session", close=True)
        fault = FAULT.match(_address(line))
        self.sender = b"" if fault else _address(line)
        return self._say(fault[2] + b" 5.7.0 refused for the test" if fault else b"250 ok")

    def smtp_RCPT(self, line: bytes) -> bool:
        self.recipient = b""
        if not self.sender:
            return self._say(b"503 MAIL first")
        fault = FAULT.match(_address(line))
        if fault and fault[1] == b"rcpt":
            return self._say(fault[2] + b" 5.1.1 refused for the test")
        self.recipient = _address(line)
        return self._say(b"250 ok")

    def smtp_DATA(self, line: bytes) -> bool:
        # Some servers wait for a mail to nobody where others refuse.
        self.is_data = bool(self.recipient) or self.options.patient
        return self._say(b"354 go on" if self.is_data else b"554 no valid recipients")

    def smtp_QUIT(self, line: bytes) -> bool:
        return self._say(b"221 bye", close=True)

    def _mail(self) -> bool:
        kind = self.recipient.partition(b"-")[0]
        if kind in (b"cut", b"reset"):
            self._hang_up(is_reset=kind == b"reset")
            return False
        if not self.recipient:
            return self._nobody()
        end = self.buffer.find(b"\r\n.\r\n")
        if end < 0:
            return False
        content = bytes(self.buffer[: end + 2])
        del self.buffer[: end + 5]
        self.is_data = False
        self.mails += 1
        return self._settle(kind, content)

    def _nobody(self) -> bool:
        if not self.buffer.startswith(b".\r\n"):
            return False
        del self.buffer[:3]
        self.is_data = False
        return self._say(b"554 no valid recipients")

    def _settle(self, kind: bytes, content: bytes) -> bool:
        fault = FAULT.match(self.recipient)
        recipient, self.recipient = self.recipient, b""
        if fault:
            return self._say(fault[2] + b" refused for the test")
        self._write(recipient, content)
        if self.options.pause or kind == b"slow":
            self.transport.pause_reading()
            pause = 30.0 if kind == b"slow" else self.options.pause
            asyncio.get_running_loop().call_later(pause, self._go_on)
            return False
        if kind in (b"drop", b"half", b"garbage"):
            said = {b"drop": b"", b"half": b"25", b"garbage": b"what is this\r\n"}[kind]
            self.transport.write(said)
            self.transport.close()
            return False
        return self._say(b"250 2.0.0 accepted")

    def _go_on(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()
            self._say(b"250 2.0.0 accepted")
            self.data_received(b"")

    def _write(self, recipient: bytes, content: bytes) -> None:
        Session.accepted += 1
        if self.options.keep:
            Path(self.options.keep, f"{Session.accepted:06}.eml").write_bytes(content)
        if self.log >= 0:
            found = MESSAGE_ID.search(content)
            entry = {
                "to": recipient.decode(), "id": found[1].decode() if found else "", "from": self.sender.decode(),
                "at": time.time(),
            }  # fmt: skip
            os.write(self.log, json.dumps(entry).encode() + b"\n")

    def _say(self, text: bytes, *, close: bool = False) -> bool:
        self.transport.write(text + b"\r\n")
        if close:
            self.transport.close()
        return not close

    def _hang_up(self, *, is_reset: bool) -> None:
        if is_reset:
            connection = cast("socket.socket", self.transport.get_extra_info("socket"))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


def _address(line: bytes | bytearray) -> bytes:
    return bytes(line).partition(b"<")[2].partition(b">")[0]


async def main(options: argparse.Namespace) -> None:
    Session.options = options
    if options.log != "-":
        Session.log = os.open(options.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: setattr(options, "pause", 0.0))
    tls = None
    if options.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.tls)
    server = await loop.create_server(Session, host="127.0.0.1", port=options.port, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  the one who started it reads it
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--mails-a-session", type=int, default=0)
    parser.add_argument("--greeting", default="220 sink ESMTP")
    parser.add_argument("--patient", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--broken-tls", action="store_true")
    parser.add_argument("--keep", default="")
    parser.add_argument("--tls", default="")
    asyncio.run(main(parser.parse_args()))
