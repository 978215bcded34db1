"""Addresses in what sources write: which may become a link, and which is a repository of code."""

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

LONGEST = 500
# GitHub's own pages, which name no owner.
_GITHUB_PAGES = frozenset({
    "about", "account", "apps", "blog", "codespaces", "collections", "contact", "customer-stories", "dashboard",
    "discussions", "docs", "enterprise", "events", "explore", "features", "gist", "issues", "join", "login", "logout",
    "marketplace", "mobile", "new", "notifications", "organizations", "orgs", "pricing", "pulls", "readme", "search",
    "security", "sessions", "settings", "signup", "site", "solutions", "sponsors", "stars", "team", "topics",
    "trending",
    "users", "watching", "premium-support", "resources", "nonprofit", "models", "copilot",
})  # fmt: skip
_FACE_PAGES = frozenset({
    "api", "blog", "chat", "collections", "docs", "enterprise", "huggingface", "join", "learn", "login", "models",
    "new", "organizations", "papers", "posts", "pricing", "settings", "tasks", "datasets", "spaces",
})  # fmt: skip
_FORGE_PAGES = frozenset({
    "explore", "users", "help", "groups", "dashboard", "projects", "user", "org", "search", "api", "product", "account",
    "workspace", "blog",
})  # fmt: skip
# These have no groups within groups.
_FLAT = frozenset({"codeberg.org", "bitbucket.org"})
_START = r"(?<![\w.@-])(?:https?://)?(?:www\.)?"
_PART = r"[A-Za-z0-9_.-]{1,100}"
_GITHUB = re.compile(
    rf"(?:{_START}|(?<![\w.-])git@)github\.com(?:/|:|/ (?=[\w-]+/[\w.-]))([A-Za-z0-9-]{{1,39}})/({_PART})",
    re.IGNORECASE,
)
# Universities have GitLab on servers of their own.
_FORGE = re.compile(
    rf"{_START}(gitlab(?:\.[a-z0-9-]{{1,63}}){{1,5}}|codeberg\.org|bitbucket\.org)/({_PART}(?:/(?!-/|-$){_PART}){{1,7}})",
    re.IGNORECASE,
)
_FACE = re.compile(rf"{_START}(?:huggingface\.co|hf\.co)/((?:datasets/|spaces/)?)({_PART})/({_PART})", re.IGNORECASE)
# What the hosts' names hold: most texts have none.
_ENDINGS = (".co", ".org", "gitlab.")
_BEFORE_HOST = len("https://www.")
# TeX's marks before signs that addresses hold too.
_ESCAPED = re.compile(r"\{?\\(?:([_%#&~-])|textunderscore(?![A-Za-z])(?:\{\})?|textasciitilde(?![A-Za-z])(?:\{\})?)\}?")
_HOST = re.compile(r"[^\s/?#@\\\[\]]+\.[^\s/?#@\\\[\]]+|localhost|\[[0-9a-f:.]+\]", re.IGNORECASE)


def web_url(value: Any) -> str:
    """An http address as it may stand in a page and in a mail, or "".

    Refused are white space, controls and marks of direction, which hide where it leads, and a user's
    name before the host, which pretends to be one.
    """
    found = value.strip() if isinstance(value, str) else ""
    if not found.startswith(("https://", "http://")) or len(found) > LONGEST:
        return ""
    if "\\" in found or any(unicodedata.category(char)[0] in "ZC" for char in found):
        return ""
    try:
        parts = urlsplit(found)
        is_whole = _HOST.fullmatch(parts.hostname or "") is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        return ""
    return found if is_whole and "@" not in parts.netloc else ""


def repository_url(text: str) -> str:
    """The first repository of code named in a text, as its plain address, or "".

    One on GitHub comes before one on GitLab, Codeberg or Bitbucket, and these before Hugging Face, where models
    and data lie. The text must have been read: TeX writes ``\\_``.
    """
    lowered = text.lower()
    if _ENDINGS[0] not in lowered and _ENDINGS[1] not in lowered and _ENDINGS[2] not in lowered:
        return ""
    # An address begins little before its host. (The letters of few languages grow in number with their case.)
    at = lowered.find("github.com") if len(lowered) == len(text) else 0
    on_github = _on_github(text, max(0, at - _BEFORE_HOST)) if at >= 0 else ""
    return on_github or _on_a_forge(text) or _on_hugging_face(text)


def repository_of(shown: str, source: str) -> str:
    """The first repository that a text names, else one that its TeX holds and does not show.

    ``source`` is the text as it was typed: ``\\href`` shows other words, a footnote is not shown at all.
    """
    if "\\" not in source:
        return repository_url(shown)
    return repository_url(f"{shown}\n{_ESCAPED.sub(_typed, source)}")


def _typed(found: re.Match[str]) -> str:
    return found[1] or ("_" if "under" in found[0] else "~")


def _on_github(text: str, start: int) -> str:
    for owner, name in _GITHUB.findall(text, start):
        repository = _trimmed(name)
        if repository and owner.lower() not in _GITHUB_PAGES:
            return f"https://github.com/{owner}/{repository}"
    return ""


def _on_a_forge(text: str) -> str:
    for host, path in _FORGE.findall(text):
        parts = path.split("/")
        # What follows there are pages of the repository.
        parts = parts[:2] if host.lower() in _FLAT or any(part in ("tree", "blob") for part in parts) else parts
        parts[-1] = _trimmed(parts[-1])
        if parts[-1] and parts[0].lower() not in _FORGE_PAGES:
            return f"https://{host.lower()}/{'/'.join(parts)}"
    return ""


def _on_hugging_face(text: str) -> str:
    for kind, owner, name in _FACE.findall(text):
        if (repository := _trimmed(name)) and owner.lower() not in _FACE_PAGES:
            return f"https://huggingface.co/{kind.lower()}{owner}/{repository}"
    return ""


def _trimmed(name: str) -> str:
    """Without what ends a sentence, and without Git's own ending."""
    return name.rstrip(".").removesuffix(".git").rstrip(".")
