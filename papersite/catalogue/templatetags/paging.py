"""Places of papers in a list that goes over pages."""

from django import template

from papersite.catalogue.lists import Page

register = template.Library()


@register.filter
def from_place(number: int, page: Page) -> int | None:
    """The place in the whole list of what comes as the so-manyth on a page; None where nobody counted before it."""
    return number if page.is_first else None
