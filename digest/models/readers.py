"""Who is mailed: a schedule, and what it includes and leaves out."""

from datetime import datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from digest import zones
from digest.types import EVERY_DAY
from papersite.catalogue.models import Author, Paper, Topic

MAX_CAP = 30


def check_time_zone(name: str) -> None:
    if name not in zones.names():
        raise ValidationError("“%(name)s” is not a time zone; choose one such as Europe/Berlin.", params={"name": name})


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def due(self, now: datetime) -> "SubscriptionQuerySet":
        """Those whose next slot has come; served by the index ``subscription_by_next_due``."""
        return self.active().filter(next_due_at__lte=now).order_by("next_due_at", "pk")


class Subscription(models.Model):
    """A reader's schedule: on which days, at which hour of their own zone, how many papers."""

    class QuietDays(models.TextChoices):
        NOTHING = "nothing", "no mail"
        NOTE = "note", "a short note that says why"

    class CloseToSaved(models.TextChoices):
        OFF = "off", "none"
        FEW = "few", "a few: one place in five"
        THIRD = "third", "many: one place in three"

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscription")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    send_at = models.TimeField("hour", default=time(8), help_text="On the reader's own clock.")
    weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY, help_text="Sum of Monday 1, Tuesday 2, … Sunday 64.")
    cap = models.PositiveSmallIntegerField(
        "papers a mail", default=10, validators=[MinValueValidator(1), MaxValueValidator(MAX_CAP)]
    )
    paused_until = models.DateField(null=True, blank=True, help_text="The first day with mail again.")
    on_quiet_days = models.CharField(
        max_length=7, choices=QuietDays, default=QuietDays.NOTHING, help_text="What a day without papers brings."
    )
    folds_alike = models.BooleanField(
        "one paper a subject",
        default=True,
        db_default=True,
        help_text="Of several papers on the same thing the hottest comes, and the others are named beneath it.",
    )
    close_to_saved = models.CharField(
        "papers close to what was saved",
        max_length=5,
        choices=CloseToSaved,
        default=CloseToSaved.FEW,
        db_default=CloseToSaved.FEW,
        help_text="Beside the follows, where they leave room: learned from saves, votes, more and less.",
    )
    wants_news = models.BooleanField(
        "news of the site", default=False, help_text="Now and then, at the foot of the digest: what is new on the site."
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the reader last asked for a digest at once."
    )
    signed_up_at = models.DateTimeField(default=timezone.now)
    consent = models.CharField(
        max_length=300, blank=True, help_text="What the person agreed to, in the words they saw."
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the address was confirmed: no mail before."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the reader unsubscribed.")
    next_due_on = models.DateField(null=True, blank=True, editable=False)
    next_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_due_at"], name="subscription_by_next_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=EVERY_DAY), name="subscription_has_a_weekday"
            ),
            models.CheckConstraint(condition=Q(cap__gte=1, cap__lte=MAX_CAP), name="subscription_cap_in_range"),
            models.CheckConstraint(
                condition=Q(close_to_saved__in=["off", "few", "third"]), name="subscription_close_to_saved_is_known"
            ),
            models.CheckConstraint(
                condition=Q(next_due_on__isnull=True, next_due_at__isnull=True)
                | Q(next_due_on__isnull=False, next_due_at__isnull=False),
                name="subscription_next_slot_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(next_due_at__isnull=True) | Q(confirmed_at__isnull=False, ended_at__isnull=True),
                name="subscription_due_only_while_active",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader}, {self.send_at:%H:%M} {self.time_zone}"

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class Follow(models.Model):
    """A topic, an author, a search or trending overall, which a subscription includes or mutes."""

    class Kind(models.TextChoices):
        TRENDING = "trending", "trending overall"
        TOPIC = "topic", "topic"
        AUTHOR = "author", "author"
        SEARCH = "search", "search"

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=10, choices=Kind)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    author = models.ForeignKey(Author, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    search = models.CharField(max_length=300, blank=True)
    mutes = models.BooleanField(default=False, help_text="Tick to keep such papers out of the mail.")
    followed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        # So that those who follow a topic are counted without reading their rows.
        indexes = [models.Index(fields=["topic", "mutes"], name="follow_by_topic")]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="topic", topic__isnull=False, author__isnull=True, search="")
                    | Q(kind="author", topic__isnull=True, author__isnull=False, search="")
                    | (Q(kind="search", topic__isnull=True, author__isnull=True) & ~Q(search=""))
                    | Q(kind="trending", topic__isnull=True, author__isnull=True, search="", mutes=False)
                ),
                name="follow_has_the_target_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["subscription", "topic"], condition=Q(kind="topic"), name="follow_once_per_topic"
            ),
            models.UniqueConstraint(
                fields=["subscription", "author"], condition=Q(kind="author"), name="follow_once_per_author"
            ),
            models.UniqueConstraint(
                fields=["subscription", "search"], condition=Q(kind="search"), name="follow_once_per_search"
            ),
            models.UniqueConstraint(fields=["subscription"], condition=Q(kind="trending"), name="follow_trending_once"),
        ]

    def __str__(self) -> str:
        return f"{'not ' if self.mutes else ''}{self.label}"

    @property
    def label(self) -> str:
        match self.kind:
            case self.Kind.TOPIC:
                return str(self.topic)
            case self.Kind.AUTHOR:
                return str(self.author)
            case self.Kind.SEARCH:
                return self.search
            case _:
                return "Trending overall"


class Opinion(models.Model):
    """A reader's word on one paper: more like it, or less. It moves papers alike up or down in their mails."""

    class Kind(models.TextChoices):
        MORE = "more", "more like this"
        LESS = "less", "less like this"

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="opinions", db_index=False)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="opinions")
    kind = models.CharField(max_length=4, choices=Kind)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-given_at"]
        constraints = [models.UniqueConstraint(fields=["subscription", "paper"], name="opinion_once_per_paper")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.paper}"
