"""What a record changes on a paper that is known. Pure: it reads both and writes neither.

Sources speak one after another and in any order, so what they say has a rank:

* what a curator wrote stays;
* arXiv's words on a paper outrank those of others, which only fill gaps;
* what a library of references says fills gaps;
* of two records of equal rank the one observed later is right, the older one fills gaps.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from papersite.catalogue.models import Paper
from papersite.catalogue.reading import readable
from papersite.catalogue.sources.records import ARXIV, SourcePaper

WORDS = ("title", "abstract", "comment", "journal_ref", "doi")
# Of these arXiv says nothing.
EXTRAS = ("summary", "summary_by", "organisation", "code_url", "project_url")
# What is made of a word while it is cleaned, and is written along with it.
COMPANIONS = {
    "title": ("source_title", "title_html"), "abstract": ("source_abstract", "abstract_html"),
    "comment": ("source_comments",),
}  # fmt: skip
READ = (
    *(name for names in COMPANIONS.values() for name in names),
    "excerpt",
    "excerpt_html",
    "has_more_authors",
    "read_with",
)
LIBRARIES = frozenset({"bibtex", "ris"})
SIGNALS = ("hf_upvotes", "hf_comments", "github_stars")
TOLD = (*WORDS, *EXTRAS, *SIGNALS)


def news(paper: Paper, record: SourcePaper) -> dict[str, Any]:
    """The fields that a record gives another value."""
    found: dict[str, Any] = {}
    ranks = (
        (WORDS, outranks(paper, record)),
        # A link that was found in arXiv's text is a guess beside one that somebody gave.
        (EXTRAS, is_older(paper, record) or record.source == ARXIV),
        (SIGNALS, is_older(paper, record)),
    )
    for names, fills_gaps_only in ranks:
        for name in names:
            told, known = getattr(record, name), getattr(paper, name)
            if told not in ("", None) and told != known and (known in ("", None) or not fills_gaps_only):
                found[name] = told
    found |= _emptied(paper, record) | _companions(paper, record, found)
    if paper.github_week is not None:
        found.pop("github_stars", None)  # GitHub itself was asked
    found |= _keywords(paper, record) | _dates(paper, record) | _standing(paper, record)
    return {name: value for name, value in found.items() if name not in paper.curated}


def _emptied(paper: Paper, record: SourcePaper) -> dict[str, Any]:
    """What arXiv's newer record no longer says, where arXiv alone could have said it."""
    others = {*paper.sources} - {ARXIV, "huggingface"}
    if record.source != ARXIV or others or outranks(paper, record) or paper.arxiv_observed_at is None:
        return {}
    names = ("comment", "journal_ref", "doi") if record.tells_all else ()
    found = {name: "" for name in names if not getattr(record, name) and getattr(paper, name)}
    # A link that stood in the former version's text goes with it.
    is_told = record.code_url or record.tells_all
    if paper.sources == [ARXIV] and is_told and paper.code_url and paper.code_url != record.code_url:
        found["code_url"] = record.code_url
    return found


def _companions(paper: Paper, record: SourcePaper, found: dict[str, Any]) -> dict[str, Any]:
    """What goes with the words: how their source wrote them, their markup, and the excerpt."""
    changed: dict[str, Any] = {}
    is_equal = not outranks(paper, record)
    for name, others in COMPANIONS.items():
        if name in paper.curated:
            continue
        if name in found and not found[name]:
            changed |= {other: "" for other in others if getattr(paper, other)}
        elif name in found or (is_equal and getattr(record, name) and getattr(record, name) == getattr(paper, name)):
            told = {other: getattr(record, other) for other in others}
            changed |= {other: value for other, value in told.items() if value != getattr(paper, other)}
    if record.has_more_authors != paper.has_more_authors and record.authors and is_equal:
        changed["has_more_authors"] = record.has_more_authors
    return changed


def revised_at(paper: Paper, before: Mapping[str, Any], now: datetime) -> datetime | None:
    """When a paper last changed for who read it before; None where it is as it was announced.

    ``before`` holds the former values of what changed. It never goes back: an earlier announcement, which makes
    a paper older, leaves it where it was.
    """
    moments = [paper.revised_at] if paper.revised_at else []
    if "announced_at" in before and before["announced_at"] > paper.announced_at:
        moments.append(before["announced_at"])
    if any(before.get(name, getattr(paper, name)) != getattr(paper, name) for name in ("title", "abstract")):
        moments.append(now)
    number, moment = max(map(tuple, paper.versions), default=(0, ""))
    if number > max([1, *(former for former, _ in before.get("versions", paper.versions))]):
        moments.append(min(datetime.fromisoformat(moment), now))
    return max(moments, default=None)


def excerpt(paper: Paper) -> dict[str, str]:
    """What cards and mails say of a paper as it is now."""
    text, in_html = readable.excerpt(paper.summary, paper.source_abstract or paper.abstract, paper.title)
    return {"excerpt": text, "excerpt_html": in_html}


def is_older(paper: Paper, record: SourcePaper) -> bool:
    """Whether a newer record of any source but arXiv was seen. What a library says is older than any source's."""
    if record.source in LIBRARIES and not LIBRARIES.issuperset(paper.sources):
        return True
    return bool(record.observed_at and paper.observed_at and record.observed_at < paper.observed_at)


def outranks(paper: Paper, record: SourcePaper) -> bool:
    """Whether what is known outranks the record's words on the paper."""
    if record.source != ARXIV:
        return paper.arxiv_observed_at is not None or is_older(paper, record)
    return bool(record.observed_at and paper.arxiv_observed_at and record.observed_at < paper.arxiv_observed_at)


def _keywords(paper: Paper, record: SourcePaper) -> dict[str, Any]:
    told = list(record.keywords)
    is_news = told and told != paper.keywords and not (paper.keywords and is_older(paper, record))
    return {"keywords": told} if is_news else {}


def _dates(paper: Paper, record: SourcePaper) -> dict[str, Any]:
    """The earliest announcement anybody told, the submission, and how fresh the newest record is."""
    found: dict[str, Any] = {}
    if record.submitted_at not in (None, paper.submitted_at) and (
        paper.submitted_at is None or (record.source == ARXIV and not outranks(paper, record))
    ):
        found["submitted_at"] = record.submitted_at
    if record.announced_at and record.observed_at and record.announced_at < paper.announced_at:
        found["announced_at"] = record.announced_at
    stamp = "arxiv_observed_at" if record.source == ARXIV else "observed_at"
    known = getattr(paper, stamp)
    if record.observed_at and (known is None or record.observed_at > known):
        found[stamp] = record.observed_at
    return found


def _standing(paper: Paper, record: SourcePaper) -> dict[str, Any]:
    """Identity, sources, versions, and whether the paper was withdrawn."""
    found: dict[str, Any] = {}
    if record.arxiv_id and not paper.arxiv_id:
        found["arxiv_id"] = record.arxiv_id
    if record.source and record.source not in paper.sources:
        found["sources"] = sorted({*paper.sources, record.source})
    versions = dict(map(tuple, paper.versions)) | {number: moment.isoformat() for number, moment in record.versions}
    if versions != dict(map(tuple, paper.versions)):
        found["versions"] = [list(pair) for pair in sorted(versions.items())]
    if record.is_withdrawn not in (None, paper.is_withdrawn) and not outranks(paper, record):
        found["is_withdrawn"] = record.is_withdrawn
    return found
