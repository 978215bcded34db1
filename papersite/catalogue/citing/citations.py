"""Papers as reference managers take them: BibTeX, RIS and CSL JSON, each written one paper at a time."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from papersite import links
from papersite.catalogue.citing.bylines import Byline, parts
from papersite.catalogue.models import Paper
from papersite.catalogue.search.words import fold

# What TeX reads as a command rather than as itself. BibTeX counts a brace even where it is escaped.
_TEX = {char: f"\\{char}" for char in "&%$#_"} | {
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
# A DOI stands as it is, but no brace of it may end its field.
_NO_BRACES = re.compile(r"[{}\\]")
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_MATHS = re.compile(r"(?<!\\)(\$[^$]*\$)")
_BARE = re.compile(r"(?<!\\)[&%#_^]")
_BRACE = re.compile(r"[{}]")
_BARE_BRACE = re.compile(r"(?<!\\)[{}]")


def bibtex(papers: Iterable[Paper]) -> str:
    """One entry a paper (from ``for_cards``), each under a key of its own."""
    return "".join(bibtex_entries(papers))


def ris(papers: Iterable[Paper]) -> str:
    """One record a paper (from ``for_cards``), with the line ends that RIS asks for."""
    return "".join(ris_records(papers))


def bibtex_entries(papers: Iterable[Paper]) -> Iterator[str]:
    """Papers that come in the order of their numbers have the same keys every time."""
    between = ""
    for paper, name in _keyed(papers):
        yield between + _entry(paper, name)
        between = "\n"


def ris_records(papers: Iterable[Paper]) -> Iterator[str]:
    for paper in papers:
        yield "".join(f"{line}\r\n" for line in (*_record(paper), "ER  - ", ""))


def csl(papers: Iterable[Paper]) -> Iterator[str]:
    """A JSON list of CSL items, in pieces (citation-style-language/schema, csl-data.json)."""
    between = "["
    for paper, name in _keyed(papers):
        yield between + json.dumps(_item(paper, name), ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[" else "]\n"


def plain(paper: Paper) -> str:
    """One paper as a list of references has it: authors, year, title, where."""
    names = [one_line(row.author.name) for row in paper.authorships.all()] + ["others"] * paper.has_more_authors
    by = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
    title, year = one_line(paper.title), submitted(paper).year
    place = one_line(paper.journal_ref) or (f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "")
    pieces = [f"{by} ({year})." if by else f"({year}).", title + ("" if title[-1] in ".?!" else ".")]
    pieces += [f"{place}."] if place else []
    return " ".join([*pieces, paper.doi_url or address(paper)])


def key(paper: Paper) -> str:
    """The first author's family name, the year and the title's first word, without case and accents."""
    names = _authors(paper)
    family = _plain(names[0].family) if names else ""
    word = next(filter(None, map(_plain, paper.title.split())), "")
    return f"{family or 'paper'}{submitted(paper).year}{word}"


def _keyed(papers: Iterable[Paper]) -> Iterator[tuple[Paper, str]]:
    """Each with its key; a letter sets those apart that would have the same."""
    seen: Counter[str] = Counter()
    for paper in papers:
        base = key(paper)
        # No first title word ends in a letter behind a hyphen: what is set apart meets no other key.
        yield paper, base + (f"-{_letters(seen[base])}" if seen[base] else "")
        seen[base] += 1


def _letters(number: int) -> str:
    """a, b, … z, aa, ab: of 1, 2, …"""
    written = ""
    while number:
        number, rest = divmod(number - 1, 26)
        written = chr(ord("a") + rest) + written
    return written


def _entry(paper: Paper, name: str) -> str:
    of_arxiv = bool(paper.arxiv_id)
    fields = {
        "title": f"{{{_source(paper.source_title, paper.title)}}}",
        "author": " and ".join([*map(_bibtex_name, _authors(paper)), *(["others"] if paper.has_more_authors else [])]),
        "year": str(submitted(paper).year),
        "eprint": paper.arxiv_id,
        "eprinttype": "arxiv" if of_arxiv else "",
        "archiveprefix": "arXiv" if of_arxiv else "",
        "primaryclass": paper.primary_category.code if of_arxiv and paper.primary_category else "",
        "doi": _NO_BRACES.sub("", doi(paper)),
        "journal": tex(one_line(paper.journal_ref)),
        "url": address(paper),
        "abstract": _source(paper.source_abstract, paper.abstract),
        "keywords": tex(one_line(", ".join(keywords(paper)))),
        "note": _source(paper.source_comments, paper.comment),
    }
    kind = "article" if paper.journal_ref else "misc"
    lines = [f"  {field} = {{{one_line(value)}}}," for field, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{name},", *lines, "}", ""])


def _record(paper: Paper) -> list[str]:
    pairs = [
        ("TY", "JOUR" if paper.journal_ref else "GEN"),
        ("TI", paper.title),
        *(("AU", _ris_name(name)) for name in _authors(paper)),
        ("PY", str(submitted(paper).year)),
        ("DA", f"{submitted(paper):%Y/%m/%d}"),
        ("AB", paper.abstract),
        ("T2", paper.journal_ref or ("arXiv" if paper.arxiv_id else "")),
        ("PB", "arXiv" if paper.arxiv_id and not paper.journal_ref else ""),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        *(("KW", word) for word in keywords(paper)),
        ("N1", paper.comment),
        ("DO", doi(paper)),
        ("UR", address(paper)),
        ("L1", paper.pdf_url),
    ]
    return [f"{name}  - {one_line(value)}" for name, value in pairs if one_line(value)]


def _item(paper: Paper, name: str) -> dict[str, Any]:
    at = submitted(paper)
    fields = {
        "id": name,
        "type": "article-journal" if paper.journal_ref else "article",
        "title": one_line(paper.title),
        "author": [_csl_name(author) for author in _authors(paper)],
        "issued": {"date-parts": [[at.year, at.month, at.day]]},
        "abstract": one_line(paper.abstract),
        "container-title": one_line(paper.journal_ref),
        "publisher": "arXiv" if paper.arxiv_id and not paper.journal_ref else "",
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        "DOI": doi(paper),
        "URL": address(paper),
        "keyword": one_line(", ".join(keywords(paper))),
        "note": one_line(paper.comment),
    }
    return {field: value for field, value in fields.items() if value}


def address(paper: Paper) -> str:
    return paper.arxiv_url or links.absolute(paper.get_absolute_url())


def doi(paper: Paper) -> str:
    """That of the published version, else the one that arXiv registers for each of its papers."""
    return one_line(paper.doi) or (f"10.48550/arXiv.{paper.arxiv_id}" if paper.arxiv_id else "")


def keywords(paper: Paper) -> list[str]:
    """Its primary category, its keywords and its topics, each once."""
    code = [paper.primary_category.code] if paper.primary_category else []
    topics = [row.topic.name for row in getattr(paper, "shown_topics", [])]
    return list(dict.fromkeys([*code, *(str(word) for word in paper.keywords), *topics]))


def tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def one_line(text: str) -> str:
    """On one line, without what no reference manager reads."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _source(written: str, text: str) -> str:
    """The source's own TeX where it can stand in a field, else the text as TeX."""
    written = one_line(written)
    if not written or not _can_stand(written):
        return tex(one_line(text))
    pieces = _MATHS.split(written)
    # Words first, then by turns maths and words.
    return "".join(piece if at % 2 else _BARE.sub(_escaped, piece) for at, piece in enumerate(pieces))


def _escaped(found: re.Match[str]) -> str:
    return _TEX[found[0]]


def _can_stand(written: str) -> bool:
    """Whether braces and dollars pair, for readers that count an escaped brace and for those that do not."""
    has_pairs = _pairs(_BRACE.findall(written)) and _pairs(_BARE_BRACE.findall(written))
    without_maths = _MATHS.sub("", written)
    return has_pairs and not written.endswith("\\") and not re.search(r"(?<!\\)\$|\\[(\[]|\\begin", without_maths)


def _pairs(braces: list[str]) -> bool:
    depth = 0
    for brace in braces:
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _bibtex_name(name: Byline) -> str:
    if name.is_group or not name.given:
        return f"{{{tex(name.family)}}}"
    return ", ".join(tex(part) for part in (name.family, name.suffix, name.given) if part)


def _ris_name(name: Byline) -> str:
    """A comma would make a person of a group."""
    if name.is_group:
        return name.family.replace(",", " ")
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)


def _csl_name(name: Byline) -> dict[str, str]:
    if name.is_group or not name.given:
        return {"literal": name.family}
    return {"family": name.family, "given": name.given} | ({"suffix": name.suffix} if name.suffix else {})


def _authors(paper: Paper) -> list[Byline]:
    return [parts(name) for row in paper.authorships.all() if (name := one_line(row.author.name))]


def submitted(paper: Paper) -> datetime:
    """When its first version was, in UTC; of a paper that nobody tells it of, when it was announced."""
    return (paper.submitted_at or paper.announced_at).astimezone(UTC)


def _plain(text: str) -> str:
    return _NOT_IN_A_KEY.sub("", fold(text))
