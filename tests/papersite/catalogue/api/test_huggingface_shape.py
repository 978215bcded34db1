"""A paper as Hugging Face's programs read it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from papersite.catalogue.api import huggingface_shape as shape
from papersite.catalogue.models import Paper
from tests.factories import PaperFactory

EXTRAS = ["ai_keywords", "ai_summary", "ai_summary_model", "githubRepo", "githubStars", "organization", "projectPage"]


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 7, 1, tzinfo=UTC), "2026-07-01T00:00:00.000Z"),
        (datetime(2026, 7, 1, 1, 2, 3, 999_999, timezone(timedelta(hours=2))), "2026-06-30T23:02:03.999Z"),
    ],
)
def test_moments_have_the_one_form_that_is_read(at: datetime, written: str) -> None:
    assert shape.moment(at) == written


@pytest.mark.django_db
def test_a_paper_has_every_field_at_the_level_where_it_is_read() -> None:
    PaperFactory.create(
        arxiv_id="2611.00001", summary="In short.", summary_by="A model",
        keywords=["graphs"], code_url="https://github.com/a/b", github_stars=0, project_url="https://a.example",
        organisation="A group", vote_count=2, hf_comments=4, source_title="On $x$", source_abstract="We $y$",
    )  # fmt: skip

    told = shape.entry(Paper.objects.get(), ["Ada"])

    inner = told["paper"]
    assert inner["authors"] == [{"name": "Ada", "hidden": False}]
    assert (told["title"], inner["title"], told["summary"], inner["summary"]) == (
        "On $x$",
        "On $x$",
        "We $y$",
        "We $y$",
    )
    assert {name: told[name] for name in [*EXTRAS, "upvotes"]} == {name: inner[name] for name in [*EXTRAS, "upvotes"]}
    assert (told["upvotes"], told["numComments"], told["githubStars"]) == (2, 4, 0)
    assert inner["submittedOnDailyAt"] == "2026-11-23T12:00:00.000Z"


@pytest.mark.django_db
def test_what_nobody_knows_is_left_out() -> None:
    paper = PaperFactory.create()

    told = shape.entry(Paper.objects.get(), ["Ada"])

    assert set(EXTRAS).isdisjoint(told)
    assert told["paper"]["id"] == f"p{paper.pk}"


@pytest.mark.parametrize(("here", "there", "told"), [(3, None, 3), (3, 100, 100), (3, 2, 3)])
def test_two_sites_that_read_each_other_never_add_up(here: int, there: int | None, told: int) -> None:
    assert shape.upvotes(Paper(vote_count=here, hf_upvotes=there)) == told


@pytest.mark.django_db
def test_a_paper_is_markdown_for_those_who_read() -> None:
    PaperFactory.create(
        arxiv_id="2611.00001", title="On graphs", summary="In short.", summary_by="A model", abstract="At length.",
    )  # fmt: skip

    written = shape.markdown(Paper.objects.get(), ["Ada", "Bea"])

    assert written.startswith("# On graphs\n\n- Authors: Ada, Bea\n")
    assert "- arXiv: https://arxiv.org/abs/2611.00001\n" in written
    assert written.endswith("## Summary (by A model)\n\nIn short.\n\n## Abstract\n\nAt length.\n")
