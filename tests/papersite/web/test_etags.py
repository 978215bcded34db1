"""Whether who asks has it already."""

import pytest
from django.test import RequestFactory

from papersite.web.etags import is_known


@pytest.mark.parametrize(
    ("told", "is_had"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"x", W/"a" , "b"', True),
        ("*", True),
        ('"x"', False),
        ('"a-gzip"', False),
        ("a", False),
        ("", False),
        ('"', False),
    ],
)
def test_tags_are_compared_weakly_and_as_a_whole(rf: RequestFactory, told: str, is_had: bool) -> None:
    assert is_known(rf.get("/", headers={"If-None-Match": told}), '"a"') is is_had
