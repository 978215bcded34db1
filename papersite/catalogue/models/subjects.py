"""Where papers belong: arXiv's categories, and the topics that readers follow."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from papersite.catalogue.models.addresses import address
from papersite.catalogue.models.tallies import EVER, Tally


class Category(models.Model):
    """A subject class of arXiv, such as cs.LG."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120, blank=True, help_text="Shown to readers beside the code.")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return address("catalogue:category_detail", self.code)

    @classmethod
    def spelt(cls, code: str) -> "Category | None":
        """The one of this code, else one whose code has the same letters, large or small."""
        return cls.objects.filter(code=code).first() or cls.objects.filter(code__iexact=code).first()


class TopicQuerySet(models.QuerySet["Topic"]):
    def offered(self) -> "TopicQuerySet":
        return self.filter(is_offered=True)

    def with_counts(self, now: datetime) -> "TopicQuerySet":
        """With ``paper_count`` and ``week_count``, the papers of the last seven days, today among them."""
        kept = Tally.objects.filter(kind=Tally.Kind.TOPIC, target=OuterRef("pk")).order_by().values("target")
        week = kept.filter(day__gt=now.astimezone(UTC).date() - timedelta(days=7))
        counts: dict[str, Any] = {
            "paper_count": Coalesce(Subquery(kept.filter(day=EVER).annotate(total=Sum("amount")).values("total")), 0),
            "week_count": Coalesce(Subquery(week.annotate(total=Sum("amount")).values("total")), 0),
        }
        return self.annotate(**counts).order_by("is_catch_all", "name")

    def week_counts(self, now: datetime) -> dict[int, int]:
        """The topics with papers of the last seven days, and how many."""
        return Tally.objects.of_week(self.order_by().values("pk"), now.astimezone(UTC).date())


class Topic(models.Model):
    """A saved search with a name, which readers follow."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(
        max_length=300, blank=True, help_text="One sentence, shown to readers who choose topics."
    )
    search = models.TextField(
        blank=True,
        help_text='Which papers belong here, as a search: words, "a phrase", OR, -not, title: cat: author:.',
    )
    categories = models.ManyToManyField(
        Category, blank=True, related_name="topics", help_text="Papers of these categories belong here too."
    )
    is_offered = models.BooleanField(default=True, help_text="Untick to keep the topic but offer it to nobody new.")
    is_catch_all = models.BooleanField(
        "takes the rest", default=False, help_text="Papers that belong to no other topic belong here. One topic may."
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["is_catch_all", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_catch_all"], condition=Q(is_catch_all=True), name="topic_one_takes_the_rest"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("catalogue:topic_detail", self.slug)
