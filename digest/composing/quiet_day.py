"""Short notes for readers who want to hear why a day brings no papers.

A note is a delivery like any other: claimed, sent and settled in the same way, under the same Message-ID
at every attempt. It holds no papers, and its row keeps the reason.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dateformat import format as formatted

from digest.composing import compiled, digest_mail
from digest.models import Delivery, Subscription
from digest.planning import planner
from digest.planning.scheduling import Slot, clock_of
from digest.types import Claim, Note, Outcome
from papersite.mailing import mail

FOLDER = "quiet_day"
_FIELDS = ("pk", "time_zone", "send_at", "weekdays", "paused_until", "next_due_on", "next_due_at")


def recall(batch: Sequence[Claim]) -> None:
    """What was to be a note at an earlier attempt stays one."""
    rows = Delivery.objects.filter(pk__in=[one.pk for one in batch]).exclude(reason="").values_list("pk", "reason")
    if reasons := dict(rows):
        _write_notes([(one, reasons[one.pk]) for one in batch if one.pk in reasons])


def take(empty: Sequence[tuple[Claim, Outcome]]) -> list[Claim]:
    """Those whose reader wants a note where there is nothing to send; they have it now."""
    asked = Subscription.objects.filter(on_quiet_days=Subscription.QuietDays.NOTE)
    wants = set(asked.filter(pk__in={one.subscription_id for one, _ in empty}).values_list("pk", flat=True))
    taken = [(one, outcome.reason) for one, outcome in empty if one.subscription_id in wants]
    _write_notes(taken)
    return [one for one, _ in taken]


def save(worker: str, claims: Sequence[Claim]) -> None:
    """Keeps the reasons with the rows, before any of the notes leaves."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for one in claims:
        if one.note is not None:
            by_reason[one.note.reason].append(one.pk)
    for reason, claimed in by_reason.items():
        Delivery.objects.held_by(worker).filter(pk__in=claimed).update(reason=reason)


def _write_notes(taken: Sequence[tuple[Claim, str]]) -> None:
    rows = Subscription.objects.filter(pk__in={one.subscription_id for one, _ in taken}).only(*_FIELDS)
    next_at = {row.pk: _next_at(row) for row in rows} if taken else {}
    for one, reason in taken:
        one.note = Note(reason, next_at.get(one.subscription_id))


def _next_at(subscription: Subscription) -> datetime | None:
    if subscription.next_due_on is None or subscription.next_due_at is None:
        return None
    return clock_of(Slot(subscription.next_due_on, subscription.next_due_at), planner.schedule_of(subscription))


def compose(claim: Claim, *, next_words: str = "") -> mail.Mail:
    """One note, by Django's templates and message classes."""
    assert claim.note is not None
    words = next_words or _words(claim.note.next_at)
    message = digest_mail.build(claim, None, folder=FOLDER, reason=claim.note.reason, next_words=words)
    claim.subject = message.subject[:200]
    return message


def _words(next_at: datetime | None) -> str:
    return formatted(next_at, "l, j F, \\a\\t H:i") if next_at else ""


@dataclass(frozen=True, slots=True)
class CompiledNote:
    """What the notes of one day and reason have in common."""

    template: compiled.CompiledTemplate | None
    subject: str
    subject_header: bytes


class NoteRenderer:
    """Renders notes, and keeps what those of a run share."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[date, str, bool], CompiledNote] = {}

    def mail(self, claim: Claim) -> bytes | None:
        """The same bytes as ``compose`` makes; None where only that makes it right."""
        assert claim.note is not None
        words = _words(claim.note.next_at)
        if (key := (claim.day, claim.note.reason, bool(words))) not in self._compiled:
            self._compiled[key] = _compile(claim, words)
        note = self._compiled[key]
        if note.template is None:
            return None
        claim.subject = note.subject
        own = {"headsubject": note.subject_header, "next": words.encode()}
        return compiled.fill(note.template, compiled.own_headers(claim) | own)


def _compile(claim: Claim, words: str) -> CompiledNote:
    marked = compiled.with_placeholders(claim)
    message = compose(marked, next_words=compiled.placeholder("next") if words else "")
    return CompiledNote(compiled.compile_mail(message), marked.subject, compiled.header("Subject", marked.subject))
