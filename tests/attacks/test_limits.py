"""Who asks too often: a plain 429 with words and a time, for a network and for an account, in every process."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache, caches
from django.test import Client

from papersite.cache import Away, RedisCache
from papersite.web.rates import parse
from tests.conftest import signed_in
from tests.factories import PaperFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db
READ = {
    "search": "/search/",
    "suggest": "/search/suggest/",
    "search feed": "/search/feed/",
    "picture": "/papers/p1.png",
}
WRITTEN = {"follow": "/subscription/follows/add/", "sign-in": "/accounts/login/", "sign-up": "/accounts/signup/"}
CATALOGUE = ["search", "suggest", "search feed", "picture", "follow", "vote", "save"]


def ask(client: Client, what: str, **extra: Any) -> Any:
    if what in READ:
        return client.get(READ[what], {"q": "x"}, **extra)
    fields = {"topic": "1", "state": "include"} if what == "follow" else {}
    path = WRITTEN.get(what) or f"/papers/p{PaperFactory.create().pk}/{what}/"
    return client.post(path, fields, **extra)


def few(settings: Any, by_network: str, by_account: str) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (parse(by_network), parse(by_account)))
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "3/m/ip", "signup": "3/m/ip"}


@pytest.mark.parametrize("what", [*CATALOGUE, "sign-in", "sign-up"])
@pytest.mark.parametrize("addresses", ["198.51.100.{}", "2001:db8:1:2::{}", "::ffff:198.51.100.{}"])
def test_a_network_is_told_to_wait(settings: Any, what: str, addresses: str) -> None:
    few(settings, "3/m", "100/m")
    TopicFactory.create(pk=1)

    answers = [ask(Client(), what, REMOTE_ADDR=addresses.format(n)) for n in range(5)]
    elsewhere = ask(Client(), what, REMOTE_ADDR="203.0.113.1")

    assert [answer.status_code == 429 for answer in answers] == [False] * 3 + [True] * 2
    assert elsewhere.status_code != 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert "A little slower, please" in answers[-1].content.decode()


@pytest.mark.parametrize("what", CATALOGUE)
def test_an_account_is_told_to_wait_wherever_it_asks_from(settings: Any, what: str) -> None:
    few(settings, "100/m", "3/m")
    client, other = signed_in(UserFactory.create()), signed_in(UserFactory.create())

    answers = [ask(client, what, REMOTE_ADDR=f"203.0.{n}.1") for n in range(5)]

    assert [answer.status_code == 429 for answer in answers] == [False] * 3 + [True] * 2
    assert ask(other, what, REMOTE_ADDR="203.0.4.1").status_code != 429


def test_machines_and_scripts_are_told_in_their_own_words(settings: Any) -> None:
    few(settings, "0/m", "0/m")

    for_machines = Client().get("/search/", {"q": "x"}, headers={"Accept": "application/json"})
    for_htmx = Client().get("/search/suggest/", {"q": "x"}, headers={"HX-Request": "true"})

    assert (for_machines.status_code, for_htmx.status_code) == (429, 429)
    assert json.loads(for_machines.content)["retry_after"] == int(for_machines.headers["Retry-After"])
    assert '<p class="notice' in for_htmx.content.decode()
    assert "<html" not in for_htmx.content.decode()


def test_behind_a_proxy_no_header_of_a_client_makes_another_network_of_it(settings: Any) -> None:
    few(settings, "3/m", "3/m")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    answers = [
        Client().get("/search/", {"q": "x"}, headers={"X-Forwarded-For": f"203.0.{n}.1, 198.51.100.9"})
        for n in range(4)
    ]

    assert [answer.status_code == 429 for answer in answers] == [False, False, False, True]


def test_all_processes_count_together() -> None:
    """By Redis or by one file, never in the memory of each; tests/papersite/test_cache.py counts with four."""
    assert django_settings.CACHES["default"]["BACKEND"] in ("papersite.cache.RedisCache", "papersite.cache.FileCache")


@pytest.fixture
def no_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Redis, where nobody listens."""
    away = RedisCache("redis://127.0.0.1:1/0", {})
    with monkeypatch.context() as patched:
        for name in ("add", "get", "set", "delete", "incr", "get_many", "set_many"):
            patched.setattr(type(caches["default"]), name, staticmethod(getattr(away, name)))
        yield


@pytest.mark.parametrize("what", ["sign-in", "sign-up"])
@pytest.mark.usefixtures("no_cache")
def test_with_the_cache_away_the_doors_say_in_a_moment(what: str, settings: Any) -> None:
    settings.LIMITS_FAIL_OPEN = False
    with pytest.raises(Away):
        cache.get("anything")

    answer = ask(Client(), what)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "This rests for a moment" in answer.content.decode()


@pytest.mark.parametrize("what", ["sign-in", "sign-up"])
@pytest.mark.usefixtures("no_cache")
def test_or_let_everybody_try_where_the_operator_says_so(what: str, settings: Any) -> None:
    settings.LIMITS_FAIL_OPEN = True

    assert ask(Client(), what).status_code == 200


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("what", ["follow", "vote", "save", "search feed"])
@pytest.mark.usefixtures("no_cache")
def test_with_the_cache_away_the_catalogue_goes_on(what: str, settings: Any, is_open: bool) -> None:
    settings.LIMITS_FAIL_OPEN = is_open
    paper = PaperFactory.create()

    assert signed_in(UserFactory.create()).get(f"/papers/p{paper.pk}/").status_code == 200
    assert "rests for a moment" not in ask(signed_in(UserFactory.create()), what).content.decode()
