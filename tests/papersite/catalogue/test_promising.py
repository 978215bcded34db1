"""Promise in the catalogue: from learning to the page that says why."""

import io
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from papersite.catalogue import ingest, promising, tasks
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Paper, SignalWeight
from papersite.catalogue.promise import shelf
from papersite.catalogue.promise.model import Measure
from papersite.catalogue.sources.records import SourcePaper
from papersite.runtime import beat
from tests.factories import NOW, AuthorFactory, PaperFactory
from tests.papersite.catalogue.promise.test_model import MODEL

pytestmark = pytest.mark.django_db
AGENTS = "The agents of a benchmark"


@pytest.fixture(autouse=True)
def weight() -> None:
    SignalWeight.objects.update_or_create(signal="promise", defaults={"hours": 2})


@pytest.fixture
def promise(settings: Any, tmp_path: Path) -> Path:
    """Promise is on, and a good model lies there; where it lies."""
    settings.PROMISE, settings.DATA_DIR = True, tmp_path
    shelf.keep(MODEL, promising.file())
    return promising.file()


def test_new_papers_are_asked_about_once_and_stand_higher_by_it(promise: Path) -> None:
    paper = PaperFactory.create(title=AGENTS, by=[AuthorFactory.create(key="ada")])
    plain = PaperFactory.create(title="Lattices")
    old = PaperFactory.create(title=AGENTS + ", once", announced_at=NOW - timedelta(days=9))

    assert promising.score_pending(NOW) == 2
    assert promising.score_pending(NOW) == 0

    found = Paper.objects.get(pk=paper.pk)
    assert (found.promise_why, found.promise is not None and found.promise > 1) == ("agents, its authors", True)
    assert found.heat == pytest.approx(paper.heat + 2 * (found.promise or 0))
    assert Paper.objects.get(pk=plain.pk).heat == pytest.approx(plain.heat)
    assert Paper.objects.get(pk=old.pk).promise is None


def test_a_paper_says_what_speaks_for_it_and_how_that_fades(promise: Path, client: Client) -> None:
    paper = PaperFactory.create(title=AGENTS, promise=3.1, promise_why="agents, benchmark, open", vote_count=1)

    page = client.get(paper.get_absolute_url()).content.decode()
    how = client.get("/trending/how/").content.decode()

    assert "it resembles what readers chose before (agents, benchmark, open):" in page
    assert "+3.5 h, fading as it earns more" in page
    found = scoring.promise_of(paper)
    assert found is not None
    assert found.hours == pytest.approx(6.2 * 16 / 28)
    assert found.why == "agents, benchmark, open"
    assert "to half once they are worth 16 hours" in how


@pytest.mark.parametrize(
    "change",
    [
        {"measure": Measure(20, 0.09, 0.5, 0.05)}, {"measure": Measure(0, 0.0, 0.0, 0.0)},
        {"learned_on": MODEL.learned_on - timedelta(days=36)}, {"learned_on": MODEL.learned_on + timedelta(days=9)},
    ],
    ids=["no better than chance", "not measured", "stale", "of a day to come"],
)  # fmt: skip
def test_a_model_that_may_not_speak_says_nothing(promise: Path, change: dict[str, Any]) -> None:
    shelf.keep(replace(MODEL, **change), promise)
    PaperFactory.create(title=AGENTS)

    assert promising.in_force(NOW.date()) is None
    assert promising.score_pending(NOW) == 0


@pytest.mark.parametrize("written", ["", "{}", '{"version":0}', "NaN"], ids=range(4))
def test_a_damaged_model_is_a_line_in_the_log_and_papers_come_in_all_the_same(
    promise: Path, written: str, caplog: pytest.LogCaptureFixture
) -> None:
    promise.write_text(written)

    with caplog.at_level(logging.WARNING):
        ingest.run([SourcePaper(title=AGENTS, abstract="Words.", place="1")], source="jsonl")

    assert Paper.objects.get().promise is None
    assert any(record.message.startswith("promise.unfit") for record in caplog.records)


def test_switched_off_nothing_is_read_and_nothing_said(settings: Any, promise: Path) -> None:
    settings.PROMISE = False
    PaperFactory.create(title=AGENTS)

    assert promising.score_pending(NOW) == 0
    assert "learn promise" not in beat.schedule(["arxiv"])
    assert beat.schedule([], learns=True)["learn promise"]["task"] == "catalogue.learn_promise"


def test_a_model_that_lost_its_worth_takes_all_promise_back(promise: Path) -> None:
    paper = PaperFactory.create(title=AGENTS)
    promising.score_pending(NOW)

    assert promising.keep(MODEL, NOW + timedelta(days=60)) == 0

    found = Paper.objects.get()
    assert (found.promise, found.promise_why) == (None, "")
    assert found.heat == pytest.approx(paper.heat)


def test_what_readers_wanted_is_the_best_of_each_day_that_had_time_to_earn(
    django_assert_num_queries: Any,
) -> None:
    day = NOW - timedelta(days=10)
    papers = [PaperFactory.create(announced_at=day, hf_upvotes=number) for number in range(9)]
    PaperFactory.create(announced_at=NOW - timedelta(days=1), hf_upvotes=100)

    with django_assert_num_queries(6):
        found = promising.examples(NOW)

    assert {one.seen.title for one in found} == {paper.title for paper in papers}
    wanted = {one.seen.title: one.wanted_on for one in found if one.wanted_on}
    assert wanted == {paper.title: (day + timedelta(days=3)).date() for paper in papers[-2:]}


def test_without_votes_nothing_is_learned_and_the_words_say_so(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = tmp_path
    PaperFactory.create(announced_at=NOW - timedelta(days=10))

    with time_machine.travel(NOW), caplog.at_level(logging.WARNING):
        tasks.learn_promise()
        with pytest.raises(CommandError, match="Nothing can be learned yet"):
            call_command("learn_promise", stdout=io.StringIO())

    assert [record.message.split()[0] for record in caplog.records] == ["promise.not_learned"]
    assert not promising.file().exists()


@pytest.mark.long
def test_the_command_learns_reports_and_keeps(settings: Any, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the group learn is not installed")
    settings.PROMISE, settings.DATA_DIR = True, tmp_path
    for number in range(60):
        PaperFactory.create(
            title=f"Agents {number}" if number % 4 == 0 else f"Lattices {number}",
            announced_at=NOW - timedelta(days=10 + number // 20),
            hf_upvotes=5 if number % 4 == 0 else None,
        )
    output = io.StringIO()

    with time_machine.travel(NOW):
        call_command("learn_promise", "--dry-run", stdout=output)
        assert not promising.file().exists()
        call_command("learn_promise", stdout=output)

    assert output.getvalue().splitlines()[1:] == [
        "papers=60 days=0 p10=0.000 r10pct=0.000 base=0.000",
        "promised=0",
        "Promise is off: it is not twice as good as chance.",
    ]
    assert shelf.held(promising.file()) is not None


def test_the_command_takes_promise_back(promise: Path) -> None:
    PaperFactory.create(title=AGENTS, promise=2.0)
    output = io.StringIO()

    call_command("learn_promise", "--withdraw", stdout=output)

    assert output.getvalue() == "withdrawn=1\n"
    assert Paper.objects.get().promise is None
