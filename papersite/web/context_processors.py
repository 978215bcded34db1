"""What every page knows about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from papersite.web import sheets


def site(request: HttpRequest) -> dict[str, Any]:
    known = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "on_trial": _is_on_trial()}
    # A page that is made for all readers has nobody's token.
    return known if sheets.gaps_of(request) is None else known | {"csrf_token": sheets.TOKEN}


def _is_on_trial() -> bool:
    """Whether its mails become files that a page shows, and leave for nobody."""
    return settings.DEBUG and settings.MAILERS["default"]["BACKEND"] == "papersite.mailing.outbox.EmailBackend"
