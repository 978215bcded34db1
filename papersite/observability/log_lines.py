"""How a record is written: one line an event, as ``event key=value`` or as JSON, tracebacks inside."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

EVENT = re.compile(r"([a-z][a-z_0-9]*(?:\.[a-z_0-9]+)+)(?:\s|$)")
PAIR = re.compile(r"""(\w+)=('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\S*)""")
ENDS = re.compile("[\x7f-\x9f\u2028\u2029]")
# What needs no quotes.
PLAIN = re.compile(r"[^\s\"'=]+")


def formatter(form: str = "line") -> logging.Formatter:
    """For Django's LOGGING."""
    return Json() if form == "json" else Line()


def chosen() -> logging.Formatter:
    """As the settings have it: for who is told nothing, such as the web server's first process."""
    from django.conf import settings  # noqa: PLC0415  they import the logs

    return formatter(settings.LOG_FORMAT)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """All that a record says. What another library says in words of its own is the event ``log``."""
    said = record.getMessage()
    event = EVENT.match(said)
    found: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "event": event[1] if event else "log",
    }
    if event:
        rest = said[event.end() :]
        found |= {name: value.strip("'\"") for name, value in PAIR.findall(rest) if name not in found}
        if words := " ".join(PAIR.sub("", rest).split()):
            found["words"] = words
    else:
        found["words"] = said
    if name := getattr(record, "process_name", ""):
        found["process"] = name
    found |= {"pid": record.process} | getattr(record, "about", {})
    if record.exc_text:
        found["traceback"] = record.exc_text
    if record.stack_info:
        found["stack"] = record.stack_info
    return found


class Line(logging.Formatter):
    """``2026-11-27T04:19:55.123Z INFO digest.tasks digest.wake planned=3 process=mail pid=17``."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        found = fields(record)
        head = " ".join(_escaped(str(found.pop(name))) for name in ("at", "level", "logger", "event"))
        return " ".join([head, *(f"{name}={_quoted(str(value))}" for name, value in found.items())])


class Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        return _dumped(fields(record))


def _quoted(value: str) -> str:
    return value if PLAIN.fullmatch(value) and value.isprintable() else _dumped(value)


def _dumped(value: object) -> str:
    """As JSON on one line, also for those who take more characters for the end of one than JSON does."""
    return ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, default=str))


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode() if not text.isprintable() else text
