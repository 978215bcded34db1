"""What the operator hears after a restore."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.models import Delivery, Relay, Suppression
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db


def restored(*arguments: str) -> str:
    out = StringIO()
    call_command("restored", *arguments, stdout=out)
    return out.getvalue()


def test_it_says_what_was_done_and_all_that_is_unknown() -> None:
    SubscriptionFactory.create_batch(3)

    said = restored()

    assert said.startswith("restored: readers=3 open=0 suppressed=0 mail=paused\n")
    for word in ("nothing is known from 2026-11-23 12:00", "which mails left", "closed their account", "unsubscribed",
                 "--left FILE", "admin"):  # fmt: skip
        assert word in said
    assert Relay.objects.get().is_paused


def test_addresses_of_who_left_get_no_mail(tmp_path: Path) -> None:
    left = tmp_path / "left.txt"
    left.write_text("\ufeffone@example.org\r\n\r\n  Two@Example.org  \r\n", encoding="utf-8")

    assert "suppressed=2" in restored("--left", str(left))
    assert Suppression.objects.count() == 2


@pytest.mark.parametrize("content", [b"one@example.org\nno address\n", b"\xff\xfe\x00", None])
def test_a_list_that_cannot_be_read_changes_nothing(tmp_path: Path, content: bytes | None) -> None:
    SubscriptionFactory.create()
    left = tmp_path / "left.txt"
    if content is not None:
        left.write_bytes(content)

    with pytest.raises(CommandError, match=r"left\.txt"):
        restored("--left", str(left))

    assert (Delivery.objects.count(), Relay.objects.count(), Suppression.objects.count()) == (0, 0, 0)
