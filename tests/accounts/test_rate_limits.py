"""Nobody floods a stranger's inbox, or the site."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import rate_limits
from accounts.models import User
from papersite.web.rates import parse
from tests.accounts.test_flows import known
from tests.accounts.test_forms import sign_in_by_code

pytestmark = pytest.mark.django_db

ASKING = [("/accounts/signup/", "email"), ("/accounts/login/", "login"), ("/accounts/password/reset/", "email")]


def ask(path: str, field: str, address: str, **extra: Any) -> str:
    return Client().post(path, {field: address}, **extra).content.decode()


@pytest.mark.parametrize(("path", "field"), ASKING)
@pytest.mark.parametrize("is_known", [True, False])
def test_one_address_gets_three_mails_then_everybody_is_told_to_wait(path: str, field: str, is_known: bool) -> None:
    if is_known:
        known("reader@example.org", is_verified=True)

    pages = [ask(path, field, "reader@example.org", REMOTE_ADDR=f"198.51.100.{n}") for n in range(5)]

    assert ["several mails already" in page for page in pages] == [False, False, False, True, True]
    # A link to confirm or to sign in leaves once in three minutes.
    assert len(mail.outbox) == (1 if path == "/accounts/signup/" else 3)


@pytest.mark.parametrize(("path", "field"), ASKING)
def test_the_same_address_is_counted_however_it_is_typed(path: str, field: str) -> None:
    typed = ["Reader@Example.org", "reader@EXAMPLE.org", "READER@example.org", "reader@example.org"]

    pages = [ask(path, field, address, REMOTE_ADDR=f"198.51.100.{n}") for n, address in enumerate(typed)]

    assert ["several mails already" in page for page in pages] == [False, False, False, True]


def test_each_purpose_has_a_budget_of_its_own() -> None:
    for path, field in ASKING:
        pages = [ask(path, field, "reader@example.org") for _ in range(4)]

        assert ["several mails already" in page for page in pages] == [False, False, False, True]


def test_a_sign_in_by_either_page_is_one_purpose() -> None:
    pages = [
        ask(path, field, "reader@example.org")
        for path, field in [("/accounts/login/", "login"), ("/accounts/login/code/", "email")] * 2
    ]

    assert ["several mails already" in page for page in pages] == [False, False, False, True]


def test_a_refusal_says_when_to_come_back(client: Client) -> None:
    for _ in range(3):
        ask("/accounts/login/", "login", "reader@example.org")

    answer = client.post("/accounts/login/", {"login": "reader@example.org"})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600


def test_one_network_orders_ten_mails_a_minute() -> None:
    pages = [ask("/accounts/signup/", "email", f"person{n}@example.org") for n in range(12)]

    assert ["Your network asked" in page for page in pages] == [False] * 10 + [True] * 2
    assert len(mail.outbox) == 10


def test_the_whole_site_pauses_says_so_kindly_and_warns_once(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.MAILS_OVERALL = parse("2/h")
    known("reader@example.org", is_verified=True)

    pages = [
        ask("/accounts/signup/", "email", f"person{n}@example.org", REMOTE_ADDR=f"198.51.100.{n}") for n in range(5)
    ]

    assert ["we have to pause for a while" in page for page in pages] == [False, False, True, True, True]
    assert [record.getMessage() for record in caplog.records if record.name == rate_limits.__name__] == [
        "accounts.overall_limit_reached purpose=sign-up"
    ]
    ask("/accounts/login/", "login", "reader@example.org")
    assert mail.outbox[-1].subject.endswith("is your code for Papersite")


def test_a_refused_sign_up_leaves_nothing_behind(settings: Any) -> None:
    settings.MAILS_OVERALL = parse("0/h")

    ask("/accounts/signup/", "email", "reader@example.org")

    assert (User.objects.count(), mail.outbox) == (0, [])


def test_a_confirmation_is_not_sent_again_and_again_to_a_new_address() -> None:
    client = sign_in_by_code(known("reader@example.org", is_verified=True))
    client.post("/accounts/email/", {"email": "stranger@example.org", "action_add": "on"})

    for _ in range(5):
        client.post("/accounts/email/", {"email": "stranger@example.org", "action_send": "on"})

    assert [message.to for message in mail.outbox] == [["stranger@example.org"]]


def test_hammering_a_form_meets_a_page_of_our_own() -> None:
    answers = [Client().post("/accounts/login/", {}) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "A little slower, please" in answers[-1].content.decode()
