"""What surrounds the pages of coming in."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PACED = {"account_signup", "account_login", "account_request_login_code", "account_reset_password"}


class EvenPace:
    """Lets a form that takes an address answer after the same time, whether or not the address is known.

    Making an account costs more than telling an owner of one; that difference must not be measurable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name in PACED:
            time.sleep(max(0.0, began + settings.ANSWER_SECONDS - time.monotonic()))
        return response
