"""Runs of a source: batches, each whole or not at all, again without a change, and nothing lost."""

import json
from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from papersite.catalogue import ingest, trending
from papersite.catalogue.models import Author, Authorship, Harvest, Paper, Reject
from papersite.catalogue.sources import huggingface, jsonl
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper
from tests.conftest import examples
from tests.factories import NOW, TopicFactory
from tests.papersite.catalogue.told import full_record, record, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]

DAY = timedelta(days=1)


def test_run_takes_in_all_that_a_record_tells() -> None:
    TopicFactory.create(slug="graphs", name="Graphs")

    assert run(full_record()) == "seen=1 created=1 updated=0 rejected=0"

    paper = Paper.objects.get()
    assert (paper.arxiv_id, paper.title, paper.summary, paper.hf_upvotes) == ("2611.00001", "First", "In short.", 7)
    assert [row.author.name for row in paper.authorships.all()] == ["Ada Byron", "Bo Díaz"]
    assert {row.announced_at for row in paper.authorships.all()} == {paper.announced_at}
    assert paper.primary_category is not None
    assert paper.primary_category.code == "cs.LG"
    assert sorted(paper.categories.values_list("code", "name")) == [
        ("cs.AI", "Artificial Intelligence"), ("cs.LG", "Machine Learning"),
    ]  # fmt: skip
    assert [(row.topic.slug, row.origin) for row in paper.paper_topics.all()] == [("graphs", "source")]
    assert paper.heat == pytest.approx(trending.hours(NOW) + 12)


def test_run_again_changes_nothing() -> None:
    TopicFactory.create(slug="graphs", search="first")
    run(full_record(), record("Second"))

    assert run(full_record(), record("Second")) == "seen=2 created=0 updated=0 rejected=0"


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


def test_heat_counts_what_a_later_record_of_the_batch_told() -> None:
    run(record(announced_at=NOW), record(announced_at=NOW, hf_upvotes=7))

    together = Paper.objects.get().heat
    assert together == pytest.approx(trending.hours(NOW) + 12)


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


def test_a_paper_told_by_three_sources_names_them_and_keeps_its_readings() -> None:
    run(full_record(), record(arxiv_id="2611.00001", source="arxiv", doi="10.1/x", journal_ref="Journal 3"))
    run(record(source="listing", code_url="https://github.com/a/b"))

    paper = Paper.objects.get()
    assert (paper.sources, paper.doi, paper.journal_ref) == (["arxiv", "listing"], "10.1/x", "Journal 3")
    assert list(paper.readings.values_list("signal", "value")) == [("hf_upvotes", 7)]


def test_tex_is_read_and_two_spellings_are_one_paper() -> None:
    run(record('On $\\alpha$-nets by M\\"uller', authors=(r"Bo D\'iaz",)))
    run(record("On α-nets by Müller", authors=("Bo Díaz",)))

    assert list(Paper.objects.values_list("title", flat=True)) == ["On α-nets by Müller"]
    assert list(Author.objects.values_list("name", flat=True)) == ["Bo Díaz"]


def test_links_to_code_are_found_in_abstracts_and_comments() -> None:
    run(record("One", abstract="See github.com/a/b."), record("Two", comment="Code: https://github.com/c/d"))

    assert set(Paper.objects.values_list("code_url", flat=True)) == {"https://github.com/a/b", "https://github.com/c/d"}


@pytest.mark.parametrize("years", [-200, 200])
def test_a_date_that_cannot_be_is_rejected_with_its_reason(years: int) -> None:
    far = NOW.replace(year=NOW.year + years)

    assert run(record("Far", announced_at=far), record("Near", announced_at=NOW)) == (
        "seen=2 created=1 updated=0 rejected=1"
    )
    assert Reject.objects.get().reason == f"its date {far:%Y-%m-%d} lies outside 1990 and today"


def test_five_thousand_authors_go_in_and_more_are_refused() -> None:
    def crowd(count: int) -> tuple[str, ...]:
        return tuple(f"Author {number}" for number in range(count))

    assert run(record("Many", authors=crowd(5000)), record("Too many", authors=crowd(5001))) == (
        "seen=2 created=1 updated=0 rejected=1"
    )
    assert Authorship.objects.count() == 5000


def test_a_long_run_holds_no_more_than_a_short_one() -> None:
    def records(count: int) -> Iterable[Rejected]:
        return (Rejected(f"line {number}", "why") for number in range(count))

    report = ingest.run(records(3 * ingest.BATCH), source="test")

    assert (report.rejected, len(report.first_rejects), len(report._unsaved)) == (3 * ingest.BATCH, 20, 0)
    assert Reject.objects.count() == 3 * ingest.BATCH


def test_another_run_that_creates_the_same_paper_meanwhile_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    known = ingest.find

    def late(records: list[SourcePaper]) -> Any:
        found = known(records)
        if not Paper.objects.exists():
            monkeypatch.setattr(ingest, "find", known)
            raise IntegrityError("as when the other one was first")
        return found

    monkeypatch.setattr(ingest, "find", late)

    assert run(record(arxiv_id="2611.00001")) == "seen=1 created=1 updated=0 rejected=0"


texts = st.text(max_size=30)
moments = st.none() | st.datetimes(timezones=st.just(UTC))
numbers = st.none() | st.integers(0, 2**31 - 1)
anything = st.builds(
    SourcePaper, place=texts, title=texts, source=st.sampled_from(["", "arxiv", "huggingface"]), abstract=texts,
    summary=texts, summary_by=texts, keywords=st.lists(texts, max_size=2).map(tuple), comment=texts, journal_ref=texts,
    arxiv_id=st.sampled_from(["", "2611.00001", "2611.00002"]), authors=st.lists(texts, max_size=3).map(tuple),
    categories=st.lists(st.sampled_from(["cs.LG", "cs.XX", "stat.TH"]), max_size=3).map(tuple), doi=texts,
    topics=st.lists(texts, max_size=2).map(tuple), organisation=texts, code_url=texts, announced_at=moments,
    observed_at=moments, submitted_at=moments, hf_upvotes=numbers, hf_comments=numbers, github_stars=numbers,
    is_withdrawn=st.none() | st.booleans(), is_deleted=st.booleans(),
)  # fmt: skip


@pytest.mark.long
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(anything, max_size=5))
def test_whatever_a_source_tells_goes_in_or_is_rejected_and_again_changes_nothing(records: list[SourcePaper]) -> None:
    with transaction.atomic():
        first = ingest.run(records, source="test")
        again = ingest.run(records, source="test")
        transaction.set_rollback(True)

    assert first.seen == len(records)
    assert first.created + first.rejected <= len(records)
    assert (again.created, again.rejected) == (0, first.rejected)


def test_that_there_are_more_authors_is_kept() -> None:
    run(record(authors=("Ann Roe", "and 12 others")))

    paper = Paper.objects.get()
    assert [author.name for author in paper.authors.all()] == ["Ann Roe"]
    assert paper.has_more_authors


def test_spellings_with_and_without_accents_are_one_author() -> None:
    run(record("One", authors=("Jens Ørskov", "Đức Łukasz")), record("Two", authors=("Jens Orskov", "Duc Lukasz")))

    assert Author.objects.count() == 2
