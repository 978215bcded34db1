"""Three hosts, one PostgreSQL, one Redis, an index and a mail server on each: a site of many machines."""

import copy
import os
import signal
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.hosts import Host, Network
from tests.servers import Missing, Postgres, Redis
from tests.site import Site, wait_until

pytestmark = [
    pytest.mark.long,
    pytest.mark.processes,
    pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="several hosts want PostgreSQL"),
]

HOSTS = ("one", "two", "three")
READERS = [f"reader{number}@example.org" for number in range(150)]
PORT = 8000


class Machine:
    """A host of the site: its own folder, index and mail server; the rest is the same for all."""

    def __init__(self, site: Site, host: Host) -> None:
        self.host = host
        self.site = copy.copy(site)
        self.site.folder = site.folder / host.name
        self.site.folder.mkdir()
        self.site.mail_log = self.site.folder / "mail.log"
        self.site.mail_log.touch()
        self.site.processes, self.site.desks = [], []
        self.site.environment = site.environment | {"DATA_DIR": str(self.site.folder / "data"), "WEB_WORKERS": "1"}
        with host.inside():
            self.site.start_sink(seconds_a_mail=0.1)

    def start(self, *names: str) -> None:
        with self.host.inside():
            for name in names:
                self.site._start([sys.executable, "manage.py", "start", name, "--port", str(PORT)])

    def ask(self, page: str) -> str:
        try:
            with self.host.inside(), urllib.request.urlopen(f"http://127.0.0.1:{PORT}{page}", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def is_ready(self) -> bool:
        return '"status": "ok"' in self.ask("/health/ready/")

    def finds_all(self) -> bool:
        return "<mark>subject</mark> number 7" in self.ask("/search/?q=subject")

    def mails(self) -> list[str]:
        return [mail["to"] for mail in self.site.mails()]

    def die(self) -> None:
        """As if its power went."""
        for pid in self.host.pids():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def network() -> Iterator[Network]:
    try:
        made = Network("services", *HOSTS)
    except Missing as error:
        pytest.skip(f"{error} is missing on this machine")
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, network: Network) -> Iterator[Site]:
    """On no host yet: an empty database, and a broker."""
    services = network["services"]
    with services.inside():
        try:
            postgres, redis = Postgres(address=services.address), Redis(services.address)
        except Missing as error:
            missing(str(error))
    try:
        made = Site(tmp_path, DATABASE_URL=postgres.url, REDIS_URL=redis.url)
        yield made
        made.close()
    finally:
        with services.inside():
            postgres.stop()
            redis.stop()


def test_three_hosts_share_the_work_and_one_that_dies_is_no_loss(site: Site, network: Network) -> None:
    machines = [Machine(site, network[name]) for name in HOSTS]
    one, two, three = machines
    try:
        # All at once, from nothing: one of them makes the tables.
        for machine in machines:
            with machine.host.inside():
                machine.site._start([sys.executable, "manage.py", "migrate", "--verbosity", "0"])
        assert [machine.site.processes[-1].wait(120) for machine in machines] == [0, 0, 0]

        with one.host.inside():
            one.site.add_readers(READERS)
        for machine in machines:
            machine.start("web", "mail", "index")
        one.start("beat", "harvest")
        wait_until(lambda: all(machine.is_ready() for machine in machines), 120, "all hosts", every=0.5)

        def order() -> int:
            """Again, as beat would; how many mails have left."""
            with one.host.inside():
                one.site.order("wake")
            return sum(len(machine.mails()) for machine in machines)

        wait_until(lambda: order() >= 60 and all(machine.mails() for machine in machines), 60, "all work", every=0.3)
        three.die()
        wait_until(lambda: order() >= len(READERS), 60, "the others", every=0.3)
        wait_until(lambda: is_settled(one), 60, "the mails of the host that died", every=0.5)

        mailed = Counter(address for machine in machines for address in machine.mails())
        assert set(mailed) == set(READERS)
        # At most the one mail that each process of the dead host was sending.
        assert sum(mailed.values()) <= len(READERS) + 2

        # What one host took in, every other finds in the copy that it keeps.
        wait_until(lambda: all(machine.finds_all() for machine in (one, two)), 30, "search", every=0.5)
    finally:
        for machine in machines:
            machine.site.close_processes()


def is_settled(machine: Machine) -> bool:
    with machine.host.inside():
        machine.site.order("wake")
        return set(machine.site.states()) == {"sent"}
