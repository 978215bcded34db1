"""Places in a list over pages."""

from papersite.catalogue.lists import Page
from papersite.catalogue.templatetags.paging import from_place


def test_only_the_first_page_knows_places() -> None:
    assert from_place(2, Page([], "", is_first=True)) == 2
    assert from_place(2, Page([], "", is_first=False)) is None
