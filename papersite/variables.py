"""The environment's variables: read, checked one by one, and all that is wrong with them said at once."""

import difflib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from papersite.web import rates

FILE = "_FILE"
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
# What libraries and tools read for themselves: no mistake in a `.env`.
OTHERS = re.compile(
    r"(DJANGO|PYTHON|GRANIAN|CELERY|PG|UV|SSL|OTEL|LC)_?[A-Z_]*|TZ|LANG|PATH|HOME|TMPDIR|COMPOSE_[A-Z_]+"
)
LINE = re.compile(r"(?:export )?([A-Za-z_][A-Za-z_0-9]*)=(.*)")


class Environment:
    """Reads variables by their kind. What is empty counts as not set.

    A value that cannot be used is kept as a problem and its default taken, so that ``finish``
    can name every one. Each may be given as ``NAME_FILE``, the path of a file that holds it.
    """

    def __init__(self, values: Mapping[str, str], file: Path | None = None) -> None:
        self.problems: list[str] = []
        self.in_file: dict[str, str] = {}
        self.lines: list[str] = []
        try:
            self.in_file, self.lines = _read(file) if file else ({}, [])
        except (OSError, UnicodeDecodeError) as error:
            # Without it the site would start as one on trial.
            self.problems.append(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}")
        self.values = {**self.in_file, **values}
        self.names: set[str] = set()
        self.families: set[str] = set()

    def __call__(self, name: str, *, default: str = "", needed: str = "") -> str:
        """A text. ``needed`` says why there is no going without."""
        text = self._text(name)
        if text is None and needed:
            self.problems.append(f"{name} is not set: {needed}")
        return default if text is None else text

    def given(self) -> list[str]:
        """Names of those that are set, without their values."""
        families = tuple(self.families)
        known = {name for name in self.values if families and name.startswith(families)} | self.names
        return sorted(name for name in known if self.values.get(name) or self.values.get(name + FILE))

    def family(self, prefix: str, *, is_used: bool) -> dict[str, str]:
        """All whose names begin so, by the rest of their names."""
        self.families.add(prefix)
        names = {name.removesuffix(FILE) for name in self.values if name.startswith(prefix)}
        found = {name.removeprefix(prefix): self._text(name) for name in sorted(names)} if is_used else {}
        return {name: text for name, text in found.items() if text is not None}

    def bool(self, name: str, *, default: bool) -> bool:
        return bool(self._as(name, _truth, default))

    def int(self, name: str, *, default: int, least: int = 0) -> int:
        return int(self._as(name, lambda text: _number(text, int, "whole number", least), default))

    def float(self, name: str, *, default: float, least: float = 0) -> float:
        return float(self._as(name, lambda text: _number(text, float, "number", least), default))

    def list(self, name: str, *, default: Iterable[str] = ()) -> list[str]:
        """Of words between commas."""
        return list(self._as(name, lambda text: [word.strip() for word in text.split(",") if word.strip()], default))

    def rates(self, name: str, *, default: str) -> tuple[rates.Rate, ...]:
        return tuple(self._as(name, rates.parse, rates.parse(default)))

    def rates_text(self, name: str, *, default: str) -> str:
        """As it is written, of which it is known that it can be read."""
        return str(self._as(name, _written_rates, default))

    def choice(self, name: str, *, among: tuple[str, ...], default: str) -> str:
        return str(self._as(name, lambda text: _one_of(text, among), default))

    def url(self, name: str, *, schemes: Iterable[str], default: str = "") -> str:
        """An address with one of these schemes; none but its scheme is ever said again, for it may hold a password."""
        return str(self._as(name, lambda text: _url(text, schemes, str), default))

    def db_url(self, name: str, *, default: str) -> dict[str, Any]:
        """An entry of Django's DATABASES."""
        schemes, read = ("postgres", "postgresql", "sqlite"), environ.Env.db_url_config
        return dict(self._as(name, lambda text: _url(text, schemes, read), None) or read(default))

    def email_url(self, name: str) -> dict[str, Any] | None:
        """What django-environ reads in it; None where it is not set."""
        schemes, read = ("smtp", "smtps", "smtp+tls", "smtp+ssl"), environ.Env.email_url_config
        return self._as(name, lambda text: _url(text, schemes, read), None)  # type: ignore[no-any-return]

    def finish(self) -> None:
        """Raises ImproperlyConfigured with all that is wrong."""
        if self.problems:
            raise ImproperlyConfigured("\n".join(self.problems))

    def unknown(self) -> dict[str, str]:
        """Names that nothing reads, and the known one that each most resembles, or "".

        Of the file all; of the environment, which is full of others', those that are a slip of one of ours.
        """
        found = {}
        for name in sorted(self.values):
            plain = name.removesuffix(FILE)
            if plain in self.names or name in self.names or name.startswith(tuple(self.families)):
                continue
            near = "" if OTHERS.fullmatch(name) else self._near(plain)
            if near or (name in self.in_file and not OTHERS.fullmatch(name)):
                found[name] = near
        return found

    def _near(self, name: str) -> str:
        return next(iter(difflib.get_close_matches(name, sorted(self.names), n=1, cutoff=0.87)), "")

    def _as(self, name: str, read: Callable[[str], Any], default: Any) -> Any:
        text = self._text(name)
        if text is None:
            return default
        try:
            return read(text)
        except (ValueError, ImproperlyConfigured) as error:
            self.problems.append(f"{name}: {error}")
            return default

    def _text(self, name: str) -> str | None:
        self.names.add(name)
        text = self.values.get(name, "")
        if path := self.values.get(name + FILE, ""):
            try:
                text = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is no text"
                self.problems.append(f"{name}{FILE}: {path} cannot be read: {reason}")
        return text if text.strip() else None


def from_process(file: Path | None) -> Environment:
    """Of this process and, where it says nothing, of a file such as ``.env``."""
    found = Environment(os.environ, file)
    for name, value in found.in_file.items():
        # Libraries read theirs, such as PGSSLROOTCERT, for themselves.
        os.environ.setdefault(name, value)
    return found


def _read(file: Path) -> tuple[dict[str, str], list[str]]:
    """A file's variables, and what is odd about its lines."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}, []
    found, odd = {}, []
    for number, line in enumerate((line.strip() for line in lines), start=1):
        if not line or line.startswith("#"):
            continue
        if not (parts := LINE.fullmatch(line)):
            odd.append(f"line {number} of {file.name} is no NAME=value")
            continue
        name, value = parts[1], _unquoted(parts[2].strip())
        if name in found:
            odd.append(f"{name} stands in {file.name} twice; the last counts")
        if re.search(r"\s#", parts[2]) and value == parts[2].strip():
            odd.append(f"{name} in {file.name} has a comment behind its value, which is taken as part of it")
        found[name] = value
    return found, odd


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _truth(text: str) -> bool:
    if (word := text.strip().lower()) in YES + NO:
        return word in YES
    raise ValueError(f"{text!r} is neither true nor false")


def _number(text: str, kind: Callable[[str], Any], called: str, least: float) -> Any:
    try:
        number = kind(text)
    except ValueError:
        raise ValueError(f"{text!r} is no {called}") from None
    if not least <= number < float("inf"):
        raise ValueError(f"{text} is less than {least}" if number < least else f"{text!r} is no {called}")
    return number


def _written_rates(text: str) -> str:
    rates.parse(text)
    return text


def _one_of(text: str, among: tuple[str, ...]) -> str:
    if text not in among:
        raise ValueError(f"{text!r} is none of {', '.join(among)}")
    return text


def _url(text: str, schemes: Iterable[str], read: Callable[[str], Any]) -> Any:
    scheme, mark, _ = text.partition("://")
    if not mark or scheme not in schemes:
        raise ValueError(f"it must begin with {', '.join(f'{one}://' for one in schemes)}")
    try:
        return read(text)
    except ValueError:  # which may hold a part of the password
        raise ValueError("its host and port cannot be read; in a password write @ as %40, : as %3A, / as %2F") from None
