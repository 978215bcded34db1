"""People who browse, search, vote, subscribe and sign in at a steady rate, whatever the site does meanwhile."""

import asyncio
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

PATIENCE = 15.0
MOST_AT_ONCE = 24
FORM = "Content-Type: application/x-www-form-urlencoded"
TOKEN = "visitorsvisitorsvisitorsvisitors"
WORDS = "attention diffusion graph language model robot speech protein image policy token agent".split()  # noqa: SIM905
# Of a hundred requests.
SHARES = {"front": 24, "day": 8, "paper": 20, "search": 20, "own": 8, "vote": 8, "subscribe": 6, "sign_in": 6}


class Seen(NamedTuple):
    """What one request came to, as its sender saw it; status 0: no whole answer came."""

    at: float
    kind: str
    status: int
    seconds: float
    says_when: bool
    """It has ``Retry-After``."""

    @property
    def is_error(self) -> bool:
        return self.status == 0 or self.status >= 500 or self.status == 429


@dataclass
class Crowd:
    """``rate`` requests a second from many networks; ``voters`` are sessions of readers, ``papers`` their numbers."""

    port: int
    rate: float
    voters: dict[str, str]
    papers: list[int]
    chance: random.Random
    searches: int = 10**9
    """How many different ones there are; one that nobody made before is no kept page."""
    seen: list[Seen] = field(default_factory=list)
    votes: set[tuple[str, int]] = field(default_factory=set)
    """What the site said it took."""
    subscribed: set[str] = field(default_factory=set)

    def __enter__(self) -> "Crowd":
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._come()))
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def errors(self, since: float, until: float) -> list[Seen]:
        return [one for one in list(self.seen) if one.is_error and since <= one.at < until]

    async def _come(self) -> None:
        under_way: set[asyncio.Task[None]] = set()
        kinds, shares = list(SHARES), list(SHARES.values())
        while not self._ended.is_set():
            await asyncio.sleep(1 / self.rate)
            # People who wait do not come once more: without a bound a busy machine would never catch up.
            if len(under_way) >= MOST_AT_ONCE:
                continue
            (kind,) = self.chance.choices(kinds, shares)
            task = asyncio.create_task(self._visit(kind))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _visit(self, kind: str) -> None:
        told, keep = self._request(kind)
        began, at = time.perf_counter(), time.time()
        try:
            async with asyncio.timeout(PATIENCE):
                status, says_when = await self._ask(told)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError, IndexError):
            status, says_when = 0, False
        self.seen.append(Seen(at, kind, status, time.perf_counter() - began, says_when))
        if 200 <= status < 400:
            keep()

    def _request(self, kind: str) -> tuple[bytes, Callable[[], object]]:
        paper, number = self.chance.choice(self.papers), self.chance.randrange(10**9)
        pages = {
            "front": "/", "day": "/trending/how/", "paper": f"/papers/p{paper}/", "own": "/subscription/",
            "search": f"/search/?q={WORDS[number % self.searches % len(WORDS)]}+OR+x{number % self.searches}",
        }  # fmt: skip
        voter = self.chance.choice(list(self.voters))
        if kind in pages:
            return self._told("GET", pages[kind], session=self.voters[voter] if kind == "own" else ""), bool
        if kind == "vote":
            told = self._told("POST", f"/papers/p{paper}/vote/", "x=1", session=self.voters[voter])
            return told, lambda: self.votes.add((voter, paper))
        if kind == "subscribe":
            address = f"new{number}@example.net"
            return self._told("POST", "/accounts/signup/", f"email={quote(address)}"), lambda: self.subscribed.add(
                address
            )
        return self._told("POST", "/accounts/login/", f"login={quote(voter)}"), bool

    def _told(self, method: str, path: str, body: str = "", *, session: str = "") -> bytes:
        body += f"&csrfmiddlewaretoken={TOKEN}" if body else ""
        network = f"{self.chance.randrange(1, 224)}.{self.chance.randrange(256)}.{self.chance.randrange(256)}.1"
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"X-Forwarded-For: {network}"]
        lines += ["Sec-Fetch-Site: same-origin", f"Content-Length: {len(body)}"] + ([FORM] if body else [])
        cookies = f"Cookie: csrftoken={TOKEN}" if body else "Cookie: a=b"
        lines += [cookies + (f"; sessionid={session}" if session else "")]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    async def _ask(self, told: bytes) -> tuple[int, bool]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(told)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            if "content-length" in fields:
                await reader.readexactly(int(fields["content-length"]))
            else:
                await reader.read()
            return int(head.split(" ", 2)[1]), "retry-after" in fields
        finally:
            writer.close()
