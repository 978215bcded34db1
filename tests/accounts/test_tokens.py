"""Personal tokens: made once, known by their hash, ended at once."""

from datetime import timedelta

import pytest

from accounts import tokens
from accounts.models import ApiToken, User
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def make(user: User, **more: object) -> tuple[ApiToken, str]:
    wanted = {"name": "a notebook", "scope": "read", "now": NOW, "good_for": timedelta(days=90)} | more
    return tokens.make(user, **wanted)  # type: ignore[arg-type]


def test_the_database_knows_no_token() -> None:
    made, secret = make(UserFactory.create())

    held = ApiToken.objects.values().get()

    assert secret.startswith("papersite_")
    assert len(secret) > 50
    assert secret not in str(held)
    assert secret.removeprefix("papersite_")[:-4] not in str(held)
    assert made.ending == secret[-4:]


def test_a_token_is_found_and_its_use_is_kept_to_the_minute() -> None:
    made, secret = make(UserFactory.create())

    assert tokens.find(secret, NOW) == made
    tokens.find(secret, NOW + timedelta(seconds=50))

    made.refresh_from_db()
    assert made.last_used_at == NOW
    tokens.find(secret, NOW + timedelta(seconds=61))
    made.refresh_from_db()
    assert made.last_used_at == NOW + timedelta(seconds=61)


@pytest.mark.parametrize("wrong", ["", "papersite_", "x", "papersite_é", "papersite_" + "a" * 43, "papersite_\ud800"])
def test_what_is_no_token_finds_nothing(wrong: str) -> None:
    make(UserFactory.create())

    assert tokens.find(wrong, NOW) is None


def test_a_token_runs_out_and_says_when() -> None:
    _, secret = make(UserFactory.create(), good_for=timedelta(days=30))

    with pytest.raises(tokens.Expired, match="23 December 2026"):
        tokens.find(secret, NOW + timedelta(days=30))


def test_one_without_an_end_never_does() -> None:
    made, secret = make(UserFactory.create(), good_for=None)

    assert tokens.find(secret, NOW + timedelta(days=9999)) == made


def test_whoever_may_not_sign_in_has_no_token(settings: object) -> None:
    _, of_inactive = make(UserFactory.create(is_active=False))
    _, of_demo = make(UserFactory.create(is_demo=True))

    assert tokens.find(of_inactive, NOW) is None
    assert tokens.find(of_demo, NOW) is None


def test_revoking_ends_ones_own_and_nobody_elses() -> None:
    mine, other = UserFactory.create(), UserFactory.create()
    made, secret = make(mine)

    assert tokens.revoke(other, made.pk) is None
    assert tokens.find(secret, NOW) == made
    assert tokens.revoke(mine, made.pk) is not None
    assert tokens.find(secret, NOW) is None
    assert tokens.revoke(mine, made.pk) is None


def test_there_are_only_so_many() -> None:
    user = UserFactory.create()
    for _ in range(tokens.MOST):
        make(user)

    with pytest.raises(tokens.TooMany, match="revoke one first"):
        make(user)
    make(UserFactory.create())
