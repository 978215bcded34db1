"""The mails that tell of changes, and the last of them."""

import pytest
from django.core import mail
from django.test import Client

from accounts import notifications
from accounts.models import User
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PASSWORD = {"password1": "a long and secret sentence", "password2": "a long and secret sentence"}


def test_the_last_notice_says_that_they_end(reader: User) -> None:
    notifications.switch(reader, wanted=False, now=NOW)
    notifications.switch(reader, wanted=False, now=NOW)

    (message,) = mail.outbox
    assert "switched off: this is the last one" in str(message.body)
    assert "on 23 November 2026, 12:00 UTC" in str(message.body)


def test_turned_on_again_none_is_sent(reader: User) -> None:
    User.objects.update(wants_security_mail=False)
    reader.refresh_from_db()

    notifications.switch(reader, wanted=True, now=NOW)

    reader.refresh_from_db()
    assert (reader.wants_security_mail, mail.outbox) == (True, [])


@pytest.mark.parametrize(("wanted", "count"), [(True, 1), (False, 0)])
def test_a_new_password_is_told_only_to_those_who_want_it(
    proved_client: Client, reader: User, wanted: bool, count: int
) -> None:
    User.objects.update(wants_security_mail=wanted)

    proved_client.post("/accounts/password/set/", PASSWORD)

    reader.refresh_from_db()
    assert reader.has_usable_password()
    assert len(mail.outbox) == count


def test_codes_come_all_the_same(client: Client, reader: User) -> None:
    User.objects.update(wants_security_mail=False)

    client.post("/accounts/login/", {"login": reader.email})

    assert mail.outbox[0].subject.endswith("is your code for Papersite")
