"""Errors as RFC 9457 has them: ``application/problem+json``."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

TYPE = "application/problem+json"
# RFC 9110, 15.5.14 and 15.5.21: Python 3.12 has older names for them.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
PLAIN = {
    400: "The request cannot be understood.",
    401: "This takes a token: make one on your account's page and send it as “Authorization: Bearer …”.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take this method; Allow says which it takes.",
    413: "The body is larger than anything that is asked for here.",
    415: "Send the body as application/json.",
    429: "Too many requests: wait as long as Retry-After says.",
    500: "Something went wrong here. It was noted.",
    503: "This rests for a moment: try again later.",
}


class Problem(Exception):
    """An answer that is an error; ``headers`` go with it, ``more`` are further members."""

    def __init__(self, status: int, detail: str = "", headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    @property
    def answer(self) -> HttpResponse:
        return answer(self.status, self.detail, headers=self.headers, **self.more)


def answer(status: int, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """A problem whose type is ``about:blank``: the status says what kind it is (RFC 9457, 4.2.1)."""
    told = {
        "type": "about:blank",
        "title": TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or PLAIN.get(status, ""),
        **more,
    }
    return HttpResponse(json.dumps(told, ensure_ascii=False), status=status, content_type=TYPE, headers=headers)
