"""Places of papers in a list that goes over pages."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def from_place(number: int, page: Any) -> int | None:
    """The place in the whole list of what comes as the so-manyth on a page; None where nobody counted."""
    start = getattr(page, "start_index", None)
    if start is None:
        return None
    first = start() if callable(start) else start
    return None if first is None else int(first) + number - 1
