"""What is mailed, to whom and when."""

from datetime import time
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from digest import tokens
from digest.querysets import DeliveryQuerySet, SubscriptionQuerySet
from digest.scheduling import EVERY_DAY, Schedule, jitter
from papersite.catalogue.models import Author, Paper, Topic

MAX_CAP = 30


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("“%(name)s” is not a time zone; choose one such as Europe/Berlin.", params={"name": name})


class Subscription(models.Model):
    """A reader's schedule: on which days, at which hour of their own zone, how many papers."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscription")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    send_at = models.TimeField("hour", default=time(8), help_text="On the reader's own clock.")
    weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY, help_text="Sum of Monday 1, Tuesday 2, … Sunday 64.")
    cap = models.PositiveSmallIntegerField(
        "papers a mail", default=10, validators=[MinValueValidator(1), MaxValueValidator(MAX_CAP)]
    )
    paused_until = models.DateField(null=True, blank=True, help_text="The first day with mail again.")
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

    @property
    def schedule(self) -> Schedule:
        return Schedule(
            time_zone=self.time_zone,
            send_at=self.send_at,
            weekdays=self.weekdays,
            paused_until=self.paused_until,
            jitter=jitter(self.pk, settings.DIGEST_JITTER),
        )


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


class Edition(models.Model):
    """The site's issue of one day: what curators say and pick."""

    day = models.DateField(unique=True)
    intro = models.TextField(
        blank=True, help_text="A sentence or two above the papers of the day, on the site and in mails."
    )
    papers = models.ManyToManyField(Paper, through="Pick", related_name="editions")

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("digest:edition_detail", args=[self.day])


class Pick(models.Model):
    """A paper that a curator pinned to a day: it comes first in every mail of that day."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="picks")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="picks")
    position = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, help_text="Why it is worth the time; readers see it.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "paper"], name="pick_once_per_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.paper}"


class Delivery(models.Model):
    """One reader's digest of one local day."""

    class State(models.TextChoices):
        DUE = "due", "due"
        CLAIMED = "claimed", "claimed by a worker"
        SENDING = "sending", "being sent"
        SENT = "sent", "sent"
        EMPTY = "empty", "nothing to send"
        SKIPPED = "skipped", "skipped"
        FAILED = "failed", "failed"

    OPEN = (State.DUE, State.CLAIMED, State.SENDING)

    # Its index is that of the unique pair of subscription and day.
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    day = models.DateField(help_text="The reader's own date.")
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    reason = models.CharField(max_length=300, blank=True, help_text="Why nothing was sent.")
    due_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True, help_text="After a refusal: when to try again.")
    claimed_by = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    accepted_count = models.PositiveSmallIntegerField(
        "accepted",
        default=0,
        help_text="How often a mail server said that it took this mail; more than once is an alarm.",
    )
    is_uncertain = models.BooleanField(
        "uncertain", default=False, help_text="A worker vanished while sending: the mail may have gone out twice."
    )
    subject = models.CharField(max_length=200, blank=True)
    assembled_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    papers = models.ManyToManyField(Paper, through="DeliveryItem", related_name="deliveries")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="due"), name="delivery_due"),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["claimed", "sending"]), name="delivery_under_lease"
            ),
            models.Index(fields=["day", "state"], name="delivery_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "day"], name="delivery_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "sending"], lease_until__isnull=False)
                | (~Q(state__in=["claimed", "sending"]) & Q(lease_until__isnull=True)),
                name="delivery_leased_while_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["empty", "skipped", "failed"]) | ~Q(reason=""),
                name="delivery_without_mail_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription.reader}, {self.day:%Y-%m-%d}"

    @property
    def token(self) -> str:
        return tokens.make(self.pk)

    @property
    def message_id(self) -> str:
        return tokens.message_id(self.pk, self.day)

    def get_absolute_url(self) -> str:
        return reverse("digest:delivery_detail", args=[self.token])


class DeliveryItem(models.Model):
    """A paper in a delivery, and why it is there. It carries the rule that a paper reaches a reader once."""

    # No constraints in the database beyond the two rules below: twelve rows a mail would each be looked
    # up three times, and a reader who closes their account meanwhile would undo a whole batch.
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="items", db_constraint=False, db_index=False
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="items", db_constraint=False, db_index=False
    )
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="delivery_items", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list, help_text="Pairs of a kind of follow and its label.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "paper"], name="paper_reaches_a_reader_once"),
            models.UniqueConstraint(fields=["delivery", "position"], name="item_one_paper_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.paper}"


class Relay(models.Model):
    """The way mail leaves by: one row, which every worker asks before each mail."""

    is_paused = models.BooleanField("paused", default=False, help_text="Tick to stop all digests until you untick it.")
    alarm = models.CharField(
        max_length=300, blank=True, help_text="What stopped all digests by itself. Look into it, then empty this."
    )
    alarmed_at = models.DateTimeField(null=True, blank=True)
    down_until = models.DateTimeField(
        null=True, blank=True, help_text="The mail server could not be used: nothing is tried before."
    )
    down_reason = models.CharField(max_length=300, blank=True)
    strikes = models.PositiveSmallIntegerField(default=0, help_text="How often in a row it could not be used.")
    free_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "relay: pause and alarms"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="relay_is_one")]

    def __str__(self) -> str:
        return "Mail"


class Handover(models.Model):
    """How many mails left on one day in UTC, counted apart from the ledger so that each can check the other."""

    day = models.DateField(unique=True)
    mail_count = models.PositiveIntegerField("mails", default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name = "day's mails"
        verbose_name_plural = "mails a day"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.mail_count}"


class MailEvent(models.Model):
    """What a provider or a mail server told of one mail: kept first, acted on after, and only once."""

    class Kind(models.TextChoices):
        HARD = "hard", "the address is gone"
        SOFT = "soft", "refused for now"
        COMPLAINT = "complaint", "called spam"
        UNSUBSCRIBED = "unsubscribed", "unsubscribed at the provider"

    event_id = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=40, help_text="A provider, a mailed report, or our own session.")
    kind = models.CharField(max_length=12, choices=Kind)
    address_hash = models.CharField(max_length=64, help_text="SHA-256 of the address in lower case.")
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    said = models.CharField(max_length=300, blank=True, help_text="The server's words, without addresses.")
    received_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["address_hash", "received_at"], name="mail_event_by_address"),
            models.Index(fields=["received_at"], condition=Q(applied_at=None), name="mail_event_to_apply"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.source}, {self.received_at:%Y-%m-%d})"


class Suppression(models.Model):
    """An address that must not be mailed, known by its hash so that it outlives the account."""

    address_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the address in lower case.")
    reason = models.CharField(max_length=200)
    evidence = models.CharField(max_length=500, blank=True, help_text="What was reported, when, without the address.")
    suppressed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-suppressed_at"]

    def __str__(self) -> str:
        return f"{self.address_hash[:12]}…: {self.reason}"
