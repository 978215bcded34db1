"""Digest mails as bytes from compiled templates: what mails share is rendered once, and a mail is one join.

The bytes are the same as ``digest_mail`` and Django's message classes make; tests compare the two. Where
they cannot be had this way, such as for a line longer than mail allows, ``mail`` returns None and the
caller takes ``digest_mail``.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from itertools import chain
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import uuid4

from digest.composing import digest_mail
from digest.composing.digest_mail import HTML_CARD, HTML_LIMIT, HTML_LINE, TEXT_CARD, TEXT_LINE
from digest.models import EditionRevision
from digest.types import ALSO, PERSONAL, Choice, Claim, Reason
from papersite.mailing import mail

# A line of this length stays within the limit of mail when a few words are joined to it (RFC 5322: 998 bytes).
SHORT_LINE = 700
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.+_-]{1,40}@[A-Za-z0-9.-]{1,30}")
# Nobody who writes a title can know it. As long as a token can be, so that lines fold alike.
_SECRET = f"{uuid4().hex}{'x' * 8}"
_PLACEHOLDER = re.compile(f"zq([a-z]{{1,40}}?\\d{{0,9}}?)z{_SECRET}zq".encode())
_CODING = re.compile(rb"(?<=Content-Transfer-Encoding: )\w+(?=\r\n)")
_HEADERS = re.compile(rb"^(Subject|To|Date|Message-ID): .*\r\n(?:[ \t].*\r\n)*", re.MULTILINE)


DOT = " · ".encode()
# Of a text card's reasons, once.
WHY = b"Why: "
# Of a card that names no others.
NONE = b"", b""


def placeholder(name: str, number: int | str = "") -> str:
    """What a template has where each mail has something of its own."""
    return f"zq{name}{number}z{_SECRET}zq"


_CODING_PLACEHOLDER = placeholder("coding").encode()


class Lines(NamedTuple):
    """A card's lines of authors and of topics in both bodies, which name first what a reader follows."""

    html_byline: bytes
    html_topics: bytes
    text_byline: bytes
    text_topics: bytes

    @property
    def is_plain(self) -> bool:
        return all(map(_is_plain, self))


Pieces = tuple[bytes, bytes, bytes, bytes, list[bytes]]
"""A card's bytes before its authors, its reasons, the others on the same thing and its topics; and those after, cut
where the token belongs."""


@dataclass(frozen=True, slots=True)
class CompiledCard:
    """One paper's card in both bodies."""

    html: Pieces
    text: Pieces
    lines: Lines
    """For who follows none of its authors and topics."""
    html_line: bytes
    text_line: bytes
    title: bytes
    is_plain: bool
    """Whether all its lines can travel as they are: none is too long, none begins with a dot."""


Section = tuple[list[bytes], list[tuple[int, str]]]
"""Pieces of bytes, and the indexes among them at which a named value belongs."""


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """All that mails of one day and length share, cut where each has something of its own."""

    head: Section
    text: Section
    between: Section
    html: Section


class DigestRenderer:
    """Renders digests, and keeps what the mails of a run share."""

    def __init__(self, cards: digest_mail.Cards) -> None:
        self.cards = cards
        self._templates: dict[tuple[date, int | None, int, bool, str], CompiledTemplate | None] = {}
        self._cards: dict[int, CompiledCard] = {}
        self._why: dict[tuple[Reason, ...], tuple[bytes, bytes]] = {}
        self._also: dict[tuple[Reason, ...], tuple[bytes, bytes]] = {}
        self._lines: dict[tuple[int, digest_mail.Followed], Lines | None] = {}
        self._topics: dict[tuple[int, ...], tuple[bytes, bytes]] = {}
        self._subjects: dict[tuple[int, int], tuple[str, bytes, bytes]] = {}

    def mail(self, claim: Claim, choices: Sequence[Choice], edition: EditionRevision | None) -> bytes | None:
        """One whole message with CRLF line ends, or None where only ``digest_mail`` makes it right."""
        template = self._template(claim, len(choices), edition, digest_mail.unsaid(one.reasons for one in choices))
        self.load({choice.paper_id for choice in choices})
        cards = [self._cards[choice.paper_id] for choice in choices]
        whys = [self._why_of(choice.reasons) for choice in choices]
        others = [self._also_of(choice.reasons) for choice in choices]
        lines = [self._lines_of(choice) for choice in choices]
        preheader = DOT.join(one.title for one in cards[1:4])
        own = (preheader, *chain(*whys))
        is_plain = all(one.is_plain for one in cards) and not any(b"\n" in one for one in (own[0], *own[1::2]))
        is_plain = is_plain and all(map(_is_plain, chain(own[2::2], *(one for one in others if one is not NONE))))
        if template is None or not is_plain or None in lines or max(map(len, own)) > SHORT_LINE:
            return None
        subject, subject_header, subject_html = self._subject(choices)
        values = own_headers(claim) | {"subject": subject_html, "preheader": preheader, "headsubject": subject_header}
        token = values["token"]
        for number, (one, why, other, line) in enumerate(zip(cards, whys, others, lines, strict=True)):
            assert line is not None
            values[f"htmlline{number}"], values[f"textline{number}"] = one.html_line, one.text_line
            values[f"html{number}"] = _in_html(one, line, why[0], other[0], token)
            values[f"text{number}"] = _in_text(one, line, why[1], other[1], token)
        claim.subject = subject[:200]
        return fill(template, values)

    def _template(
        self, claim: Claim, count: int, edition: EditionRevision | None, unsaid: str
    ) -> CompiledTemplate | None:
        has_news = digest_mail.news_for(claim, edition) != ""
        if (key := (claim.day, edition.pk if edition else None, count, has_news, unsaid)) not in self._templates:
            self._templates[key] = _compile(claim, count, edition, unsaid)
        return self._templates[key]

    def load(self, ids: set[int]) -> None:
        """Compiles the cards that no earlier batch had; ``cards`` holds their papers."""
        if missing := sorted(ids - self._cards.keys()):
            made = _make_cards([self.cards.papers[paper_id] for paper_id in missing])
            self._cards |= zip(missing, made, strict=True)

    def _lines_of(self, choice: Choice) -> Lines | None:
        """None where they cannot travel as they are."""
        usual = self._cards[choice.paper_id].lines
        followed = digest_mail.followed_in(choice.reasons)
        if not any(followed):
            return usual
        if (key := (choice.paper_id, followed)) not in self._lines:
            made = self._made_lines(self.cards.papers[choice.paper_id], followed, usual)
            self._lines[key] = made if made.is_plain else None
        return self._lines[key]

    def _made_lines(self, paper: Any, followed: digest_mail.Followed, usual: Lines) -> Lines:
        """Anew only what is not as usual: that costs a thousand times as much."""
        byline, topics = digest_mail.byline_of(paper, followed.authors), digest_mail.topics_of(paper, followed.topics)
        if byline != digest_mail.byline_of(paper):
            (in_html,) = _inlined([digest_mail.byline(byline, HTML_CARD)])
            usual = usual._replace(html_byline=in_html, text_byline=_bytes(digest_mail.byline(byline, TEXT_CARD)))
        if topics == digest_mail.topics_of(paper):
            return usual
        if (key := tuple(topic.pk for topic in topics)) not in self._topics:
            (in_html,) = _inlined([digest_mail.topics_line(topics, HTML_CARD)])
            self._topics[key] = in_html, _bytes(digest_mail.topics_line(topics, TEXT_CARD))
        html_topics, text_topics = self._topics[key]
        return usual._replace(html_topics=html_topics, text_topics=text_topics)

    def _why_of(self, reasons: tuple[Reason, ...]) -> tuple[bytes, bytes]:
        if not (reasons := digest_mail.own_reasons(reasons)):
            return b"", b""
        *others, last = reasons
        # The paper that a reader liked is theirs, what they follow is many readers': made apart.
        if others and last[0] in PERSONAL and others[-1][1] == others[-1][1].strip():
            (html_before, text_before), (html_like, text_like) = self._why_of(tuple(others)), self._why_of((last,))
            return html_before + DOT + html_like, text_before + DOT + text_like.removeprefix(WHY)
        if reasons not in self._why:
            written = digest_mail.why(reasons, HTML_CARD)
            # Only a curator's note has tags, which the inliner gives their styles.
            in_html = _inlined([written])[0] if "<" in written else _serialised(html.unescape(written))
            self._why[reasons] = in_html, _bytes(digest_mail.why(reasons, TEXT_CARD))
        return self._why[reasons]

    def _also_of(self, reasons: tuple[Reason, ...]) -> tuple[bytes, bytes]:
        # They stand last.
        if not reasons or reasons[-1][0] != ALSO:
            return NONE
        others = tuple(one for one in reasons if one[0] == ALSO)
        if others not in self._also:
            (in_html,) = _inlined([digest_mail.also(others, HTML_CARD)])
            self._also[others] = in_html, _bytes(digest_mail.also(others, TEXT_CARD))
        return self._also[others]

    def _subject(self, choices: Sequence[Choice]) -> tuple[str, bytes, bytes]:
        key = choices[0].paper_id, len(choices)
        if key not in self._subjects:
            papers = [self.cards.papers[choice.paper_id] for choice in choices]
            subject = digest_mail.subject_of(papers)
            self._subjects[key] = subject, header("Subject", subject), _serialised(subject)
        return self._subjects[key]


def _in_html(card: CompiledCard, lines: Lines, why: bytes, other: bytes, token: bytes) -> bytes:
    head, before, between, then, after = card.html
    if not why:
        # Without the paragraph that would hold it.
        before, between = before[: before.rindex(b"<p")], between.removeprefix(b"</p>")
    pieces = (head, lines.html_byline, before, why, between, other, then, lines.html_topics, token.join(after))
    return b"".join(pieces)


def _in_text(card: CompiledCard, lines: Lines, why: bytes, other: bytes, token: bytes) -> bytes:
    head, before, between, then, after = card.text
    if not why or not other:
        between = b""
    if not why and not other:
        # Without the line that would hold them.
        then = b""
    pieces = (head, lines.text_byline, before, why, between, other, then, lines.text_topics, token.join(after))
    return b"".join(pieces)


def own_headers(claim: Claim) -> dict[str, bytes]:
    """The values that every mail has for itself: its token and most of its headers."""
    assert claim.assembled_at is not None
    return {
        "token": claim.token.encode(),
        "headto": _to(claim.address),
        "headdate": _date(claim.assembled_at),
        "headmessageid": _message_id(claim.message_id),
    }


def fill(template: CompiledTemplate, values: dict[str, bytes]) -> bytes | None:
    text, in_html = _filled(template.text, values), _filled(template.html, values)
    if len(in_html) > HTML_LIMIT:
        return None
    values["coding"] = b"7bit" if text.isascii() else b"8bit"
    head = _filled(template.head, values)
    values["coding"] = b"7bit" if in_html.isascii() else b"8bit"
    return b"".join((head, text, _filled(template.between, values), in_html))


def _filled(section: Section, values: dict[str, bytes]) -> bytes:
    pieces, places = section
    filled = pieces.copy()
    for place, name in places:
        filled[place] = values[name]
    return b"".join(filled)


def _compile(claim: Claim, count: int, edition: EditionRevision | None, unsaid: str) -> CompiledTemplate | None:
    """The message that ``digest_mail`` builds, with placeholders, cut at these."""
    message = digest_mail.build(
        with_placeholders(claim),
        edition,
        subject=placeholder("subject"),
        unsaid=unsaid,
        papers=[SimpleNamespace(title=placeholder("title")), SimpleNamespace(title=placeholder("preheader"))],
        html_cards=[f"\n{placeholder('html', number)}\n" for number in range(count)],
        text_cards=[placeholder("text", number) for number in range(count)],
        html_lines=[f"\n{placeholder('htmlline', number)}\n" for number in range(count)],
        text_lines=[f"{placeholder('textline', number)}\n" for number in range(count)],
    )
    return compile_mail(message)


def with_placeholders(claim: Claim) -> Claim:
    return replace(claim, token=placeholder("token"))


def compile_mail(message: mail.Mail) -> CompiledTemplate | None:
    """A mail with marks in it, cut at these; None where its lines cannot travel as they are."""
    head, _, body = message.message(policy=policy.SMTP).as_bytes().partition(b"\r\n\r\n")
    head = _HEADERS.sub(
        lambda found: placeholder(f"head{found[1].decode().lower().replace('-', '')}").encode(), head + b"\r\n"
    )
    before, text, in_html, after = body.split(f"--{message.boundary}".encode())
    if b"quoted-printable" in _head_of(text) + _head_of(in_html) or b"\r\n." in body:
        return None
    edge = f"--{message.boundary}".encode()
    text_head, html_head = _head_of(text), _head_of(in_html)
    return CompiledTemplate(
        head=_section(head + b"\r\n" + before + edge + _CODING.sub(_CODING_PLACEHOLDER, text_head)),
        text=_section(text.removeprefix(text_head)),
        between=_section(edge + _CODING.sub(_CODING_PLACEHOLDER, html_head)),
        html=_section(in_html.removeprefix(html_head) + edge + after),
    )


def _head_of(part: bytes) -> bytes:
    return part[: part.index(b"\r\n\r\n") + 4]


def _section(marked: bytes) -> Section:
    pieces = _PLACEHOLDER.split(marked)
    places = [(number, pieces[number].decode()) for number in range(1, len(pieces), 2)]
    return pieces, places


PARTS = digest_mail.Parts(*map(placeholder, digest_mail.Parts._fields))


def _make_cards(papers: Sequence[Any]) -> Iterator[CompiledCard]:
    """Cards and lines with their styles in their tags, all in one go."""
    briefs = [digest_mail.brief(paper) for paper in papers]
    bylines = [digest_mail.byline_of(paper) for paper in papers]
    topics = [digest_mail.topics_of(paper) for paper in papers]
    made = zip(
        briefs,
        _inlined([str(digest_mail.card(one, PARTS, HTML_CARD)) for one in briefs]),
        _inlined([str(digest_mail.line(one, HTML_LINE)) for one in briefs]),
        (_bytes(digest_mail.card(one, PARTS, TEXT_CARD)) for one in briefs),
        (_bytes(digest_mail.line(one, TEXT_LINE).removesuffix("\n")) for one in briefs),
        map(
            Lines,
            _inlined([digest_mail.byline(one, HTML_CARD) for one in bylines]),
            _inlined([digest_mail.topics_line(one, HTML_CARD) for one in topics]),
            (_bytes(digest_mail.byline(one, TEXT_CARD)) for one in bylines),
            (_bytes(digest_mail.topics_line(one, TEXT_CARD)) for one in topics),
        ),
        strict=True,
    )
    for one, in_html, html_line, in_text, text_line, lines in made:
        yield CompiledCard(
            html=_parts(in_html),
            text=_parts(in_text),
            lines=lines,
            html_line=html_line,
            text_line=text_line,
            title=_serialised(one.title),
            is_plain=lines.is_plain and _is_plain(b"\n".join((in_html, in_text, html_line, text_line))),
        )


def _inlined(pieces: Sequence[str]) -> list[bytes]:
    """Pieces of a page as bytes, without their own first and last line end, which stand in the template."""
    edge = placeholder("edge")
    page = mail.inline_only(f"<body><table><tr><td>{edge}{edge.join(pieces)}{edge}</td></tr></table></body>")
    found = []
    for piece in page.split(edge)[1:-1]:
        lines = piece.removeprefix("\n").removesuffix("\n").split("\n")
        found.append(_bytes("\n".join(mail.broken(line) for line in lines)))
    return found


def _parts(card: bytes) -> Pieces:
    *pieces, after = re.split(b"|".join(re.escape(mark.encode()) for mark in PARTS), card)
    before, reasons, between, then = pieces
    return before, reasons, between, then, after.split(digest_mail.TOKEN.encode())


def _is_plain(lines: bytes) -> bool:
    """Whether lines can travel as they are: none is too long, none begins with a dot."""
    return all(len(line) <= mail.LINE_WISH and not line.startswith(b".") for line in lines.splitlines())


def _bytes(text: str) -> bytes:
    """With the line ends of mail."""
    return re.sub(rb"\r\n|\r|\n", b"\r\n", text.encode())


def _serialised(text: str) -> bytes:
    """Text as the inliner writes it, which keeps fewer characters escaped than Django does."""
    for character, name in (("&", "&amp;"), ("\xa0", "&nbsp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, name)
    return _bytes(text)


@lru_cache(maxsize=100)
def _date(moment: datetime) -> bytes:
    return b"Date: %b\r\n" % format_datetime(moment).encode()


def _to(address: str) -> bytes:
    if _PLAIN_ADDRESS.fullmatch(address):
        return f"To: {address}\r\n".encode()
    message = mail.Mail(to=[address]).message(policy=policy.SMTP)
    return message.policy.fold_binary("To", message["To"])


def _message_id(message_id: str) -> bytes:
    if len(message_id) <= 60:
        return f"Message-ID: {message_id}\r\n".encode()
    return header("Message-ID", message_id)


def header(name: str, value: str) -> bytes:
    """One header as the slow way folds it."""
    message = EmailMessage(policy=policy.SMTP)
    message[name] = value
    return policy.SMTP.fold_binary(name, message[name])
