"""What surrounds every page."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from papersite import links, views


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


class PlainNotFound:
    """Answers a view's Http404 with the site's own page, also while DEBUG.

    Django would show its debugging page instead: a reader with a cut link, on a machine
    that somebody tries the site on, must not meet a list of patterns.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return views.page_not_found(request, exception) if isinstance(exception, Http404) else None
