"""Turns a delivery and its papers into one message with Django's templates and message classes.

``compiled`` makes the same bytes in a fraction of the time; this is what it is compared with, and
what it falls back on.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.template.defaultfilters import truncatechars
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from digest.choosing import titles
from digest.models import EditionRevision
from digest.types import ALSO, WRITERS, Choice, Claim, OtherPaper, Reason
from papersite import links
from papersite.catalogue.models import Paper, Topic
from papersite.catalogue.reading import excerpts
from papersite.mailing import mail

# Gmail cuts a mail at 102 kB, and with it the link that ends the subscription.
HTML_LIMIT = 90_000
HTML_CARD, TEXT_CARD = "emails/digest/_paper.html", "emails/digest/_paper.txt"
HTML_LINE, TEXT_LINE = "emails/digest/_line.html", "emails/digest/_line.txt"
# Characters: two lines of a phone each, so that ten titles fit one screen; a subject that no inbox cuts much.
LINE_TITLE, SUBJECT_TITLE = 70, 48
# Words of a summary: fewer where the mail would become too long.
LENGTHS = (60, 20, 0)
AUTHORS = 6
TOPICS = 4
BYLINE = {HTML_CARD: "emails/digest/_byline.html", TEXT_CARD: "emails/digest/_byline.txt"}
TOPICS_IN = {HTML_CARD: "emails/digest/_topics.html", TEXT_CARD: "emails/digest/_topics.txt"}
ALSO_IN = {HTML_CARD: "emails/digest/_also.html", TEXT_CARD: "emails/digest/_also.txt"}
WHY = {HTML_CARD: "_partials/why.html", TEXT_CARD: "emails/digest/_why.txt"}
# A card is made once for many readers and has this where each mail has its own token. Nobody who writes
# a title can know it, and no token is longer, so that a line that fits it fits them all.
TOKEN = f"{uuid4().hex}{uuid4().hex}"


def papers_with(ids: set[int]) -> dict[int, Paper]:
    """Papers ready for their cards."""
    return {paper.pk: paper for paper in Paper.objects.filter(pk__in=ids).for_cards()}


@dataclass(frozen=True, slots=True)
class Brief:
    """What a mail says of a paper, cut to the room there is."""

    paper: Paper
    title: str
    short_title: str
    text: str
    votes: int
    """Here and on Hugging Face."""


def brief(paper: Paper, words: int = LENGTHS[0]) -> Brief:
    """``paper`` is from ``for_cards``; ``words`` is how many of its summary."""
    return Brief(
        paper=paper,
        title=truncatechars(paper.title, 300),
        short_title=titles.cut(paper.title, LINE_TITLE),
        text=_said_of(paper, words),
        votes=paper.vote_count + (paper.hf_upvotes or 0),
    )


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote a paper, as far as a mail names them."""

    names: str
    others: int = 0


def byline_of(paper: Paper, followed: Collection[str] = ()) -> Byline:
    """The first authors, and those whom the reader follows wherever they stand. Nobody alone is left unnamed."""
    names = [row.author.name for row in paper.authorships.all()]
    # One name more is no longer than the words that there is one.
    first = len(names) if len(names) == AUTHORS + 1 else AUTHORS
    later = [name for name in names[first:] if name in followed]
    if later and len(names) == first + len(later) + 1:
        first, later = len(names), []
    others = max(0, len(names) - first - len(later))
    shown = ", ".join([*names[:first], *(["…"] if later and names[first] != later[0] else []), *later])
    return Byline(shown + (" and others" if paper.has_more_authors and shown and not others else ""), others)


def topics_of(paper: Paper, followed: Collection[str] = ()) -> list[Topic]:
    """Its topics that a mail names: those that the reader follows, then those with the fewest papers."""
    topics = [row.topic for row in getattr(paper, "shown_topics", ()) if not row.topic.is_catch_all]
    own = [topic for topic in topics if topic.name in followed]
    return own + [topic for topic in topics if topic.name not in followed][: max(0, TOPICS - len(own))]


class Followed(NamedTuple):
    """The authors and the topics of one paper that its reader follows."""

    authors: tuple[str, ...]
    topics: tuple[str, ...]


def followed_in(reasons: Iterable[Reason]) -> Followed:
    return Followed(
        tuple(label for kind, label in reasons if kind in WRITERS),
        tuple(label for kind, label in reasons if kind == "topic"),
    )


def subject_of(papers: Sequence[Paper]) -> str:
    """Led by the first paper, which no reader gets twice: no two days have the same."""
    context = {"lead": titles.cut(papers[0].title, SUBJECT_TITLE), "papers": papers}
    return mail.one_line(render_to_string("emails/digest/subject.txt", context))


def _said_of(paper: Paper, words: int) -> str:
    """Whole sentences: all that are chosen, or where there is little room the first that fits into it."""
    if not words:
        return ""
    text = paper.brief if words == LENGTHS[0] else excerpts.leading(paper.brief, words)
    return truncatechars(text, excerpts.LONGEST)


class Cards:
    """The papers of a run, each card rendered once however many readers get it."""

    def __init__(self) -> None:
        self.papers: dict[int, Paper] = {}
        self._rendered: dict[tuple[object, ...], SafeString] = {}

    def load(self, ids: set[int]) -> None:
        """Fetches the papers that no earlier batch had."""
        if missing := ids - self.papers.keys():
            self.papers |= papers_with(missing)

    def card(self, choice: Choice, template: str, words: int = LENGTHS[0]) -> SafeString:
        """One paper with its reasons, by the template of one of the two bodies; ``TOKEN`` stands for the mail's."""
        key = (template, choice.paper_id, choice.reasons, words)
        if key not in self._rendered:
            paper, (authors, topics) = self.papers[choice.paper_id], followed_in(choice.reasons)
            parts = Parts(
                byline=byline(byline_of(paper, authors), template),
                why=why(choice.reasons, template),
                also=also(choice.reasons, template),
                topics=topics_line(topics_of(paper, topics), template),
            )
            self._rendered[key] = card(brief(paper, words), parts, template)
        return self._rendered[key]

    def line(self, paper_id: int, template: str) -> SafeString:
        if (key := (template, paper_id)) not in self._rendered:
            self._rendered[key] = line(brief(self.papers[paper_id], 0), template)
        return self._rendered[key]


class Parts(NamedTuple):
    """What one reader is told of a paper and another is not, in words already."""

    byline: str = ""
    why: str = ""
    also: str = ""
    topics: str = ""


def card(brief: Brief, parts: Parts, template: str) -> SafeString:
    """One paper."""
    feedback = links.absolute(reverse("digest:feedback", args=[TOKEN, brief.paper.public_id]))
    context = {"brief": brief, "paper": brief.paper, "feedback": feedback, "site_url": settings.SITE_URL}
    return render_to_string(template, context | parts._asdict())


def line(brief: Brief, template: str) -> SafeString:
    """One paper in the list that a mail opens with."""
    context = {"brief": brief, "paper": brief.paper, "site_url": settings.SITE_URL}
    return mark_safe(render_to_string(template, context).rstrip(" "))  # noqa: S308  already escaped


def own_reasons(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Without the one that needs no word at each paper, since the mail says it once, and without other papers."""
    return tuple(one for one in reasons if one[0] not in {"trending", ALSO})


def unsaid(reasons: Iterable[Sequence[Reason]]) -> str:
    """Whether "some" or "all" papers of a mail name no reason, which is said once; "" where each has one."""
    silent = [not own_reasons(each) for each in reasons]
    return "all" if silent and all(silent) else "some" if any(silent) else ""


def why(reasons: Sequence[Reason], template: str) -> SafeString:
    """Why a paper is there, in words for that card; nothing where it only trends."""
    own = own_reasons(reasons)
    words = render_to_string(WHY[template], {"reasons": own}).strip() if own else ""
    return mark_safe(words)  # noqa: S308  already escaped


def also(reasons: Sequence[Reason], template: str) -> SafeString:
    """The papers on the same thing that have no place of their own, in words for that card; mostly nothing."""
    others = [OtherPaper.read(label) for kind, label in reasons if kind == ALSO]
    words = render_to_string(ALSO_IN[template], {"others": others, "site_url": settings.SITE_URL}) if others else ""
    return mark_safe(words.strip())  # noqa: S308  already escaped


def byline(held: Byline, template: str) -> SafeString:
    """The line of authors for that card; nothing where none is known."""
    words = render_to_string(BYLINE[template], {"byline": held}).rstrip("\n") if held.names else ""
    return _line_of(words, template)


def topics_line(topics: Sequence[Topic], template: str) -> SafeString:
    """The line of topics for that card; nothing where there are none."""
    context = {"topics": topics, "site_url": settings.SITE_URL}
    words = render_to_string(TOPICS_IN[template], context).rstrip("\n") if topics else ""
    return _line_of(words, template)


def _line_of(words: str, template: str) -> SafeString:
    """Text has its own line's end, so that a line that is not there takes no room."""
    return mark_safe(f"{words}\n" if words and template == TEXT_CARD else words)  # noqa: S308  already escaped


def compose(claim: Claim, choices: Sequence[Choice], cards: Cards, edition: EditionRevision | None) -> mail.Mail:
    """The mail of one delivery. ``choices`` are in order, ``cards`` holds at least their papers."""
    for words in LENGTHS:
        message = _compose(claim, choices, cards, edition, words)
        if len(str(message.alternatives[0][0]).encode()) <= HTML_LIMIT:
            break
    claim.subject = message.subject[:200]
    return message


def _compose(
    claim: Claim, choices: Sequence[Choice], cards: Cards, edition: EditionRevision | None, words: int
) -> mail.Mail:
    return build(
        claim,
        edition,
        papers=[cards.papers[one.paper_id] for one in choices],
        unsaid=unsaid(one.reasons for one in choices),
        html_cards=[_signed(cards.card(one, HTML_CARD, words), claim) for one in choices],
        html_lines=[cards.line(one.paper_id, HTML_LINE) for one in choices],
        text_lines=[cards.line(one.paper_id, TEXT_LINE) for one in choices],
        subject=subject_of([cards.papers[one.paper_id] for one in choices]),
        text_cards=[_signed(cards.card(one, TEXT_CARD, words), claim) for one in choices],
    )


def _signed(card: SafeString, claim: Claim) -> SafeString:
    return mark_safe(card.replace(TOKEN, claim.token))  # noqa: S308  a token has nothing to escape


def news_for(claim: Claim, edition: EditionRevision | None) -> str:
    """The site's own news of the day, for a reader who wants any."""
    return edition.site_news.strip() if edition and claim.wants_news else ""


def build(
    claim: Claim, edition: EditionRevision | None, *, folder: str = "digest", subject: str = "", **parts: Any
) -> mail.Mail:
    unsubscribe = links.absolute(reverse("digest:unsubscribe", args=[claim.token]))
    message = mail.build(
        folder,
        to=claim.address,
        context={
            **parts,
            "day": claim.day,
            "edition": edition,
            "news": news_for(claim, edition),
            "web_url": links.absolute(reverse("digest:delivery_detail", args=[claim.token])),
            "settings_url": links.absolute(reverse("digest:subscription")),
            "unsubscribe_url": unsubscribe,
        },
        headers=headers(claim, unsubscribe),
        envelope_sender=bounce_address(claim.token),
        subject=subject,
    )
    # Like the Message-ID, so that a repeat is the same mail.
    message.boundary = f"=_{claim.token}"
    return message


def headers(claim: Claim, unsubscribe: str) -> dict[str, str]:
    """What mail programs and providers read: RFC 2369, 2919, 8058, and Gmail's feedback loop."""
    assert claim.assembled_at is not None
    by_mail = _with_detail(f"unsub@{settings.MAIL_DOMAIN}", claim.token)
    return {
        # Of the first attempt and kept, like the Message-ID, so that a repeat is the same mail.
        "Date": format_datetime(claim.assembled_at),
        "Message-ID": claim.message_id,
        "List-Id": f"{_atom(settings.SITE_NAME)} daily digest <digest.{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": f"<{unsubscribe}>, <mailto:{by_mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"daily:digest:digest:{_sender_id()}",
    }


def bounce_address(token: str) -> str:
    """Where the report goes if this mail does not arrive (VERP)."""
    return _with_detail(settings.MAIL_BOUNCES, token)


def _with_detail(address: str, detail: str) -> str:
    """An address that carries a token after a plus sign (RFC 5233); up to 64 characters before the @."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{detail}@{domain}"


def _atom(text: str) -> str:
    return re.sub(r"[^\w .-]", "", text, flags=re.ASCII).strip() or "Papers"


def _sender_id() -> str:
    """5 to 15 letters that stay the same for this site."""
    return re.sub(r"[^a-z0-9]", "", settings.MAIL_DOMAIN.lower())[:15].ljust(5, "0")
