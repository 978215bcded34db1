"""Errors as Hugging Face's programs read them: the words as JSON, and once more in a header."""

import json
from typing import Any

from django.http import HttpResponse

from papersite.api import problems


def answer(status: int, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """``{"error": words}`` with ``X-Error-Message``, which its client prefers to the body."""
    words = detail or problems.PLAIN.get(status, "This went wrong.")
    response = HttpResponse(json.dumps({"error": words}), status=status, content_type="application/json")
    # A header holds no more than ASCII.
    response.headers["X-Error-Message"] = words.encode("ascii", "replace").decode()
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response
