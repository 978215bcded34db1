"""The whole site while its parts are killed, paused and taken away: what readers and visitors get.

    uv run --all-groups python tests/bench/chaos.py [--small] [--seed N] [--only NAME…]

``manage.py serve`` runs on a PostgreSQL and a Redis of its own. People browse, search, vote, subscribe and sign in at a
steady rate while digests leave to a mail server that takes its time. Then, one after the other in random order:

- each kind of process is killed with SIGKILL: a child or the first of it, at random; and the supervisor, which is
  started again at once, as systemd does;
- PostgreSQL and Redis are paused (SIGSTOP), restarted, and away for a while; Redis comes back empty;
- the disk of DATA_DIR, a tmpfs of its own, is full; left out and said where this user may not mount one;
- the relay hangs (SIGSTOP), and is cut: nobody listens there;
- the clock of all the site's processes is set on by ten minutes, and back: libfaketime, whose offset is read from a
  file; the clock that only counts stays, and so do the servers' own. Left out and said where it is not installed.

``lost`` are digests no reader got, ``duplicates`` those that came twice, ``wrong`` mails to an address that they were
not for, refusals that do not say when to come again, and alarms; ``recovery_s`` how long after a fault's end the last
error was seen, and the first mail accepted. ``errors`` are what visitors saw: how many in the seconds of which fault,
of which kinds, from
when to when, counted from its beginning. The short run asks beat every three seconds, and keeps away from what
takes longer: the cut relay, and what rests for half a minute.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.bench.live_site import LiveSite, chance_of, end_in_good_order, kill, print_json
from tests.bench.visitors import Crowd, Seen

# Asked for, in seconds after a fault's end.
PAGES_WITHIN, MAIL_WITHIN = 30.0, 90.0
KINDS = ("web", "doors", "mail", "harvest", "beat", "index")


@dataclass
class Fault:
    name: str
    begin: Callable[[], object]
    seconds: float = 0.0
    end: Callable[[], object] = bool
    is_kill: bool = False
    is_over: Callable[[], bool] = lambda: True
    """What else must be before the next."""
    began_at: float = 0.0
    ended_at: float = 0.0
    over_at: float = 0.0
    """When the next began."""
    mail: float | None = None


class Faults:
    """Everything that may happen to this site."""

    def __init__(self, live: LiveSite, chance: random.Random, *, is_small: bool) -> None:
        self.live = live
        self.chance = chance
        self.short, self.long = (2.0, 3.0) if is_small else (8.0, 12.0)
        self.killed = 0

    def all(self) -> list[Fault]:
        live = self.live
        found = [
            *(Fault(f"{kind} killed", partial(self._kill, kind), is_kill=True) for kind in KINDS),
            Fault("supervisor killed", self._kill_supervisor, is_kill=True, is_over=self._is_served),
            Fault("postgres paused", live.postgres.pause, self.long, live.postgres.resume),
            Fault("postgres restarted", live.postgres.restart),
            Fault("postgres away", live.postgres.take_away, self.long, live.postgres.start),
            Fault("redis paused", live.redis.pause, self.long, live.redis.resume),
            Fault("redis restarted", live.redis.stop, 0.0, live.redis.start),
            Fault("redis away", live.redis.stop, self.long, live.redis.start),
            Fault("relay hangs", lambda: self._signal_relay(signal.SIGSTOP), self.short, self._go_on),
            Fault("relay cut", lambda: live.site.kill(live.relay), self.long, live.start_relay),
        ]
        if live.is_mounted:
            found.append(Fault("disk full", self._fill, self.short, self._filler.unlink))
        if live.has_clock:
            found.append(Fault("clock set on", lambda: live.set_clock(600), self.short))
            found.append(Fault("clock set back", lambda: live.set_clock(0), self.short))
        return found

    def _kill(self, kind: str) -> None:
        pids = self.live.processes().get(kind, [])
        if pids:
            self.killed += 1
            kill(self.chance.choice(pids))

    def _kill_supervisor(self) -> None:
        # All that it started end with it: two mails may be in their hands.
        self.killed += 2
        self.live.server.kill()
        self.live.server.wait()
        self.live.serve()

    def _is_served(self) -> bool:
        return set(KINDS) <= set(self.live.processes()) and self.live.is_up()

    @property
    def _filler(self) -> Path:
        return self.live.data / "filler"

    def _fill(self) -> None:
        with suppress(OSError), self._filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 65536)

    def _signal_relay(self, number: signal.Signals) -> None:
        os.kill(self.live.relay.pid, number)

    def _go_on(self) -> None:
        self._signal_relay(signal.SIGCONT)


SMALL = (
    "web killed", "mail killed", "supervisor killed", "postgres paused", "postgres away", "redis away", "disk full",
    "clock set on", "clock set back",
)  # fmt: skip


def in_order(found: list[Fault], chance: random.Random) -> list[Fault]:
    """At random, but a clock is set on before it is set back."""
    chance.shuffle(found)
    clocks = [number for number, one in enumerate(found) if one.name.startswith("clock")]
    for number, one in zip(clocks, sorted((found[n] for n in clocks), key=lambda one: "back" in one.name), strict=True):
        found[number] = one
    return found


def suffer(live: LiveSite, crowd: Crowd, fault: Fault, *, is_small: bool) -> None:
    fault.began_at = time.time()
    fault.begin()
    time.sleep(fault.seconds)
    fault.end()
    fault.ended_at = time.time()
    quiet = 1.0 if is_small else 3.0
    deadline = fault.ended_at + MAIL_WITHIN + 10
    while time.time() < deadline:
        time.sleep(0.2)
        if fault.mail is None and live.last_mail() > fault.ended_at + 0.05:
            fault.mail = live.last_mail() - fault.ended_at
        is_quiet = (
            fault.is_over()
            and time.time() - fault.ended_at > quiet
            and not crowd.errors(time.time() - quiet, time.time())
        )
        if fault.mail is not None and is_quiet:
            break
    fault.over_at = time.time()
    print(described(fault, crowd), flush=True)


def errors_of(fault: Fault, crowd: Crowd) -> list[Seen]:
    return crowd.errors(fault.began_at, fault.over_at)


def pages_back(fault: Fault, crowd: Crowd) -> float:
    """When the last request was sent that found an error, from the fault's end on."""
    return max((one.at - fault.ended_at for one in errors_of(fault, crowd)), default=0.0)


def described(fault: Fault, crowd: Crowd) -> str:
    errors = errors_of(fault, crowd)
    words = f"{fault.name:19} mail back {'never' if fault.mail is None else round(fault.mail, 1)} s, pages "
    words += f"{max(0.0, pages_back(fault, crowd)):.1f} s"
    if errors:
        kinds = sorted({f"{one.kind} {one.status}" for one in errors})
        words += f"; {len(errors)} errors from {errors[0].at - fault.began_at:.1f} s on: {', '.join(kinds)}"
    return words


def run(live: LiveSite, chance: random.Random, options: argparse.Namespace) -> dict[str, Any]:
    faults = Faults(live, chance, is_small=options.small)
    every = faults.all()
    for name, is_there in (("disk full", live.is_mounted), ("clock", live.has_clock)):
        if not is_there:
            print(f"{name}: left out, this machine does not allow it", flush=True)
    wanted = options.only or (SMALL if options.small else [one.name for one in every])
    chosen = in_order([one for one in every if one.name in wanted], chance)
    with Crowd(live.port, options.rate, live.voters, live.papers, chance) as crowd:
        while not live.last_mail() or not live.site.mail_log.stat().st_size:
            time.sleep(0.1)
        began = time.time()
        for fault in chosen:
            suffer(live, crowd, fault, is_small=options.small)
        with suppress(ProcessLookupError):
            os.kill(live.relay.pid, signal.SIGUSR1)
        live.wait_until_done(300)
        ended = time.time()
    found = live.verdict(crowd.votes, crowd.subscribed)
    seen = [one for one in crowd.seen if one.at >= began]
    mute = sum(one.status in (429, 503) and not one.says_when for one in seen)
    errors = {one.name: errors_of(one, crowd) for one in chosen}
    outside = len(crowd.errors(began, ended)) - sum(map(len, errors.values()))
    return found | {
        "wrong": found["wrong"] + mute,
        "faults": len(chosen),
        "kills": faults.killed,
        "recovery_s": {
            "pages": round(max(0.0, *(pages_back(one, crowd) for one in chosen)), 1),
            "mail": round(max(MAIL_WITHIN * 2 if one.mail is None else one.mail for one in chosen), 1),
        },
        "requests": len(seen),
        "errors": {name: _summary(of, chosen) for name, of in errors.items() if of},
        "errors_at_other_times": outside,
        "seconds": round(ended - began),
        "load": round(os.getloadavg()[0], 1),
    }


def _summary(errors: list[Seen], chosen: list[Fault]) -> dict[str, Any]:
    began = max(one.began_at for one in chosen if one.began_at <= errors[0].at)
    kinds = Counter(f"{one.kind} {one.status or 'no answer'}" for one in errors)
    return {"from_s": round(errors[0].at - began, 1), "to_s": round(errors[-1].at - began, 1)} | kinds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--readers", type=int)
    parser.add_argument("--rate", type=float, default=15.0, help="requests a second")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, end_in_good_order)
    chance = chance_of(options.seed)
    more = {"DIGEST_LEASE_SECONDS": "8", "DIGEST_BATCH": "50", "DJANGO_SETTINGS_MODULE": "tests.bench.chaos_settings"}
    readers = options.readers or (800 if options.small else 20_000)
    pause = 0.04 if options.small else 0.05
    with LiveSite(readers=readers, seconds_a_mail=pause, has_clock=True, **(more if options.small else {})) as live:
        found = run(live, chance, options)
    print_json({"readers": readers} | found)
    recovery = found["recovery_s"]
    is_late = recovery["pages"] > PAGES_WITHIN or recovery["mail"] > MAIL_WITHIN
    bad = sum(found[name] for name in ("lost", "wrong", "repeated", "lost_votes", "lost_subscribers"))
    return 1 if bad or is_late or found["duplicates"] > found["kills"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
