"""Reads again what sources wrote, after the reader learned something. What curators wrote stays."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import IntegrityError, reset_queries, transaction
from django.utils import timezone

from papersite.catalogue import merging, revisions
from papersite.catalogue.models import Author, Authorship, Paper
from papersite.catalogue.reading import cleaning
from papersite.catalogue.reading.readable import READER, markup, readable
from papersite.catalogue.reading.readable import excerpt as readable_excerpt
from papersite.catalogue.sources import names
from papersite.catalogue.sources.arxiv.entries import is_withdrawn
from papersite.catalogue.sources.links import repository_of
from papersite.catalogue.sources.records import ARXIV

logger = logging.getLogger(__name__)

BATCH = 500
# The field of a text, how its source wrote it, and its markup.
TEXTS = (
    ("title", "source_title", "title_html"),
    ("abstract", "source_abstract", "abstract_html"),
    ("comment", "source_comments", ""),
)
_FIELDS = ("title", "abstract", "comment", "content_key", "code_url", "is_withdrawn", "revised_at", *merging.READ)
# What an index or the topics see of a paper.
_SEEN = frozenset({"title", "abstract", "code_url", "is_withdrawn"})


@dataclass(slots=True)
class Report:
    seen: int = 0
    changed: int = 0
    authors: int = 0

    def __str__(self) -> str:
        return f"seen={self.seen} changed={self.changed} authors={self.authors}"


def reread(*, everything: bool = False, on_progress: Callable[[int], None] = lambda _seen: None) -> Report:
    """Reads all papers that an older reader read, batch by batch; what is done stays done when it is stopped."""
    report = Report()
    last = 0
    papers = Paper.objects.all() if everything else Paper.objects.filter(read_with__lt=READER)
    while ids := list(papers.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        report.seen += len(ids)
        report.changed += _read(ids)
        last = ids[-1]
        on_progress(report.seen)
        reset_queries()
    report.authors = _read_authors()
    return report


@transaction.atomic
def _read(ids: list[int]) -> int:
    """One batch; how many papers changed for readers."""
    now = timezone.now()
    changed: list[Paper] = []
    marked: list[int] = []
    for paper in Paper.objects.filter(pk__in=ids).order_by("pk").select_for_update():
        try:
            read = again(paper)
        except Exception:
            # It keeps what was read of it before.
            logger.exception("reread.broke paper=%s", paper.pk)
            continue
        news = {name: value for name, value in read.items() if value != getattr(paper, name)}
        before = {name: getattr(paper, name) for name in news}
        for name, value in news.items():
            setattr(paper, name, value)
        if news:
            paper.revised_at = merging.revised_at(paper, before, now)
            paper.read_with = READER
            changed.append(paper)
        if _SEEN.intersection(news):
            paper.needs_sorting = True
            marked.append(paper.pk)
    _keep_keys_apart(changed)
    Paper.objects.bulk_update(changed, [*_FIELDS, "needs_sorting"], batch_size=100)
    Paper.objects.filter(pk__in=ids).update(read_with=READER)
    revisions.mark(marked)
    return len(changed)


def again(paper: Paper) -> dict[str, Any]:
    """What is read from a paper's sources now, by field. Papers from before have no source: their text is it."""
    found: dict[str, Any] = {}
    title = ""
    for name, source_name, html_name in TEXTS:
        source = getattr(paper, source_name) or getattr(paper, name)
        if name in paper.curated:
            # A curator's words are as they were typed.
            source, text = getattr(paper, name), getattr(paper, name)
        else:
            text = readable(source, title) or getattr(paper, name)
            found[name] = text
            found[source_name] = source if source != text else ""
        if html_name:
            found[html_name] = markup(source, title)
        if name == "title":
            title = text
    found["title"] = found.get("title", paper.title)[: cleaning.MAX_TITLE]
    if "title" not in paper.curated:
        found["content_key"] = cleaning.content_key(found["title"])
    return found | _told(paper, found) | _excerpt(paper, found)


def _told(paper: Paper, found: dict[str, Any]) -> dict[str, Any]:
    """What arXiv tells only within its texts."""
    abstract, comment = found.get("abstract", paper.abstract), found.get("comment", paper.comment)
    told: dict[str, Any] = {}
    if paper.sources == [ARXIV] and "code_url" not in paper.curated:
        told["code_url"] = (
            repository_of(abstract, found.get("source_abstract", ""))
            or repository_of(comment, found.get("source_comments", ""))
            or paper.code_url
        )
    if ARXIV in paper.sources and "is_withdrawn" not in paper.curated:
        told["is_withdrawn"] = is_withdrawn(abstract, comment)
    return told


def _excerpt(paper: Paper, found: dict[str, Any]) -> dict[str, str]:
    text, in_html = readable_excerpt(
        paper.summary, found.get("source_abstract") or found.get("abstract") or paper.abstract, found["title"]
    )
    return {"excerpt": text, "excerpt_html": in_html}


def _keep_keys_apart(changed: Iterable[Paper]) -> None:
    """Two papers without an identifier never share a key: where another has the new one, a paper keeps its own."""
    without_id = [paper for paper in changed if not paper.arxiv_id]
    former = dict(Paper.objects.filter(pk__in=[paper.pk for paper in without_id]).values_list("pk", "content_key"))
    wanted = [paper.content_key for paper in without_id]
    held = dict(Paper.objects.filter(arxiv_id="", content_key__in=wanted).values_list("content_key", "pk"))
    for paper in without_id:
        if held.setdefault(paper.content_key, paper.pk) != paper.pk:
            paper.content_key = former[paper.pk]


def _read_authors() -> int:
    """Names and keys as they are read now. Two rows that turn out to be one person become one."""
    count = 0
    for some in batched(Author.objects.order_by("pk").values_list("pk", "name", "key").iterator(5000), 5000):
        for pk, name, key in some:
            read = names.each([name])
            better = read[0][: cleaning.MAX_NAME] if len(read) == 1 else name
            new_key = cleaning.name_key(better)
            if new_key and (better, new_key) != (name, key):
                _rename(pk, better, new_key)
                count += 1
    return count


@transaction.atomic
def _rename(pk: int, name: str, key: str) -> None:
    other = Author.objects.filter(key=key).exclude(pk=pk).first()
    papers = list(Authorship.objects.filter(author=pk).values_list("paper", flat=True))
    if other is None:
        Author.objects.filter(pk=pk).update(name=name, key=key)
    else:
        _merge(pk, other)
    revisions.mark(papers)


def _merge(pk: int, other: Author) -> None:
    """Whatever points at one author points at the other, unless it does so already."""
    for relation in Author._meta.related_objects:
        if not relation.one_to_many:
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: pk})
        for row in rows:
            setattr(row, relation.field.name, other)
            try:
                with transaction.atomic():
                    row.save(update_fields=[relation.field.name])
            except IntegrityError:
                row.delete()
    Author.objects.filter(pk=pk).delete()
