"""Files of papers that other programs write, told by their beginning: they are read, or the message names them."""

import csv
import json
import re
from typing import Any

_INSTEAD = "papers come in as BibTeX, RIS or jsonl, a JSON object a line with title, abstract, id and authors"
_ARXIV = "with arXiv ids at hand, `harvest arxiv-papers --ids` asks arXiv itself"
_BEGINNINGS = (
    (re.compile(r"(?:\s|%[^\n]*\n)*@[A-Za-z]+\s*[{(]"), "BibTeX"),
    (re.compile(r"\s*(?:[A-Z][A-Z0-9]\s+-\s[^\n]*\n\s*)?TY\s{1,2}-\s"), "RIS"),
    (re.compile(r"\s*%0 \w|\s*%[A-Z] \S[^\n]*\n\s*%[A-Z0-9] "), "EndNote"),
    (re.compile(r"\s*PMID\s?- ?\d"), "PubMed's nbib"),
    (re.compile(r"\s*(?:FN (?:Clarivate|Thomson|ISI)|PT [JBSP]\n)"), "Web of Science"),
    (re.compile(r"\s*cff-version:"), "a CITATION.cff"),
    (re.compile(r"(?:\s|%[^\n]*\n)*\\(?:documentclass|usepackage|begin\{)"), "LaTeX"),
    (re.compile(r"\s*(?:https?://|www\.)\S+[ \t]*(?:\r?\n|$)"), "a list of links"),
    (
        re.compile(r"\s*(?:arxiv:)?[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?[ \t]*(?:\r?\n|$)", re.IGNORECASE),
        "a list of arXiv ids",
    ),
    (re.compile(r"\s*(?:#{1,6} \S|[-*+] \[)"), "Markdown"),
    (re.compile(r"\s*(?:---[ \t]*\r?\n|(?:- )?[a-z_]+:(?: [^\n]*)?\n\s*(?:- |[a-z_]+:(?:\s|$)))"), "YAML"),
    (re.compile(r"(?:--[^\n]*\n|\s)*(?:CREATE|INSERT INTO|DROP TABLE|BEGIN TRANSACTION|PRAGMA)\b[^\n]*;"), "SQL"),
    (re.compile(r"\s*(?:#!/|import [\w.]+[ \t]*\r?\n|from [\w.]+ import )"), "a program"),
    (re.compile(r"\s*%PDF-"), "a PDF"),
    (re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE), "a web page"),
)
_COLUMNS = frozenset({
    "key", "item type", "publication year", "author", "authors", "title", "abstract", "abstract note", "doi", "url",
    "year",
    "publication title", "date", "journal", "isbn", "issn", "id", "pmid", "venue", "source", "keywords",
    "document title",
    "eid", "link", "cited by", "volume", "issue", "pages", "categories", "arxiv id", "published",
})  # fmt: skip


def name_of_text(head: str) -> str:
    """The format that a text's beginning belongs to, or "" where it is none that is known."""
    for beginning, name in _BEGINNINGS:
        if beginning.match(head):
            return name
    first = re.split(r"[\r\n]", head.lstrip("\ufeff \r\n"), maxsplit=1)[0][:5000]
    for mark, name in ((",", "a table (CSV)"), ("\t", "a table (TSV)"), (";", "a table (CSV)")):
        try:
            columns = {column.strip().lower() for column in next(csv.reader([first], delimiter=mark), [])}
        except csv.Error:
            continue
        if "title" in columns and len(columns & _COLUMNS) >= 2:
            return name
    return ""


def name_of_json(value: Any) -> str:
    """Whose record or answer a JSON object is, or "" where nobody's that is known."""
    if not isinstance(value, dict):
        return ""
    keys = value.keys()
    if "abstract_inverted_index" in keys or "authorships" in keys or _holds(value, "results", "authorships"):
        return "OpenAlex"
    if {"paperId", "title"} <= keys or {"corpusid", "title"} <= keys or _holds(value, "data", "paperId"):
        return "Semantic Scholar"
    if "message-type" in keys or {"container-title", "publisher"} <= keys:
        return "Crossref"
    authors = value.get("author")
    if isinstance(authors, list) and authors and isinstance(authors[0], dict) and "family" in authors[0]:
        return "CSL JSON"
    return "Zotero" if {"itemType", "creators"} & keys else _wrapping(value)


def _wrapping(value: dict[str, Any]) -> str:
    """Of one object that holds all papers."""
    is_one = "title" not in value and any(_holds(value, name, "title") for name in value)
    return "JSON with its papers in a list" if is_one else ""


def _holds(value: dict[str, Any], name: str, key: str) -> bool:
    inner = value.get(name)
    return isinstance(inner, list) and bool(inner) and isinstance(inner[0], dict) and key in inner[0]


def name_of_object(head: str) -> str:
    """The same of a text that begins with a JSON object, over one line or several."""
    try:
        text = head.lstrip("\ufeff \t\r\n")
        found, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return ""
    return name_of_json(found) or ("JSON with an object over several lines" if "\n" in text[:end] else "")


def name_of_list(head: str) -> str:
    """The same of a text that begins with a JSON list, by its first entry."""
    try:
        found, _ = json.JSONDecoder().raw_decode(head.lstrip("\ufeff \t\r\n").removeprefix("[").lstrip())
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict) or "paper" in found:
        return ""
    keys = ", ".join(sorted(map(str, found))[:6])
    return name_of_json(found) or f"a JSON list of entries without a paper ({keys or 'they are empty'})"


def message(name: str) -> str:
    """One line for the person who named the file."""
    return f"this is {name}, which is not read; {_INSTEAD}; {_ARXIV}"
