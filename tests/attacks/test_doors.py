"""What a stranger, a thief with a session and whoever reads a curator's mail get at the doors."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.test import Client

from accounts import orders
from accounts.models import MailOrder, User
from tests.accounts.test_forms import PASSWORD, sign_in_by_code, with_password
from tests.conftest import signed_in
from tests.factories import PaperFactory, UserFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^    (\S+)$", re.MULTILINE)


def post(client: Client, path: str, fields: dict[str, str], network: int = 0) -> Any:
    return client.post(path, fields, REMOTE_ADDR=f"203.0.{network}.7")


def curator() -> User:
    return User.objects.create_superuser("curator@example.org", PASSWORD)


def opens_admin(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def guesses_at_admin() -> bool:
    """A hundred passwords, then the right one: none is looked at."""
    curator()
    client = Client()
    for _ in range(100):
        client.post("/admin/login/", {"username": "curator@example.org", "password": "guess"})
    client.post("/admin/login/", {"username": "curator@example.org", "password": PASSWORD})
    return opens_admin(client)


def guesses_from_many_networks() -> bool:
    curator()
    for number in range(40):
        post(Client(), "/accounts/login/", {"login": "curator@example.org", "password": "guess"}, number)
    client = Client()
    post(client, "/accounts/login/", {"login": "curator@example.org", "password": PASSWORD}, 99)
    return client.get("/accounts/").status_code == 200


def reads_the_curators_mail() -> bool:
    return opens_admin(sign_in_by_code(curator()))


def resets_the_curators_password() -> bool:
    curator()
    client = Client()
    client.post("/accounts/password/reset/", {"email": "curator@example.org"})
    link = re.search(r"/accounts/password/reset/key/\S+/", str(mail.outbox[-1].body))
    assert link is not None
    form: Any = client.get(link[0])
    new = {"password1": "another long sentence", "password2": "another long sentence"}
    client.post(form.headers["Location"], new)
    return opens_admin(client)


def knows_the_password_but_has_no_factor() -> bool:
    TOTP.activate(curator(), generate_totp_secret())
    client = Client()
    client.post("/accounts/login/", {"login": "curator@example.org", "password": PASSWORD})
    return opens_admin(client)


def is_a_reader() -> bool:
    return opens_admin(signed_in(UserFactory.create()))


def keeps_a_stolen_session() -> bool:
    """Opened before its owner chose a new password."""
    thief, owner = sign_in_by_code(with_password()), Client()
    owner.post("/accounts/login/", {"login": "reader@example.org", "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"}
    owner.post("/accounts/password/change/", new)
    assert owner.get("/accounts/").status_code == 200
    return thief.get("/accounts/").status_code == 200


def votes_with_accounts_at(addresses: str) -> bool:
    """Twelve accounts of one network: three count."""
    paper = PaperFactory.create()
    for number in range(12):
        client = signed_in(UserFactory.create())
        client.post(f"/papers/p{paper.pk}/vote/", REMOTE_ADDR=addresses.format(number))
    paper.refresh_from_db()
    assert paper.vote_count > 0
    return bool(paper.vote_count > 3)


def votes_from_one_household() -> bool:
    return votes_with_accounts_at("2001:db8:1:2::{}")


def votes_from_one_office() -> bool:
    return votes_with_accounts_at("198.51.100.{}")


def posts_the_box_from_another_site() -> bool:
    client = Client(enforce_csrf_checks=True)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    client.post("/accounts/signup/", {"email": "reader@example.org"}, headers=headers)
    return User.objects.exists()


@pytest.mark.parametrize(
    "attack",
    [
        guesses_at_admin, guesses_from_many_networks, reads_the_curators_mail, resets_the_curators_password,
        knows_the_password_but_has_no_factor, is_a_reader, keeps_a_stolen_session,
        votes_from_one_household, votes_from_one_office, posts_the_box_from_another_site,
    ],
)  # fmt: skip
def test_who_tries_gets_nothing(attack: Callable[[], bool]) -> None:
    assert not attack()


def signs_up_for_them(network: int) -> None:
    post(Client(), "/accounts/signup/", {"email": "reader@example.org"}, network)


def asks_for_codes(network: int) -> None:
    post(Client(), "/accounts/login/", {"login": "reader@example.org"}, network)


def asks_for_new_passwords(network: int) -> None:
    post(Client(), "/accounts/password/reset/", {"email": "reader@example.org"}, network)


def tries_passwords(network: int) -> None:
    post(Client(), "/accounts/login/", {"login": "reader@example.org", "password": "guess"}, network)


@pytest.mark.long
@pytest.mark.parametrize("networks", [1, 40])
@pytest.mark.parametrize("stranger", [signs_up_for_them, asks_for_codes, asks_for_new_passwords, tries_passwords])
def test_no_stranger_keeps_a_reader_out_of_their_own_device(stranger: Callable[[int], None], networks: int) -> None:
    """By code and by password, from wherever the stranger asks."""
    device = sign_in_by_code(with_password())
    device.post("/accounts/logout/")
    for number in range(40):
        stranger(1 + number % networks)
    mail.outbox.clear()

    post(device, "/accounts/login/", {"login": "reader@example.org"})
    code = CODE.search(str(mail.outbox[-1].body))
    assert code is not None
    post(device, "/accounts/login/code/confirm/", {"code": code[1]})
    assert device.get("/accounts/").status_code == 200

    device.post("/accounts/logout/")
    post(device, "/accounts/login/", {"login": "reader@example.org", "password": PASSWORD})
    assert device.get("/accounts/").status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("stranger", [signs_up_for_them, asks_for_new_passwords, tries_passwords])
def test_nor_out_of_a_new_one_by_asking_for_something_else(stranger: Callable[[int], None]) -> None:
    with_password()
    for number in range(40):
        stranger(number)
    mail.outbox.clear()

    asks_for_codes(99)

    assert CODE.search(str(mail.outbox[-1].body))


def test_one_network_uses_up_only_what_is_asked_from_there() -> None:
    with_password()
    for _ in range(10):
        asks_for_codes(1)
    mail.outbox.clear()

    asks_for_codes(2)

    assert CODE.search(str(mail.outbox[-1].body))


def test_however_many_networks_ask_one_mailbox_gets_few_mails() -> None:
    with_password()
    for number in range(40):
        asks_for_codes(number)

    assert len(mail.outbox) == 10


@pytest.mark.parametrize("device", ["", "forged", "WyJhIixbXV0:1abc:forged"])
def test_a_forged_device_has_no_budget_of_its_own(device: str) -> None:
    answers = []
    for _ in range(5):
        client = Client()
        client.cookies["device"] = device
        answers.append(client.post("/accounts/login/", {"login": "reader@example.org"}).status_code)

    assert answers == [302, 302, 302, 429, 429]


def test_a_device_has_no_budget_for_the_addresses_of_others() -> None:
    device = sign_in_by_code(with_password()).cookies["device"].value
    answers = []
    for _ in range(5):
        client = Client()
        client.cookies["device"] = device
        answers.append(client.post("/accounts/login/", {"login": "victim@example.org"}).status_code)

    assert answers == [302, 302, 302, 429, 429]


DOORS = {"/accounts/signup/": "email", "/accounts/login/": "login", "/accounts/login/code/": "email",
         "/accounts/password/reset/": "email"}  # fmt: skip
KINDS = ["password@example.org", "code@example.org", "unconfirmed@example.org", "stopped@example.org",
         "nobody@example.org"]  # fmt: skip


def people() -> None:
    with_password(KINDS[0])
    by_code = with_password(KINDS[1])
    by_code.set_unusable_password()
    by_code.save()
    Client().post("/accounts/signup/", {"email": KINDS[2]})
    User.objects.filter(pk=with_password(KINDS[3]).pk).update(is_active=False)


@pytest.mark.parametrize("path", DOORS)
def test_nobody_learns_who_reads_here(
    path: str, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """By status, headers, cookies or work: the database is asked the same, statement by statement."""
    people()
    monkeypatch.setattr(orders._bell, "ring", lambda: None)
    seen = []
    for address in KINDS:
        client = Client()
        with django_assert_max_num_queries(60) as asked:
            answer = client.post(path, {DOORS[path]: address})
        cookies = [
            (name, len(one.value), one["path"], one["max-age"])
            for name, one in sorted(client.cookies.items())
            if name != "messages"  # holds the address that was typed
        ]
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"].split("VALUES")[0]) for query in asked.captured_queries]
        del answer.headers["Expires"]  # the second in which it was asked
        seen.append((answer.status_code, sorted(answer.headers.items()), cookies, statements))

    assert [one for one in seen if one != seen[0]] == []
    assert MailOrder.objects.filter(address__in=KINDS).count() == len(KINDS)


@pytest.mark.parametrize("address", KINDS)
def test_a_wrong_password_costs_the_same_hashes_for_everybody(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people()
    hasher = type(get_hasher())
    encode, counted = hasher.encode, []

    def count(self: Any, password: str, salt: str, *args: Any, **kwargs: Any) -> Any:
        counted.append(password)
        return encode(self, password, salt, *args, **kwargs)

    monkeypatch.setattr(hasher, "encode", count)

    page = Client().post("/accounts/login/", {"login": address, "password": "guess"})

    assert "are not correct" in page.content.decode()
    assert len(counted) == 2


def test_a_refused_password_costs_no_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    with_password()
    for _ in range(5):
        tries_passwords(1)
    hasher = type(get_hasher())
    for method in ("encode", "verify"):
        monkeypatch.setattr(hasher, method, lambda *args, **kwargs: pytest.fail("a hash was computed"))

    answer = post(Client(), "/accounts/login/", {"login": "reader@example.org", "password": PASSWORD}, 1)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
