"""What is pasted into the search box and names one paper: an identifier, a link, a whole title."""

import re
from urllib.parse import unquote

from django.db.models import QuerySet

from papersite.catalogue import cleaning
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.text import arxiv_id

_ARXIV_LINK = re.compile(
    r"(?:https?://)?(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf|html|format)/|alphaxiv\.org/(?:abs|pdf)/"
    r"|huggingface\.co/papers/|(?:dx\.)?doi\.org/10\.48550/arxiv\.)(?P<id>[^\s?#]+)(?:[?#]\S*)?",
    re.IGNORECASE,
)
_ARXIV_DOI = re.compile(r"(?:doi:\s*)?10\.48550/arxiv\.(?P<id>\S+)", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
# A title of one or two words may well be a search.
FEWEST_WORDS = 3
LONGEST = 1100


def paper(text: str) -> Paper | None:
    """The visible paper that a text names, if it names one and only one."""
    typed = " ".join(text.split())
    if not typed or len(typed) > LONGEST or "\x00" in unquote(typed):
        return None
    if identifier := identifier_in(typed):
        return _only(Paper.objects.visible().filter(arxiv_id=identifier))
    if match := _DOI.fullmatch(unquote(typed)):
        return _only(Paper.objects.visible().filter(doi__iexact=match["doi"]))
    if len(typed.split()) >= FEWEST_WORDS:
        return _only(Paper.objects.visible().filter(content_key=cleaning.content_key(typed)))
    return None


def identifier_in(text: str) -> str:
    """The arXiv id that a text is, or that a link to arXiv or to a page about its papers holds; else ""."""
    match = _ARXIV_LINK.fullmatch(text) or _ARXIV_DOI.fullmatch(text)
    held = unquote(match["id"]).rstrip("/").removesuffix(".pdf") if match else text.removeprefix("id:")
    return arxiv_id(held)


def _only(papers: QuerySet[Paper]) -> Paper | None:
    found = list(papers[:2])
    return found[0] if len(found) == 1 else None
