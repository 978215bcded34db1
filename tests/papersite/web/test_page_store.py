"""Finished pages: how long they are good, how many are kept, and what other processes learn of them."""

import gzip
from typing import Any

import pytest
from django.core.cache import cache

from papersite.cache import Away
from papersite.web import page_store
from papersite.web.page_store import Finished, Marks, Memory, Store, finish

pytestmark = pytest.mark.django_db


class Server:
    """Stands for Redis."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.is_away = False

    def get_plain(self, key: str) -> bytes | None:
        if self.is_away:
            raise Away
        return self.held.get(key)

    def set_plain(self, key: str, value: bytes, timeout: int) -> None:
        if self.is_away:
            raise Away
        self.held[key] = value


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr(page_store, "_backend", lambda: found)
    return found


def made(text: str = "page", marks: Marks | None = None) -> Finished:
    return finish(text.encode(), "text/html", marks or page_store.store.marks())


def test_a_page_comes_back_as_it_was_made_and_the_same_page_has_the_same_digest() -> None:
    page = made("grüße", Marks(1, 2))
    again = Finished.from_bytes(page.to_bytes())

    assert (again, again.body, gzip.decompress(again.packed)) == (page, "grüße".encode(), "grüße".encode())
    assert made("one").digest == made("one").digest != made("two").digest


def test_memory_keeps_what_was_asked_for_last_up_to_its_bound() -> None:
    memory: Memory[Finished] = Memory(3 * made().size)
    for name in "abc":
        memory.put(name, made())
    memory.get("a")

    memory.put("d", made())
    memory.put("d", made())

    assert [bool(memory.get(name)) for name in "abcd"] == [True, False, True, True]
    assert memory.bytes == 3 * made().size
    memory.put("huge", made("".join(map(str, range(5000)))))
    assert memory.get("huge")
    memory.clear()
    assert memory.bytes == 0


def test_marks_end_what_was_made_before_them(django_capture_on_commit_callbacks: Any) -> None:
    own = page_store.store
    own.put("key", made(), is_shared=False)
    assert own.is_fresh(own.get("key", is_shared=False), 60)  # type: ignore[arg-type]

    with django_capture_on_commit_callbacks(execute=True):
        page_store.renew()
    stale = own.get("key", is_shared=False)
    assert stale is not None
    assert not own.is_fresh(stale, 60)

    with django_capture_on_commit_callbacks(execute=True):
        page_store.empty()
    assert own.get("key", is_shared=False) is None


def test_a_mark_that_is_taken_back_is_none(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        page_store.empty()

    assert page_store.store.marks() == Marks()


def test_a_cache_that_was_emptied_ends_no_page_and_is_told_again() -> None:
    cache.set(page_store.EMPTIED, 7)
    own = Store(Memory(10**6))
    own.put("key", made(marks=own.marks()), is_shared=False)

    cache.clear()
    own.look_again()

    assert own.last("key", is_shared=False)
    assert (own.marks(), Store(Memory(1000)).marks()) == (Marks(7, 0), Marks(7, 0))


def test_other_processes_look_at_the_marks_once_a_second(time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other, clock = Store(Memory(1000)), [100.0]
    monkeypatch.setattr("papersite.web.page_store.time.monotonic", lambda: clock[0])
    assert other.marks() == Marks()
    cache.set(page_store.EMPTIED, 7)

    clock[0] += 0.9
    assert other.marks() == Marks()
    clock[0] += 0.2
    assert other.marks() == Marks(7, 0)


def test_what_is_too_old_or_of_a_clock_that_was_set_back_is_not_shown(time_machine: Any) -> None:
    time_machine.move_to("2026-11-26 08:00:00Z", tick=False)
    own = page_store.store
    own.put("key", made(), is_shared=False)

    time_machine.shift(page_store.STALE - 10)
    assert own.get("key", is_shared=False)
    time_machine.shift(20)
    assert own.get("key", is_shared=False) is None
    time_machine.shift(-3600)
    assert own.get("key", is_shared=False) is None


def test_processes_share_what_is_marked_as_such(server: Server) -> None:
    one, other = Store(Memory(10**6)), Store(Memory(10**6))
    one.put("shared", made(), is_shared=True)
    one.put("own", made(), is_shared=False)

    assert other.get("shared", is_shared=True)
    assert other.get("own", is_shared=False) is None
    assert len(server.held) == 1


def test_without_the_server_each_process_has_its_memory(server: Server) -> None:
    server.is_away = True
    own = Store(Memory(10**6))
    own.put("key", made(), is_shared=True)

    assert own.get("key", is_shared=True)
    assert own.get("other", is_shared=True) is None


def test_without_the_cache_the_marks_stay_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise Away

    monkeypatch.setattr(type(cache._connections[cache._alias]), "get", away)  # type: ignore[attr-defined]
    monkeypatch.setattr(type(cache._connections[cache._alias]), "set", away)  # type: ignore[attr-defined]

    assert Store(Memory(1000)).marks() == Marks()
    page_store._mark(page_store.EMPTIED)


def test_a_part_is_worked_out_once_until_it_is_old_or_papers_change() -> None:
    parts, made = page_store.Parts(), iter(range(10))

    def part(seconds: float = 60) -> int:
        return parts.get("a part", seconds, lambda: next(made))

    assert [part(), part()] == [0, 0]
    page_store._mark(page_store.EMPTIED)
    assert [part(), part()] == [1, 1]
    assert [part(seconds=0), part(seconds=0)] == [2, 3]


def test_parts_do_not_fill_the_memory() -> None:
    parts = page_store.Parts()

    for number in range(page_store.MOST_PARTS + 10):
        parts.get(f"part {number}", 60, lambda: number)  # noqa: B023

    assert len(parts._held) <= page_store.MOST_PARTS
