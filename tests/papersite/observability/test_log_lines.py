"""One line an event, for people and for machines."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from papersite.observability import logs
from papersite.observability.log_lines import chosen, formatter

type Written = Callable[..., str]


def record(message: str, *args: object, **more: Any) -> logging.LogRecord:
    return logs._record("digest.tasks", logging.INFO, "path", 1, message, args, more.get("exc_info"))


def broken() -> logging.LogRecord:
    try:
        raise ValueError("of reader@example.org at /d/a-token/")
    except ValueError as error:
        return record("delivery.not_sent delivery=%s", 7, exc_info=(type(error), error, error.__traceback__))


def test_an_event_keeps_its_names_and_values() -> None:
    line = formatter().format(record("digest.drained sent=%s words=%r", 3, "two words"))

    at, level, logger, event, *rest = line.split(" ", 4)
    assert at.endswith("Z")
    assert (level, logger, event) == ("INFO", "digest.tasks", "digest.drained")
    assert rest[0].startswith('sent=3 words="two words" ')


def test_json_says_the_same() -> None:
    said = json.loads(formatter("json").format(record("digest.drained sent=%s words=%r left", 3, "two words")))

    assert {name: said[name] for name in ("level", "logger", "event", "sent", "words")} == {
        "level": "INFO", "logger": "digest.tasks", "event": "digest.drained", "sent": "3", "words": "two words",
    } | ({"words": "left"} if said["words"] == "left" else {})  # fmt: skip


@pytest.mark.parametrize("form", ["line", "json"])
def test_a_traceback_is_inside_its_line_without_address_and_token(form: str) -> None:
    line = formatter(form).format(broken())

    assert len(line.splitlines()) == 1
    assert "ValueError" in line
    assert "delivery.not_sent" in line
    assert "example.org" not in line
    assert "a-token" not in line


@pytest.mark.parametrize("form", ["line", "json"])
def test_nobody_forges_a_line(form: str) -> None:
    line = formatter(form).format(record("request.done path=%r", "/x\n2026-11-27 INFO digest.sent sent=9"))
    foreign = formatter(form).format(record("Not Found: /x\r\n2026 INFO digest.sent\x85\u2028sent=9"))

    assert len(line.splitlines()) == len(foreign.splitlines()) == 1


def test_what_a_library_says_is_the_event_log() -> None:
    said = json.loads(formatter("json").format(record("mail@host ready.")))

    assert (said["event"], said["words"]) == ("log", "mail@host ready.")


def test_lines_say_what_they_are_about() -> None:
    with logs.about(request="abc"), logs.about(delivery=7):
        inner = formatter().format(record("a.b"))
    outer = formatter().format(record("a.b"))

    assert inner.endswith(" request=abc delivery=7")
    assert "request" not in outer


def test_who_is_told_nothing_writes_as_the_settings_have_it(settings: Any) -> None:
    settings.LOG_FORMAT = "json"
    assert json.loads(chosen().format(record("a.b")))["event"] == "a.b"
