"""What people with bad intentions try: asking who reads here, guessing links, borrowing our name for theirs.

The suite tries a few; for figures worth writing down:
ABUSE_TOKENS=10000 ABUSE_ROUNDS=40 uv run pytest -n 0 -s tests/accounts/test_abuse.py
"""

import os
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils.http import base36_to_int

from accounts import orders
from accounts.models import User
from tests.accounts.test_flows import confirmation_link, found, known, sign_up
from tests.accounts.test_forms import PASSWORD, with_password

pytestmark = [pytest.mark.django_db, pytest.mark.long]

TOKENS = int(os.environ.get("ABUSE_TOKENS", "150"))
ROUNDS = int(os.environ.get("ABUSE_ROUNDS", "1"))
# Medians mean something from some rounds on.
IS_TIMED = ROUNDS >= 10
# In milliseconds. A password costs hashes, as many for everybody, and for one address may be tried a few times only.
EVEN, EVEN_WITH_HASHES = 1.0, 5.0

# Each with the fields beside the address.
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "/accounts/signup/": ("email", {}),
    "/accounts/login/": ("login", {}),
    "/accounts/login/code/": ("email", {}),
    "/accounts/password/reset/": ("email", {}),
    "/accounts/login/?with=password": ("login", {"password": "guess"}),
}


def masked(content: bytes, address: str) -> str:
    """A page without what differs by chance: its form tokens, and the address that was typed."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", content.decode()).replace(address, "ADDRESS")


def answer_to(path: str, address: str) -> tuple[int, str, str, int, float]:
    field, more = FORMS[path]
    client = Client()
    began = time.perf_counter()
    answer: Any = client.post(path, {field: address} | more)
    took = time.perf_counter() - began
    page = client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
    length = len(page.content)
    return answer.status_code, answer.headers.get("Location", ""), masked(page.content, address), length, took


@pytest.mark.parametrize("path", FORMS)
def test_no_form_tells_who_reads_here(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_password("known0@example.org")
    known("known1@example.org", is_verified=True)
    sign_up("known2@example.org")
    kinds = ["known0@example.org", "known1@example.org", "known2@example.org", "nobody@example.org"]
    # What a page does; the worker, elsewhere, does the rest.
    monkeypatch.setattr(orders._bell, "ring", lambda: None)
    answer_to(path, "warms@example.org")
    seen, lengths, times = set(), [], defaultdict(list)

    for _ in range(ROUNDS):
        for address in kinds:
            cache.clear()
            status, location, page, length, took = answer_to(path, address)
            seen.add((status, location, page))
            lengths.append(length)
            times[address].append(took)
            if address == "nobody@example.org":
                User.objects.filter(email=address).delete()

    assert len(seen) == 1
    assert max(lengths) - min(lengths) <= 2
    middle = {address: statistics.median(took) * 1000 for address, took in times.items()}
    print(  # noqa: T201  the figures are for a person who asks for them
        f"\n{path}: {ROUNDS} rounds, lengths differ by {max(lengths) - min(lengths)} bytes; medians in ms: "
        + ", ".join(f"{address.partition('@')[0]} {ms:.2f}±{statistics.pstdev(times[address]) * 1000:.2f}"
                    for address, ms in middle.items())
    )  # fmt: skip
    if IS_TIMED:
        bound = EVEN_WITH_HASHES if "password" in FORMS[path][1] else EVEN
        assert max(middle.values()) - min(middle.values()) < bound


ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:"


def mutations(token: str, chance: random.Random) -> dict[str, Callable[[], str]]:
    """Ways in which a token comes back changed, by accident or with intent."""

    def place() -> int:
        return chance.randrange(len(token))

    def changed() -> str:
        at = place()
        return token[:at] + chance.choice(ALPHABET) + token[at + 1 :]

    def swapped() -> str:
        at = place()
        return token[:at] + token[at].swapcase() + token[at + 1 :]

    def cut() -> str:
        return token[: max(1, place())]

    def shortened() -> str:
        at = place()
        return token[:at] + token[at + 1 :]

    def lengthened() -> str:
        at = place()
        return token[:at] + chance.choice(ALPHABET) + token[at:]

    def renumbered() -> str:
        return re.sub(r"^\w+", lambda number: chance.choice("123456789") + number[0][: chance.randrange(3)], token)

    def invented() -> str:
        return "".join(token[n] if token[n] in ":-" else chance.choice(ALPHABET[:-3]) for n in range(len(token)))

    return {"changed": changed, "case": swapped, "cut": cut, "shortened": shortened, "lengthened": lengthened,
            "renumbered": renumbered, "invented": invented}  # fmt: skip


def try_mutated(token: str, address_of: Callable[[str], str], is_same: Callable[[str], bool]) -> None:
    chance = random.Random(2026)
    ways = mutations(token, chance)
    client, pages, tried = Client(), set(), 0
    while tried < TOKENS:
        mutated = chance.choice(list(ways.values()))()
        if is_same(mutated) or not re.fullmatch(r"[-:\w]+", mutated):
            continue
        tried += 1
        answer = client.get(address_of(mutated))
        if answer.status_code != 404:  # too short to be an address of ours at all
            pages.add((answer.status_code, masked(answer.content, "reader@example.org")))

    assert len(pages) == 1
    assert "This link is no longer good" in next(iter(pages))[1]


def test_no_mutated_confirmation_link_is_taken() -> None:
    """Nor does one differ from another."""
    sign_up("reader@example.org")
    token = confirmation_link().removeprefix("/accounts/confirm-email/").rstrip("/")

    try_mutated(token, lambda mutated: f"/accounts/confirm-email/{mutated}/", token.__eq__)

    assert not EmailAddress.objects.get().verified
    Client().post(f"/accounts/confirm-email/{token}/")
    assert EmailAddress.objects.get().verified
    assert "This address is confirmed" in Client().get(f"/accounts/confirm-email/{token}/").content.decode()


def test_no_mutated_password_link_is_taken() -> None:
    with_password()
    Client().post("/accounts/password/reset/", {"email": "reader@example.org"})
    token = found(r"/accounts/password/reset/key/\S+/").removeprefix("/accounts/password/reset/key/").rstrip("/")
    number, _, key = token.partition("-")

    def is_same(mutated: str) -> bool:
        """The reader's number may be written with other zeros: that is the same link, not another one."""
        other, _, rest = mutated.partition("-")
        return rest == key and other.isalnum() and base36_to_int(other[:13]) == base36_to_int(number)

    try_mutated(token, lambda mutated: f"/accounts/password/reset/key/{mutated}/", is_same)


def test_a_confirmation_link_ends_after_a_week(time_machine: Any) -> None:
    sign_up("reader@example.org")
    link = confirmation_link()

    time_machine.move_to(datetime.now(UTC) + timedelta(days=8))

    assert "This link is no longer good" in Client().get(link).content.decode()


def test_one_readers_link_confirms_nobody_else() -> None:
    sign_up("reader@example.org")
    cache.clear()
    sign_up("other@example.org")
    mine, other = EmailAddress.objects.order_by("pk")
    signature = EmailConfirmationHMAC(mine).key.partition(":")[2]
    numbered = EmailConfirmationHMAC(other).key.partition(":")[0]

    page = Client().get(f"/accounts/confirm-email/{numbered}:{signature}/").content.decode()

    assert "This link is no longer good" in page


def test_a_code_is_good_for_three_tries_and_one_browser() -> None:
    with_password()
    asking, other = Client(), Client()
    asking.post("/accounts/login/", {"login": "reader@example.org"})
    code = found(r"^    \S+$")

    assert other.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    for _ in range(3):
        asking.post("/accounts/login/code/confirm/", {"code": "WRNG-CODE"})
    asking.post("/accounts/login/code/confirm/", {"code": code})

    for client in (asking, other):
        assert client.get("/accounts/").status_code == 302


def test_two_tabs_share_one_code_and_one_signing_in() -> None:
    with_password()
    client = Client()
    for _ in range(2):
        client.post("/accounts/login/", {"login": "reader@example.org"})
    assert len(mail.outbox) == 1

    answers: list[Any] = [client.post("/accounts/login/code/confirm/", {"code": found(r"^    \S+$")}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert client.get("/accounts/").status_code == 200


ELSEWHERE = [
    "https://evil.example.com/", "//evil.example.com/", "///evil.example.com", "/\\evil.example.com",
    "\\\\evil.example.com", "https:/evil.example.com", "javascript:alert(1)", "\thttps://evil.example.com",
    "/\t/evil.example.com", "https://testserver@evil.example.com/", "https://testserver.evil.example.com/",
    "https://ⓔvil.example.com",
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_page_leads_to_another_site(elsewhere: str) -> None:
    """By password, by code, after a proof, and on the way out."""
    reader = with_password()
    locations = []
    client = Client()

    def post(path: str, fields: dict[str, str]) -> None:
        answer: Any = client.post(path, fields | {"next": elsewhere}, query_params={"next": elsewhere})
        locations.append(answer.headers.get("Location", ""))

    post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    post("/accounts/reauthenticate/", {"password": PASSWORD})
    post("/accounts/logout/", {})
    post("/accounts/login/", {"login": reader.email})
    post("/accounts/login/code/confirm/", {"code": found(r"^    \S+$")})
    client.logout()
    cache.clear()
    post("/accounts/signup/", {"email": "new@example.org"})
    post(confirmation_link(), {})

    assert all(location.startswith("/") and not location.startswith(("//", "/\\")) for location in locations), locations


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "lookalike",
    ["reader@ex\N{CYRILLIC SMALL LETTER A}mple.org", "reader@example.org\N{COMBINING DOT BELOW}", "reader@exampIe.org"],
)
def test_nothing_for_a_reader_goes_to_an_address_that_only_looks_like_theirs(path: str, lookalike: str) -> None:
    with_password()

    answer_to(path, lookalike)

    assert all("code for" not in message.subject and "new password" not in message.subject for message in mail.outbox)
    assert "reader@example.org" not in {address for message in mail.outbox for address in message.to}


@pytest.mark.parametrize(
    "typed", ["r\N{CYRILLIC SMALL LETTER IE}ader@example.org", "ｒeader@example.org", "reader@example..org", "a" * 3000]
)
@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/login/", "/accounts/password/reset/"])
def test_what_is_no_address_is_said_to_be_none(path: str, typed: str) -> None:
    assert 'class="errorlist"' in answer_to(path, typed)[2]
    assert mail.outbox == []


def test_a_plus_tag_is_another_address() -> None:
    """Mailboxes with tags belong to whoever the provider says; this site guesses nothing."""
    known("reader@example.org", is_verified=True)

    sign_up("reader+papers@example.org")

    assert sorted(User.objects.values_list("email", flat=True)) == ["reader+papers@example.org", "reader@example.org"]
