"""Whether search indexes follow the database."""

from datetime import timedelta
from typing import Any

import pytest

from digest.sending import index_check
from papersite.catalogue import revisions
from papersite.catalogue.models import Paper
from papersite.models import Heartbeat
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_writers() -> None:
    """A process that another test ran may have left its own sign of life."""
    Heartbeat.objects.all().delete()


JUST_NOW, LONG_AGO = NOW.isoformat(), (NOW - timedelta(minutes=31)).isoformat()


def told(
    pid: int = 1, host: str = "web1", *, runs: timedelta = timedelta(hours=1), silent: timedelta = timedelta(0),
    **figures: Any,
) -> tuple[str, str, bool]:  # fmt: skip
    Heartbeat.objects.update_or_create(
        name="index", host=host, pid=pid,
        defaults={"started_at": NOW - runs, "beaten_at": NOW - silent, "figures": figures},
    )  # fmt: skip
    return index_check.told(NOW)[0]


def test_each_way_in_which_one_does_not_follow() -> None:
    assert told(revision=None) == ("web1", "there is none yet.", False)
    assert told(revision=0, papers=0, moved_at=LONG_AGO) == ("web1", "0 papers, up to the newest change.", True)
    PaperFactory.create()
    lacks = "lacks 1 paper: manage.py index --check says which."
    assert told(revision=0, papers=0, moved_at=JUST_NOW) == ("web1", lacks, False)
    revisions.mark(Paper.objects.values_list("pk", flat=True))
    assert told(revision=0, papers=0, moved_at=LONG_AGO) == ("web1", "stands still for 31\xa0minutes.", False)
    assert told(revision=0, papers=0, moved_at=JUST_NOW) == ("web1", "0 papers, 1 round of changes to read.", True)
    revisions.latest()
    assert told(revision=1, papers=1, moved_at=LONG_AGO) == ("web1", "1 paper, up to the newest change.", True)
    Paper.objects.update(is_hidden=True)
    assert told(revision=1, papers=1)[1].startswith("has 1 paper too many")
    assert told(revision=1) == ("web1", "up to the newest change.", True)


def test_a_restart_is_no_news() -> None:
    assert told(revision=None, runs=timedelta(minutes=1)) == ("web1", "there is none yet.", True)
    ago = "its writer was last heard of {}\xa0minutes ago."
    assert told(revision=0, silent=timedelta(minutes=5)) == ("web1", ago.format(5), True)
    assert told(revision=0, silent=timedelta(minutes=11)) == ("web1", ago.format(11), False)


def test_each_host_tells_of_its_own_in_one_query(django_assert_num_queries: Any) -> None:
    told(revision=0)
    told(host="web2", revision=None)
    Heartbeat.objects.create(name="index", host="web1", pid=2, started_at=NOW, beaten_at=NOW - timedelta(hours=1))

    with django_assert_num_queries(1):
        found = index_check.told(NOW)

    assert [(host, is_well) for host, _, is_well in found] == [("web1", True), ("web2", False)]
