"""Shows the authors of a paper, however many they are."""

from collections.abc import Collection, Iterable

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from papersite.catalogue.models import Authorship, Paper
from papersite.catalogue.rows import Names
from papersite.web.jinja import url

register = template.Library()


@register.filter
def author_links(rows: Iterable[Authorship]) -> SafeString:
    """Names that lead to their pages, without a template's work for each of three thousand."""
    pairs = ((row.author.get_absolute_url(), row.author.name) for row in rows)
    return format_html_join(", ", '<a href="{}">{}</a>', pairs)


FIRST = 3


@register.simple_tag
def few_authors(paper: Paper, marked: int | Collection[str] | None = None) -> SafeString:
    """The first authors and the last, each leading to their page; who is ``marked`` (an author's number, or names)
    comes first, so that one sees at once that a page is about them."""
    by_place, count = _names(paper)
    rows = [by_place[place] for place in sorted(by_place)]
    names = marked if isinstance(marked, Collection) else ()
    own = [name for pk, name in rows if pk == marked or name in names]
    others = [row for row in rows if row[0] != marked and row[1] not in names]
    left = count - len(own)
    shown = others if left <= FIRST + 1 else others[:FIRST]
    line = ", ".join([*(f"<strong>{escape(name)}</strong>" for name in own), *map(_link, shown)])
    if left > FIRST + 1 and others:
        line = f"{line} <span>… {left - FIRST - 1:,} more …</span> {_link(others[-1])}"
    return mark_safe(f"{line} and others" if paper.has_more_authors else line)  # noqa: S308  each name is escaped


def _names(paper: Paper) -> Names:
    """Those that ``rows`` brought; of a paper from elsewhere all."""
    found: Names | None = vars(paper).get("row_names")
    if found is not None:
        return found
    every = {row.position: (row.author_id, row.author.name) for row in paper.authorships.all()}
    return Names(every, len(every))


def _link(row: tuple[int, str]) -> str:
    return f'<a href="{url("catalogue:author_detail", row[0])}">{escape(row[1])}</a>'


@register.filter
def last_author_link(rows: Iterable[Authorship]) -> SafeString:
    return author_links(list(rows)[-1:])
