"""A mail server for tests, in a process of its own: writes down each mail it accepted, and refuses on demand.

    python tests/sink.py LOG [SECONDS_A_MAIL]

It prints its port. A line of the log is a JSON object with ``to``, ``id`` and ``from``.
What stands before a dash in a recipient's local part is its fault: ``rcpt550-``,
``data451-`` answer with that code, ``drop-`` takes the mail and hangs up without a word.
"""

import asyncio
import email
import json
import os
import re
import sys
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

FAULT = re.compile(r"(rcpt|data)(\d{3})-")


class Sink:
    def __init__(self, log: Path, seconds: float) -> None:
        self.log = log
        self.seconds = seconds

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = FAULT.match(address)
        if fault and fault[1] == "rcpt":
            return f"{fault[2]} refused for the test"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        fault = FAULT.match(address)
        if fault:
            return f"{fault[2]} refused for the test"
        await asyncio.sleep(self.seconds)
        self._write(address, envelope)
        if address.startswith("drop-"):
            cast("asyncio.Transport", server.transport).abort()
        return "250 OK"

    def _write(self, address: str, envelope: Envelope) -> None:
        content: Any = envelope.content
        entry = {"to": address, "id": email.message_from_bytes(content)["Message-ID"], "from": envelope.mail_from}
        with self.log.open("a") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())


async def main(log: Path, seconds: float) -> None:
    sink = Sink(log, seconds)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, enable_SMTPUTF8=True), host="127.0.0.1", port=0
    )
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  the one who started it reads it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
