"""The upsert: idempotent, whatever order records come in, and nothing lost."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papersite.catalogue import classification, curation, ingest
from papersite.catalogue.models import Author, Harvest, Paper, PaperTopic, Reject
from papersite.catalogue.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.sources import huggingface, jsonl
from tests.factories import NOW, TopicFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def record(title: str = "First", **fields: Any) -> SourcePaper:
    return SourcePaper(place=title, **{"title": title, "abstract": "About it.", **fields})


def full_record() -> SourcePaper:
    return record(
        arxiv_id="2611.00001", authors=("Ada Byron", "Bo Díaz"), categories=("cs.LG", "cs.AI", "68T45"),
        topics=("graphs",), summary="In short.", hf_upvotes=7, announced_at=NOW, observed_at=NOW,
    )  # fmt: skip


def run(*records: SourcePaper | Rejected) -> str:
    return str(ingest.run(records, source="test"))


def test_run_takes_in_all_that_a_record_tells() -> None:
    TopicFactory.create(slug="graphs", name="Graphs")

    assert run(full_record()) == "seen=1 created=1 updated=0 rejected=0"

    paper = Paper.objects.get()
    assert (paper.arxiv_id, paper.title, paper.summary, paper.hf_upvotes) == ("2611.00001", "First", "In short.", 7)
    assert [row.author.name for row in paper.authorships.all()] == ["Ada Byron", "Bo Díaz"]
    assert paper.primary_category is not None
    assert paper.primary_category.code == "cs.LG"
    assert sorted(paper.categories.values_list("code", "name")) == [
        ("cs.AI", "Artificial Intelligence"), ("cs.LG", "Machine Learning"),
    ]  # fmt: skip
    assert [(row.topic.slug, row.origin) for row in paper.paper_topics.all()] == [("graphs", "source")]
    assert paper.heat == pytest.approx((NOW - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds() / 3600 + 18)


def test_run_again_changes_nothing() -> None:
    TopicFactory.create(slug="graphs", search="first")
    run(full_record(), record("Second"))

    assert run(full_record(), record("Second")) == "seen=2 created=0 updated=0 rejected=0"


def test_run_counts_what_a_newer_record_changes() -> None:
    run(full_record())

    assert run(record(arxiv_id="2611.00001", hf_upvotes=31)) == "seen=1 created=0 updated=1 rejected=0"
    assert Paper.objects.get().hf_upvotes == 31


def test_run_never_takes_a_missing_number_for_zero() -> None:
    run(full_record())

    run(record(arxiv_id="2611.00001", hf_upvotes=None, summary=""))

    assert (Paper.objects.get().hf_upvotes, Paper.objects.get().summary) == (7, "In short.")


@pytest.mark.parametrize("is_reversed", [False, True])
def test_run_ends_the_same_in_whichever_order_two_days_come(is_reversed: bool) -> None:
    monday = record(
        "Early title", arxiv_id="2611.00001", hf_upvotes=3, announced_at=NOW, observed_at=NOW, authors=("A",)
    )
    tuesday = record(
        "Late title", arxiv_id="2611.00001", hf_upvotes=9, announced_at=NOW + DAY, observed_at=NOW + DAY, authors=("B",)
    )
    order = [tuesday, monday] if is_reversed else [monday, tuesday]

    for one in order:
        run(one)

    paper = Paper.objects.get()
    assert (paper.title, paper.hf_upvotes, paper.announced_at) == ("Late title", 9, NOW)
    assert [author.name for author in paper.authors.all()] == ["B"]
    assert run(*order) == "seen=2 created=0 updated=0 rejected=0"


def test_a_record_without_id_enriches_the_paper_that_has_one() -> None:
    run(record("The Title", arxiv_id="2611.00001", abstract="", summary="In short."))

    assert run(record("the title!", abstract="At length.")) == "seen=1 created=0 updated=1 rejected=0"
    assert (Paper.objects.get().arxiv_id, Paper.objects.get().abstract) == ("2611.00001", "At length.")


def test_a_record_with_id_gives_it_to_the_paper_of_its_title() -> None:
    run(record("The title"))

    assert run(record("The title", arxiv_id="2611.00001")) == "seen=1 created=0 updated=1 rejected=0"
    assert Paper.objects.get().arxiv_id == "2611.00001"


def test_two_ids_under_one_title_stay_two_papers() -> None:
    run(record("Introduction", arxiv_id="2611.00001"), record("Introduction", arxiv_id="2611.00002"))

    assert sorted(Paper.objects.values_list("arxiv_id", flat=True)) == ["2611.00001", "2611.00002"]


def test_one_paper_twice_in_a_batch_is_created_once() -> None:
    assert run(record(), record(hf_upvotes=3)) == "seen=2 created=1 updated=0 rejected=0"
    assert Paper.objects.get().hf_upvotes == 3


def test_spellings_of_one_name_are_one_author() -> None:
    run(record(authors=("Bo Díaz",)), record("Second", authors=("BO DIAZ",)))

    assert Author.objects.count() == 1


def test_rejected_records_are_kept_with_their_reason_and_the_rest_goes_in() -> None:
    report = ingest.run([record("x" * 3000), Rejected("line 9", "no abstract", "Alone"), record()], source="test")

    assert str(report) == "seen=3 created=1 updated=0 rejected=2"
    harvest = Harvest.objects.get()
    assert (harvest.source, harvest.seen, harvest.created, harvest.rejected, harvest.error) == ("test", 3, 1, 2, "")
    assert list(Reject.objects.values_list("place", "reason"))[1] == ("line 9", "no abstract")
    assert Reject.objects.first().reason == "its title is longer than 1000 characters"  # type: ignore[union-attr]


def test_a_source_that_breaks_leaves_its_error_in_the_harvest() -> None:
    def broken() -> Iterable[SourcePaper]:
        yield record()
        raise SourceError("p.jsonl, line 2: cut short")

    with pytest.raises(SourceError):
        ingest.run(broken(), source="test")

    assert Harvest.objects.get().error == "p.jsonl, line 2: cut short"
    assert Harvest.objects.get().finished_at is not None


def test_undated_papers_are_announced_as_the_caller_says() -> None:
    ingest.run([record("A"), record("B")], source="test", announce_undated=lambda number: NOW - number * DAY)

    assert list(Paper.objects.order_by("title").values_list("announced_at", flat=True)) == [NOW, NOW - DAY]


def test_what_a_curator_decided_outlives_every_import() -> None:
    topic = TopicFactory.create(slug="graphs", search="first")
    run(full_record())
    PaperTopic.objects.update(belongs=False, origin="curator")
    Paper.objects.update(is_hidden=True, boost=5)

    run(record(arxiv_id="2611.00001", abstract="All about the first graphs.", topics=("graphs",)))

    row = PaperTopic.objects.get(topic=topic)
    assert (row.belongs, row.origin) == (False, "curator")
    assert Paper.objects.get().is_hidden is True


def test_what_a_curator_wrote_outlives_every_import() -> None:
    run(full_record())
    paper = Paper.objects.get()
    paper.summary, paper.announced_at = "In better words.", NOW + DAY
    curation.save_paper(paper, edited=["summary", "announced_at", "is_hidden"])

    run(record("New title", arxiv_id="2611.00001", summary="In new words.", announced_at=NOW, observed_at=NOW + DAY))

    paper.refresh_from_db()
    assert (paper.title, paper.summary, paper.announced_at) == ("New title", "In better words.", NOW + DAY)
    assert paper.curated == ["announced_at", "summary"]


def test_heat_counts_what_a_later_record_of_the_batch_told() -> None:
    run(record(announced_at=NOW), record(announced_at=NOW, hf_upvotes=7))

    together = Paper.objects.get().heat
    assert together == pytest.approx((NOW - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds() / 3600 + 18)


def queries_of(records: list[SourcePaper]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run(*records)
    return len(queries)


def test_a_batch_costs_the_same_queries_for_one_paper_and_for_thirty() -> None:
    TopicFactory.create(search="paper")
    batches = [
        [
            record(
                f"Paper {size} {number}",
                arxiv_id=f"26{size:02}.{number:05}",
                authors=(f"Author {size} {number}",),
                categories=("cs.LG",),
            )
            for number in range(size)
        ]
        for size in (1, 30)
    ]
    run(record("Something before", categories=("cs.LG",)))

    one, thirty = (queries_of(batch) for batch in batches)

    assert thirty == one


def test_a_known_batch_costs_the_same_queries_for_one_paper_and_for_thirty() -> None:
    TopicFactory.create(slug="graphs", search="first")
    batches = [
        [
            record(f"Paper {number}", arxiv_id=f"2611.{number:05}", authors=(f"Author {number}",), topics=("graphs",))
            for number in range(size)
        ]
        for size in (1, 30)
    ]
    run(*batches[1])

    one, thirty = (queries_of(batch) for batch in batches)

    assert thirty == one


def test_records_are_taken_in_batch_by_batch() -> None:
    progress: list[int] = []
    records = [record(f"Paper {number}") for number in range(ingest.BATCH + 2)]

    report = ingest.run(records, source="test", on_progress=progress.append)

    assert progress == [ingest.BATCH, ingest.BATCH + 2]
    assert str(report) == f"seen={ingest.BATCH + 2} created={ingest.BATCH + 2} updated=0 rejected=0"


def test_one_paper_in_two_batches_is_created_once() -> None:
    others = [record(f"Paper {number}") for number in range(ingest.BATCH)]

    assert (
        run(record(), *others, record()) == f"seen={ingest.BATCH + 2} created={ingest.BATCH + 1} updated=0 rejected=0"
    )


def test_what_was_read_before_a_source_broke_stays() -> None:
    def broken() -> Iterable[SourcePaper]:
        yield from (record(f"Paper {number}") for number in range(ingest.BATCH + 1))
        raise SourceError("p.jsonl, line 502: cut short")

    with pytest.raises(SourceError):
        ingest.run(broken(), source="test")

    assert (Paper.objects.count(), Harvest.objects.get().created) == (ingest.BATCH, ingest.BATCH)


def test_two_records_of_a_new_paper_with_and_without_id_are_one_paper() -> None:
    assert run(record("The title"), record("the title", arxiv_id="2611.00001")) == (
        "seen=2 created=1 updated=0 rejected=0"
    )
    assert Paper.objects.get().arxiv_id == "2611.00001"


def test_a_file_that_tells_one_paper_twice_changes_nothing_the_second_time() -> None:
    records = [record(abstract="One account."), record(abstract="Another account.")]
    run(*records)

    assert run(*records) == "seen=2 created=0 updated=0 rejected=0"


@pytest.mark.parametrize(
    ("field", "older", "newer"),
    [
        ("title", "Early title", "Late title"),
        ("abstract", "Early.", "Late."),
        ("summary", "Early.", ""),
        ("code_url", "https://github.com/a/b", ""),
        ("hf_upvotes", 7, None),
        ("hf_upvotes", 7, 3),
        ("announced_at", NOW, NOW + DAY),
        ("authors", ("Ada Byron",), ()),
        ("categories", ("cs.LG",), ()),
        ("categories", ("cs.LG",), ("cs.AI",)),
        ("topics", ("graphs",), ()),
    ],
)
def test_run_ends_the_same_in_whichever_order_one_field_is_told(field: str, older: object, newer: object) -> None:
    TopicFactory.create(slug="graphs")
    days = [
        record(**{"arxiv_id": "2611.00001", "announced_at": NOW, field: value, "observed_at": NOW + number * DAY})
        for number, value in enumerate((older, newer))
    ]

    ends = []
    for order in (days, days[::-1]):
        for one in order:
            run(one)
        ends.append(state())
        Paper.objects.all().delete()

    assert ends[1] == ends[0]


def state() -> tuple[object, ...]:
    """All that the only paper there says to readers."""
    paper = Paper.objects.get()
    return (
        *(getattr(paper, name) for name in ("title", "abstract", "summary", "code_url", "hf_upvotes", "announced_at")),
        [row.author.name for row in paper.authorships.all()],
        paper.primary_category and paper.primary_category.code,
        sorted(paper.categories.values_list("code", flat=True)),
        sorted(paper.topics.values_list("slug", flat=True)),
    )


def test_a_curators_yes_outlives_import_and_classification() -> None:
    topic = TopicFactory.create(slug="graphs", search="sound")
    run(full_record())
    PaperTopic.objects.all().delete()
    PaperTopic.objects.create(paper=Paper.objects.get(), topic=topic, origin="curator")

    run(record(arxiv_id="2611.00001", abstract="All about something else.", topics=("graphs",)))
    classification.classify_all()

    assert list(PaperTopic.objects.values_list("origin", "belongs", "why")) == [("curator", True, "")]


def test_a_hidden_paper_stays_hidden_when_a_record_without_id_enriches_it() -> None:
    run(record(arxiv_id="2611.00001"))
    curation.hide(Paper.objects.all())

    run(record(abstract="A longer account."))

    assert list(Paper.objects.values_list("abstract", "is_hidden")) == [("A longer account.", True)]


def test_a_title_that_a_curator_mended_still_meets_the_file_it_came_from() -> None:
    run(record("The first titel"))
    paper = Paper.objects.get()
    paper.title = "The first title"
    curation.save_paper(paper, edited=["title"])

    assert run(record("The first titel")) == "seen=1 created=0 updated=0 rejected=0"
    assert list(Paper.objects.values_list("title", flat=True)) == ["The first title"]


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "2611.00001", "title": "Bad", "summary": "About it.", "upvotes": 10**30},
        {"id": "2611.00001", "title": "Half \ud83d", "summary": "About it."},
        {"id": "\ud83d", "title": "Bad", "summary": "About it."},
        {"id": "2611.00001", "title": "Bad", "summary": "About it.", "projectPage": "https://example.org/\ud83d"},
        {"id": "2611.00001", "title": "Bad", "summary": "It.", "ai_summary": "It.", "ai_summary_model": "\ud83d"},
        {"id": "2611.00001", "title": "Bad", "summary": "About it.", "publishedAt": "0001-01-01T00:00:00+14:00"},
    ],
    ids=["a number too large", "half a title", "half an id", "half an address", "half a name", "a day before all days"],
)
def test_a_bad_daily_paper_never_stops_the_run(bad: dict[str, object]) -> None:
    fine = {"id": "2611.00002", "title": "Fine", "summary": "About it."}
    answer = json.dumps([{"paper": bad}, {"paper": fine}])

    report = ingest.run(huggingface.read([answer], origin="day.json"), source="huggingface")

    assert report.seen == 2
    assert Paper.objects.filter(title="Fine").count() == 1


@pytest.mark.parametrize("topic", ["\ud83d", "a\x00b"], ids=["half a character", "NUL"])
def test_a_bad_topic_never_stops_the_run(topic: str) -> None:
    lines = [json.dumps({"title": title, "abstract": "It.", "topics": [topic]}) for title in ("Bad", "Worse")]

    report = ingest.run(jsonl.read([*lines, '{"title": "Fine", "abstract": "It."}'], origin="p.jsonl"), source="jsonl")

    assert report.seen == 3
    assert Paper.objects.filter(title="Fine").count() == 1
