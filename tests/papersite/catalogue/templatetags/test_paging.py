"""Places in a list over pages."""

from django.core.paginator import Paginator

from papersite.catalogue.templatetags.paging import from_place


def test_a_place_counts_from_the_first_page_where_pages_are_counted() -> None:
    assert from_place(2, Paginator(range(100), 30).page(3)) == 62
    assert from_place(2, object()) is None
    assert from_place(2, "") is None
