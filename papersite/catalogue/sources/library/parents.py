"""What entries of BibTeX have from others: from the volume that they stand in (crossref), and from what was written
apart to be shared (xdata). Pure.

BibTeX wants a volume behind its papers, BibLaTeX anywhere: so both wait for one another, as long as there is room.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Characters, and so many for each field: a library that readers bring along waits as a whole, of a larger file so
# much at a time.
ROOM = 40_000_000
A_FIELD = 100
# Of the values that are handed down: they are names, and years.
LONGEST = 1000
# So many others are asked for one entry, whichever way they name each other.
MOST_ASKED = 20
SHARED = "xdata"
VOLUMES = frozenset({"proceedings", "mvproceedings", "collection", "mvcollection", "periodical"})
_PARENTS = VOLUMES | {SHARED, "book", "mvbook", "reference", "mvreference"}
_PARTS = frozenset({
    "inproceedings", "conference", "incollection", "inbook", "bookinbook", "inreference", "suppbook", "suppcollection",
})  # fmt: skip
# Not what a paper is known by, nor what somebody thought of the volume.
_DATES = ("year", "month", "day", "date")
_PASSED_ON = ("author", "journal", "journaltitle", "booktitle", "volume", "number", "series", "publisher", *_DATES)
_KEPT = frozenset({*_PASSED_ON, "title", "crossref", SHARED})


@dataclass(slots=True)
class Written:
    """An entry as it stands in its file."""

    place: str
    kind: str
    key: str
    fields: dict[str, str]
    notes: list[str] = field(default_factory=list)
    """One paper may have several."""

    @property
    def size(self) -> int:
        held = (*self.fields.values(), *self.notes)
        return A_FIELD * (1 + len(held)) + sum(map(len, held))

    @property
    def parents(self) -> list[str]:
        """The keys of those that it has something from, the nearest first."""
        shared = self.fields.get(SHARED, "").split(",", MOST_ASKED)[:MOST_ASKED]
        return [name for one in (*shared, self.fields.get("crossref", "")) if (name := _name(one))]


@dataclass(frozen=True, slots=True)
class Whole:
    """An entry with all that it has, its own and what others hand down."""

    own: Written
    fields: dict[str, str]
    is_parent: bool
    """Others of its file stand in it."""


class Family:
    """The entries of one file, that come one by one, and go once what they wait for is there."""

    def __init__(self) -> None:
        self._waiting: list[Written] = []
        self._waited_for: set[str] = set()
        self._waits = 0
        self._known: dict[str, Written] = {}
        self._held = 0
        self._named: dict[str, None] = {}

    def add(self, one: Written) -> Iterator[Whole]:
        """Takes an entry in, and tells those that need not wait any longer."""
        if one.kind in _PARENTS or one.key in self._waited_for:
            self._remember(one)
        if one.kind == SHARED:
            return
        if not one.parents and one.kind not in VOLUMES:
            yield Whole(one, one.fields, is_parent=False)
            return
        self._wait(one)
        if self._waits > ROOM:
            yield from self._told(self._settle())

    def rest(self) -> Iterator[Whole]:
        """Those that still wait, at the end of the file."""
        waiting, self._waiting = self._waiting, []
        yield from self._told(waiting)

    def _wait(self, one: Written) -> None:
        self._waiting.append(one)
        self._waits += one.size
        self._waited_for.update(one.parents)
        if crossref := _name(one.fields.get("crossref", "")):
            self._named[crossref] = None

    def _remember(self, one: Written) -> None:
        """What it may hand down; of two with one key the first counts, and where there is no room the latest stay."""
        if not one.key or one.key in self._known:
            return
        short = {name: value for name, value in one.fields.items() if name in _KEPT and len(value) <= LONGEST}
        kept = self._known[one.key] = Written("", one.kind, one.key, short)
        self._held += kept.size
        while self._held > ROOM:
            self._held -= self._known.pop(next(iter(self._known))).size

    def _settle(self) -> list[Written]:
        """Takes out those that wait for nobody; if that leaves too many, all of them."""
        going = [one for one in self._waiting if all(name in self._known for name in one.parents)]
        staying = [one for one in self._waiting if not all(name in self._known for name in one.parents)]
        if sum(one.size for one in staying) > ROOM // 2:
            going, staying = self._waiting, []
        self._waiting, self._waits = staying, sum(one.size for one in staying)
        self._waited_for = {name for one in staying for name in one.parents}
        return going

    def _told(self, going: Iterable[Written]) -> Iterator[Whole]:
        for one in going:
            yield Whole(one, self._whole(one, {one.key}), is_parent=one.key in self._named)
        while len(self._named) > ROOM // A_FIELD:
            del self._named[next(iter(self._named))]

    def _whole(self, one: Written, asked: set[str]) -> dict[str, str]:
        """Its own fields, then what is shared, then its volume's, of which each may have them from others in turn."""
        found = dict(one.fields)
        for name in one.parents:
            parent = self._known.get(name)
            if parent is None or name in asked or len(asked) > MOST_ASKED:
                continue
            asked.add(name)
            for passed, value in _passed_on(one.kind, found, parent.kind, self._whole(parent, asked)):
                found.setdefault(passed, value)
        return found


def _passed_on(kind: str, own: dict[str, str], of: str, fields: dict[str, str]) -> list[tuple[str, str]]:
    """What an entry gets from one of the kind ``of`` with these fields; two dates are never mixed into one."""
    dated = _DATES if "date" in own else ("date",) if "year" in own else ()
    passed = [(name, fields[name]) for name in _PASSED_ON if name in fields and name not in dated]
    title = fields.get("title", "")
    if title and kind in _PARTS and of != SHARED:
        passed.append(("booktitle", title))
    elif title and kind == "article" and of == "periodical" and "journal" not in own:
        passed.append(("journaltitle", title))
    return passed


def _name(key: str) -> str:
    """Keys have no case."""
    return key.strip().lower()
