"""What surrounds the pages of signing up and in."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

TIMED_VIEWS = {"account_signup", "account_login", "account_request_login_code", "account_reset_password"}


class ConstantTimeMiddleware:
    """Answers a form that takes an address after the same time, whether or not the address is known.

    Making an account costs more than telling an owner of one; that difference must not be measurable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name in TIMED_VIEWS:
            time.sleep(max(0.0, began + settings.ANSWER_SECONDS - time.monotonic()))
        return response
