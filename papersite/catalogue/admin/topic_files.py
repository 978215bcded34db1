"""Topics as staff carry them out and bring them in: each by the rules of its form."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from papersite.catalogue import curation, tasks
from papersite.catalogue.forms import TopicForm
from papersite.catalogue.models import Category, Topic
from papersite.catalogue.topics import taxonomy
from papersite.exchange.changes import CHANGED, NEW, Change, differences
from papersite.exchange.reading import Row

COLUMNS = ("slug", "name", "description", "search", "categories", "is_offered", "is_catch_all")
# What decides which papers belong to a topic.
SORTING = frozenset({"search", "categories", "is_catch_all"})
_YES, _NO = {"yes", "true", "1", "on", "y"}, {"no", "false", "0", "off", "n", ""}


class Odd(ValueError):
    """A value of a shape that cannot be read."""


class Topics:
    """By slug, or by name. A column that is not there changes nothing, an empty cell empties. None is deleted."""

    columns = known = COLUMNS
    needed = ("slug", "name")

    def rows(self, found: QuerySet[Topic]) -> Iterator[dict[str, Any]]:
        yield from map(_row, found.order_by("pk").prefetch_related("categories"))

    def carry(self, rows: Sequence[Row], *, origin: str, now: datetime) -> list[Change]:
        held = list(Topic.objects.select_for_update().order_by("pk").prefetch_related("categories"))
        by_slug, by_name = {one.slug: one for one in held}, {one.name: one for one in held}
        changes: list[Change] = []
        seen: dict[str, str] = {}
        for row in rows:
            change = Change(row.place, str(row.values.get("name") or row.values.get("slug") or "")[:200])
            changes.append(change)
            try:
                told = _told(row)
            except Odd as error:
                change.refuse(str(error))
                continue
            known = by_slug.get(told["slug"]) if told.get("slug") else by_name.get(told.get("name", ""))
            key = known.slug if known else told.get("slug") or slugify(told.get("name", ""))
            if key in seen:
                change.refuse(f"The same topic stands in {seen[key]} already.")
                continue
            seen[key] = row.place
            self._carry(change, told, known)
        return changes

    def _carry(self, change: Change, told: dict[str, Any], known: Topic | None) -> None:
        before = _row(known) if known else {"slug": slugify(told.get("name", ""))[:80], "is_offered": True}
        wanted = {name: before.get(name, "") for name in COLUMNS} | told
        wanted["categories"] = _categories(wanted["categories"] or [])
        topic = known or Topic()
        form = TopicForm(wanted, instance=topic)
        if not form.is_valid() and set(form.errors) == {"is_meant"}:
            change.notes, change.asks = [str(one) for one in form.errors["is_meant"]], True
            form = TopicForm(wanted | {"is_meant": "on"}, instance=topic)
        if not form.is_valid():
            change.notes, change.asks = [], False
            change.refuse(*(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()))
            return
        # The form has written into the row: what it was stands in ``before``.
        change.row = topic = form.save(commit=False)
        topic.is_moved = curation.save_topic(topic)
        form.save_m2m()
        after = _words(_row(Topic.objects.prefetch_related("categories").get(pk=topic.pk)))
        change.fields = differences(_words(before) if known else {}, after)
        change.outcome = NEW if known is None else CHANGED if change.fields else change.outcome

    def after(self, changes: Sequence[Change]) -> str:
        topics: list[Any] = [one.row for one in changes if one.outcome in (NEW, CHANGED)]
        moved = [one.pk for one in topics if one.is_moved]
        changed = {id(one.row): {name for name, _, _ in one.fields} for one in changes}
        others = [one.pk for one in topics if not one.is_moved and SORTING & changed[id(one)]]
        for chosen, is_moved in ((moved, True), (others, False)):
            if chosen:
                tasks.classify.delay(chosen, moved=is_moved)
        return "The catalogue is sorted under them again; that may take a minute." if moved or others else ""


def _row(topic: Topic) -> dict[str, Any]:
    values = {name: getattr(topic, name) for name in COLUMNS if name != "categories"}
    row = values | {"categories": sorted(one.code for one in topic.categories.all())}
    return {name: row[name] for name in COLUMNS}


def _words(row: dict[str, Any]) -> dict[str, str]:
    yes_no = {True: "yes", False: "no"}
    shown = {name: yes_no[value] if isinstance(value, bool) else value for name, value in row.items()}
    return {name: " ".join(value) if isinstance(value, list) else str(value) for name, value in shown.items()}


def _told(row: Row) -> dict[str, Any]:
    """A row's values as the form takes them. Raises Odd."""
    if row.problem:
        raise Odd(row.problem)
    told: dict[str, Any] = {}
    for name in COLUMNS:
        if name in row.values:
            value = row.values[name]
            read = _yes if name.startswith("is_") else _codes if name == "categories" else _text
            told[name] = read(name, value)
    if not told.get("slug"):
        told.pop("slug", None)
    return told


def _text(name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return (value or "").strip()
    raise Odd(f"Its {name} is no text.")


def _yes(name: str, value: Any) -> bool:
    plain = str(value if value is not None else "").strip().lower()
    if plain not in _YES | _NO:
        raise Odd(f"Its {name} is neither yes nor no: {plain[:60]}")
    return plain in _YES


def _codes(name: str, value: Any) -> list[str]:
    listed = re.split(r"[\s;,|]+", value) if isinstance(value, str) else value or []
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise Odd(f"Its {name} are no list of codes.")
    found = [(one, taxonomy.category(one)) for one in listed if one]
    if unknown := [one for one, code in found if not code]:
        raise Odd(f"There is no category {', '.join(unknown)[:100]}.")
    return [code for _, code in found]


def _categories(codes: Sequence[str]) -> list[int]:
    """Their rows' numbers; those that arXiv has and the site has not yet are made."""
    new = [Category(code=code, name=taxonomy.NAMES.get(code, "")) for code in codes]
    Category.objects.bulk_create(new, ignore_conflicts=True)
    return list(Category.objects.filter(code__in=codes).values_list("pk", flat=True))
