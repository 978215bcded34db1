"""What no column can hold is no row's, on whichever database the tests run."""

import pytest

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("beyond", [2**70, -(2**70), 2**63, -(2**63) - 1])
def test_a_number_beyond_the_column_is_no_rows(beyond: int) -> None:
    user = UserFactory.create()

    assert list(User.objects.filter(pk__in=[beyond])) == []
    assert list(User.objects.filter(pk__in=[beyond, user.pk, str(beyond)])) == [user]
    assert list(User.objects.exclude(pk__in=[beyond])) == [user]
    assert list(User.objects.filter(pk__in=User.objects.filter(pk__in=[user.pk, beyond]))) == [user]


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_a_text_that_no_column_can_hold_is_no_rows(text: str) -> None:
    user = UserFactory.create(name="Ada")
    named = User.objects.filter(pk=user.pk)

    for asked in ("exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"):
        assert list(named.filter(**{f"name__{asked}": text})) == [], asked
        assert list(named.exclude(**{f"name__{asked}": text})) == [user], asked
    for asked in ("gt", "gte", "lt", "lte"):
        assert list(named.filter(**{f"name__{asked}": text})) == [], asked
    assert list(named.filter(name__in=[text])) == []
    assert list(named.filter(name__in=[text, "Ada"])) == [user]
    assert list(named.exclude(email__in=[text])) == [user]
    assert list(named.filter(name__in=User.objects.filter(name__in=["Ada", text]).values("name"))) == [user]


@pytest.mark.parametrize("text", ["", "Ada", "\ufffd", "中文", "🦄", "a\x01b", "\ufffe"])
def test_any_other_text_is_asked_for(text: str) -> None:
    user = UserFactory.create(name=text)

    assert list(User.objects.filter(name=text, pk=user.pk)) == [user]
    assert list(User.objects.filter(name__contains=text, name__in=[text], pk=user.pk)) == [user]
