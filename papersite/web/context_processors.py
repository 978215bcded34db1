"""What every page knows about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from papersite.web import sheets


def site(request: HttpRequest) -> dict[str, Any]:
    known = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "debug": settings.DEBUG}
    # A page that is made for all readers has nobody's token.
    return known if sheets.gaps_of(request) is None else known | {"csrf_token": sheets.TOKEN}
