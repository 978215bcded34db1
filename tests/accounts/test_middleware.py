"""The forms that take an address answer at an even pace."""

import time
from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "is_paced"), [("/accounts/signup/", True), ("/accounts/login/", True), ("/accounts/logout/", False)]
)
def test_a_quick_answer_waits_only_where_an_address_was_asked_about(settings: Any, path: str, is_paced: bool) -> None:
    settings.ANSWER_SECONDS = 0.25
    began = time.monotonic()

    Client().post(path, {})

    assert (time.monotonic() - began >= 0.25) is is_paced
