"""Settings that must not face the world: what was left out or misspelt, and what is said to it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from accounts.models import User
from digest.readers import demo
from papersite.checks import AT_EACH_START, FOR_THE_WORLD, check_demo, check_deployment, check_variables
from papersite.variables import Environment
from tests.factories import NOW

KEY = "qL2vX8nR4tY6wZ1bC3dF5gH7jK9mP0sA-eUiOyTrNcVxWzQhLkBfD2"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
POSTMARK = {"EMAIL_PROVIDER": "postmark", "MAILERS": {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend"}}}


@pytest.fixture(autouse=True)
def all_is_set(settings: Any) -> None:
    """A site that may face the world."""
    change(
        settings,
        DEBUG=False, SECRET_KEY=KEY, ALLOWED_HOSTS=["papers.example.org"], SITE_URL="https://papers.example.org",
        MAILERS=mailer(use_tls=True), EMAIL_PROVIDER="", ANYMAIL={}, MAIL_POSTAL_ADDRESS="1 Example Street",
        REDIS_URL="redis://cache:6379/0", SECURE_HSTS_SECONDS=31536000, ADMIN_SECOND_FACTOR=True, METRICS_TOKEN="",
        ALLAUTH_TRUSTED_PROXY_COUNT=1, HARVEST_SOURCES=[], HARVEST_CONTACT="", DIGEST_LEASE=timedelta(seconds=120),
        VARIABLES=Environment({}),
    )  # fmt: skip


def mailer(**options: Any) -> dict[str, Any]:
    server = {"host": "mail.example.org", "username": "me", "password": "hunter2"}
    return {"default": {"BACKEND": SMTP, "OPTIONS": server | options}}


def change(settings: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def seen() -> list[str]:
    return [str(found.id).removeprefix("papersite.") for found in check_deployment(None) + check_variables(None)]


def sender(address: str) -> dict[str, str]:
    return {"MAIL_FROM": f"Papers <{address}>", "MAIL_DOMAIN": address.rpartition("@")[2]}


# Every mistake, and all that is said to it.
MISTAKES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"SECRET_KEY": "short-but-good-qL2vX8nR4tY6wZ1"}, ["E004"]),
    ({"SECRET_KEY": "needed when DEBUG is off; a long random text, such as this"}, ["E004"]),
    ({"SECRET_KEY": "change-me-change-me-change-me-change-me-change-me-change"}, ["E004"]),
    ({"SECRET_KEY": "abababababababababababababababababababababababababababab"}, ["E004"]),
    ({"METRICS_TOKEN": "letmein"}, ["E005"]),
    ({"METRICS_TOKEN": KEY[:24]}, []),
    ({"DEBUG": True}, ["E006"]),
    ({"ALLOWED_HOSTS": []}, ["E007"]),
    ({"ALLOWED_HOSTS": ["*"]}, ["E007"]),
    ({"ALLOWED_HOSTS": [".example.org"]}, []),
    ({"ALLOWED_HOSTS": ["papers.example.com"]}, ["E009"]),
    ({"SITE_URL": "http://papers.example.org"}, ["E008"]),
    ({"SITE_URL": "http://localhost:8000"}, ["E001", "E008", "E009"]),
    ({"SITE_URL": "https://10.0.0.7", "ALLOWED_HOSTS": ["10.0.0.7"]}, ["E001"]),
    ({"SITE_URL": "https://papers.local", "ALLOWED_HOSTS": ["papers.local"]}, ["E001"]),
    ({"MAILERS": {"default": {"BACKEND": "papersite.mailing.outbox.EmailBackend", "OPTIONS": {}}}}, ["E003"]),
    ({"MAILERS": mailer()}, ["E010"]),
    ({"MAILERS": mailer(use_ssl=True)}, []),
    ({"MAILERS": mailer(password="")}, []),
    ({"MAILERS": mailer(host="127.0.0.1")}, []),
    (sender("digest@localhost"), ["E002"]),
    (sender("digest"), ["E002"]),
    (sender("papers@gmail.com"), ["E011"]),
    (sender("papers@yahoo.co.uk"), ["E011"]),
    (sender("papers@gmail.com.example.org"), []),
    (POSTMARK, ["E013"]),
    (POSTMARK | {"ANYMAIL": {"WEBHOOK_SECRET": "user:password"}}, ["E014"]),
    (POSTMARK | {"ANYMAIL": {"WEBHOOK_SECRET": KEY[:20]}}, ["E014"]),
    (POSTMARK | {"ANYMAIL": {"WEBHOOK_SECRET": f"user:{KEY[:20]}"}}, []),
    ({"EMAIL_PROVIDER": "postmrak", "ANYMAIL": {"WEBHOOK_SECRET": f"user:{KEY[:20]}"}}, ["E012"]),
    ({"EMAIL_PROVIDER": "../postmark", "ANYMAIL": {"WEBHOOK_SECRET": f"user:{KEY[:20]}"}}, ["E012"]),
    ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, ["E015"]),
    ({"HARVEST_SOURCES": ["arxiv", "hugingface"], "HARVEST_CONTACT": "me@example.org"}, ["E016"]),
    ({"HARVEST_SOURCES": ["arxiv"]}, ["E017"]),
    ({"DIGEST_LEASE": timedelta(seconds=30)}, ["E018"]),
    ({"MAIL_POSTAL_ADDRESS": ""}, ["W001"]),
    ({"REDIS_URL": ""}, ["W003"]),
    ({"SECURE_HSTS_SECONDS": 0}, ["W004"]),
    ({"ADMIN_SECOND_FACTOR": False}, ["W005"]),
    ({"VARIABLES": Environment({"MAIL_FORM": "me@example.org"})}, ["W007"]),
]  # fmt: skip
NAMES = [f"{number}: {', '.join(ids) or 'fine'}" for number, (_, ids) in enumerate(MISTAKES)]


@pytest.mark.parametrize(("changed", "ids"), MISTAKES, ids=NAMES)
def test_every_mistake_is_seen_and_nothing_else(settings: Any, changed: dict[str, Any], ids: list[str]) -> None:
    if isinstance(variables := changed.get("VARIABLES"), Environment):
        variables("MAIL_FROM")
    change(settings, **changed)

    assert seen() == ids


def test_each_rule_has_a_mistake_a_hint_and_an_id_of_its_own() -> None:
    rules = [*FOR_THE_WORLD, *AT_EACH_START]

    assert {rule.id for rule in rules} == {one for _, ids in MISTAKES for one in ids} - {"W007"}
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.hint.endswith(".") and rule.says.endswith(".") for rule in rules)


def test_the_defaults_of_one_machine_are_named_all_together(settings: Any) -> None:
    change(
        settings, SITE_URL="http://localhost:8000", **sender("digest@localhost"), MAIL_POSTAL_ADDRESS="", REDIS_URL="",
        MAILERS={"default": {"BACKEND": "papersite.mailing.outbox.EmailBackend"}}, ALLOWED_HOSTS=[], DEBUG=True,
        SECRET_KEY="only-for-one-machine-while-DEBUG", ADMIN_SECOND_FACTOR=False,
    )  # fmt: skip

    assert seen() == ["E001", "E002", "E003", "E004", "E006", "E007", "E008", "W001", "W003", "W005"]


def test_what_nothing_reads_is_told_with_what_was_meant(settings: Any, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HARVEST_SOURCE=arxiv\nMAIL_FROM=me@example.org # me\nSHOES=2\n")
    settings.VARIABLES = variables = Environment({}, tmp_path / ".env")
    variables.list("HARVEST_SOURCES")
    variables("MAIL_FROM")

    assert [found.msg for found in check_variables(None)] == [
        "Nothing reads HARVEST_SOURCE. Is HARVEST_SOURCES meant?",
        "Nothing reads SHOES.",
        "MAIL_FROM in .env has a comment behind its value, which is taken as part of it.",
    ]


@pytest.mark.django_db
def test_accounts_of_the_demo_are_named() -> None:
    assert check_demo(None) == []

    demo.make_curator()
    demo.make_readers(NOW)

    (found,) = check_demo(None)
    assert (found.id, found.msg.split(".")[0]) == ("papersite.E019", "The database holds 4 accounts of the demo")
    assert "createcurator" in str(found.hint)


def test_a_database_that_is_not_there_yet_has_no_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("no such table: accounts_user")

    monkeypatch.setattr(User._default_manager, "filter", away)

    assert check_demo(None) == []
