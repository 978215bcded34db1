"""One topic taken into another: its readers, and if wanted its papers, go along, and its addresses lead on."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet

from papersite.catalogue import revisions
from papersite.catalogue.models import FormerSlug, Paper, PaperTopic, Topic
from papersite.catalogue.topics import classification

Move = Callable[[Topic, Topic], None]

_moves: dict[str, Move] = {}


def when_merging(app_label: str, move: Move) -> None:
    """Registers what an app moves from one topic to another; called once, when the apps are ready."""
    _moves[app_label] = move


def problem_of(topic: Topic, into: Topic) -> str:
    """Why one topic cannot go into another; "" where it can."""
    if topic.pk == into.pk:
        return "A topic does not go into itself."
    if topic.is_catch_all:
        return "This topic takes the rest: let another take it first."
    return ""


def merged_search(topic: Topic, into: Topic) -> str:
    """What finds the papers of both."""
    texts = list(dict.fromkeys(text.strip() for text in (into.search, topic.search) if text.strip()))
    return texts[0] if len(texts) == 1 else " OR ".join(f"({text})" for text in texts)


def merge(topic_id: int, into_id: int, *, with_papers: bool) -> bool:
    """Takes a topic into another and deletes it; False where either is gone. It takes long where there are many papers.

    With its papers go its search and its categories, and what curators and sources decided; where both topics say
    something of a paper, the other's word stands. Without them each waits to be sorted again.
    """
    with transaction.atomic():
        held = {one.pk: one for one in Topic.objects.select_for_update().filter(pk__in=[topic_id, into_id])}
        topic, into = held.get(topic_id), held.get(into_id)
        if topic is None or into is None or problem_of(topic, into):
            return False
        for move in _moves.values():
            move(topic, into)
        if with_papers:
            _move_papers(topic, into)
        orphans = Paper.objects.filter(paper_topics__topic=topic)
        revisions.mark_all(orphans)
        Paper.objects.filter(pk__in=orphans.values("pk")).update(needs_sorting=True)
        FormerSlug.objects.filter(topic=topic).update(topic=into)
        slug = topic.slug
        topic.delete()
        FormerSlug.objects.update_or_create(slug=slug, defaults={"topic": into})
    if with_papers:
        classification.classify_all(Topic.objects.filter(pk=into.pk).prefetch_related("categories"))
    return True


def _move_papers(topic: Topic, into: Topic) -> None:
    if not into.is_catch_all:
        into.search = merged_search(topic, into)
        into.save(update_fields=["search"])
        into.categories.add(*topic.categories.all())
    rows = _of(topic).exclude(paper__in=_of(into).values("paper"))
    revisions.mark_all(Paper.objects.filter(pk__in=rows.values("paper")))
    rows.update(topic=into)


def _of(topic: Topic) -> QuerySet[PaperTopic]:
    return PaperTopic.objects.filter(topic=topic).order_by()
