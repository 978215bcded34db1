"""What curators write, on pages and in mails."""

import textwrap
from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from digest.composing import digest_mail
from digest.types import NAMED, Choice, OtherPaper, Reason
from papersite import markdown as words
from papersite.catalogue.search import words as words_of

register = template.Library()
VOWELS = frozenset("aeiou")
LINE = 72
# What stands before a note on its first line.
PICKED = "Why: Picked by the curator: "


@register.filter
def markdown(text: str) -> SafeString:
    return words.html_of(text)


@register.filter
def markdown_text(text: str) -> str:
    return words.text_of(text)


@register.filter
def markdown_line(text: str) -> SafeString:
    """What is safe already stays as it is: it was made plain before."""
    return text if isinstance(text, SafeString) else words.html_of_line(text)


@register.filter
def in_plain_text(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons with the curator's note as plain text, in lines as long as those of the excerpt above it."""
    return [
        (kind, SafeString(_wrapped(words.text_of_line(label))) if kind == "pick" else label) for kind, label in reasons
    ]


def _wrapped(note: str) -> str:
    lines = textwrap.wrap(note, LINE, initial_indent=" " * len(PICKED), break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).strip()


@register.filter
def authors_together(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons with all authors in one: "Ada Byron, Bo Diaz and Cy Young", where the first of them stood; and so all
    names that several people bear, "a Bo Diaz and an Eve Young", of which many have a kind of their own."""
    together = _together(reasons, "author", "author")
    articled = [(kind, with_article(label)) if kind == NAMED else (kind, label) for kind, label in together]
    return _together(articled, NAMED, "names")


def _together(reasons: Sequence[Reason], kind: str, many: str) -> list[Reason]:
    labels = [label for one, label in reasons if one == kind]
    if len(labels) < 2:
        return list(reasons)
    place = next(number for number, one in enumerate(reasons) if one[0] == kind)
    others = [one for one in reasons if one[0] != kind]
    return [*others[:place], (many, f"{', '.join(labels[:-1])} and {labels[-1]}"), *others[place:]]


def with_article(name: str) -> str:
    """One of those who bear a name: "a Bo Diaz", "an Émile Roe"."""
    return f"{'an' if words_of.fold(name[:1]) in VOWELS else 'a'} {name}"


@register.filter
def unquoted(search: str) -> str:
    """A search for one phrase as that phrase, which a sentence has quotes for."""
    return search[1:-1] if len(search) > 2 and search[0] == search[-1] == '"' and search.count('"') == 2 else search


@register.filter
def unsaid(choices: Sequence[tuple[object, Choice]]) -> str:
    """Whether "some" or "all" of these papers name no reason."""
    return digest_mail.unsaid(choice.reasons for _, choice in choices)


@register.filter
def worth_saying(reasons: Sequence[Reason]) -> list[Reason]:
    """Without that it is trending overall, which a page says once for all its papers."""
    return [one for one in reasons if one[0] != "trending"]


@register.filter
def other_paper(label: str) -> OtherPaper:
    """The paper that is named beneath another, of its reason's label."""
    return OtherPaper.read(label)
