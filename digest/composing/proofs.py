"""A mail as it would leave now, by the engine that sends: nothing is sent, recorded or counted by making one."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from time import monotonic

from digest.choosing import assembly, distinct, inputs
from digest.choosing.rankings import FollowRow, Rankings, find_on_site, follow_row
from digest.composing import digest_mail
from digest.editions import states
from digest.editions.states import InForce
from digest.models import EditionRevision, Persona, Subscription
from digest.types import Choice, Claim, Inputs
from papersite.catalogue.models import Paper
from papersite.mailing.mail import Mail

# No delivery's: what its links lead to says that it is not known.
TOKEN = "preview"  # noqa: S105
# A made-up reader's row: no subscription has it.
NOBODY = -1
SCHEMES = {"light": "not all", "dark": "all"}
_DARK = re.compile(r"\(prefers-color-scheme: ?dark\)")
_PREHEADER = re.compile(r'<div class="preheader"[^>]*>(.*?)</div>', re.DOTALL)
# In seconds: a page waits no longer for the whole morning, and says how far it came.
PATIENCE = 8.0
BATCH = 400


@dataclass(frozen=True, slots=True)
class Proof:
    """One mail, or why there would be none."""

    mail: Mail | None = None
    choices: list[Choice] = field(default_factory=list)
    why_empty: str = ""

    @property
    def html(self) -> str:
        return str(self.mail.alternatives[0][0]) if self.mail else ""

    @property
    def text(self) -> str:
        return str(self.mail.body) if self.mail else ""

    @property
    def preheader(self) -> str:
        found = _PREHEADER.search(self.html)
        return unescape(found[1]).strip() if found else ""

    @property
    def kilobytes(self) -> float:
        """Of the HTML, which mail programs cut at 102."""
        return len(self.html.encode()) / 1000

    def in_scheme(self, scheme: str) -> str:
        """The HTML as a mail program in light or in dark shows it, whatever the browser is in."""
        return _DARK.sub(SCHEMES[scheme], self.html)


def for_persona(persona: Persona, day: date, now: datetime, *, address: str = "reader@example.org") -> Proof:
    """As for a reader with these follows whose last mail came a day ago, and who was sent none of these papers."""
    claim = _claim(day, now, NOBODY, persona.cap, address, wants_news=persona.wants_news)
    held, editions = Rankings(read_at=now, find=find_on_site), _newest(day)
    made_up = {NOBODY: (_follows(persona), now - timedelta(days=1))}
    return _proof(claim, inputs.gather([claim], held, now, editions, made_up)[claim.pk], editions, now)


def for_subscription(subscription: Subscription, day: date, now: datetime, *, address: str = "") -> Proof:
    """As for that reader, after all that they were sent and said."""
    to = address or subscription.reader.email
    claim = _claim(day, now, subscription.pk, subscription.cap, to, wants_news=subscription.wants_news)
    editions = _newest(day)
    return _proof(claim, inputs.gather_one(claim, now, editions), editions, now)


def _newest(day: date) -> InForce:
    """The day's newest revision, whether it may go yet or not."""
    return InForce({one.edition.day: one for one in states.newest([day])}, states.rules().picks_a_mail)


def _claim(day: date, now: datetime, subscription: int, cap: int, address: str, *, wants_news: bool) -> Claim:
    return Claim(
        pk=NOBODY, day=day, subscription_id=subscription, due_at=now, address=address, cap=cap, assembled_at=now,
        token=TOKEN, message_id="<preview@localhost>", wants_news=wants_news,
    )  # fmt: skip


def _proof(claim: Claim, gathered: Inputs, editions: InForce, now: datetime) -> Proof:
    chosen = distinct.choose_one(gathered, now)
    if not chosen:
        return Proof(why_empty=assembly.reason_for_nothing(gathered, now))
    cards = digest_mail.Cards()
    cards.load({one.paper_id for one in chosen})
    revision: EditionRevision | None = editions.revisions.get(claim.day)
    return Proof(digest_mail.compose(claim, chosen, cards, revision), chosen)


def _follows(persona: Persona) -> list[FollowRow]:
    def row(kind: str, mutes: bool = False, **values: object) -> FollowRow:
        columns = ("topic_id", "author_id", "search", "topic", "author")
        topic_id, author_id, search, topic, author = (values.get(name) for name in columns)
        return follow_row(kind, topic_id, author_id, str(search or ""), mutes, topic, author)

    everything = [row("trending")] if persona.follows_everything or not persona.pk else []
    if not persona.pk:
        return everything
    return [
        *everything,
        *(row("topic", topic_id=one.pk, topic=one.name) for one in persona.topics.all()),
        *(row("author", author_id=one.pk, author=one.name) for one in persona.authors.all()),
        *(row("search", search=line.strip()) for line in persona.searches.splitlines() if line.strip()),
        *(row("topic", mutes=True, topic_id=one.pk, topic=one.name) for one in persona.muted_topics.all()),
    ]


@dataclass(slots=True)
class Rehearsal:
    """What a morning would bring, as far as it was looked at."""

    readers: int = 0
    of: int = 0
    mails: int = 0
    empty: dict[str, int] = field(default_factory=dict)
    carried: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    most: list[tuple[Paper, int]] = field(default_factory=list)
    least: list[tuple[Paper, int]] = field(default_factory=list)


def rehearse(day: date, now: datetime, *, patience: float = PATIENCE, shown: int = 10) -> Rehearsal:
    """Chooses for every reader, in batches, until all are done or ``patience`` seconds are over."""
    begun, found, editions = monotonic(), Rehearsal(), _newest(day)
    held = Rankings(read_at=now)
    rows = Subscription.objects.active().filter(reader__is_active=True).order_by("pk")
    found.of = rows.count()
    last = 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "cap")[:BATCH]):
        last = batch[-1][0]
        claims = [Claim(-pk, day, pk, now, "", cap) for pk, cap in batch]
        gathered = inputs.gather(claims, held, now, editions)
        choices = distinct.choose_all(gathered, held.nearness, now, held.names)
        for one in claims:
            chosen = choices[one.pk]
            found.carried.update(choice.paper_id for choice in chosen)
            if chosen:
                found.mails += 1
            else:
                reason = assembly.reason_for_nothing(gathered[one.pk], now)
                found.empty[reason] = found.empty.get(reason, 0) + 1
        found.readers += len(batch)
        if monotonic() - begun > patience:
            break
    ranked = found.carried.most_common()
    papers = Paper.objects.in_bulk([paper for paper, _ in [*ranked[:shown], *ranked[-shown:]]])
    found.most = [(papers[paper], count) for paper, count in ranked[:shown] if paper in papers]
    found.least = [(papers[paper], count) for paper, count in ranked[shown:][-shown:] if paper in papers]
    found.seconds = monotonic() - begun
    return found
