"""What curators write, on pages and in mails."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from digest.composing import digest_mail
from digest.types import Choice, OtherPaper, Reason
from papersite import markdown as words

register = template.Library()


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
    """Reasons with the curator's note as plain text."""
    return [(kind, SafeString(words.text_of_line(label)) if kind == "pick" else label) for kind, label in reasons]


@register.filter
def authors_together(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons with all authors in one: "Ada Byron, Bo Diaz and Cy Young", where the first of them stood."""
    names = [label for kind, label in reasons if kind == "author"]
    others = [one for one in reasons if one[0] != "author"]
    if len(names) < 2:
        return list(reasons)
    place = next(number for number, one in enumerate(reasons) if one[0] == "author")
    return [*others[:place], ("author", f"{', '.join(names[:-1])} and {names[-1]}"), *others[place:]]


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
