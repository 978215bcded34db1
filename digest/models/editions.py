"""The issue of a day: what curators say and pick, each of its revisions, and the rules it goes out by."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from papersite.catalogue.models import Paper

INTRO_LENGTH, NOTE_LENGTH = 1000, 300


class State(models.TextChoices):
    DRAFT = "draft", "draft"
    APPROVED = "approved", "approved"
    HELD = "held", "held back"


class Edition(models.Model):
    """The site's issue of one day: what curators say and pick. Whoever changes it makes a revision."""

    State = State

    day = models.DateField(unique=True)
    intro = models.TextField(
        blank=True,
        help_text="A sentence or two above the papers of the day, on the site and in mails. Markdown, no pictures.",
    )
    site_news = models.TextField(
        "news of the site", blank=True, help_text="At the foot of this day's mails, to those who want such news."
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT, db_default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The number of its newest revision."
    )
    papers = models.ManyToManyField(Paper, through="Pick", related_name="editions")
    left_out = models.ManyToManyField(
        Paper, blank=True, related_name="+", help_text="Papers that this day's mails leave to another day."
    )

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:day", args=[self.day])


class Pick(models.Model):
    """A paper that a curator pinned to a day: it comes first in the mails of that day."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="picks")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="picks")
    position = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(
        max_length=NOTE_LENGTH,
        blank=True,
        help_text="Why it is worth the time; readers see it. Markdown, no pictures.",
    )
    is_for_all = models.BooleanField(
        "for all",
        default=False,
        # As it was meant before there was a choice: the former release inserts picks without it.
        db_default=True,
        help_text="Also for readers none of whose follows it fits.",
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "paper"], name="pick_once_per_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.paper}"


class EditionRevision(models.Model):
    """An edition as it was from one edit to the next. Mails name the one they were made from, so it never changes."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(
        null=True, default=timezone.now, help_text="Nothing where it is older than revisions are kept."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    what = models.CharField("what was done", max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    intro = models.TextField(blank=True)
    site_news = models.TextField("news of the site", blank=True)
    picks = models.JSONField(default=list, help_text="In order: the paper's number, the note, whether it is for all.")
    left_out = models.JSONField(default=list, help_text="Numbers of papers.")

    class Meta:
        ordering = ["edition", "-number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="edition_revision_once")]

    def __str__(self) -> str:
        return f"{self.edition}, revision {self.number}"


class EditionRules(models.Model):
    """How editions go out: one row."""

    needs_approval = models.BooleanField(
        "only once approved", default=False, help_text="Unticked, editions go by themselves unless held back."
    )
    deadline_hours = models.PositiveSmallIntegerField(
        "deadline",
        null=True,
        blank=True,
        validators=[MaxValueValidator(24)],
        help_text="Hours before a day's first slot, which is at 10:00 UTC on the day before. What is not approved by"
        " then goes without intro and picks. Empty: mails wait for the approval.",
    )
    picks_a_mail = models.PositiveSmallIntegerField(
        "picks a mail",
        default=3,
        validators=[MaxValueValidator(10)],
        help_text="At most, and never more than half of a reader's number of papers.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "rules for editions"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="edition_rules_are_one")]

    def __str__(self) -> str:
        return "Rules for editions"


class Tally(models.Model):
    """What one batch of a day's mails carried, written with it: workers that count never wait for each other."""

    day = models.DateField(db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    mails = models.IntegerField(default=0, help_text="That hold papers.")
    empty = models.IntegerField(default=0, help_text="With nothing to send.")
    papers = models.JSONField(default=dict, help_text="In how many mails each paper is, by its number.")

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.mails}"
