"""The site's addresses and an empty view."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from papersite.urls import handler400, handler403, handler404, handler429, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urlpatterns = [path("empty/", empty), *urlpatterns]
