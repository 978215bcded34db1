"""What curators do to the catalogue, with all that follows from it."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from papersite.catalogue import classification, cleaning, scoring
from papersite.catalogue.models import Author, Paper, PaperTopic, SignalWeight


def hide(papers: QuerySet[Paper]) -> int:
    """Takes papers off every page and out of every mail; how many were shown before."""
    return _set_hidden(papers, is_hidden=True)


def show(papers: QuerySet[Paper]) -> int:
    """Shows papers again, even those that their source deleted; how many were hidden before."""
    return _set_hidden(papers, is_hidden=False)


def _set_hidden(papers: QuerySet[Paper], *, is_hidden: bool) -> int:
    changed = list(papers.filter(is_hidden=not is_hidden))
    for paper in changed:
        paper.is_hidden = is_hidden
        paper.curated = sorted({*paper.curated, "is_hidden"})
    Paper.objects.bulk_update(changed, ["is_hidden", "curated"], batch_size=500)
    return len(changed)


# What sources tell and curators may write better.
SOURCE_FIELDS = frozenset(
    {"title", "abstract", "summary", "summary_by", "comment", "code_url", "project_url", "arxiv_id"}
    | {"journal_ref", "doi", "organisation", "submitted_at", "announced_at", "is_hidden", "is_withdrawn"}
)


def save_paper(paper: Paper, *, edited: Iterable[str] = ()) -> None:
    """Saves a paper with the heat that follows from the edit; the edited fields are the curator's from now on."""
    paper.curated = sorted({*paper.curated, *SOURCE_FIELDS.intersection(edited)})
    # A mended title still meets the file it came from: the key stays that of the source.
    paper.content_key = paper.content_key or cleaning.content_key(paper.title)
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


def set_weights(hours: Mapping[str, float]) -> None:
    """Keeps new weights; the order follows once the catalogue is scored again."""
    for signal, value in hours.items():
        SignalWeight.objects.update_or_create(signal=signal, defaults={"hours": value})
