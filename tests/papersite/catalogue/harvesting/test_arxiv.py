"""arXiv's feeds, archive and single papers, with all that goes wrong on the way."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from papersite.catalogue.harvesting.arxiv import harvest_archive, harvest_feeds, harvest_papers
from papersite.catalogue.models import Harvest, Paper, RequestSlot
from papersite.catalogue.sources.records import SourceError
from tests.arxiv_answers import archive, archive_deleted, archive_record, feed, feed_entry, query, query_entry
from tests.factories import PaperFactory
from tests.source_server import Answer, Request, Source, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]

# Monday evening's papers, in Tuesday's feed.
TUESDAY = datetime(2026, 11, 24, 5, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 9, 37, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def archives(settings: Any) -> None:
    settings.ARXIV_ARCHIVES = ["cs"]
    settings.ARXIV_PAUSE = 0.0


def use(settings: Any, served: Source) -> None:
    settings.ARXIV_FEED_URL = settings.ARXIV_API_URL = served.url
    settings.ARXIV_OAI_URL = f"{served.url}/oai"


def tuesday(request: Request) -> Answer:
    entries = [feed_entry(f"2611.0000{number}", TUESDAY) for number in range(3)]
    return Answer(feed(TUESDAY, *entries), headers={"ETag": '"t"'})


def run_feeds(settings: Any, answer: Any, now: datetime = MORNING) -> list[Request]:
    with source(answer) as served:
        use(settings, served)
        harvest_feeds(now)
    return served.requests


def test_an_evenings_papers_are_read_once(settings: Any) -> None:
    assert len(run_feeds(settings, tuesday)) == 1
    assert run_feeds(settings, tuesday, MORNING + timedelta(hours=3)) == []

    first, second = Harvest.objects.order_by("pk")
    assert (first.created, second.seen, first.error, second.error) == (3, 0, "", "")
    assert json.loads(first.cursor) == {"cs": {"announced": "2026-11-24T01:00:00+00:00", "etag": '"t"'}}
    assert set(Paper.objects.values_list("announced_at", flat=True)) == {EVENING}


def test_the_next_day_asks_for_what_changed_and_reports_a_feed_that_did_not(settings: Any) -> None:
    run_feeds(settings, tuesday)

    def unchanged(request: Request) -> Answer:
        assert request.headers["If-None-Match"] == '"t"'
        return Answer("", status=304)

    with pytest.raises(SourceError, match="not made anew since the announcement of 2026-11-25 01:00 UTC"):
        run_feeds(settings, unchanged, MORNING + DAY)


def test_a_clock_that_was_set_back_stops_no_feed(settings: Any) -> None:
    Harvest.objects.create(
        source="arxiv",
        is_live=True,
        finished_at=MORNING,
        cursor=json.dumps({"cs": {"announced": "2027-11-24T01:00:00+00:00", "etag": '"t"'}}),
    )

    (request,) = run_feeds(settings, tuesday)

    assert "If-None-Match" not in request.headers
    assert Paper.objects.count() == 3
    assert json.loads(Harvest.objects.order_by("-pk")[0].cursor)["cs"]["announced"] == "2026-11-24T01:00:00+00:00"


def test_an_empty_feed_is_not_believed_when_arxiv_announces(settings: Any) -> None:
    with pytest.raises(SourceError, match="empty, though arXiv announces"):
        run_feeds(settings, lambda request: Answer(feed(TUESDAY)))

    assert Harvest.objects.get().cursor == ""


def test_an_empty_feed_of_a_quiet_day_is_a_quiet_day(settings: Any) -> None:
    saturday = datetime(2026, 11, 28, 5, tzinfo=UTC)
    run_feeds(settings, lambda request: Answer(feed(saturday)), saturday + timedelta(hours=5))

    assert Harvest.objects.get().error == ""


@pytest.mark.parametrize(
    "fault",
    [
        Answer("Rate exceeded."),
        Answer("", status=406),
        Answer("", status=429),
        Answer("", status=503),
        Answer("", status=503, headers={"Retry-After": "0.01"}),
        Answer(hangs_up=True),
    ],
)
def test_a_busy_arxiv_is_waited_out_and_noted(settings: Any, fault: Answer) -> None:
    answers = [fault, fault]

    run_feeds(settings, lambda request: answers.pop() if answers else tuesday(request))

    row = Harvest.objects.get()
    assert (row.created, row.error, row.notes.count("\n")) == (3, "", 2)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Answer("<html>Maintenance</html>"), "neither an Atom nor an RSS feed"),
        (Answer(feed(TUESDAY, title="Feed error for query: cs.XX")), "arXiv reports: Feed error"),
        (Answer("<feed"), "not XML, or cut short"),
        (Answer("", status=404), "answered 404"),
        (Answer("Rate exceeded."), "said that it is busy; asked 5 times"),
        (
            Answer("", status=302, headers={"Location": "http://elsewhere.example/x"}),
            "redirects to another host, http://elsewhere.example",
        ),
    ],
)
def test_a_feed_that_is_none_is_reported_and_the_other_archives_are_read(
    settings: Any, fault: Answer, says: str
) -> None:
    settings.ARXIV_ARCHIVES = ["math", "cs"]

    with pytest.raises(SourceError):
        run_feeds(settings, lambda request: fault if request.path == "/atom/math" else tuesday(request))

    row = Harvest.objects.get()
    assert says in row.error
    assert (row.created, list(json.loads(row.cursor))) == (3, ["cs"])


def test_a_full_feed_is_read_again_category_by_category(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papersite.catalogue.sources.arxiv.feed.FULL", 3)
    settings.ARXIV_ARCHIVES = ["stat"]

    def answer(request: Request) -> Answer:
        if request.path == "/atom/stat":
            return tuesday(request)
        return Answer(feed(TUESDAY, feed_entry(f"2611.100{len(request.path):02}", TUESDAY)))

    requests = run_feeds(settings, answer)

    assert [request.path for request in requests][:3] == ["/atom/stat", "/atom/stat.AP", "/atom/stat.CO"]
    assert Paper.objects.count() == 4
    assert "is full and may be cut" in Harvest.objects.get().notes


@pytest.mark.long
def test_evenings_that_were_missed_come_from_the_archive(settings: Any) -> None:
    run_feeds(settings, tuesday)
    settings.ARXIV_ARCHIVES = ["cs"]
    friday = datetime(2026, 11, 27, 5, tzinfo=UTC)  # Thursday is a holiday: Wednesday evening is the newest.
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        if request.path.startswith("/atom"):
            return Answer(feed(datetime(2026, 11, 26, 5, tzinfo=UTC), feed_entry("2611.00009", friday)))
        asked.append(f"{request.query['set']} {request.query['from']}")
        if request.query["set"] == "cs:cs:LG":
            return Answer(archive([archive_record("2611.00008", datetime(2026, 11, 24, 12, tzinfo=UTC))]))
        return Answer(archive([], error="noRecordsMatch"))

    with time_machine.travel(friday + timedelta(hours=5)):
        run_feeds(settings, answer, friday + timedelta(hours=5))

    assert len(asked) == 38
    assert "cs:cs:LG 2026-11-25" in asked
    assert sorted(Paper.objects.values_list("arxiv_id", flat=True))[-2:] == ["2611.00008", "2611.00009"]
    assert list(Harvest.objects.order_by("pk").values_list("source", flat=True)) == ["arxiv", "arxiv", "arxiv-oai"]


def test_a_gap_stays_on_the_list_until_the_archive_was_read(settings: Any) -> None:
    run_feeds(settings, tuesday)
    thursday = TUESDAY + 2 * DAY

    def answer(request: Request) -> Answer:
        if request.path.startswith("/atom"):
            return Answer(feed(thursday, feed_entry("2611.00009", thursday)))
        asked.append(request.query["from"])
        return Answer("", status=404) if is_down else Answer(archive([], error="noRecordsMatch"))

    asked: list[str] = []
    is_down = True
    with time_machine.travel(thursday + timedelta(hours=5)), pytest.raises(SourceError):
        run_feeds(settings, answer, thursday + timedelta(hours=5))
    is_down = False
    with time_machine.travel(thursday + timedelta(hours=6)):
        run_feeds(settings, answer, thursday + timedelta(hours=6))
        count = len(asked)
        run_feeds(settings, answer, thursday + timedelta(hours=7))

    assert set(asked) == {"2026-11-25"}
    assert len(asked) == count == 1 + 38


class TestArchive:
    """Reading all that changed since a day."""

    SUBMITTED = datetime(2026, 11, 20, 12, tzinfo=UTC)

    @pytest.fixture(autouse=True)
    def one_archive(self, settings: Any) -> None:
        settings.ARXIV_ARCHIVES = ["stat"]

    def test_it_goes_on_where_it_stopped_with_the_token_of_its_last_page(self, settings: Any) -> None:
        def answer(request: Request) -> Answer:
            token = request.query.get("resumptionToken", "")
            if token == "skip=1" and not may_go_on:
                return Answer("", status=404)
            if token:
                return Answer(archive([archive_record("2611.00002", self.SUBMITTED)], ""))
            if request.query["set"] == "stat:stat:CO":
                return Answer(archive([archive_record("2611.00001", self.SUBMITTED)], "skip=1"))
            return Answer(archive([], error="noRecordsMatch"))

        may_go_on = False
        with source(answer) as served:
            use(settings, served)
            with pytest.raises(SourceError):
                harvest_archive(MORNING, since=date(2026, 11, 1))
            may_go_on = True
            served.requests.clear()
            harvest_archive(MORNING)

        assert [request.query.get("set", request.query.get("resumptionToken")) for request in served.requests] == [
            "skip=1", "stat:stat:ME", "stat:stat:ML", "stat:stat:OT",
        ]  # fmt: skip
        assert Paper.objects.count() == 2
        assert json.loads(Harvest.objects.order_by("-pk")[0].cursor) == {"since": "2026-11-23", "done": []}

    def test_a_day_of_a_clock_that_was_ahead_is_not_asked_for(self, settings: Any) -> None:
        cursor = json.dumps({"since": "2027-11-24", "done": ["stat.AP"]})
        Harvest.objects.create(source="arxiv-oai", is_live=True, finished_at=MORNING, cursor=cursor)

        with source(lambda request: Answer(archive([], error="noRecordsMatch"))) as served:
            use(settings, served)
            harvest_archive(MORNING)

        assert {request.query["from"] for request in served.requests} == {"2026-11-21"}
        assert served.requests[0].query["set"] == "stat:stat:AP"

    def test_an_expired_token_begins_the_set_again(self, settings: Any) -> None:
        def answer(request: Request) -> Answer:
            if "resumptionToken" in request.query:
                return Answer(archive([], error="badResumptionToken"))
            is_first = not any("resumptionToken" in earlier.query for earlier in served.requests)
            return Answer(archive([archive_record("2611.00001", self.SUBMITTED)], "old" if is_first else ""))

        with source(answer) as served:
            use(settings, served)
            harvest_archive(MORNING, since=date(2026, 11, 1))

        assert "badResumptionToken" in Harvest.objects.get().notes
        assert Harvest.objects.get().error == ""

    def test_a_deleted_paper_is_hidden_unless_a_curator_shows_it(self, settings: Any) -> None:
        PaperFactory.create(arxiv_id="2611.00001")
        PaperFactory.create(arxiv_id="2611.00002", curated=["is_hidden"])

        with source(
            lambda request: Answer(archive([archive_deleted("2611.00001"), archive_deleted("2611.00002")]))
        ) as served:
            use(settings, served)
            harvest_archive(MORNING)

        assert list(Paper.objects.order_by("pk").values_list("is_hidden", flat=True)) == [True, False]

    def test_a_new_version_updates_in_place_and_keeps_votes(self, settings: Any) -> None:
        PaperFactory.create(arxiv_id="2611.00001", title="Old title", vote_count=3, sources=["huggingface"])
        revised = archive_record(
            "2611.00001", self.SUBMITTED, self.SUBMITTED + DAY, title="New title", comments="Withdrawn by the authors"
        )

        with source(lambda request: Answer(archive([revised]))) as served:
            use(settings, served)
            harvest_archive(MORNING)

        paper = Paper.objects.get()
        assert (paper.title, paper.vote_count, [number for number, _ in paper.versions]) == ("New title", 3, [1, 2])
        assert (paper.is_withdrawn, paper.sources, paper.submitted_at) == (
            True,
            ["arxiv", "huggingface"],
            self.SUBMITTED,
        )


def test_papers_of_others_are_asked_for_at_arxiv(settings: Any) -> None:
    PaperFactory.create(arxiv_id="2611.00001", announced_at=MORNING - DAY, hf_upvotes=7)
    PaperFactory.create(arxiv_id="2611.00002", announced_at=MORNING - DAY, arxiv_observed_at=MORNING)
    PaperFactory.create(arxiv_id="2601.00001", announced_at=MORNING - 200 * DAY)

    def answer(request: Request) -> Answer:
        return Answer(
            query(*(query_entry(name, MORNING - 2 * DAY, MORNING) for name in request.query["id_list"].split(",")))
        )

    with source(answer) as served:
        use(settings, served)
        harvest_papers(MORNING)
        harvest_papers(MORNING + DAY)

    assert [request.query["id_list"] for request in served.requests] == ["2611.00001"]
    paper = Paper.objects.get(arxiv_id="2611.00001")
    assert (paper.primary_category and paper.primary_category.code, paper.journal_ref, paper.hf_upvotes) == (
        "stat.ML",
        "Journal 3",
        7,
    )


def test_all_three_share_one_slot(settings: Any) -> None:
    run_feeds(settings, tuesday)

    assert list(RequestSlot.objects.values_list("service", "holder")) == [("arxiv", "")]
