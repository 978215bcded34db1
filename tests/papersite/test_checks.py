"""Settings that must not face the world."""

from typing import Any

import pytest
from django.db import OperationalError

from accounts.models import User
from digest.readers import demo
from papersite.checks import check_demo, check_deployment
from tests.factories import NOW


@pytest.fixture(autouse=True)
def behind_tls(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.ADMIN_SECOND_FACTOR = True


def ids() -> list[str | None]:
    return [found.id for found in check_deployment(None)]


def test_the_defaults_of_one_machine_are_named(settings: Any) -> None:
    settings.SITE_URL = "http://localhost:8000"
    settings.MAIL_DOMAIN = "localhost"
    settings.MAILERS = {"default": {"BACKEND": "papersite.outbox.EmailBackend"}}
    settings.MAIL_POSTAL_ADDRESS = ""
    settings.REDIS_URL = ""

    assert ids() == ["papersite.E001", "papersite.E002", "papersite.E003", "papersite.W001", "papersite.W003"]
    assert all(found.hint for found in check_deployment(None))


def test_a_site_that_is_set_up_has_nothing_to_hear(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    settings.REDIS_URL = "redis://cache:6379/0"

    assert ids() == []


def test_https_without_hsts_and_admin_without_a_factor_are_named(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    settings.REDIS_URL = "redis://cache:6379/0"
    settings.SECURE_HSTS_SECONDS, settings.ADMIN_SECOND_FACTOR = 0, False

    assert ids() == ["papersite.W004", "papersite.W005"]


def test_a_provider_without_a_secret_cannot_tell_of_bounces(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend"}}
    settings.EMAIL_PROVIDER = "postmark"
    settings.REDIS_URL = "redis://cache:6379/0"

    assert ids() == ["papersite.W002"]

    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:password"}
    assert ids() == []


@pytest.mark.django_db
def test_accounts_of_the_demo_are_named() -> None:
    assert check_demo(None) == []

    demo.make_curator()
    demo.make_readers(NOW)

    (found,) = check_demo(None)
    assert (found.id, found.msg.split(".")[0]) == ("papersite.W006", "The database holds 4 accounts of the demo")
    assert "createcurator" in str(found.hint)


def test_a_database_that_is_not_there_yet_has_no_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("no such table: accounts_user")

    monkeypatch.setattr(User._default_manager, "filter", away)

    assert check_demo(None) == []
