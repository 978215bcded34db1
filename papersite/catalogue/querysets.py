"""Reads of the catalogue, each a chainable phrase that fetches nothing by itself."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Prefetch, Q

from papersite.catalogue.calendar import day_bounds

if TYPE_CHECKING:
    from papersite.catalogue.models import Author, Category, Paper, Topic, Vote  # noqa: F401


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible(self) -> "PaperQuerySet":
        return self.filter(is_hidden=False)

    def trending(self) -> "PaperQuerySet":
        """Hottest first; served by the index ``paper_by_heat``."""
        return self.visible().order_by("-heat", "-pk")

    def named(self, public_id: str) -> "PaperQuerySet":
        """The paper of what stands in its address; a row's number finds it always."""
        if public_id.startswith("p") and public_id[1:].isdigit():
            return self.filter(pk=int(public_id[1:]))
        return self.filter(arxiv_id=public_id)

    def announced_on(self, day: date) -> "PaperQuerySet":
        """Those of one day in UTC; served by the index ``paper_by_announcement``."""
        start, end = day_bounds(day)
        return self.filter(announced_at__gte=start, announced_at__lt=end)

    def announced_between(self, start: datetime, end: datetime) -> "PaperQuerySet":
        return self.filter(announced_at__gte=start, announced_at__lt=end)

    def in_topic(self, topic: "Topic") -> "PaperQuerySet":
        return self.filter(paper_topics__topic=topic, paper_topics__belongs=True)

    def in_category(self, category: "Category") -> "PaperQuerySet":
        return self.filter(categories=category)

    def by_author(self, author: "Author") -> "PaperQuerySet":
        return self.filter(authorships__author=author)

    def pending(self) -> "PaperQuerySet":
        """Those that changed since they were last sorted; served by the index ``paper_to_be_sorted``."""
        return self.filter(needs_sorting=True)

    def for_cards(self) -> "PaperQuerySet":
        """With everything a paper card shows, in a fixed number of queries."""
        belongs = (
            apps.get_model("catalogue", "PaperTopic")
            .objects.filter(belongs=True)
            .select_related("topic")
            .order_by("topic__is_catch_all", "topic__name")
        )
        return self.select_related("primary_category").prefetch_related(
            Prefetch(
                "authorships",
                apps.get_model("catalogue", "Authorship").objects.select_related("author").order_by("position"),
            ),
            Prefetch("paper_topics", belongs, to_attr="shown_topics"),
        )


class VoteQuerySet(models.QuerySet["Vote"]):
    def standing(self) -> "VoteQuerySet":
        """Those that move the order: not taken back, and counted."""
        return self.filter(taken_back_at__isnull=True, is_counted=True)


class TopicQuerySet(models.QuerySet["Topic"]):
    def offered(self) -> "TopicQuerySet":
        return self.filter(is_offered=True)

    def with_counts(self, now: datetime) -> "TopicQuerySet":
        """With ``paper_count`` and ``week_count``, the papers of the last seven days."""
        belongs = Q(paper_topics__belongs=True, paper_topics__paper__is_hidden=False)
        recent = Q(paper_topics__paper__announced_at__gte=now - timedelta(days=7))
        counts: dict[str, Any] = {
            "paper_count": Count("paper_topics", filter=belongs),
            "week_count": Count("paper_topics", filter=belongs & recent),
        }
        return self.annotate(**counts).order_by("is_catch_all", "name")

    def week_counts(self, now: datetime) -> "models.QuerySet[Topic, tuple[int, int]]":
        """Pairs of a topic's number and its papers of the last seven days. It reads no older paper
        than these; served by the index ``paper_by_announcement``."""
        recent = Q(paper_topics__paper__announced_at__gte=now - timedelta(days=7), paper_topics__paper__is_hidden=False)
        counted = self.filter(recent, paper_topics__belongs=True).order_by()
        return counted.values_list("pk").annotate(Count("paper_topics"))
