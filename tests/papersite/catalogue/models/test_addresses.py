"""Where pages of the catalogue's rows are."""

import pytest

from papersite.catalogue.models.addresses import address


@pytest.mark.parametrize(
    ("page", "of", "path"),
    [("paper_detail", "2605.29801", "/papers/2605.29801/"), ("author_detail", 7, "/authors/7/"),
        ("topic_detail", "agents", "/topics/agents/"), ("category_detail", "cs.LG", "/categories/cs.LG/")],
)  # fmt: skip
def test_address_is_the_path_of_a_page(page: str, of: str | int, path: str) -> None:
    assert address(f"catalogue:{page}", of) == address(f"catalogue:{page}", of) == path
