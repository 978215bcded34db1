"""arXiv's categories."""

import pytest

from papersite.catalogue.topics.taxonomy import ALIASES, NAMES, SUBSUMED, category


def test_every_active_category_is_there_once() -> None:
    archives = {"astro-ph", "cond-mat", "q-bio"}

    # 155 are active; six of them are other names of one.
    assert len(NAMES.keys() - archives) == 155 - len(ALIASES)
    assert not NAMES.keys() & (ALIASES | SUBSUMED).keys()
    assert set((ALIASES | SUBSUMED).values()) <= NAMES.keys()
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("cs.LG", "cs.LG"),
        (" cs.LG ", "cs.LG"),
        ("stat.TH", "math.ST"),
        ("alg-geom", "math.AG"),
        ("68T45", ""),
        ("I.2.10", ""),
        ("cs.XX", ""),
        ("", ""),
    ],
)
def test_category_is_one_of_arxivs_or_nothing(code: str, known: str) -> None:
    assert category(code) == known
