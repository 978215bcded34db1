"""The forms that take an address answer at an even pace."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "is_paced"), [("/accounts/signup/", True), ("/accounts/login/", True), ("/accounts/logout/", False)]
)
def test_a_quick_answer_waits_only_where_an_address_was_asked_about(
    settings: Any, monkeypatch: pytest.MonkeyPatch, path: str, is_paced: bool
) -> None:
    settings.ANSWER_SECONDS = 60.0
    waits: list[float] = []
    monkeypatch.setattr("accounts.middleware.time.sleep", waits.append)

    Client().post(path, {})

    assert [0 < seconds <= 60 for seconds in waits] == [True] * is_paced
