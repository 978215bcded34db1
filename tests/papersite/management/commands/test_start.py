"""One process of the table, started by something else than ``serve``."""

import os
from typing import Any

import pytest
from django.core.management import call_command

from papersite.runtime import processes


@pytest.mark.parametrize("name", processes.NAMES)
def test_it_becomes_the_process_of_the_table(settings: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    became: list[Any] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: became.append((path, arguments)))

    call_command("start", name, port=9000, bind="10.0.0.1")

    schedule = settings.CELERY_BEAT_SCHEDULE_FILENAME
    wanted = processes.command(name, port=9000, bind="10.0.0.1", beat_schedule=schedule)
    assert became == [(wanted[0], wanted)]
