"""Who is believed about what, whoever speaks first."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from papersite.catalogue import ingest
from papersite.catalogue.merging import news, outranks, revised_at
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.records import SourcePaper
from tests.factories import NOW

HOUR = timedelta(hours=1)
ARXIV = SourcePaper(
    place="a", source="arxiv", title="The title", abstract="As arXiv has it.", arxiv_id="2611.00001", observed_at=NOW,
    authors=("Ada Byron",), categories=("cs.LG",), submitted_at=NOW - 9 * HOUR, announced_at=NOW - HOUR,
    versions=((1, NOW),),
)  # fmt: skip
FACE = SourcePaper(
    place="h", source="huggingface", title="The Title!", abstract="As others have it.", arxiv_id="2611.00001",
    summary="In short.", hf_upvotes=7, observed_at=NOW + HOUR, announced_at=NOW + HOUR, authors=("A. Byron", "Bo Ek"),
)  # fmt: skip


def paper(**fields: Any) -> Paper:
    return Paper(**{"title": "The title", "announced_at": NOW, **fields})


def test_arxiv_outranks_what_others_say_of_the_words_however_late_they_say_it() -> None:
    told = paper(abstract="As arXiv has it.", arxiv_observed_at=NOW)

    assert outranks(told, FACE)
    assert "abstract" not in news(told, FACE)
    assert news(told, FACE)["hf_upvotes"] == 7


def test_others_outrank_nobody_where_arxiv_speaks() -> None:
    told = paper(abstract="As others have it.", observed_at=NOW + HOUR)

    assert not outranks(told, ARXIV)
    assert news(told, ARXIV)["abstract"] == "As arXiv has it."


def test_an_older_version_fills_gaps_only() -> None:
    told = paper(abstract="Version two.", arxiv_observed_at=NOW + HOUR)

    assert "abstract" not in news(told, ARXIV)
    assert news(told, replace(ARXIV, comment="9 pages"))["comment"] == "9 pages"


def test_versions_gather_from_all_records() -> None:
    told = paper(versions=[[2, "2026-11-30T00:00:00+00:00"]])

    assert news(told, ARXIV)["versions"] == [[1, NOW.isoformat()], [2, "2026-11-30T00:00:00+00:00"]]


def test_a_withdrawal_is_believed_and_so_is_its_end() -> None:
    assert news(paper(), replace(ARXIV, is_withdrawn=True))["is_withdrawn"] is True
    later = replace(ARXIV, is_withdrawn=False, observed_at=NOW + 2 * HOUR)
    assert news(paper(is_withdrawn=True, arxiv_observed_at=NOW), later)["is_withdrawn"] is False


def test_stars_of_a_listing_give_way_to_githubs_own() -> None:
    assert "github_stars" not in news(paper(github_stars=120, github_week=3), replace(FACE, github_stars=99))


def test_a_link_found_in_arxivs_text_replaces_none_that_was_given() -> None:
    found = replace(ARXIV, code_url="https://github.com/a/dependency", observed_at=NOW + 9 * HOUR)

    assert "code_url" not in news(paper(code_url="https://github.com/a/b", observed_at=NOW), found)
    assert news(paper(), found)["code_url"] == "https://github.com/a/dependency"


def test_a_curators_words_outrank_all() -> None:
    assert "abstract" not in news(paper(abstract="Mended.", curated=["abstract"]), ARXIV)


@pytest.mark.django_db
@pytest.mark.usefixtures("a_week_later")
def test_three_sources_end_the_same_in_every_order_and_all_are_named() -> None:
    listing = SourcePaper(
        place="l", source="listing", title="The title", abstract="As a list has it.", code_url="https://github.com/a/b"
    )
    ends = []
    for order in permutations((ARXIV, FACE, listing)):
        for one in order:
            ingest.run([one], source="test")
        found = Paper.objects.get()
        names = [row.author.name for row in found.authorships.all()]
        ends.append(
            (
                found.title,
                found.abstract,
                found.summary,
                found.hf_upvotes,
                found.code_url,
                found.sources,
                found.submitted_at,
                names,
            )
        )
        Paper.objects.all().delete()

    assert set(map(str, ends)) == {str(ends[0])}
    assert ends[0][:2] == ("The title", "As arXiv has it.")
    assert ends[0][5] == ["arxiv", "huggingface", "listing"]


def test_when_a_paper_last_changed_never_goes_back_and_nothing_but_its_words_and_version_moves_it() -> None:
    now = NOW + timedelta(days=3)
    second = NOW + timedelta(days=2)

    def revised(before: dict[str, Any], **fields: Any) -> datetime | None:
        return revised_at(Paper(title="T", announced_at=NOW, **fields), before, now)

    versions = [[1, NOW.isoformat()], [2, second.isoformat()]]
    assert revised({}) is None
    assert revised({"summary": "", "hf_upvotes": 1, "announced_at": NOW - timedelta(days=1)}) is None
    assert revised({"title": "Former"}) == now
    assert revised({"abstract": "Former"}) == now
    assert revised({"versions": versions[:1]}, versions=versions) == second
    assert revised({"versions": []}, versions=versions[:1]) is None
    assert revised({"versions": versions}, versions=versions, revised_at=second) == second
    # A moment of the source's that lies ahead of the clock.
    assert revised({"versions": []}, versions=[[2, (now + timedelta(days=9)).isoformat()]]) == now
    # Told of an earlier announcement, it stays where it was.
    assert revised({"announced_at": second}) == second
    assert revised({"title": "Former"}, revised_at=now + timedelta(days=1)) == now + timedelta(days=1)
