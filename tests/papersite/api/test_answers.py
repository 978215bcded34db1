"""What comes in and goes out."""

from typing import Annotated, Any

import pytest
from django.test import RequestFactory
from pydantic import TypeAdapter, ValidationError

from papersite.api.answers import WHOLE, Asked, Cursor, ReaderToken, Text
from papersite.api.problems import Problem


class Counted(Asked):
    count: Annotated[int, WHOLE]


class Named(Asked):
    name: Text


@pytest.mark.parametrize("sent", [{"name": "a\x00"}, {"name": "\ud800"}, {"name": 1}, {}, {"name": "a", "nam": "b"}])
def test_what_was_not_asked_for_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Named.model_validate(sent)


@pytest.mark.parametrize("written", ["", "a b", "é", "a" * 81, "a\n"])
def test_what_is_no_cursor_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Cursor).validate_python(written)


def test_without_a_token_that_the_gate_found_nothing_opens(rf: RequestFactory) -> None:
    with pytest.raises(Problem) as refused:
        ReaderToken()(rf.get("/api/v1/me", headers={"Authorization": "Bearer papersite_x"}))

    assert refused.value.status == 401


def test_a_whole_number_is_one_however_json_writes_it() -> None:
    assert [Counted.model_validate_json(f'{{"count": {written}}}').count for written in ("7", "7.0")] == [7, 7]
    for written in ("true", '"7"', "7.5", "null"):
        with pytest.raises(ValidationError):
            Counted.model_validate_json(f'{{"count": {written}}}')
