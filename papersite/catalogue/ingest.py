"""The only writer of what sources yield: an idempotent upsert, in batches.

A paper is recognised by its arXiv id, or by its content key where a record has no id.
A record without an id enriches the paper that has one, and the other way round. What a
record may change is decided in ``merging``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, reset_queries, transaction
from django.utils import timezone

from papersite.catalogue import merging, promising, revisions, tallies
from papersite.catalogue.database import bulk
from papersite.catalogue.heat import scoring, signals
from papersite.catalogue.models import Author, Authorship, Category, Harvest, Paper, PaperCategory, PaperTopic, Reject
from papersite.catalogue.reading import cleaning
from papersite.catalogue.reading.readable import READER
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper
from papersite.catalogue.sources.text import arxiv_id, excerpt, month_of
from papersite.catalogue.topics import classification
from papersite.catalogue.topics.taxonomy import NAMES
from papersite.web import page_store

BATCH = 500
SHOWN_REJECTS = 20
# After so many new papers, and each time there are twice as many, the database takes stock.
GROWN = 2000
_FIELDS = (
    *merging.TOLD, *merging.READ, "keywords", "arxiv_id", "content_key", "sources", "versions", "is_withdrawn",
        "is_hidden",
    "submitted_at", "announced_at", "revised_at", "observed_at", "arxiv_observed_at", "primary_category", "heat",
    "needs_sorting",
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """What one run of a source did so far. It holds no more of a long run than of a short one."""

    harvest: Harvest
    seen: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0
    first_rejects: list[Rejected] = field(default_factory=list)
    _unsaved: list[Rejected] = field(default_factory=list)

    def __str__(self) -> str:
        return f"seen={self.seen} created={self.created} updated={self.updated} rejected={self.rejected}"

    def reject(self, found: Rejected) -> None:
        self.rejected += 1
        self._unsaved.append(found)
        if len(self.first_rejects) < SHOWN_REJECTS:
            self.first_rejects.append(found)

    def save(self) -> None:
        """Writes what the harvest's row counts and says so far, and each reject once."""
        self.harvest.seen, self.harvest.created, self.harvest.updated = self.seen, self.created, self.updated
        self.harvest.rejected = self.rejected
        self.harvest.save(update_fields=["seen", "created", "updated", "rejected", "notes", "cursor"])
        rows = [
            Reject(
                harvest=self.harvest,
                place=excerpt(found.place, 300),
                reason=found.reason[:300],
                excerpt=excerpt(found.excerpt, 200),
            )
            for found in self._unsaved
        ]
        Reject.objects.bulk_create(rows, batch_size=BATCH)
        self._unsaved.clear()


def run(
    records: Iterable[SourcePaper | Rejected],
    *,
    source: str,
    origin: str = "",
    announce_undated: Callable[[int], datetime] | None = None,
    on_progress: Callable[[int], None] = lambda _seen: None,
    classifies: bool = True,
) -> Report:
    """Takes in all records of one run and keeps its ``Harvest``.

    ``announce_undated`` gives the n-th record without a date its moment; else that is now.
    A SourceError ends the run, is kept in the row, and goes on to the caller.
    """
    harvest = Harvest.objects.create(source=source, origin=excerpt(origin, 300))
    with recording(harvest) as report:
        take_in(records, report, announce_undated, on_progress, classifies=classifies)
    return report


@contextmanager
def recording(harvest: Harvest) -> Iterator[Report]:
    """A report that is written to the harvest's row when the block ends, with the error that ended it."""
    report = Report(harvest)
    try:
        yield report
    except SourceError as error:
        harvest.error = excerpt(str(error), 1000)
        raise
    except Exception as error:
        harvest.error = f"It broke: {type(error).__name__}. The log has more."
        raise
    finally:
        report.save()
        # A run that was taken for killed has its end already.
        open_run = Harvest.objects.filter(pk=harvest.pk, finished_at__isnull=True)
        harvest.finished_at = timezone.now()
        open_run.update(finished_at=harvest.finished_at, error=harvest.error)


def take_in(
    records: Iterable[SourcePaper | Rejected],
    report: Report,
    undated: Callable[[int], datetime] | None = None,
    on_progress: Callable[[int], None] = lambda _seen: None,
    *,
    classifies: bool = True,
) -> None:
    """Saves records in batches, each whole or not at all, counts them, and sorts the papers under topics."""
    before, grown = report.created + report.updated, GROWN
    for batch in batched(records, BATCH):
        _take_in(batch, report, undated or (lambda _number: report.harvest.started_at))
        report.save()
        if report.created >= grown:
            bulk.refresh_statistics((Paper, Author, Authorship, PaperCategory, PaperTopic))
            grown = 2 * report.created
        if classifies:
            classification.classify_pending()
            promising.score_pending(timezone.now())
        on_progress(report.seen)
        if settings.DEBUG:
            # Django keeps every statement then: a long run would fill the memory.
            reset_queries()
    tallies.fold()
    if report.created + report.updated > before:
        page_store.renew()


def _take_in(batch: Iterable[SourcePaper | Rejected], report: Report, undated: Callable[[int], datetime]) -> None:
    now = timezone.now()
    good: list[SourcePaper] = []
    for record in batch:
        checked = cleaning.clean(record, now) if isinstance(record, SourcePaper) else record
        if isinstance(checked, Rejected):
            report.reject(checked)
        else:
            good.append(checked)
        report.seen += 1
    if not good:
        return
    try:
        _save(good, report, undated)
    except IntegrityError:
        # Another run created one of these papers at the same moment; now it is known.
        _save(good, report, undated)


@transaction.atomic
def _save(records: list[SourcePaper], report: Report, undated: Callable[[int], datetime]) -> None:
    _delete([record.arxiv_id for record in records if record.is_deleted], report)
    told = [record for record in records if not record.is_deleted]
    if told:
        _Batch(told, report, undated).save()


def _delete(arxiv_ids: list[str], report: Report) -> None:
    """Hides papers that their source deleted, unless a curator decided otherwise."""
    for paper in Paper.objects.filter(arxiv_id__in=arxiv_ids, is_hidden=False) if arxiv_ids else ():
        if "is_hidden" not in paper.curated:
            Paper.objects.filter(pk=paper.pk).update(is_hidden=True)
            revisions.mark([paper.pk])
            report.updated += 1


class _Batch:
    """One batch on its way into the database, with what the database knows of it."""

    def __init__(self, records: list[SourcePaper], report: Report, undated: Callable[[int], datetime]) -> None:
        self.records = records
        self.report = report
        self.undated = undated
        self.weights = scoring.weights()
        self.categories = _categories(records)
        self.new_paper = bulk.maker(Paper)
        self.by_id, self.by_key = find(records)
        # Keyed by the object's identity: a new paper has no number until it is saved.
        self.papers: dict[int, Paper] = {}
        self.new: list[Paper] = []
        self.new_ids: set[int] = set()
        self.before: dict[int, dict[str, Any]] = {}
        self.told: dict[int, list[SourcePaper]] = {}
        self.authors: dict[int, tuple[str, ...]] = {}
        self.author_gaps: dict[int, tuple[str, ...]] = {}

    def save(self) -> None:
        for record in self.records:
            self._merge(record)
        changed = [paper for key, paper in self.papers.items() if self._is_changed(key, paper)]
        now = timezone.now()
        for paper in (*self.new, *changed):
            # Of a new paper all but its first version is a change.
            before = self.before.get(id(paper), {}) if paper.pk else {"versions": []}
            paper.revised_at = merging.revised_at(paper, before, now)
            paper.heat = scoring.heat_of(paper, self.weights)
            paper.needs_sorting = True
        bulk.create(self.new)
        Paper.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], update_fields=_FIELDS)
        self.new_ids = new = {paper.pk for paper in self.new}
        related = self._save_relations()
        Paper.objects.filter(pk__in=related - new).update(needs_sorting=True)
        signals.keep_readings((self.papers[key], record) for key, records in self.told.items() for record in records)
        known = related.union(paper.pk for paper in changed) - new
        revisions.mark(new | known)
        self.report.created += len(self.new)
        self.report.updated += len(known)

    def _is_changed(self, key: int, paper: Paper) -> bool:
        """Whether a known paper ends the batch different from how it began it."""
        return any(getattr(paper, name) != value for name, value in self.before.get(key, {}).items())

    def _merge(self, record: SourcePaper) -> None:
        """Finds or makes the record's paper and writes the record onto it."""
        key = cleaning.content_key(record.title)
        paper = self._find(record, key)
        is_new = paper is None
        if paper is None:
            paper = self.new_paper()
            paper.content_key, paper.title, paper.announced_at = key, record.title, self._announced_at(record)
            self.new.append(paper)
        self.papers[id(paper)] = paper
        self.told.setdefault(id(paper), []).append(record)
        news = self._news(paper, record)
        self._merge_authors(paper, record)
        self._write(paper, news, is_new=is_new)
        if not news.keys().isdisjoint(("summary", "abstract", "source_abstract")):
            self._write(paper, merging.excerpt(paper) | {"read_with": READER}, is_new=is_new)
        if record.arxiv_id:
            self.by_id[record.arxiv_id] = paper
        self.by_key.setdefault(key, paper)

    def _write(self, paper: Paper, news: dict[str, Any], *, is_new: bool) -> None:
        for name, value in news.items():
            if not is_new and paper.pk:
                self.before.setdefault(id(paper), {}).setdefault(name, getattr(paper, name))
            setattr(paper, name, value)

    def _find(self, record: SourcePaper, key: str) -> Paper | None:
        """The paper of this id; else that of this title, unless both have identifiers and they differ."""
        if record.arxiv_id in self.by_id:
            return self.by_id[record.arxiv_id]
        namesake = self.by_key.get(key)
        return None if namesake is None or (namesake.arxiv_id and record.arxiv_id) else namesake

    def _announced_at(self, record: SourcePaper) -> datetime:
        """As its source says; else when it was submitted, or the month of its identifier: never today by default."""
        told = record.announced_at or record.submitted_at
        if told is None and arxiv_id(record.arxiv_id):
            told = datetime.combine(month_of(record.arxiv_id), time(), tzinfo=UTC)
        return told or self.undated(self.report.created + len(self.new))

    def _news(self, paper: Paper, record: SourcePaper) -> dict[str, Any]:
        news = merging.news(paper, record)
        if "title" in news:
            news["content_key"] = cleaning.content_key(record.title)
        category = self.categories.get(record.categories[0]) if record.categories else None
        is_free = paper.primary_category_id is None or not merging.outranks(paper, record)
        if category is not None and category.pk != paper.primary_category_id and is_free:
            news["primary_category_id"] = category.pk
        return news

    def _merge_authors(self, paper: Paper, record: SourcePaper) -> None:
        """Before the record's dates are taken over, which decide what outranks what."""
        if record.authors and merging.outranks(paper, record):
            self.author_gaps.setdefault(id(paper), record.authors)
        elif record.authors:
            self.authors[id(paper)] = record.authors

    def _save_relations(self) -> set[int]:
        """Authors, categories and topics of all papers of the batch; the papers for which one changed."""
        told = {self.papers[key].pk: records for key, records in self.told.items()}
        codes = {
            (pk, self.categories[code].pk) for pk, records in told.items() for record in records
            for code in record.categories
        }  # fmt: skip
        topics = {pk: {slug for record in records for slug in record.topics} for pk, records in told.items()}
        return (
            self._save_authorships()
            | _save_categories(codes)
            | classification.keep_source_topics({pk: slugs for pk, slugs in topics.items() if slugs})
        )

    def _save_authorships(self) -> set[int]:
        """Looks up authors only for the papers whose names differ from those held."""
        wanted, gaps = self._keyed(self.authors), self._keyed(self.author_gaps)
        held: dict[int, list[str]] = {pk: [] for pk in (*wanted, *gaps)}
        known = [pk for pk in held if pk not in self.new_ids]
        rows = Authorship.objects.filter(paper_id__in=known).order_by("paper_id", "position")
        for paper_id, key in rows.values_list("paper_id", "author__key"):
            held[paper_id].append(key)
        wanted = {pk: keys for pk, keys in gaps.items() if not held[pk]} | wanted
        changed = {pk: keys for pk, keys in sorted(wanted.items()) if held[pk] != list(keys)}
        author_ids = _author_ids({key: name for keys in changed.values() for key, name in keys.items()})
        Authorship.objects.filter(paper_id__in=[pk for pk in changed if held[pk]]).delete()
        # As text, which is quick to send; without it the database would look each of them up.
        moment = connection.ops.adapt_datetimefield_value
        days = {paper.pk: str(moment(paper.announced_at)) for paper in self.papers.values()}
        bulk.insert(
            Authorship,
            ("paper", "author", "position", "announced_at"),
            [(pk, author_ids[key], place, days[pk]) for pk, keys in changed.items() for place, key in enumerate(keys)],
        )
        return set(changed)

    def _keyed(self, names_by_paper: dict[int, tuple[str, ...]]) -> dict[int, dict[str, str]]:
        """Names by their keys, by the number of their paper: in order, each author once, as first spelt."""
        found: dict[int, dict[str, str]] = {}
        for place, names in names_by_paper.items():
            keyed = found.setdefault(self.papers[place].pk, {})
            for name in names:
                keyed.setdefault(cleaning.name_key(name), name)
            keyed.pop("", None)
        return found


def _save_categories(wanted: set[tuple[int, int]]) -> set[int]:
    if not wanted:
        return set()
    link = PaperCategory
    held = set(link.objects.filter(paper_id__in={pk for pk, _ in wanted}).values_list("paper_id", "category_id"))
    missing = sorted(wanted - held)
    bulk.insert(link, ("paper", "category"), missing)
    return {pk for pk, _ in missing}


def find(records: list[SourcePaper]) -> tuple[dict[str, Paper], dict[str, Paper]]:
    """The papers already there, by arXiv id and by content key, locked until the batch is saved."""
    ids = {record.arxiv_id for record in records if record.arxiv_id}
    keys = {cleaning.content_key(record.title) for record in records}
    by_id = {paper.arxiv_id: paper for paper in _locked(arxiv_id__in=ids)}
    rows = {paper.pk: paper for paper in by_id.values()}
    # Those without an identifier first: they are the ones that a title alone decides.
    namesakes = Paper.objects.filter(content_key__in=keys).order_by("arxiv_id", "pk")
    keyed = list(namesakes.values_list("pk", "content_key"))
    rows |= {paper.pk: paper for paper in _locked(pk__in=[pk for pk, _ in keyed if pk not in rows])}
    by_key: dict[str, Paper] = {}
    for pk, key in keyed:
        if pk in rows:
            by_key.setdefault(key, rows[pk])
    return by_id, by_key


def _locked(**which: Any) -> list[Paper]:
    """Papers for writing; in one order, so that two runs never wait for one another."""
    return list(Paper.objects.filter(**which).order_by("pk").select_for_update())


def _categories(records: list[SourcePaper]) -> dict[str, Category]:
    codes = sorted({code for record in records for code in record.categories})
    if not codes:
        return {}
    Category.objects.bulk_create([Category(code=code, name=NAMES[code]) for code in codes], ignore_conflicts=True)
    return {category.code: category for category in Category.objects.filter(code__in=codes)}


def _author_ids(names: dict[str, str]) -> dict[str, int]:
    """The rows of authors by name key; those that are new are made."""
    known = bulk.numbers(Author, "key", names.keys())
    new = [(names[key], key) for key in sorted(names) if key not in known]
    if new:
        bulk.insert(Author, ("name", "key"), new)
        known |= bulk.numbers(Author, "key", [key for _, key in new])
    return known
