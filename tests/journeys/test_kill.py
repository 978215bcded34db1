"""Workers that are killed at any moment: every reader still gets one mail, and at most the one in hand twice."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.site import Site, wait_until

pytestmark = pytest.mark.processes

KILLS = 1
READERS = [f"reader{number}@example.org" for number in range(80)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


@pytest.mark.long
def test_a_killed_worker_loses_no_mail_and_repeats_at_most_the_one_in_hand(site: Site) -> None:
    site.start_sink(seconds_a_mail=0.01)
    site.add_readers(READERS)
    # One process, so that one mail is in hand when it dies: each sending process may repeat one.
    worker = site.start_worker(processes=1)
    site.order("drain")

    for share in (30,):
        wait_until(partial(_has_sent, site, share), 60, f"{share} mails")
        site.kill(worker)
        worker = site.start_worker(processes=1)
        wait_until(partial(_goes_on, site, share), 60, "the leases of the killed worker", every=0.3)
    wait_until(partial(_all_settled, site), 60, "all deliveries settled", every=0.3)

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


# Where a process dies: a function, whether before or after it and at which of its calls, how many
# mails are uncertain then, and how many the reader in hand may find at most.
FAILPOINTS = {
    "while deliveries are planned": ("digest.database.bulk", "set_next", "before", 1, 0, 1),
    "after deliveries were planned": ("digest.planning.planner", "open_deliveries", "after", 1, 0, 1),
    "while a batch is claimed": ("digest.database.statements", "run", "after", 1, 0, 1),
    "after the claim": ("digest.sending.claims", "claim", "after", 1, 0, 1),
    "before the papers are saved": ("digest.database.bulk", "add_items", "before", 1, 0, 1),
    "while the papers are saved": ("digest.database.bulk", "add_items", "after", 1, 0, 1),
    "after the papers were saved": ("digest.sending.contents", "choose_for", "after", 1, 0, 1),
    "before the mail is begun": ("digest.sending.claims", "advance", "before", 1, 0, 1),
    "before the mail leaves": ("digest.sending.claims", "advance", "after", 1, 1, 1),
    "after the mail left": ("digest.sending.transports.SmtpTransport", "send", "after", 1, 1, 2),
    "before it is said to be accepted": ("digest.sending.claims", "advance", "before", 2, 1, 2),
    "before the next mail leaves": ("digest.sending.claims", "advance", "after", 2, 1, 1),
    "after the last mail left": ("digest.sending.transports.SmtpTransport", "send", "after", 3, 1, 2),
    "after the last was said to be accepted": ("digest.sending.claims", "advance", "after", 4, 0, 1),
    "before what was accepted is settled": ("digest.sending.claims", "settle_accepted", "before", 1, 0, 1),
    "while what was accepted is settled": ("digest.database.bulk", "settle_as_sent", "after", 1, 0, 1),
    "after what was accepted was settled": ("digest.sending.claims", "settle_accepted", "after", 1, 0, 1),
    "after the last mail was counted": ("digest.sending.relay", "count", "after", 1, 0, 1),
    "before the batch is released": ("digest.sending.claims", "release", "before", 1, 0, 1),
    "when the run is over": ("digest.sending.claims", "release", "after", 1, 0, 1),
}

# All in one process of the site, which forks one that is to die at each place and then mends what it left.
DIE_EVERYWHERE = """
import json, os
from datetime import timedelta
from importlib import import_module
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from digest.planning import planner
from digest.sending import claims, relay
from digest.sending.drain import drain_due
from digest.models import Delivery, DeliveryItem, BatchCursor, Subscription
from papersite.catalogue.models import Paper

def die_at(place, name, when, call):
    try:
        place = import_module(place)
    except ModuleNotFoundError:
        place = import_string(place)
    function = getattr(place, name)
    calls = 0
    def dying(*arguments, **keywords):
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            os._exit(9)
        answer = function(*arguments, **keywords)
        if calls == call:
            os._exit(9)
        return answer
    setattr(place, name, dying)

def work(now):
    planner.open_deliveries(now)
    drain_due(lambda: now)

drain_due()
found = {}
for moment, (place, name, when, call, *_) in FAILPOINTS.items():
    # A day more for each, whose digest is due again.
    now = (timezone.now() + timedelta(days=len(found) + 1)).replace(hour=12)
    due = now - timedelta(minutes=5)
    Subscription.objects.update(next_due_on=due.date(), next_due_at=due, send_at=due.time(), time_zone="UTC")
    DeliveryItem.objects.all().delete()
    Paper.objects.update(announced_at=due, added_at=due)
    connection.close()
    child = os.fork()
    if not child:
        die_at(place, name, when, call)
        work(now)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    later = now + timedelta(minutes=10)
    claimed, uncertain = claims.sweep(later)
    work(later)
    relay.check_counts(later)
    days = Delivery.objects.filter(day=due.date())
    found[moment] = {
        "died": status == 9,
        "uncertain": uncertain,
        "open": Delivery.objects.filter(state__in=Delivery.OPEN).count(),
        "states": sorted(days.values_list("state", flat=True)),
        "ids": [one.message_id for one in days],
        "items": DeliveryItem.objects.count(),
        "cursors": BatchCursor.objects.count(),
        "is_open": relay.is_open(later),
    }
print(json.dumps(found))
"""


@pytest.mark.long
def test_a_process_that_dies_at_any_commit_leaves_work_that_another_finishes(site: Site) -> None:
    readers = READERS[:3]
    site.start_sink()
    site.add_readers(readers)

    found = site.python(f"FAILPOINTS = {FAILPOINTS!r}\n{DIE_EVERYWHERE}")

    sent = Counter(mail["id"] for mail in site.mails())
    for moment, (*_, uncertain, most) in FAILPOINTS.items():
        left = found[moment]
        counts = sorted(sent[one] for one in left.pop("ids"))
        assert left == {
            "died": True,
            "uncertain": uncertain,
            "open": 0,
            "states": ["sent"] * len(readers),
            "items": 10 * len(readers),
            "cursors": 0,
            "is_open": True,
        }, moment
        assert counts == [1, 1, most], moment


@pytest.mark.long
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


@pytest.mark.long
def test_two_workers_share_the_work_and_nobody_is_mailed_twice(site: Site) -> None:
    site.start_sink(seconds_a_mail=0.005)
    site.add_readers(READERS)
    for _ in range(2):
        site.start_worker()

    for _ in range(4):
        site.order("drain")
    wait_until(partial(_has_sent, site, len(READERS)), 60, "a mail for everybody")
    wait_until(partial(_all_settled, site), 60, "all deliveries settled", every=0.3)

    assert Counter(mail["to"] for mail in site.mails()) == dict.fromkeys(READERS, 1)
    assert site.states() == {"sent": len(READERS)}
