"""Which backend mail leaves by: a provider's, a mail server, or files in a folder."""

from pathlib import Path
from typing import Any

from papersite.mailing import smtp


def chosen(*, provider: str, server: dict[str, Any] | None, folder: Path) -> dict[str, dict[str, Any]]:
    """Django's MAILERS; ``server`` is what django-environ reads in EMAIL_URL."""
    if provider:
        return {"default": {"BACKEND": f"anymail.backends.{provider}.EmailBackend"}}
    if server:
        return {"default": smtp.backend(server)}
    return {"default": {"BACKEND": "papersite.mailing.outbox.EmailBackend", "OPTIONS": {"folder": folder}}}
