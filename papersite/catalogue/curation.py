"""What curators do to the catalogue, with all that follows from it."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from papersite.catalogue import merging, revisions, trending
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import (
    Author,
    FormerSlug,
    Paper,
    PaperTopic,
    SavedPaper,
    SignalWeight,
    Topic,
    Vote,
    WeightsChange,
)
from papersite.catalogue.reading import cleaning, rereading
from papersite.catalogue.topics import classification


def hide(papers: QuerySet[Paper]) -> int:
    """Takes papers off every page and out of every mail; how many were shown before."""
    return _set_hidden(papers, is_hidden=True)


def show(papers: QuerySet[Paper]) -> int:
    """Shows papers again, even those that their source deleted; how many were hidden before."""
    return _set_hidden(papers, is_hidden=False)


@transaction.atomic
def _set_hidden(papers: QuerySet[Paper], *, is_hidden: bool) -> int:
    changed = list(papers.filter(is_hidden=not is_hidden))
    for paper in changed:
        paper.is_hidden = is_hidden
        paper.curated = sorted({*paper.curated, "is_hidden"})
    Paper.objects.bulk_update(changed, ["is_hidden", "curated"], batch_size=500)
    revisions.mark(paper.pk for paper in changed)
    return len(changed)


# What sources tell and curators may write better.
SOURCE_FIELDS = frozenset(
    {"title", "abstract", "summary", "summary_by", "comment", "code_url", "project_url", "arxiv_id"}
    | {"journal_ref", "doi", "organisation", "submitted_at", "announced_at", "is_hidden", "is_withdrawn"}
)

_READ_BY_OTHERS = ("title", "abstract", "announced_at")


def save_paper(paper: Paper, *, edited: Iterable[str] = ()) -> None:
    """Saves a paper with the heat that follows from the edit; the edited fields are the curator's from now on."""
    edited = SOURCE_FIELDS.intersection(edited)
    paper.curated = sorted({*paper.curated, *edited})
    # A mended title still meets the file it came from: the key stays that of the source.
    paper.content_key = paper.content_key or cleaning.content_key(paper.title)
    for name, value in rereading.again(paper).items():
        if name in merging.READ:
            setattr(paper, name, value)
    if paper.pk and (told := edited.intersection(_READ_BY_OTHERS)):
        before = Paper.objects.filter(pk=paper.pk).values(*told).first() or {}
        paper.revised_at = merging.revised_at(paper, before, timezone.now())
    paper.heat = scoring.heat_of(paper, scoring.weights())
    paper.save()


def paper_changed(paper: Paper) -> None:
    """Sorts an edited paper anew, once the curator's own verdicts and authors are saved."""
    classification.classify_papers([paper.pk])
    revisions.mark([paper.pk])


def parts_changed(paper_ids: Iterable[int]) -> None:
    """Authors or topics of these papers were written or deleted."""
    revisions.mark(paper_ids)


def held_by_readers(papers: QuerySet[Paper]) -> list[str]:
    """What readers did with papers, one line a paper; none of it may go with the paper, so hide those instead."""
    votes, saved = Vote.objects.filter(paper__in=papers), SavedPaper.objects.filter(paper__in=papers)
    titles = Paper.objects.filter(Q(pk__in=votes.values("paper")) | Q(pk__in=saved.values("paper")))
    return [
        f"{title}: readers voted for it or saved it, so hide it instead"
        for title in titles.values_list("title", flat=True)
    ]


def remove(papers: QuerySet[Paper]) -> None:
    """Deletes papers. What was mailed to somebody cannot be deleted: hide it."""
    gone = list(papers.values_list("pk", flat=True))
    with transaction.atomic():
        Paper.objects.filter(pk__in=gone).delete()
        revisions.mark(gone)


def save_author(author: Author) -> None:
    author.key = cleaning.name_key(author.name)
    author.save()
    revisions.mark(author.papers.values_list("pk", flat=True))


@transaction.atomic
def save_topic(topic: Topic) -> bool:
    """Saves a topic, whose former address leads on; whether ``topic_moved`` has to follow, for indexes hold both."""
    before = Topic.objects.filter(pk=topic.pk).values_list("name", "slug").first()
    topic.save()
    FormerSlug.objects.filter(slug=topic.slug).delete()
    if before is None:
        return False
    if before[1] != topic.slug:
        FormerSlug.objects.update_or_create(slug=before[1], defaults={"topic": topic})
    return before != (topic.name, topic.slug)


def topic_moved(topic_id: int) -> None:
    """Its papers are found by its new name and address. It takes long where there are many."""
    revisions.mark_all(Paper.objects.filter(paper_topics__topic=topic_id, paper_topics__belongs=True))


def remove_topics(topics: QuerySet[Topic]) -> None:
    """Deletes topics; papers that belonged to no other one wait to be sorted again."""
    with transaction.atomic():
        orphans = Paper.objects.filter(paper_topics__topic__in=topics)
        revisions.mark_all(orphans)
        Paper.objects.filter(pk__in=orphans.values("pk")).update(needs_sorting=True)
        topics.delete()


def decide(row: PaperTopic) -> None:
    """A curator's yes or no: from now on no search and no source changes it."""
    row.origin = PaperTopic.Origin.CURATOR
    row.why = ""
    row.save()
    revisions.mark([row.paper_id])


@transaction.atomic
def set_weights(hours: Mapping[str, float], *, by: User | None = None, why: str = "") -> None:
    """Keeps new weights, and what they were; the order follows once the catalogue is scored again."""
    before = scoring.weights()
    if (after := {**before, **hours}) != before:
        WeightsChange.objects.create(made_by=by, why=why, hours=after, before=before)
    for signal, value in hours.items():
        SignalWeight.objects.update_or_create(signal=signal, defaults={"hours": value})


def told(change: WeightsChange) -> str:
    """What a change of weights changed, in words."""
    return ", ".join(
        f"{trending.NAMES[name]} {change.before.get(name, 0):g} → {hours:g} h"
        for name, hours in change.hours.items()
        if name in trending.NAMES and change.before.get(name) != hours
    )
