"""The way mail leaves by, and what is known of the addresses it goes to."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from digest.models.deliveries import Delivery


class Relay(models.Model):
    """The way mail leaves by: one row, which every worker asks before each mail."""

    is_paused = models.BooleanField("paused", default=False, help_text="Tick to stop all digests until you untick it.")
    pause_reason = models.CharField(
        max_length=300, blank=True, db_default="", help_text="Why, for whoever finds it paused. It goes with the pause."
    )
    database_id = models.UUIDField(
        null=True, editable=False, help_text="Tells this database from others, and what it was before a restore."
    )
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

    def save(self, **options: Any) -> None:
        if not self.is_paused:
            self.pause_reason = ""
        super().save(**options)


class HighWaterMark(models.Model):
    """How often one place outside of the database was written to: if the place says more, the database is older."""

    place = models.UUIDField(primary_key=True, help_text="A host's folder of data, or the cache.")
    count = models.BigIntegerField(default=0)
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["-marked_at"]

    def __str__(self) -> str:
        return f"{self.place}: {self.count}"


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
        OURS = "ours", "the server refuses this site"
        LIFTED = "lifted", "let go again by the reader"

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
