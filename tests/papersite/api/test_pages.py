"""The page that tells people what programs can ask for."""

import pytest
from django.test import Client

from papersite.api.v1 import api


@pytest.mark.django_db
def test_every_operation_is_on_the_page_with_the_limits(settings: object) -> None:
    page = Client().get("/api/").content.decode()

    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, told in operations.items():
            assert f"<code>{method.upper()} {path}</code>" in page
            assert told["summary"] in page
    assert "300 in 60 seconds" in page
    assert "<script src" in page
    assert "{&#x27;" not in page
