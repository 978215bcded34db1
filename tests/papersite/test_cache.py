"""The cache that processes share: exact counts, and what happens without it."""

import multiprocessing
import pickle
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from papersite.cache import Away, FileCache, RedisCache


@pytest.fixture
def cache(tmp_path: Path) -> FileCache:
    return FileCache(str(tmp_path / "cache.sqlite3"), {})


def test_values_of_any_kind_come_back(cache: FileCache) -> None:
    values = {"a": 1, "b": True, "c": None, "d": [1.5, "x"], "e": {"k": b"v"}, "f": "", "g": -7, "h": 0.25}
    cache.set_many(values)

    assert cache.get_many(values) == values
    assert cache.get("nothing", "default") == "default"


# As a release wrote it that had a class where there is none now.
ELSEWHERE = b"cpapersite.catalogue.plots\nLine\n."


@pytest.mark.parametrize("stored", [ELSEWHERE, b"", b"\x80\x05", b"cpapersite.cache\nNothing\n."])
def test_what_another_release_wrote_and_this_one_cannot_read_is_not_there(cache: FileCache, stored: bytes) -> None:
    cache.set("old", None)
    cache._connection().execute("UPDATE entries SET value = ?", [stored])
    cache.set("new", 1.5)

    assert cache.get("old", "default") == "default"
    assert cache.get_many(["old", "new"]) == {"new": 1.5}


@pytest.mark.servers
@pytest.mark.skipif(not settings.REDIS_URL, reason="asks a server for the same")
def test_nor_is_what_a_server_keeps_of_it() -> None:
    cache = RedisCache(settings.REDIS_URL, {})
    for key, stored in {"lost": ELSEWHERE, "none": pickle.dumps(None), "count": b"3"}.items():
        cache.set_plain(key, stored, 60)

    assert [cache.get(key, "default") for key in ("lost", "none", "count")] == ["default", None, 3]
    assert cache.get_many(["lost", "none", "count"]) == {"none": None, "count": 3}
    assert cache.delete("lost")


def test_add_is_for_whoever_comes_first(cache: FileCache) -> None:
    assert cache.add("key", 1)
    assert not cache.add("key", 2)
    assert cache.get("key") == 1
    assert cache.delete("key")
    assert not cache.delete("key")


def test_what_ran_out_is_gone(cache: FileCache, time_machine: Any) -> None:
    time_machine.move_to("2026-11-26 08:00:00Z", tick=False)
    cache.set("key", 1, timeout=10)
    time_machine.shift(9)
    assert (cache.incr("key"), cache.touch("key", 10)) == (2, True)

    time_machine.shift(11)

    assert cache.get("key") is None
    assert not cache.touch("key")
    assert cache.add("key", 5)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("other")


def test_count_begins_anew_when_its_time_is_over(cache: FileCache, time_machine: Any) -> None:
    time_machine.move_to("2026-11-26 08:00:00Z", tick=False)
    counted = [cache.count("key", 100, timeout=10) for _ in range(3)]
    time_machine.shift(9)
    counted.append(cache.count("key", 200, timeout=10))
    time_machine.shift(1)
    counted += [cache.count("key", 300, timeout=10) for _ in range(2)]

    assert counted == [100, 101, 102, 103, 300, 301]


def test_a_server_s_count_that_runs_out_while_it_is_raised_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, int] = {}
    server = RedisCache("redis://127.0.0.1:1", {})
    monkeypatch.setattr(server, "add", lambda key, value, timeout: False)
    monkeypatch.setattr(server, "set", lambda key, value, timeout: kept.update({key: value}))

    def gone(key: str) -> int:
        raise ValueError(f"Key {key!r} not found")

    monkeypatch.setattr(server, "incr", gone)

    assert server.count("key", 7, timeout=10) == 7
    assert kept == {"key": 7}


def test_clear_and_tidying(cache: FileCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papersite.cache.TIDY_EVERY", 5)
    for number in range(9):
        cache.set(f"old{number}", number, timeout=-1)
    cache.set("new", 1)
    rows = cache._connection().execute("SELECT count(*) FROM entries").fetchone()[0]
    assert rows < 9

    cache.clear()

    assert cache.get("new") is None


def count(path: str, times: int) -> None:
    own = FileCache(path, {})
    for _ in range(times):
        own.count("count", 1, timeout=60)


@pytest.mark.long
@pytest.mark.processes
def test_threads_and_processes_count_together(tmp_path: Path) -> None:
    path = str(tmp_path / "cache.sqlite3")
    FileCache(path, {}).get("count")
    # Each process begins anew: a fork of a test process with threads may not.
    started = multiprocessing.get_context("spawn")
    tasks = [started.Process(target=count, args=(path, 50)) for _ in range(2)]
    threads = [threading.Thread(target=count, args=(path, 50)) for _ in range(2)]

    both: list[Any] = [*tasks, *threads]
    for task in both:
        task.start()
    for task in both:
        task.join(50)

    assert FileCache(path, {}).get("count") == 200


# Nobody listens there.
ADDRESS = "redis://127.0.0.1:1/0"


@pytest.fixture
def away() -> Iterator[RedisCache]:
    """Of an address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield RedisCache(f"redis://127.0.0.1:{taken.getsockname()[1]}/0", {})


def test_counting_without_a_server_is_refused(away: RedisCache, settings: Any) -> None:
    settings.LIMITS_FAIL_OPEN = False

    for ask in (lambda: away.add("key", 1), lambda: away.get("key"), lambda: away.incr("key")):
        with pytest.raises(Away):
            ask()
    assert away.get_many(["key"]) == {}
    assert away.set_many({"key": 1}) == []


def test_a_file_stands_in_for_a_server_that_is_away(settings: Any, tmp_path: Path) -> None:
    settings.LIMITS_FAIL_OPEN = False
    stand_in = str(tmp_path / "meanwhile.sqlite3")
    # Two processes of one host.
    one, other = (RedisCache(ADDRESS, {"OPTIONS": {"stand_in": stand_in}}) for _ in range(2))

    assert (one.add("key", 1), other.add("key", 1), other.incr("key"), one.get("key")) == (True, False, 2, 2)
    # What all hosts are told at once no host's file knows.
    with pytest.raises(Away):
        one.get("pages:emptied")


def test_counting_without_a_server_finds_nothing_where_the_operator_says_so(away: RedisCache, settings: Any) -> None:
    settings.LIMITS_FAIL_OPEN = True

    assert (away.add("key", 1), away.get("key", 7), away.set("key", 1), away.incr("key")) == (True, 7, None, 0)


def test_a_silent_server_is_asked_once_in_a_while(
    away: RedisCache, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMITS_FAIL_OPEN = True
    away.get("key")
    asked: list[str] = []
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *a, **k: asked.append("again"))

    away.get("key")
    away._away_until = 0.0
    away.get("key")

    assert asked == ["again"]


def test_a_file_that_cannot_be_had_is_a_cache_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite3").mkdir()

    with pytest.raises(Away):
        FileCache(str(tmp_path / "cache.sqlite3"), {}).get("key")
