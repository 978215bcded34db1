"""arXiv ids and DOIs in whatever field a reference manager puts them."""

import re
from collections.abc import Iterable

from papersite.catalogue.sources.text import arxiv_id

# Of longer texts the beginning is looked at: no identifier stands behind ten lines of something else.
LOOKED_AT = 2000
_ID = r"((?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?)(?![0-9])"
_SITES = r"(?:arxiv\.org|alphaxiv\.org|huggingface\.co|hf\.co|scirate\.com|ar5iv\.(?:labs\.arxiv\.)?org)"
# An address; a DOI of arXiv's; "arXiv:ID", "arXiv preprint arXiv:ID"; DBLP's volume of CoRR.
_NAMED = re.compile(
    rf"(?:{_SITES}/(?:[a-z-]+/)?(?:arxiv/)?|10\.48550/arxiv\.|\barxiv\s?[:.]\s?|\barxiv\s(?:preprint\s)?|^abs/){_ID}",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s{}\\\"<>]+")
_LEADING = re.compile(rf"^\s*(?:eprint\s*:\s*)?arxiv:\s?{_ID}", re.IGNORECASE | re.MULTILINE)


def arxiv_id_of(values: Iterable[str]) -> str:
    """The first arXiv id that one of these fields names, without version; "" where none does."""
    for value in values:
        if found := _NAMED.search(value[:LOOKED_AT]):
            return arxiv_id(found[1])
    return ""


def bare_arxiv_id(value: str) -> str:
    """That of a field made for it, where it may stand by itself."""
    return arxiv_id(value[:LOOKED_AT].strip()) or arxiv_id_of([value])


def leading_arxiv_id(text: str) -> str:
    """That of a line which begins with it, as Zotero's Extra has it: such a line speaks of the paper itself."""
    found = _LEADING.search(text[:LOOKED_AT])
    return arxiv_id(found[1]) if found else ""


def doi_of(values: Iterable[str]) -> str:
    """The first DOI that one of these fields names, but for those that arXiv gives its own papers."""
    for value in values:
        found = _DOI.search(value[:LOOKED_AT])
        if found and not found[0].lower().startswith("10.48550/arxiv."):
            return found[0].rstrip(".,;)")
    return ""
