"""What is pasted into the search box and names one paper: an identifier, a link, a whole title."""

import re
from urllib.parse import unquote

from django.db.models import QuerySet

from papersite.catalogue.models import Paper
from papersite.catalogue.reading import cleaning
from papersite.catalogue.search.words import plain
from papersite.catalogue.sources.text import arxiv_id

# Links to arXiv and to those that show its papers, to whatever form of one.
_ARXIV_LINK = re.compile(
    r"(?:https?://)?(?:(?:(?:[a-z]{2,12}\.)?arxiv\.org|(?:xxx\.)?lanl\.gov)/(?:abs|pdf|html|format|e-print|src|ps|dvi|tb|show-email|a|bibtex)/"
    r"|(?:www\.)?ar5iv\.(?:org|labs\.arxiv\.org)/(?:abs|html|pdf)/|(?:www\.)?ar5iv\.org/|(?:www\.)?alphaxiv\.org/[a-z-]+/"
    r"|(?:[a-z]{2,12}\.)?arxiv\.org/api/query\?id_list=|(?:(?:www|api)\.)?semanticscholar\.org/arxiv[/:]"
    r"|(?:www\.)?emergentmind\.com/papers/"
    r"|(?:huggingface\.co|hf\.co)/papers/|(?:www\.)?(?:arxiv-vanity|scirate)\.com/(?:papers/|arxiv/)?"
    r"|(?:dx\.)?doi\.org/10\.48550/arxiv\.)(?P<id>[^\s?#&]+)(?:[?#&]\S*)?(?:\s*\[[a-z.,\- ]+\]?)?",
    re.IGNORECASE,
)
# As in the margin of a PDF: an identifier, its class, a day.
_STAMP = re.compile(
    r"(?:(?:oai:)?arxiv(?:\.org)?(?:\s*id)?\s*[:#]?\s*|#)?(?P<id>[a-z.\-]*/?[0-9.]+(?:v[0-9]+)?)"
    r"(?:\s*[\[(][a-z.\- ]+[\])]|\s+[a-z]{2,8}(?:-[a-z]{2,4})?\.[a-z]{2}|\s+cs)?"
    r"(?:\s+[0-9]{1,2}\s+[a-z]{3,9}\.?\s+[0-9]{4})?",
    re.IGNORECASE,
)
# The name of a page's tab, and what arXiv says to cite.
_NAMED = re.compile(
    r"\[(?P<id>[a-z.\-]*/?[0-9.]{7,10}(?:v[0-9]+)?)\] \S.*"
    r"|arxiv:(?P<cited>\S+) \[[a-z.\- ]+\] \(or arxiv:\S+ \[[a-z.\- ]+\] for this version\)",
    re.IGNORECASE,
)
_AROUND = " \t\n.,;:!?()[]{}<>\"'“”„«»‘’`"
_ARXIV_DOI = re.compile(r"(?:doi:\s*)?10\.48550/arxiv\.(?P<id>\S+)", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
# At the end of a reference, "CoRR abs/2606.32036, 2026", and in the name of a file.
_CITED = re.compile(
    r"(?:(?:.*[\s,(])?(?:(?:arxiv|corr|e-?print|preprint)\b[\s:.,={_-]*+|arxiv_|arxiv\.org/)+(?:abs/)?|/?abs/)?"
    r"(?P<id>[0-9]{4}\.[0-9]{4,5}(?:v[0-9]{1,3})?|[a-z-]{2,12}(?:\.[a-z]{2})?/[0-9]{7}(?:v[0-9]{1,3})?)"
    r"(?:\.pdf| v[0-9]{1,2}\b)?"
    r"[\s})\]]*+(?:\[[a-z.,\- ]++\]?)?[\s,.(]*+(?:[0-9]{4})?[\s).,;}]*+",
    re.IGNORECASE,
)
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
    inner = plain(text).removeprefix("\\url").strip(_AROUND)
    if match := _ARXIV_LINK.fullmatch(inner) or _ARXIV_DOI.fullmatch(inner):
        held = unquote(match["id"]).rstrip("/").removesuffix(".pdf")
        return arxiv_id(held.strip(_AROUND))
    if match := _NAMED.fullmatch(text.strip()):
        return arxiv_id(match["id"] or match["cited"])
    # The bracket of a stamp's class may have been its last sign.
    stamp = text.removeprefix("id:").strip(_AROUND.replace("]", ""))
    tried = (_STAMP.fullmatch(stamp), _STAMP.fullmatch(inner.removeprefix("id:")), _CITED.fullmatch(inner))
    return next(filter(None, (arxiv_id(match["id"].rstrip(".")) for match in tried if match)), "")


def _only(papers: QuerySet[Paper]) -> Paper | None:
    found = list(papers[:2])
    return found[0] if len(found) == 1 else None
