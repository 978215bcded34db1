"""Where mail providers post their news: anymail's doors, each of which refuses what it cannot read.

News that cannot be read are their sender's fault. Answered with 500 they would come again for days, each time with
an error in the log; what the site itself could not do with good news stays one, so that they come again.
"""

import logging
from collections.abc import Iterator
from typing import Any, cast

from anymail.exceptions import AnymailConfigurationError, AnymailError
from anymail.urls import urlpatterns as anymails
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)

# What reading JSON, forms and dates of any shape ends with.
_UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError, AnymailError),
)


class Unreadable(Exception):
    """It says why."""


class _Careful:
    """For a view of anymail's."""

    esp_name: str

    def run_validators(self, request: HttpRequest) -> None:
        _read(super().run_validators, request)  # type: ignore[misc]

    def parse_events(self, request: HttpRequest) -> Any:
        try:
            return list(_read(super().parse_events, request))  # type: ignore[misc]
        except AnymailConfigurationError as error:
            # News of another kind than are posted here; it says which.
            raise Unreadable(str(error)) from error

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return cast("HttpResponse", super().post(request, *args, **kwargs))  # type: ignore[misc]
        except Unreadable as error:
            logger.warning("webhook.unreadable provider=%s error=%s", self.esp_name, error)
            return HttpResponseBadRequest()


def _read(read: Any, request: HttpRequest) -> Any:
    try:
        return read(request)
    except SuspiciousOperation:
        # Without the secret, or too long: Django answers it.
        raise
    except _UNREADABLE as error:
        # Never what it says: it may hold an address.
        raise Unreadable(type(error).__name__) from error


def _door(view_class: Any) -> Any:
    careful: Any = type(view_class.__name__, (_Careful, view_class), {})
    view = careful.as_view()

    @csrf_exempt
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except AnymailConfigurationError as error:
            # Of a provider whose own keys or packages are not there: nobody sends by that one.
            logger.warning("webhook.not_set_up provider=%s error=%s", view_class.esp_name, error)
            raise Http404 from error

    return door


def _doors() -> Iterator[URLPattern]:
    for one in anymails:
        # Nothing here reads mail that providers took in.
        if "inbound" not in one.name:
            yield URLPattern(one.pattern, _door(one.callback.view_class), name=one.name)


app_name = "anymail"
urlpatterns = list(_doors())
