"""The API as a whole: its description, and what is marked as the same for all."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from papersite.api.v1 import api
from papersite.web.shared_pages import policy_of


def test_it_describes_itself_with_the_form_of_its_errors(db: None) -> None:
    described: Any = Client().get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.")
    assert len(described["paths"]) > 20
    for operations in described["paths"].values():
        for told in operations.values():
            assert list(told["responses"]["default"]["content"]) == ["application/problem+json"]


def test_no_operation_of_the_description_lacks_its_words() -> None:
    for operations in api.get_openapi_schema()["paths"].values():
        for told in operations.values():
            assert told["summary"]
            assert told["tags"]


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/api/v1/papers", {"cursor", "limit", "sort"}),
        ("/api/v1/papers/2611.00001", set()),
        ("/api/v1/openapi.json", set()),
    ],
)
def test_a_read_for_all_is_a_shared_page_that_knows_its_parameters(path: str, parameters: set[str]) -> None:
    policy = policy_of(path)

    assert policy is not None
    assert policy.parameters == parameters


def test_nothing_of_a_reader_is_ever_a_shared_page() -> None:
    private = [path for path in api.get_openapi_schema()["paths"] if path.startswith("/api/v1/me")]

    assert len(private) > 8
    for path in private:
        asked = path.replace("{id}", "1" if "follows" in path else "2611.00001")
        assert resolve(asked).func.__name__ != "nothing_here"
        assert policy_of(asked) is None
