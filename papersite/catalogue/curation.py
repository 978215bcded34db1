"""What curators do to the catalogue, with all that follows from it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from papersite.catalogue import classification, cleaning, scoring
from papersite.catalogue.models import Author, Paper, PaperTopic, Topic


def hide(papers: QuerySet[Paper]) -> int:
    """Takes papers off every page and out of every mail; how many were shown before."""
    return papers.filter(is_hidden=False).update(is_hidden=True)


def show(papers: QuerySet[Paper]) -> int:
    return papers.filter(is_hidden=True).update(is_hidden=False)


# What sources tell and curators may write better.
SOURCE_FIELDS = frozenset(
    {"title", "abstract", "summary", "summary_by", "comment", "code_url", "project_url", "arxiv_id"}
    | {"submitted_at", "announced_at"}
)


def save_paper(paper: Paper, *, edited: Iterable[str] = ()) -> None:
    """Saves a paper with the heat that follows from the edit; the edited fields are the curator's from now on."""
    paper.curated = sorted({*paper.curated, *SOURCE_FIELDS.intersection(edited)})
    paper.content_key = cleaning.content_key(paper.title)
    paper.heat = scoring.heat_of(paper, scoring.weights())
    paper.save()


def paper_changed(paper: Paper) -> None:
    """Sorts an edited paper anew, once the curator's own verdicts are saved."""
    classification.classify_papers([paper.pk])


def save_author(author: Author) -> None:
    author.key = cleaning.name_key(author.name)
    author.save()


def decide(row: PaperTopic) -> None:
    """A curator's yes or no: from now on no search and no source changes it."""
    row.origin = PaperTopic.Origin.CURATOR
    row.why = ""
    row.save()


def topic_changed(topic: Topic) -> None:
    """Sorts the whole catalogue under a topic again."""
    classification.classify_all([topic])
