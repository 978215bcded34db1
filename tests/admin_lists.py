"""What every admin list must be: searchable, and of a fixed number of queries."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

MOST = 12


def check_list(client: Client, model: type[Model], make: Callable[[int], Any]) -> None:
    """``make`` makes that many rows more. The list costs the same for one and for thirty, and can be searched."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    url = reverse(f"{name}_changelist")
    make(1)
    client.get(url)
    one = queries(client, url)
    make(29)
    assert queries(client, url) == one
    assert one <= MOST
    assert client.get(url, {"q": "x"}).status_code == 200
    first = model._default_manager.order_by("pk").first()
    assert first is not None
    assert client.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
