"""What is mailed: one digest a reader and day, and the papers in it."""

from datetime import datetime
from typing import cast

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from digest import tokens
from digest.models.editions import EditionRevision
from digest.models.readers import Subscription
from papersite.catalogue.models import Paper
from papersite.database import FirstOfMonth

# As the indexes have it, word for word: SQLite compares a partial index with nothing but constants.
DUE = "digest_delivery.state = 'due'"
LEASED = "digest_delivery.state IN ('claimed', 'sending')"
WITHOUT_MAIL = "digest_delivery.state IN ('empty', 'skipped', 'failed')"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those to claim, longest due first; served by the index ``delivery_due``."""
        ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
        found = self.filter(ready, due_at__lte=now).order_by("due_at", "pk")
        return found._where(DUE)

    def expired(self, now: datetime) -> "DeliveryQuerySet":
        """Those whose lease ran out; served by the index ``delivery_held``, read whole."""
        return self.filter(lease_until__lt=now)._where(LEASED)

    def held_by(self, worker: str) -> "DeliveryQuerySet":
        """Those a worker has; served by the same index."""
        return self.filter(claimed_by=worker)._where(LEASED)

    def with_token(self, token: str) -> "Delivery | None":
        """The delivery whose mail carried it; None where this database knows of no such mail."""
        number = tokens.number_in(token)
        if number is None:
            return None
        found = self.filter(pk=number).first()
        return found if found is not None and found.is_opened_by(token) else None

    def with_copy(self, token: str) -> "Delivery | None":
        """The mail that left whose read-only copy the token opens, while the reader's feed has the same key."""
        number = tokens.number_in(token)
        if number is None:
            return None
        sent = self.filter(pk=number, state="sent", subscription__reader__is_active=True)
        found = sent.select_related("subscription__reader").first()
        return found if found is not None and constant_time_compare(token, found.copy_token) else None

    def _where(self, condition: str) -> "DeliveryQuerySet":
        return cast("DeliveryQuerySet", self.extra(where=[condition]))  # noqa: S610  one of those above


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

    # Its index is that of the unique subscription, day and extra.
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    day = models.DateField(help_text="The reader's own date.")
    key = models.UUIDField(
        null=True, editable=False, help_text="Random, made by the first claim; what its links and Message-ID stand on."
    )
    extra = models.PositiveSmallIntegerField(
        default=0, help_text="0 is the digest of the day; further ones were asked for by the reader, counted from 1."
    )
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
    # Without an index, which each mail would have to keep. The database refuses to delete what a mail names.
    revision = models.ForeignKey(
        EditionRevision,
        null=True,
        editable=False,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        help_text="Of its day's edition: the one that its mail was made from.",
    )
    mailed_to = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="SHA-256 of the address that its mail goes to, from the claim on: what comes back concerns this one.",
    )
    assembled_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    papers = models.ManyToManyField(Paper, through="DeliveryItem", related_name="deliveries")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="due"), name="delivery_due"),
            models.Index(fields=["claimed_by"], condition=Q(state__in=["claimed", "sending"]), name="delivery_held"),
            models.Index(fields=["day"], name="delivery_by_day"),
            # For staff who look for what went wrong; a mail that leaves is in neither.
            models.Index(
                fields=["state", "day"],
                condition=Q(state__in=["empty", "skipped", "failed"]),
                name="delivery_without_mail",
            ),
            models.Index(fields=["day"], condition=Q(is_uncertain=True), name="delivery_uncertain"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "day", "extra"], name="delivery_once_a_day"),
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
        return tokens.make(self.pk, self.key)

    @property
    def copy_token(self) -> str:
        return tokens.of_copy(self.pk, self.key, self.subscription.reader.feed_key)

    @property
    def message_id(self) -> str:
        return tokens.message_id(self.pk, self.day, self.key)

    def is_opened_by(self, token: str) -> bool:
        """Whether a mail that left for this delivery carried the token.

        None did before the first claim, and whoever has the number's signature has it of another delivery.
        """
        was_claimed = self.key is not None or self.assembled_at is not None
        return was_claimed and tokens.opens(token, self.pk, self.key)

    def get_absolute_url(self) -> str:
        return reverse("digest:delivery_detail", args=[self.token])


class BatchCursor(models.Model):
    """How far a worker is in a batch that it claimed, whose deliveries leave in the order of their numbers.

    Moving it on is all that is written at each mail, so the row is narrow and has no other index.
    """

    worker = models.CharField(max_length=32, primary_key=True)
    done = models.BigIntegerField(
        default=0, help_text="Up to this number, what the worker still holds was accepted by the mail server."
    )
    begun = models.BigIntegerField(
        default=0, help_text="The delivery whose mail may be leaving now; none where it is the same number."
    )
    lease_until = models.DateTimeField()

    class Meta:
        db_table = "digest_hand"
        ordering = ["lease_until"]

    def __str__(self) -> str:
        return f"{self.worker[:8]}: {self.begun}" if self.begun > self.done else f"{self.worker[:8]}: nothing"


class DeliveryItem(models.Model):
    """A paper in a delivery, and why it is there. It carries the rule that a paper reaches a reader once."""

    # No constraints in the database beyond the two rules below: twelve rows a mail would each be looked
    # up three times, and a reader who closes their account meanwhile would undo a whole batch. A paper's
    # own rows are in no index; what keeps it is its MailedPaper.
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="items", db_constraint=False, db_index=False
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="items", db_constraint=False, db_index=False
    )
    paper = models.ForeignKey(
        Paper, on_delete=models.DO_NOTHING, related_name="delivery_items", db_constraint=False, db_index=False
    )
    position = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list, help_text="Pairs of a kind of follow and its label.")
    # Of the whole mail, in the row of its first paper: that is written anyway and saved before the mail leaves,
    # where one write more at each mail would be of the widest table. As text, which is half as long as binary JSON.
    remainders = models.TextField(
        null=True, blank=True, editable=False, help_text="With the first paper: what each follow had that did not fit."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "paper"], name="paper_reaches_a_reader_once"),
            models.UniqueConstraint(fields=["delivery", "position"], name="item_one_paper_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.paper}"


class LedgerMonth(models.Model):
    """What a reader was sent in one month long ago, in a fraction of the room that its items took."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="months", db_index=False)
    month = models.DateField(help_text="Its first day.")
    items = models.BinaryField(help_text="Deliveries, papers and reasons, as digest.ledger.codec has them.")
    paper_count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "month"], name="ledger_month_once"),
            models.CheckConstraint(condition=Q(month=FirstOfMonth("month")), name="ledger_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription.reader}, {self.month:%B %Y}"


class MailedPaper(models.Model):
    """A paper that was put into somebody's digest: from then on it cannot be deleted, only hidden."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, primary_key=True, related_name="mailed")
    is_folded = models.BooleanField(default=False, help_text="It stands in somebody's folded month.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.paper}"
