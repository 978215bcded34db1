"""What every adapter needs to make a record of loose text."""

import re
from datetime import UTC, datetime
from typing import Any

_REPOSITORY = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([A-Za-z0-9-]+)/([A-Za-z0-9_.-]+)", re.IGNORECASE)
_ARXIV_ID = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)


def repository_url(text: str) -> str:
    """The first GitHub repository named in a text, as its plain address, or ""."""
    for owner, name in _REPOSITORY.findall(text):
        repository = name.rstrip(".").removesuffix(".git")
        if repository:
            return f"https://github.com/{owner}/{repository}"
    return ""


def arxiv_id(text: str) -> str:
    """The identifier without version, or "" where the text is none."""
    match = _ARXIV_ID.fullmatch(text.strip())
    return match[1] if match else ""


def moment(value: Any) -> datetime | None:
    """An aware moment in UTC from ISO text (a day counts from its midnight), or None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    """A number a paper has earned; None where the source tells none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def web_url(value: Any) -> str:
    """An http address, or "": nothing else may become a link."""
    found = text(value).strip()
    return found if found.startswith(("https://", "http://")) and len(found) <= 500 and " " not in found else ""


def excerpt(value: str, length: int = 120) -> str:
    return value.replace("\x00", "�")[:length]
