"""Which backend mail leaves by: a provider's, a mail server, or files in a folder."""

from pathlib import Path
from typing import Any

# In seconds, well under DIGEST_LEASE: a hanging relay is noticed by the one who waits for it.
TIMEOUT = 30


def chosen(*, provider: str, server: dict[str, Any] | None, folder: Path) -> dict[str, dict[str, Any]]:
    """Django's MAILERS; ``server`` is what an EMAIL_URL says."""
    if provider:
        return {"default": {"BACKEND": f"anymail.backends.{provider}.EmailBackend"}}
    if server:
        options = {
            "host": server["EMAIL_HOST"],
            "port": server["EMAIL_PORT"] or None,
            "username": server["EMAIL_HOST_USER"] or "",
            "password": server["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": server.get("EMAIL_USE_TLS", False),
            "use_ssl": server.get("EMAIL_USE_SSL", False),
            "timeout": TIMEOUT,
        }
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    return {"default": {"BACKEND": "papersite.outbox.EmailBackend", "OPTIONS": {"folder": folder}}}
