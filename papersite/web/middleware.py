"""What surrounds every page."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from papersite import links, views
from papersite.cache import Away
from papersite.runtime.breaker import breaker

logger = logging.getLogger(__name__)


class LinksToTheSite:
    """Whole addresses that libraries make of a request lead to ``SITE_URL``, whatever host it names.

    Of those allauth makes, one is where another site sends people back to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        as_asked = request.build_absolute_uri
        vars(request)["build_absolute_uri"] = lambda location=None: (
            as_asked() if location is None else links.absolute(str(location))
        )
        return self.get_response(request)


class PlainAnswers:
    """Says in the site's own words what a view could not do, also while DEBUG.

    Django would show its debugging page for a missing one: a reader with a cut link, on a machine
    that somebody tries the site on, must not meet a list of patterns.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if wait := getattr(request, "wait_seconds", 0):
            # A form that says so itself: its page stays, with what was typed.
            response.status_code = 429
            response.headers["Retry-After"] = str(wait)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Away):
            return views.out_of_count(request)
        if isinstance(exception, (OperationalError, InterfaceError)):
            logger.warning("request.database_away error=%s", type(exception).__name__)
            return views.database_away(request)
        return views.page_not_found(request, exception) if isinstance(exception, Http404) else None


class WithoutDatabase:
    """While the database is known to be away nobody waits for it; stands behind the pages that are kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if breaker.is_away and not request.path_info.startswith(("/health/", settings.STATIC_URL)):
            return views.database_away(request)
        return self.get_response(request)
