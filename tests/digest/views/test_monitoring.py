"""Numbers for a monitor."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("token", "brought", "status"),
    [("secret", "Bearer secret", 200), ("secret", "Bearer other", 404), ("secret", "", 404), ("", "Bearer ", 404)],
)
def test_only_a_monitor_with_the_token_may_read(settings: Any, token: str, brought: str, status: int) -> None:
    settings.METRICS_TOKEN = token

    assert Client().get("/metrics/", headers={"Authorization": brought}).status_code == status
