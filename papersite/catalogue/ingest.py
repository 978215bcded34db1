"""The only writer of what sources yield: an idempotent upsert, in batches.

A paper is recognised by its arXiv id, or by its content key where a record has no id.
A record without an id enriches the paper that has one, and the other way round.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.utils import timezone

from papersite.catalogue import classification, cleaning, scoring
from papersite.catalogue.models import Author, Authorship, Category, Harvest, Paper, Reject
from papersite.catalogue.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.taxonomy import NAMES

BATCH = 500
# Told by a newer record, these replace what is known.
_TEXT_FIELDS = ("title", "abstract", "summary", "summary_by", "comment", "code_url", "project_url")
_SIGNAL_FIELDS = ("hf_upvotes", "hf_comments", "github_stars")
_FIELDS = (
    *_TEXT_FIELDS,
    *_SIGNAL_FIELDS,
    "arxiv_id",
    "content_key",
    "submitted_at",
    "announced_at",
    "observed_at",
    "primary_category",
    "heat",
)


@dataclass(slots=True)
class Report:
    """What one run of a source did."""

    seen: int = 0
    created: int = 0
    updated: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    kept_rejects: int = 0

    def __str__(self) -> str:
        return f"seen={self.seen} created={self.created} updated={self.updated} rejected={len(self.rejected)}"


def run(
    records: Iterable[SourcePaper | Rejected],
    *,
    source: str,
    origin: str = "",
    announce_undated: Callable[[int], datetime] | None = None,
    on_progress: Callable[[int], None] = lambda _seen: None,
) -> Report:
    """Takes in all records of one run and keeps its ``Harvest``.

    ``announce_undated`` gives the n-th record without a date its moment; else that is now.
    A SourceError ends the run, is kept in the row, and goes on to the caller.
    """
    harvest = Harvest.objects.create(source=source, origin=origin[:300])
    with recording(harvest) as report:
        take_in(records, report, announce_undated or (lambda _number: harvest.started_at), on_progress)
    return report


@contextmanager
def recording(harvest: Harvest) -> Iterator[Report]:
    """A report that is written to the harvest's row when the block ends, with the error that ended it."""
    report = Report()
    try:
        yield report
    except SourceError as error:
        harvest.error = str(error)
        raise
    except Exception as error:
        harvest.error = f"It broke: {type(error).__name__}. The log has more."
        raise
    finally:
        harvest.finished_at = timezone.now()
        keep(harvest, report)


def keep(harvest: Harvest, report: Report) -> None:
    """Writes what a run did so far; each reject once."""
    harvest.seen, harvest.created, harvest.updated = report.seen, report.created, report.updated
    harvest.rejected = len(report.rejected)
    harvest.save()
    Reject.objects.bulk_create(
        [
            Reject(harvest=harvest, place=found.place[:300], reason=found.reason[:300], excerpt=found.excerpt[:200])
            for found in report.rejected[report.kept_rejects :]
        ],
        batch_size=BATCH,
    )
    report.kept_rejects = len(report.rejected)


def take_in(
    records: Iterable[SourcePaper | Rejected],
    report: Report,
    undated: Callable[[int], datetime],
    on_progress: Callable[[int], None] = lambda _seen: None,
) -> None:
    """Saves records in batches, each whole or not at all, and counts them."""
    for batch in batched(records, BATCH):
        _take_in(batch, report, undated)
        on_progress(report.seen)


def _take_in(batch: Iterable[SourcePaper | Rejected], report: Report, undated: Callable[[int], datetime]) -> None:
    good: list[SourcePaper] = []
    for number, record in enumerate(batch, start=report.seen):
        checked = cleaning.clean(record) if isinstance(record, SourcePaper) else record
        if isinstance(checked, Rejected):
            report.rejected.append(checked)
        else:
            good.append(checked)
        report.seen = number + 1
    if good:
        with transaction.atomic():
            _Batch(good, report, undated).save()


class _Batch:
    """One batch on its way into the database, with what the database knows of it."""

    def __init__(self, records: list[SourcePaper], report: Report, undated: Callable[[int], datetime]) -> None:
        self.records = records
        self.report = report
        self.undated = undated
        self.weights = scoring.weights()
        self.categories = _categories(records)
        self.authors = _authors(records)
        self.by_id, self.by_key = _known(records)
        # Keyed by the object's identity: a new paper has no number until it is saved.
        self.created: dict[int, Paper] = {}
        self.updated: dict[int, Paper] = {}
        self.told: dict[int, tuple[Paper, SourcePaper]] = {}

    def save(self) -> None:
        for record in self.records:
            self._merge(record)
        for paper in (*self.created.values(), *self.updated.values()):
            paper.heat = scoring.heat_of(paper, self.weights)
        Paper.objects.bulk_create(self.created.values())
        Paper.objects.bulk_update(self.updated.values(), _FIELDS)
        touched = self._save_relations() | {paper.pk for paper in (*self.created.values(), *self.updated.values())}
        self.report.created += len(self.created)
        self.report.updated += len(touched) - len(self.created)
        classification.classify_papers(touched)

    def _merge(self, record: SourcePaper) -> None:
        """Finds or makes the record's paper and writes the record onto it.

        A record older than what is known only fills gaps, so the order of files does not matter.
        """
        key = cleaning.content_key(record.title)
        paper = self._find(record, key)
        if paper is None:
            paper = self._new(record, key)
        is_older = bool(record.observed_at and paper.observed_at and record.observed_at < paper.observed_at)
        if not is_older:
            self.told[id(paper)] = (paper, _with_gaps_filled(record, self.told.get(id(paper))))
        news = _news(paper, record, is_older=is_older) | self._primary_category(paper, record, is_older=is_older)
        for name, value in news.items():
            setattr(paper, name, value)
        if news and id(paper) not in self.created:
            self.updated[id(paper)] = paper
        if record.arxiv_id:
            self.by_id[record.arxiv_id] = paper
        self.by_key.setdefault(key, paper)

    def _find(self, record: SourcePaper, key: str) -> Paper | None:
        """The paper of this id; else that of this title, unless both have identifiers and they differ."""
        if record.arxiv_id in self.by_id:
            return self.by_id[record.arxiv_id]
        namesake = self.by_key.get(key)
        return None if namesake is None or (namesake.arxiv_id and record.arxiv_id) else namesake

    def _new(self, record: SourcePaper, key: str) -> Paper:
        place = self.report.created + len(self.created)
        paper = Paper(
            arxiv_id=record.arxiv_id,
            content_key=key,
            submitted_at=record.submitted_at,
            announced_at=record.announced_at or self.undated(place),
            observed_at=record.observed_at,
            **{name: getattr(record, name) for name in (*_TEXT_FIELDS, *_SIGNAL_FIELDS)},
        )
        self.created[id(paper)] = paper
        return paper

    def _primary_category(self, paper: Paper, record: SourcePaper, *, is_older: bool) -> dict[str, object]:
        category = self.categories.get(record.categories[0]) if record.categories else None
        if category is None or category.pk == paper.primary_category_id or (is_older and paper.primary_category_id):
            return {}
        return {"primary_category": category}

    def _save_relations(self) -> set[int]:
        """Authors, categories and topics of all papers of the batch; the papers for which one changed."""
        told = {paper.pk: record for paper, record in self.told.values()}
        return (
            self._save_authorships(
                {pk: self._author_ids(record.authors) for pk, record in told.items() if record.authors}
            )
            | self._save_categories(
                {(pk, self.categories[code].pk) for pk, record in told.items() for code in record.categories}
            )
            | classification.keep_source_topics({pk: record.topics for pk, record in told.items() if record.topics})
        )

    def _save_authorships(self, wanted: dict[int, list[int]]) -> set[int]:
        held: dict[int, list[int]] = {pk: [] for pk in wanted}
        rows = Authorship.objects.filter(paper_id__in=wanted).order_by("paper_id", "position")
        for paper_id, author_id in rows.values_list("paper_id", "author_id"):
            held[paper_id].append(author_id)
        changed = {pk for pk, ids in wanted.items() if held[pk] != ids}
        Authorship.objects.filter(paper_id__in=changed).delete()
        Authorship.objects.bulk_create(
            [
                Authorship(paper_id=pk, author_id=author_id, position=position)
                for pk in sorted(changed)
                for position, author_id in enumerate(wanted[pk])
            ],
            batch_size=2000,
        )
        return changed

    def _author_ids(self, names: tuple[str, ...]) -> list[int]:
        keys = dict.fromkeys(cleaning.name_key(name) for name in names)
        return [self.authors[key] for key in keys if key]

    def _save_categories(self, wanted: set[tuple[int, int]]) -> set[int]:
        link = Paper.categories.through
        held = set(link.objects.filter(paper_id__in={pk for pk, _ in wanted}).values_list("paper_id", "category_id"))
        missing = sorted(wanted - held)
        link.objects.bulk_create([link(paper_id=pk, category_id=category) for pk, category in missing], batch_size=2000)
        return {pk for pk, _ in missing}


def _news(paper: Paper, record: SourcePaper, *, is_older: bool) -> dict[str, object]:
    """What a record tells of a known paper that the paper does not have yet.

    What a curator wrote themselves stays as they wrote it.
    """
    news: dict[str, object] = {}
    for name in (*_TEXT_FIELDS, *_SIGNAL_FIELDS):
        told, known = getattr(record, name), getattr(paper, name)
        if told not in ("", None) and told != known and (known in ("", None) or not is_older):
            news[name] = told
    if "title" in news and "title" not in paper.curated:
        news["content_key"] = cleaning.content_key(record.title)
    for name in ("arxiv_id", "submitted_at"):
        if getattr(record, name) and not getattr(paper, name):
            news[name] = getattr(record, name)
    if record.announced_at and record.observed_at and record.announced_at < paper.announced_at:
        news["announced_at"] = record.announced_at
    if record.observed_at and (paper.observed_at is None or record.observed_at > paper.observed_at):
        news["observed_at"] = record.observed_at
    return {name: value for name, value in news.items() if name not in paper.curated}


def _with_gaps_filled(record: SourcePaper, earlier: tuple[Paper, SourcePaper] | None) -> SourcePaper:
    """A record with the authors, categories and topics that only an earlier one of the batch told."""
    if earlier is None:
        return record
    gaps = {
        name: getattr(earlier[1], name) for name in ("authors", "categories", "topics") if not getattr(record, name)
    }
    return replace(record, **gaps)


def _known(records: list[SourcePaper]) -> tuple[dict[str, Paper], dict[str, Paper]]:
    """The papers already there, by arXiv id and by content key."""
    ids = {record.arxiv_id for record in records if record.arxiv_id}
    keys = {cleaning.content_key(record.title) for record in records}
    by_id = {paper.arxiv_id: paper for paper in Paper.objects.filter(arxiv_id__in=ids)}
    by_key: dict[str, Paper] = {}
    same_rows = {paper.pk: paper for paper in by_id.values()}
    for paper in Paper.objects.filter(content_key__in=keys).order_by("arxiv_id", "pk"):
        by_key.setdefault(paper.content_key, same_rows.get(paper.pk, paper))
    return by_id, by_key


def _categories(records: list[SourcePaper]) -> dict[str, Category]:
    codes = sorted({code for record in records for code in record.categories})
    Category.objects.bulk_create([Category(code=code, name=NAMES[code]) for code in codes], ignore_conflicts=True)
    return {category.code: category for category in Category.objects.filter(code__in=codes)} if codes else {}


def _authors(records: list[SourcePaper]) -> dict[str, int]:
    """The rows of all authors of a batch, by name key."""
    names = {cleaning.name_key(name): name for record in reversed(records) for name in reversed(record.authors)}
    names.pop("", None)
    known = _author_rows(names)
    new = [Author(name=name, key=key) for key, name in names.items() if key not in known]
    if new:
        Author.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
        known |= _author_rows(author.key for author in new)
    return known


def _author_rows(keys: Iterable[str]) -> dict[str, int]:
    return {
        key: pk
        for chunk in batched(keys, 5000)
        for key, pk in Author.objects.filter(key__in=chunk).values_list("key", "pk")
    }
