"""Tasks without a broker."""

import pytest
from django.core.management import CommandError, call_command

from papersite.observability import logs


@pytest.fixture(autouse=True)
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run others' tasks after this."""
    monkeypatch.setattr(logs, "call_process", lambda name: None)


@pytest.mark.django_db
def test_work_does_tasks_here_and_now(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "digest.tasks"):
        call_command("work", "digest.drain")

    assert "digest.drained" in caplog.text


@pytest.mark.django_db
def test_a_task_that_is_none_is_named() -> None:
    with pytest.raises(CommandError, match="There is no task nothing"):
        call_command("work", "nothing")
