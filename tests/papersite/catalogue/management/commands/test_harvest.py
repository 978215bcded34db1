"""A live source by hand."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.source_server import Answer, source

pytestmark = pytest.mark.django_db


def test_harvest_prints_what_it_did(settings: Any) -> None:
    output = io.StringIO()

    with source(lambda request: Answer("[]")) as served:
        settings.HUGGINGFACE_URL = served.url
        call_command("harvest", "huggingface", stdout=output)

    assert output.getvalue() == "seen=0 created=0 updated=0 rejected=0\n"


def test_harvest_says_what_went_wrong(settings: Any) -> None:
    with source(lambda request: Answer(status=404)) as served:
        settings.HUGGINGFACE_URL = served.url
        with pytest.raises(CommandError, match="answered 404"):
            call_command("harvest", "huggingface")
