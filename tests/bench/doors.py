"""Sign-in and sign-up posts against a served site: how many a second, and how long /health/ takes meanwhile.

    uv run python tests/bench/doors.py            half a minute for each part
    uv run python tests/bench/doors.py --small    all in less than 45 s

It serves a site of its own in a folder that goes away, on 127.0.0.1 alone, on SQLite or on what DATABASE_URL and
REDIS_URL name. Posts come from many networks, since one may ask for little. Three parts: posts; /health/ with
nobody there; the same posts while 80 clients hang, who send half of a form or read nothing of what they asked for.
The last line is JSON; its ratios are of this run, and so say something of the code on any machine.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from papersite.runtime.supervisor import Processes, free_port

HANGING = 80
CONNECTIONS = 16
KNOWN = 5000
STARTS_WITHIN = 60


@dataclass
class Part:
    """What was measured for a while."""

    posts: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    """What each process used, in seconds."""

    def figures(self) -> dict[str, float]:
        found = {
            "health_ms": _ms(self.health, 50),
            "health_p95_ms": _ms(self.health, 95),
            "health_worst_ms": _ms(self.health, 100),
        }
        if self.posts:
            found |= {
                f"{name}_cpu_ms_a_post": round(1000 * used / len(self.posts), 2) for name, used in self.cpu.items()
            }
            found |= {"posts_a_second": round(len(self.posts) / self.seconds, 1), "post_ms": _ms(self.posts, 50)}
        return found


def _ms(times: list[float], percent: int) -> float:
    """A percentile, in milliseconds."""
    ordered = sorted(times) or [0.0]
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


class Visitor:
    """One connection that is kept open, as a proxy keeps its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, float]:
        """Its status, and how many seconds the whole answer took."""
        began = time.perf_counter()
        for attempt in (1, 2):
            if self.streams is None:
                self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                return await self._ask(method, path, body, headers), time.perf_counter() - began
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    async def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> int:
        assert self.streams is not None
        reader, writer = self.streams
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(
            (int(line.partition(":")[2]) for line in head.split("\r\n") if line.startswith("content-length")), 0
        )
        await reader.readexactly(length)
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


FORM = "application/x-www-form-urlencoded"


async def post(
    visitor: Visitor, part: Part, chance: random.Random, *, until: float, token: str, known: list[str]
) -> None:
    """Sign-ups and sign-ins in turn, half of the latter for readers who are there."""
    while time.monotonic() < until:
        number = chance.randrange(10**9)
        address = chance.choice(known) if number % 4 == 1 else f"reader{number}@example.org"
        path, name = ("/accounts/signup/", "email") if number % 2 == 0 else ("/accounts/login/", "login")
        network = f"{chance.randrange(1, 224)}.{chance.randrange(256)}.{chance.randrange(256)}.1"
        body = f"{name}={address.replace('@', '%40')}&csrfmiddlewaretoken={token}"
        status, seconds = await visitor.ask(
            "POST", path, body, Content_Type=FORM, X_Forwarded_For=network, Cookie=f"csrftoken={token}",
            Sec_Fetch_Site="same-origin",
        )  # fmt: skip
        part.posts.append(seconds)
        part.statuses[status] = part.statuses.get(status, 0) + 1


async def watch(visitor: Visitor, part: Part, until: float) -> None:
    while time.monotonic() < until:
        status, seconds = await visitor.ask("GET", "/health/")
        assert status == 200, status
        part.health.append(seconds)
        await asyncio.sleep(0.02)


async def hang(port: int) -> list[socket.socket]:
    """Clients that stay: some never end their form, some never end their headers, some never read their page."""
    held = []
    for number in range(HANGING):
        one = socket.create_connection(("127.0.0.1", port), timeout=5)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        match number % 3:
            case 0:
                one.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nlogin=")
            case 1:
                one.sendall(b"GET /accounts/login/ HTTP/1.1\r\nHost: loc")
            case _:
                one.sendall(b"GET /static/css/site.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        held.append(one)
        await asyncio.sleep(0)
    return held


async def measure(port: int, seconds: float, *, with_posts: bool, token: str, known: list[str], seed: int) -> Part:
    """One part; its ``seed`` is its own, or the addresses of the part before would come again and be refused."""
    part, until, began = Part(), time.monotonic() + seconds, time.monotonic()
    chance = random.Random(seed)
    visitors = [Visitor(port) for _ in range(1 + (CONNECTIONS if with_posts else 0))]
    jobs = [watch(visitors[0], part, until)]
    jobs += [
        post(visitor, part, random.Random(chance.random()), until=until, token=token, known=known)
        for visitor in visitors[1:]
    ]
    await asyncio.gather(*jobs)
    part.seconds = time.monotonic() - began
    for visitor in visitors:
        visitor.close()
    return part


async def run(port: int, seconds: float, known: list[str], groups: dict[str, int]) -> dict[str, Part]:
    token = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=32))
    await _until_it_answers(port)
    await measure(port, min(2.0, seconds / 4), with_posts=True, token=token, known=known, seed=1)  # warms
    alone = await measure(port, seconds / 3, with_posts=False, token=token, known=known, seed=2)
    before = {name: cpu_seconds(group) for name, group in groups.items()}
    posts = await measure(port, seconds, with_posts=True, token=token, known=known, seed=3)
    posts.cpu = {name: cpu_seconds(group) - before[name] for name, group in groups.items()}
    held = await hang(port)
    before = {name: cpu_seconds(group) for name, group in groups.items()}
    hanging = await measure(port, seconds, with_posts=True, token=token, known=known, seed=4)
    hanging.cpu = {name: cpu_seconds(group) - before[name] for name, group in groups.items()}
    for one in held:
        one.close()
    return {"alone": alone, "posts": posts, "hanging": hanging}


async def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        visitor = Visitor(port)
        with suppress(OSError, asyncio.IncompleteReadError):
            status, _ = await visitor.ask("GET", "/health/")
            visitor.close()
            if status == 200:
                return
        if time.monotonic() > deadline:
            raise SystemExit(f"The site did not answer within {STARTS_WITHIN} s.")
        await asyncio.sleep(0.2)


def make_readers() -> None:
    from allauth.account.models import EmailAddress
    from django.core.management import call_command

    from accounts.models import User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    users = [User(email=f"known{n}@example.org", password="!") for n in range(KNOWN)]
    User.objects.bulk_create(users, ignore_conflicts=True)
    confirmed = [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in User.objects.all()]
    EmailAddress.objects.bulk_create(confirmed, ignore_conflicts=True)


def orders_waiting() -> int:
    from accounts.models import MailOrder

    return MailOrder.objects.count()


def cpu_seconds(group: int) -> float:
    """What a process and its children have used; 0 where the system does not say."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--small", action="store_true", help="all in less than 45 s")
    seconds = 4.0 if asked.parse_args().small else 30.0
    folder = Path(tempfile.mkdtemp(prefix="papersite-doors-"))
    try:
        report(*serve(folder, seconds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def serve(folder: Path, seconds: float) -> tuple[dict[str, Part], int]:
    """The measured parts, and how many orders the workers had not got to when they ended."""
    port = free_port(8731)
    url = f"http://localhost:{port}"
    os.environ |= {
        "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "papersite.settings", "SITE_URL": url,
        "BEHIND_PROXY": "true", "MAILS_OVERALL": "1000000/h", "LOG_LEVEL": "WARNING", "DEBUG": "false",
        "SECRET_KEY": "for-this-run-alone-" + "x" * 40, "ALLOWED_HOSTS": "localhost",
    }  # fmt: skip
    django.setup()
    make_readers()
    known = [f"known{n}@example.org" for n in range(KNOWN)]
    processes = Processes(port=port, site_url=url, beat_schedule=str(folder / "beat"), logs=folder / "logs")
    with processes:
        processes.start(["web", "doors"])
        groups = {name: child.pid for name, child in processes.children.items()}
        parts = asyncio.run(run(port, seconds, known, groups))
        if ended := processes.ended():
            raise SystemExit(f"{ended} has ended: {(folder / 'logs' / f'{ended}.log').read_text()[-2000:]}")
    return parts, orders_waiting()


def report(parts: dict[str, Part], waiting: int) -> None:
    for name, part in parts.items():
        print(f"{name:8}", part.figures(), part.statuses or "")
    alone, posts, hanging = (parts[name].figures() for name in ("alone", "posts", "hanging"))
    refused = sum(count for part in parts.values() for status, count in part.statuses.items() if status >= 400)
    found = {
        **posts,
        "hanging_posts_a_second": hanging["posts_a_second"],
        "hanging_health_p95_ms": hanging["health_p95_ms"],
        "hanging_web_cpu_ms_a_post": hanging["web_cpu_ms_a_post"],
        "alone_health_ms": alone["health_ms"],
        "hanging_to_posts": round(hanging["posts_a_second"] / posts["posts_a_second"], 2),
        "health_to_post": round(posts["health_ms"] / posts["post_ms"], 2),
        "refused": refused,
        "orders_waiting": waiting,
        "load_before": round(os.getloadavg()[2], 1),
        "cores": os.cpu_count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
