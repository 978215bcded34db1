"""Shows the authors of a paper, however many they are."""

from collections.abc import Iterable

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from papersite.catalogue.models import Authorship, Paper

register = template.Library()


@register.filter
def author_links(rows: Iterable[Authorship]) -> SafeString:
    """Names that lead to their pages, without a template's work for each of three thousand."""
    pairs = ((row.author.get_absolute_url(), row.author.name) for row in rows)
    return format_html_join(", ", '<a href="{}">{}</a>', pairs)


FIRST = 3


@register.simple_tag
def few_authors(paper: Paper, marked: int | None = None) -> SafeString | str:
    """The first authors and the last, each leading to their page; the one that is ``marked`` (an author's number)
    comes first, so that one sees at once that a page is about them."""
    rows = list(paper.authorships.all())
    own = [row for row in rows if row.author_id == marked]
    others = [row for row in rows if row.author_id != marked]
    shown = others if len(others) <= FIRST + 1 else others[:FIRST]
    parts = [format_html("<strong>{}</strong>", row.author.name) for row in own]
    if shown:
        parts.append(author_links(shown))
    line = format_html_join(", ", "{}", ((part,) for part in parts))
    if len(shown) < len(others):
        between = len(others) - FIRST - 1
        line = format_html("{} <span>… {} more …</span> {}", line, intcomma(between), author_links(others[-1:]))
    return format_html("{} and others", line) if paper.has_more_authors else line


@register.filter
def last_author_link(rows: Iterable[Authorship]) -> SafeString:
    return author_links(list(rows)[-1:])
