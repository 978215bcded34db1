"""Errors as RFC 9457 has them."""

import json

import pytest

from papersite.api import problems
from papersite.api.problems import Problem


@pytest.mark.parametrize(("status", "title"), [(404, "Not Found"), (413, "Content Too Large"), (418, "I'm a Teapot")])
def test_a_problem_says_its_status_in_words(status: int, title: str) -> None:
    answer = problems.answer(status, "No “such” thing.", place="here")

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(answer.content) == {
        "type": "about:blank", "title": title, "status": status, "detail": "No “such” thing.", "place": "here",
    }  # fmt: skip


def test_one_without_words_of_its_own_has_those_of_its_status() -> None:
    answer = Problem(429, headers={"Retry-After": "7"}).answer

    assert "Retry-After" in json.loads(answer.content)["detail"]
    assert answer.headers["Retry-After"] == "7"
