"""Papers as reference managers take them: BibTeX and RIS."""

import re
from collections.abc import Iterable

from papersite import links
from papersite.catalogue.models import Paper
from papersite.catalogue.search.words import fold

# What TeX reads as a command rather than as itself.
_TEX = {char: f"\\{char}" for char in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
# A DOI stands as it is, but no brace of it may end its field.
_NO_BRACES = re.compile(r"[{}\\]")
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")


def bibtex(papers: Iterable[Paper]) -> str:
    """One entry a paper (from ``for_cards``), each under a key of its own."""
    return "\n".join(_entry(paper) for paper in papers)


def ris(papers: Iterable[Paper]) -> str:
    """One record a paper (from ``for_cards``), with the line ends that RIS asks for."""
    return "".join(f"{line}\r\n" for paper in papers for line in (*_record(paper), "ER  - ", ""))


def plain(paper: Paper) -> str:
    """One paper (from ``for_cards``) as a list of references has it: authors, year, title, where."""
    names = _authors(paper)
    by = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
    title = one_line(paper.title)
    place = one_line(paper.journal_ref) or (f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "")
    parts = [f"{by} ({_year(paper)})." if by else f"({_year(paper)}).", title + ("" if title[-1] in ".?!" else ".")]
    parts += [f"{place}."] if place else []
    return " ".join([*parts, paper.doi_url or address(paper)])


def _entry(paper: Paper) -> str:
    fields = {
        "title": f"{{{tex(paper.title)}}}",
        "author": " and ".join(tex(name) for name in _authors(paper)),
        "year": str(_year(paper)),
        "eprint": paper.arxiv_id,
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "primaryclass": paper.primary_category.code if paper.arxiv_id and paper.primary_category else "",
        "doi": _NO_BRACES.sub("", paper.doi),
        "journal": tex(paper.journal_ref),
        "url": address(paper),
    }
    kind = "article" if paper.journal_ref else "misc"
    lines = [f"  {name} = {{{one_line(value)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key(paper)},", *lines, "}", ""])


def _record(paper: Paper) -> list[str]:
    pairs = [
        ("TY", "JOUR" if paper.journal_ref else "GEN"),
        ("TI", paper.title),
        *(("AU", _family_first(name)) for name in _authors(paper)),
        ("PY", str(_year(paper))),
        ("DA", f"{paper.submitted_at or paper.announced_at:%Y/%m/%d}"),
        ("AB", paper.abstract),
        ("JO", paper.journal_ref),
        ("DO", paper.doi),
        ("UR", address(paper)),
    ]
    return [f"{name}  - {one_line(value)}" for name, value in pairs if value]


def address(paper: Paper) -> str:
    return paper.arxiv_url or links.absolute(paper.get_absolute_url())


def key(paper: Paper) -> str:
    """The first author's last name, the year, and the paper's own number, so that no two are the same."""
    names = _authors(paper)
    last = _NOT_IN_A_KEY.sub("", fold(names[0].split()[-1])) if names and names[0].split() else ""
    return f"{last or 'paper'}{_year(paper)}p{paper.pk}"


def tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def one_line(text: str) -> str:
    """On one line, without what no reference manager reads."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _authors(paper: Paper) -> list[str]:
    return [row.author.name for row in paper.authorships.all()]


def _family_first(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else family


def _year(paper: Paper) -> int:
    return (paper.submitted_at or paper.announced_at).year
