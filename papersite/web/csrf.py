"""Forms from other sites: refused by token, and where a page must set no cookie by what the browser says."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

# Browsers write it themselves and let no page change it (Fetch Metadata, W3C).
FETCH_SITE = "Sec-Fetch-Site"
SAME = "same-origin"


def by_origin(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Marks a view whose form stands on pages that everybody is shown alike, and so holds no token.

    Only for what nobody's being signed in adds to.
    """
    view.is_checked_by_origin = True  # type: ignore[attr-defined]
    return view


class CsrfMiddleware(CsrfViewMiddleware):
    def process_view(self, request: HttpRequest, callback: Any, args: Any, kwargs: Any) -> Any:
        if getattr(callback, "is_checked_by_origin", False) and request.method == "POST" and self._is_ours(request):
            return self._accept(request)  # type: ignore[attr-defined]
        return super().process_view(request, callback, args, kwargs)

    def _is_ours(self, request: HttpRequest) -> bool:
        """Whether the browser says that the form stood on a page of this site; one that says nothing does not."""
        if site := request.headers.get(FETCH_SITE):
            return site == SAME
        return "Origin" in request.headers and self._origin_verified(request)

    def _origin_verified(self, request: HttpRequest) -> bool:
        """Pages that hide their address send forms from "null"; that they are ours the browser still says."""
        if request.headers.get("Origin") == "null":
            return request.headers.get(FETCH_SITE) == SAME
        return bool(super()._origin_verified(request))  # type: ignore[misc]

    def _check_referer(self, request: HttpRequest) -> None:
        if request.headers.get(FETCH_SITE) != SAME:
            super()._check_referer(request)  # type: ignore[misc]
