"""What promise sees of a paper: named numbers of its words, authors, categories and links. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from papersite.catalogue.search.words import fold

_WORD = re.compile(r"[a-z0-9][a-z0-9+\-]*[a-z0-9+]")
_CODE = re.compile(r"github\.com|gitlab\.com|\bcode\b")
_MODELS = re.compile(r"huggingface\.co|hugging ?face")
_PAGE = re.compile(r"project ?page|project ?website|\.github\.io|homepage")
_ACCEPTED = re.compile(r"\baccepted|to appear|published (?:in|at)")
_REVIEW = re.compile(r"under review|submitted to")
_ACRONYM = re.compile(r"[A-Z].*[A-Z]")
# From so many authors on, each its own step.
STEPS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50)


@dataclass(frozen=True, slots=True)
class Seen:
    """A paper as it was on the day it was announced."""

    title: str
    abstract: str = ""
    comment: str = ""
    authors: Sequence[str] = ()
    """By their keys, in order."""
    categories: Sequence[str] = ()
    """The first is the primary one."""
    has_code: bool = False
    has_page: bool = False


class Words(NamedTuple):
    """How often each word and each pair of neighbours stands in title and abstract."""

    title: Mapping[str, int]
    abstract: Mapping[str, int]


def words(seen: Seen) -> Words:
    return Words(_counted(seen.title), _counted(seen.abstract))


def _counted(text: str) -> Counter[str]:
    single = _WORD.findall(fold(text))
    counts = Counter(single)
    counts.update(map(" ".join, pairwise(single)))
    return counts


def marks(seen: Seen) -> dict[str, float]:
    """What is seen beside the words and the history of the authors; a name without a number here is 0."""
    found = {f"category {code}": 1.0 for code in seen.categories}
    if seen.categories:
        found[f"first category {seen.categories[0]}"] = 1.0
    told = fold(f"{seen.abstract}\n{seen.comment}")
    remark = fold(seen.comment)
    head, colon, _ = seen.title.partition(":")
    is_so = {
        "colon": bool(colon),
        "name": bool(colon) and len(head.split()) == 1,
        "acronym": bool(colon) and _ACRONYM.search(head) is not None,
        "question": "?" in seen.title,
        "survey": "survey" in fold(seen.title),
        "technical report": "technical report" in fold(seen.title) or "technical report" in remark,
        "code": seen.has_code or _CODE.search(told) is not None,
        "hugging face": _MODELS.search(told) is not None,
        "project page": seen.has_page or _PAGE.search(told) is not None,
        "link": "http" in told,
        "remark": bool(remark),
        "accepted": _ACCEPTED.search(remark) is not None,
        "under review": _REVIEW.search(remark) is not None,
    }
    found |= {name: 1.0 for name, holds in is_so.items() if holds}
    count = max(len(seen.authors), 1)
    found["authors"] = math.log(count) - 1.5
    found |= {f"authors in category {code}": min(math.log1p(count), 4) / 2 for code in seen.categories}
    found |= {f"{step} authors": 1.0 for step in STEPS if count >= step}
    found["length of abstract"] = math.log(len(seen.abstract) + 1) - 7
    found["length of title"] = len(seen.title.split()) / 10
    return found


def history(authors: Sequence[str], wanted: Mapping[str, int]) -> dict[str, float]:
    """What ``wanted`` tells of the authors: on how many earlier papers that readers wanted each of them was."""
    counts = [wanted.get(author, 0) for author in authors]
    if not any(counts):
        return {}
    return {
        "wanted in sum": math.log1p(sum(counts)),
        "wanted at most": math.log1p(max(counts)),
        "wanted in share": sum(count > 0 for count in counts) / len(counts),
        "wanted by the first": math.log1p(counts[0]),
        "wanted by the last": math.log1p(counts[-1]),
    }
