"""Shows the authors of a paper, however many they are."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from papersite.catalogue.models import Authorship

register = template.Library()


@register.filter
def author_links(rows: Iterable[Authorship]) -> SafeString:
    """Names that lead to their pages, without a template's work for each of three thousand."""
    pairs = ((row.author.get_absolute_url(), row.author.name) for row in rows)
    return format_html_join(", ", '<a href="{}">{}</a>', pairs)


@register.filter
def last_author_link(rows: Iterable[Authorship]) -> SafeString:
    return author_links(list(rows)[-1:])
