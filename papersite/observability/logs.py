"""What is logged, and what never is: the secrets in addresses and mails, and whom they belong to.

All records of a process are made by one factory, which is told once: no logger, handler or library can
write past it. ``log_lines`` writes them.
"""

import logging
import logging.config
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter

HIDDEN = "…"
# Each keeps what tells the operator which page it was, and hides the word after it.
SECRETS = re.compile(
    r"(/d/|/copy/|/subscription/feed/|/saved/feed/|/accounts/confirm-email/|/accounts/password/reset/key/"
    r"|/3rdparty/login/|\b(?:unsub|bounces)\+"
    r"|\b(?:csrfmiddlewaretoken|csrftoken|sessionid|device|password|feed_key)['\"]?\s?[=:]\s?['\"]?"
    # Of an address, or of a report's list of what stood in it: a log line may have a code or a state of its own.
    r"|(?:^|[?&])(?:code|state|key|token|access_token|api_key|bearer)\s?=\s?['\"]?"
    r"|\b[Bb]earer\s+)([^\s/?&;,'\"<>@)\]}]+)",
    re.MULTILINE,
)
# Of people; the name of a worker, such as mail@host, has no dot.
ADDRESSES = re.compile(r"[^\s@<>()\[\]{}\"',;:=]+@(?:[\w-]+\.)+[\w-]+")
_ABOUT: ContextVar[dict[str, Any] | None] = ContextVar("about", default=None)
_process = {"process": ""}


def redact(text: str) -> str:
    """A text without the tokens of mails and feeds, confirmation and password links, cookies and codes,
    and without mail addresses."""
    text = SECRETS.sub(lambda found: found[1] + HIDDEN, text)
    return ADDRESSES.sub(f"{HIDDEN}@{HIDDEN}", text) if "@" in text else text


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """What is logged in the block, by whomever, says these as well, such as ``request`` and ``delivery``."""
    token = _ABOUT.set(told() | fields)
    try:
        yield
    finally:
        _ABOUT.reset(token)


def told() -> dict[str, Any]:
    """What every line says at this place."""
    return _ABOUT.get() or {}


def call_process(name: str) -> None:
    """By its name in the table of processes, which each line says; what Python warns of is a line as well."""
    _process["process"] = name
    logging.captureWarnings(capture=True)


def configure(settings: dict[str, Any]) -> None:
    """Django's LOGGING, with records that hold no secrets."""
    logging.setLogRecordFactory(_record)
    logging.config.dictConfig(settings)


def configuration(level: str, form: str = "line") -> dict[str, Any]:
    """Everything to the terminal, a line each. Django's own handlers would say the same once more.

    ``form`` is "line" or "json".
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "papersite.observability.log_lines.formatter", "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": ["console"], "propagate": False},
            # It would say at a second place, and in its own form, what we say.
            "_granian": {"handlers": [], "propagate": True},
            # Each task, twice; ours say what they did.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "papersite.mailing.outbox": {"level": "WARNING"},
        },
    }


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    record.about = told()
    record.process_name = _process["process"]
    try:
        plain = record.getMessage()
    except (TypeError, ValueError, KeyError):  # the handler says what is wrong with it
        return record
    if (safe := redact(plain)) != plain:
        record.msg, record.args = safe, None
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
    if record.stack_info:
        record.stack_info = redact(record.stack_info)
    return record


class Reporter(ExceptionReporter):
    """Django's report of an error, for a mail to the operator, without the secrets of its request."""

    def get_traceback_text(self) -> SafeString:
        return mark_safe(redact(super().get_traceback_text()))  # noqa: S308  as safe as it was

    def get_traceback_html(self) -> SafeString:
        return mark_safe(redact(super().get_traceback_html()))  # noqa: S308
