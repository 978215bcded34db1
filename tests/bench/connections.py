"""Connections that ask a server for one page after the other, as fast as it answers."""

import asyncio
import random
import time
from typing import Any

CONNECTIONS = 16


class Connection(asyncio.Protocol):
    """Asks one address after the other as soon as the answer is there. It looks at nothing but where that ends."""

    def __init__(self, requests: list[bytes], until: float, times: list[float], done: "asyncio.Future[None]") -> None:
        self.requests, self.until, self.times, self.done = requests, until, times, done
        self.place = 0
        self.missing = -1
        self.head = b""
        self.failed = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(self.requests[self.place % len(self.requests)])
        self.place += 1

    def data_received(self, data: bytes) -> None:
        if self.missing < 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            self.failed += not self.head.startswith(b"HTTP/1.1 200")
            where = self.head.find(b"content-length: ") + 16
            length = int(self.head[where : self.head.find(b"\r", where)])
            self.missing = length + end + 4 - len(self.head)
            self.head = b""
        else:
            self.missing -= len(data)
        if self.missing == 0:
            self.missing = -1
            now = time.perf_counter()
            self.times.append(now - self.began)
            if now < self.until:
                self._ask()
            else:
                self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def load(port: int, paths: list[str], seconds: float, sessions: list[str] | None = None) -> dict[str, float]:
    """Requests a second over all connections, and how many milliseconds one takes: the median, the 99th percentile.

    ``sessions`` are keys that the connections send in turn. Ends the program where an answer is no page.
    """
    loop = asyncio.get_running_loop()
    times: list[float] = []
    began = time.perf_counter()
    all_done, connections = [], []
    for number in range(CONNECTIONS):
        chance = random.Random(number)
        mixed = chance.sample(paths, len(paths))
        cookie = f"Cookie: sessionid={sessions[number % len(sessions)]}\r\n" if sessions else ""
        requests = [
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{cookie}\r\n".encode()
            for path in mixed
        ]
        done: asyncio.Future[None] = loop.create_future()
        _, protocol = await loop.create_connection(
            lambda requests=requests, done=done: Connection(requests, began + seconds, times, done),  # type: ignore[misc]
            "127.0.0.1", port,
        )  # fmt: skip
        all_done.append(done)
        connections.append(protocol)
    await asyncio.wait_for(asyncio.gather(*all_done), seconds + 60)
    took = time.perf_counter() - began
    failed = sum(one.failed for one in connections)
    if failed:
        raise SystemExit(f"{failed} of {len(times)} answers were no pages.")
    ordered = sorted(times)
    return {
        "per_s": round(len(times) / took, 1),
        "ms": round(1000 * ordered[len(ordered) // 2], 2),
        "p99_ms": round(1000 * ordered[len(ordered) * 99 // 100], 2),
    }
