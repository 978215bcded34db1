"""A page that is not there looks the same while DEBUG."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_forged_token_meets_no_debugging_page(client: Client, settings: Any) -> None:
    settings.DEBUG = True

    answer = client.get("/copy/1.forged/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "URLconf" not in answer.content.decode()
