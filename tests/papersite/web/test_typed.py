"""Numbers from outside."""

import pytest

from papersite.web.typed import number


@pytest.mark.parametrize(
    ("text", "found"),
    [("0", 0), ("12", 12), ("999999999", 999_999_999), ("1000000000", None), ("", None), ("-1", None), ("1.0", None),
     ("²", None), ("١٢", None), (" 1", None)],
)  # fmt: skip
def test_number_is_made_of_few_plain_digits(text: str, found: int | None) -> None:
    assert number(text) == found
