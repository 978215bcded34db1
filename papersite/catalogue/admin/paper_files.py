"""Papers as staff carry them out and bring them in: through the one writer, by its rules of who outranks whom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db.models import Prefetch, QuerySet

from papersite.catalogue import ingest, tasks
from papersite.catalogue.models import Paper, PaperCategory, PaperTopic
from papersite.catalogue.reading import cleaning
from papersite.catalogue.sources import jsonl
from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.exchange.changes import CHANGED, NEW, Change, differences
from papersite.exchange.reading import Row

SOURCE = "desk"
AT_ONCE = 200
COLUMNS = (
    *("id", "title", "abstract", "summary", "summary_by", "authors", "categories", "topics", "comments"),
    *("journal_ref", "doi", "organisation", "keywords", "code_url", "project_url", "submitted_at", "announced_at"),
)
# What a spreadsheet makes of an identifier that ends in a zero: arXiv's have five digits since 2015.
_CUT_ID = re.compile(r"(?:1[5-9]|[2-9][0-9])(?:0[1-9]|1[0-2])\.[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Told:
    """A clean record, and the columns that its file has."""

    record: SourcePaper
    names: frozenset[str]

    def apart_from(self, paper: Any) -> list[str]:
        """The columns in which it says something else than its paper."""
        record, row = self.record, _row(paper)
        told = {
            "id": f"arXiv:{record.arxiv_id}" if record.arxiv_id else "",
            "title": record.source_title or record.title,
            "abstract": record.source_abstract or record.abstract,
            "comments": record.source_comments or record.comment,
            "keywords": list(record.keywords),
            "authors": [*record.authors, *(["et al."] if record.has_more_authors and record.authors else [])],
            **{name: getattr(record, name) for name in ("summary", "summary_by", "journal_ref", "doi", "organisation")},
            **{name: getattr(record, name) for name in ("code_url", "project_url", "submitted_at", "announced_at")},
        }
        found = [name for name, value in told.items() if name in self.names and value and value != row[name]]
        return found + [name for name in ("categories", "topics") if {*getattr(record, name)} - {*row[name]}]


class Papers:
    """By arXiv id, or by title. What is empty is not told; nothing is taken away."""

    columns = known = COLUMNS
    needed = ("title",)

    def rows(self, found: QuerySet[Paper]) -> Iterator[dict[str, Any]]:
        after = 0
        while some := list(_whole(found.order_by("pk").filter(pk__gt=after))[:AT_ONCE]):
            yield from map(_row, some)
            after = some[-1].pk

    def carry(self, rows: Sequence[Row], *, origin: str, now: datetime) -> list[Change]:
        changes = [Change(row.place) for row in rows]
        told: list[tuple[Change, SourcePaper, Told]] = []
        seen: dict[str, str] = {}
        for row, change in zip(rows, changes, strict=True):
            record = _record(row)
            tidy = cleaning.clean(record, now) if isinstance(record, SourcePaper) else record
            change.name = str(row.values.get("title", ""))[:200]
            if isinstance(tidy, Rejected):
                change.refuse(f"{tidy.reason[:1].upper()}{tidy.reason[1:]}.")
            elif other := seen.get(key := tidy.arxiv_id or cleaning.content_key(tidy.title)):
                change.refuse(f"The same paper stands in {other} already.")
            else:
                seen[key] = row.place
                assert isinstance(record, SourcePaper)
                told.append((change, record, Told(tidy, frozenset(row.values))))
        before = _found([one.record for _, _, one in told])
        news = [one for one, paper in zip(told, before, strict=True) if paper is None or one[2].apart_from(paper)]
        was = {id(change): paper for (change, _, _), paper in zip(told, before, strict=True)}
        if news:
            self._write(news, was, origin)
        return changes

    def _write(self, news: list[Any], was: dict[int, Paper | None], origin: str) -> None:
        ingest.run(
            [record for _, record, _ in news],
            source=SOURCE,
            origin=origin,
            announce_undated=lambda _number: cleaning.EARLIEST,
            classifies=False,
        )
        for (change, _, told), paper in zip(news, _found([told.record for _, _, told in news]), strict=True):
            known = was[id(change)]
            change.row = paper
            assert paper is not None
            change.fields = differences(_shown(known) if known else {}, _shown(paper))
            if known is None:
                change.outcome = NEW
            elif change.fields:
                change.outcome = CHANGED
            changed = {name for name, _, _ in change.fields}
            if known and (kept := [name for name in told.apart_from(known) if name not in changed]):
                change.notes.append(f"Stays as it is, by a word that outranks this file’s: {', '.join(kept)}.")

    def after(self, changes: Sequence[Change]) -> str:
        tasks.sort.delay()
        return "They are sorted under topics in a moment."


def _whole(found: QuerySet[Paper]) -> QuerySet[Paper]:
    told = PaperTopic.objects.filter(belongs=True).exclude(origin=PaperTopic.Origin.SEARCH).select_related("topic")
    categories = PaperCategory.objects.select_related("category").order_by("category__code")
    return found.select_related("primary_category").prefetch_related(
        "authorships__author",
        Prefetch("papercategory_set", categories, to_attr="of_categories"),
        Prefetch("paper_topics", told.order_by("topic__slug"), to_attr="told_topics"),
    )


def _row(paper: Any) -> dict[str, Any]:
    """What a paper's file says, so that reading it changes nothing. Texts as their source wrote them."""
    first = paper.primary_category.code if paper.primary_category else ""
    codes = [row.category.code for row in paper.of_categories]
    values = {
        # In front of a number a spreadsheet leaves the word, and with it the last zero.
        "id": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        "title": paper.source_title or paper.title,
        "abstract": paper.source_abstract or paper.abstract,
        "authors": [row.author.name for row in paper.authorships.all()] + ["et al."] * paper.has_more_authors,
        "categories": list(dict.fromkeys([*([first] if first else []), *codes])),
        "topics": [row.topic.slug for row in paper.told_topics],
        "comments": paper.source_comments or paper.comment,
        "keywords": [str(word) for word in paper.keywords],
    }
    plain = {name: getattr(paper, name) for name in COLUMNS if name not in ("id", "comments") and name not in values}
    return {name: (values | plain)[name] for name in COLUMNS}


def _record(row: Row) -> SourcePaper | Rejected:
    if row.problem:
        return Rejected(row.place, row.problem.rstrip("."))
    values = {name: _listed(name, value) for name, value in row.values.items() if value not in ("", None)}
    if _CUT_ID.fullmatch(str(values.get("id", ""))):
        return Rejected(row.place, f"its id lost a digit in a spreadsheet: write arXiv:{values['id']} and the rest")
    if not isinstance(values.get("id", ""), str):
        return Rejected(row.place, "its id is no text")
    return jsonl.record(values, row.place)


def _listed(name: str, value: Any) -> Any:
    """A cell of many names as a list."""
    if not isinstance(value, str):
        return value
    if name == "keywords" or (name in ("authors", "categories", "topics") and ";" in value):
        return [part.strip() for part in re.split(r";" if ";" in value else r",", value) if part.strip()]
    return value


def _found(records: Sequence[SourcePaper]) -> list[Paper | None]:
    """The paper of each, as the one writer finds it."""
    by_id, by_key = ingest.find(list(records)) if records else ({}, {})
    named: list[Paper | None] = []
    for record in records:
        namesake = by_key.get(cleaning.content_key(record.title))
        is_other = namesake is not None and bool(namesake.arxiv_id and record.arxiv_id)
        named.append(by_id.get(record.arxiv_id) or (None if is_other else namesake))
    whole: dict[int, Paper] = {}
    for some in batched({paper.pk for paper in named if paper}, 500):
        whole |= {paper.pk: paper for paper in _whole(Paper.objects.filter(pk__in=some))}
    return [whole[paper.pk] if paper else None for paper in named]


def _shown(paper: Any) -> dict[str, str]:
    """A paper's values in words."""
    row = _row(paper)
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "; ".join(value) if isinstance(value, list) else str(value or "")
