"""Counting tries, exactly and for all."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from papersite.cache import Away
from papersite.web import limits
from papersite.web.rates import parse


def test_a_window_opens_with_the_first_try() -> None:
    rates = parse("2/m")

    waits = [limits.wait_for("test", "somebody", rates) for _ in range(4)]

    assert waits[:2] == [0, 0]
    assert all(0 < wait <= 60 for wait in waits[2:])
    assert limits.wait_for("test", "somebody else", rates) == 0
    assert limits.wait_for("other", "somebody", rates) == 0


def test_what_one_rate_refuses_is_not_counted_against_the_next() -> None:
    for _ in range(5):
        limits.wait_for("test", "somebody", parse("1/m,2/h"))

    assert limits.wait_for("test", "somebody", parse("2/h")) == 0


def test_the_catalogue_goes_on_where_nobody_can_count(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    def away(*args: Any, **kwargs: Any) -> int:
        raise Away

    monkeypatch.setattr(limits, "_wait", away)

    answer: Any = limits.limited("search")(lambda request: HttpResponse("found"))(rf.get("/"))

    assert answer.content == b"found"
