"""Letters with accents; more of them among the cases of test_words.py."""

import pytest

from papersite.catalogue.sources.tex.accents import SEEN, accented


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"\'e \v{s} \c{C}", "é š Ç"),
        (r"\'{\~e}", r"ẽ́"),
        (r"Ond\v rej, \v Cech, Erd\H os", "Ondřej, Čech, Erdős"),
        # What may be a macro of somebody's own.
        (r"\v what, \k", r"\v what, \k"),
        ("plain", "plain"),
    ],
)
def test_accented(typed: str, read: str) -> None:
    assert accented(typed).replace(SEEN, "") == read
