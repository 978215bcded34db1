"""What a later record changes of a paper: by its version, its source and its age, and never what a curator wrote."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from papersite.catalogue import curation
from papersite.catalogue.models import Paper, PaperTopic
from papersite.catalogue.topics import classification
from tests.factories import NOW, TopicFactory
from tests.papersite.catalogue.told import full_record, record, run, told_by_arxiv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]

DAY = timedelta(days=1)


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
    assert paper.curated == ["announced_at", "is_hidden", "summary"]


def day_of(field: str, value: object, observed_at: datetime) -> dict[str, Any]:
    return {"arxiv_id": "2611.00001", "announced_at": NOW, field: value, "observed_at": observed_at}


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
    days = [record(**day_of(field, value, NOW + number * DAY)) for number, value in enumerate((older, newer))]

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


def test_a_newer_version_empties_what_it_no_longer_says() -> None:
    run(
        told_by_arxiv(1, tells_all=True),
        told_by_arxiv(2, tells_all=True, comment="This paper has been withdrawn by the author", is_withdrawn=True),
    )
    assert Paper.objects.get().is_withdrawn
    run(told_by_arxiv(2, tells_all=True, comment="12 pages", doi="10.1000/x", journal_ref="J. 1", is_withdrawn=False))

    run(told_by_arxiv(3, tells_all=True, is_withdrawn=False))

    paper = Paper.objects.get()
    assert (paper.is_withdrawn, paper.comment, paper.doi, paper.journal_ref) == (False, "", "", "")


def test_what_a_daily_feed_does_not_tell_stays() -> None:
    run(told_by_arxiv(1, tells_all=True, comment="Code: github.com/acme/one", doi="10.1000/x"))

    run(told_by_arxiv(2))

    paper = Paper.objects.get()
    assert (paper.comment, paper.doi, paper.code_url) == (
        "Code: github.com/acme/one", "10.1000/x", "https://github.com/acme/one",
    )  # fmt: skip


def test_an_older_version_and_another_source_empty_nothing() -> None:
    run(
        told_by_arxiv(3, tells_all=True, comment="12 pages"),
        record(source="jsonl", arxiv_id="2611.00001", doi="10.1000/x"),
    )

    run(told_by_arxiv(2, tells_all=True), told_by_arxiv(4, tells_all=True, comment="13 pages"))

    paper = Paper.objects.get()
    assert (paper.comment, paper.doi) == ("13 pages", "10.1000/x")


def test_a_link_to_code_follows_the_newest_version_while_arxiv_alone_speaks() -> None:
    run(told_by_arxiv(1, abstract="See https://github.com/acme/one.", tells_all=True))
    run(told_by_arxiv(2, abstract="See https://github.com/acme/two.", tells_all=True))
    assert Paper.objects.get().code_url == "https://github.com/acme/two"

    run(record(source="huggingface", arxiv_id="2611.00001", code_url="https://github.com/acme/given"))
    run(told_by_arxiv(3, abstract="See https://github.com/acme/three.", tells_all=True))

    assert Paper.objects.get().code_url == "https://github.com/acme/given"


def test_a_paper_keeps_its_sources_words_beside_what_is_read_from_them() -> None:
    run(
        record(
            r"The $\ell_1$ norm", abstract=r"We show that $\|x\|_2 > 1$. It helps.", comment=r"12~pages, \emph{long}"
        )
    )

    paper = Paper.objects.get()

    assert (paper.title, paper.source_title) == ("The ℓ₁ norm", r"The $\ell_1$ norm")
    assert (paper.abstract, paper.source_abstract) == (
        "We show that ‖x‖₂ > 1. It helps.", r"We show that $\|x\|_2 > 1$. It helps.",
    )  # fmt: skip
    assert paper.source_comments == r"12~pages, \emph{long}"
    assert paper.title_html == "The <math><msub><mi>ℓ</mi><mn>1</mn></msub></math> norm"
    assert paper.excerpt == "We show that ‖x‖₂ > 1. It helps."
    assert "<math>" in paper.excerpt_html


def test_a_source_without_tex_that_comes_later_takes_the_formulas_away_only_where_it_outranks() -> None:
    run(told_by_arxiv(1, abstract=r"We show $x^2$."))
    run(record("First", source="huggingface", arxiv_id="2611.00001", abstract="We show x2."))

    assert Paper.objects.get().source_abstract == r"We show $x^2$."

    run(told_by_arxiv(2, abstract="We show nothing."))

    paper = Paper.objects.get()
    assert (paper.abstract, paper.source_abstract, paper.abstract_html) == ("We show nothing.", "", "")
    assert paper.excerpt == "We show nothing."
