"""Workers that are killed at any moment: every reader still gets one mail, and at most the one in hand twice."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.site import Site, wait_until

pytestmark = pytest.mark.processes

KILLS = 2
READERS = [f"reader{number}@example.org" for number in range(120)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


def test_a_killed_worker_loses_no_mail_and_repeats_at_most_the_one_in_hand(site: Site) -> None:
    site.start_sink(seconds_a_mail=0.01)
    site.add_readers(READERS)
    # One process, so that one mail is in hand when it dies: each sending process may repeat one.
    worker = site.start_worker(processes=1)
    site.order("drain")

    for share in (30, 70):
        wait_until(partial(_has_sent, site, share), 60, f"{share} mails")
        site.kill(worker)
        worker = site.start_worker(processes=1)
        wait_until(partial(_goes_on, site, share), 60, "the leases of the killed worker")
    wait_until(partial(_all_settled, site), 60, "all deliveries settled")

    mails = site.mails()
    by_reader = Counter(mail["to"] for mail in mails)
    ids_of = {address: {mail["id"] for mail in mails if mail["to"] == address} for address in READERS}
    assert sorted(by_reader) == sorted(READERS)
    assert len(mails) - len(READERS) <= KILLS
    assert all(len(ids) == 1 for ids in ids_of.values())
    assert site.states() == {"sent": len(READERS)}


def _has_sent(site: Site, count: int) -> bool:
    return len(site.mails()) >= count


def _goes_on(site: Site, share: int) -> bool:
    """Wakes the new worker, as beat would, until it goes on where the killed one was."""
    site.order("wake")
    return len(site.mails()) > share + 5 or _all_settled(site)


def _all_settled(site: Site) -> bool:
    site.order("wake")
    return not set(site.states()) & {"due", "claimed", "sending"}


# Where a process dies, as code that replaces one function; and how many mails the reader in
# hand may find at most.
FAILPOINTS = {
    "after the claim": ("delivery.claim", "die_after", 1),
    "after the papers were saved": ("sending.choose_items", "die_after", 1),
    "before the mail leaves": ("sending.hand_over", "die_before", 1),
    "after the mail left": ("sending.hand_over", "die_after", 2),
}

DIE = """
import os
from digest import delivery, sending

def die_after(function):
    def dying(*arguments, **keywords):
        function(*arguments, **keywords)
        os._exit(9)
    return dying

def die_before(function):
    def dying(*arguments, **keywords):
        os._exit(9)
    return dying

module, name = {place!r}.split(".")
module = dict(delivery=delivery, sending=sending)[module]
setattr(module, name, {how}(getattr(module, name)))
sending.drain()
"""

RECOVER = """
import json, datetime
from django.utils import timezone
from digest import delivery, sending
later = timezone.now() + datetime.timedelta(minutes=10)
swept = delivery.sweep(later)
sending.drain(lambda: later)
print(json.dumps(swept))
"""


@pytest.mark.parametrize("moment", FAILPOINTS)
def test_a_process_that_dies_at_a_commit_leaves_work_that_another_finishes(site: Site, moment: str) -> None:
    place, how, most = FAILPOINTS[moment]
    readers = READERS[:3]
    site.start_sink()
    site.add_readers(readers)

    site.python(DIE.format(place=place, how=how), expect=9)
    claimed, uncertain = site.python(RECOVER)

    by_reader = Counter(mail["to"] for mail in site.mails())
    assert sorted(by_reader) == readers
    assert sum(by_reader.values()) <= len(readers) + most - 1
    assert len({mail["id"] for mail in site.mails()}) == len(readers)
    assert claimed + uncertain == len(readers)
    assert uncertain == (1 if "mail" in moment else 0)
    assert site.states() == {"sent": len(readers)}


def test_a_stopped_worker_gives_back_what_it_held(site: Site) -> None:
    site.start_sink(seconds_a_mail=0.01)
    site.add_readers(READERS)
    worker = site.start_worker()
    site.order("drain")

    wait_until(partial(_has_sent, site, 10), 60, "ten mails")
    worker.terminate()
    worker.wait(60)

    assert not set(site.states()) & {"claimed", "sending"}
    assert max(Counter(mail["to"] for mail in site.mails()).values()) == 1


def test_two_workers_share_the_work_and_nobody_is_mailed_twice(site: Site) -> None:
    site.start_sink(seconds_a_mail=0.005)
    site.add_readers(READERS)
    for _ in range(2):
        site.start_worker()

    for _ in range(4):
        site.order("drain")
    wait_until(partial(_has_sent, site, len(READERS)), 60, "a mail for everybody")
    wait_until(partial(_all_settled, site), 60, "all deliveries settled")

    assert Counter(mail["to"] for mail in site.mails()) == dict.fromkeys(READERS, 1)
    assert site.states() == {"sent": len(READERS)}
