"""An account ends at once, and nothing of the person stays but what keeps their mailbox unmailed."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db.models import ForeignKey
from django.utils import timezone

from accounts import closing
from accounts.models import User
from digest.models import Delivery, DeliveryItem, Suppression
from digest.sending import claims
from papersite.catalogue import votes
from tests.factories import DeliveryFactory, FollowFactory, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(reader: User) -> User:
    """A reader who has used everything."""
    subscription = reader.subscription
    FollowFactory.create(subscription=subscription)
    paper = PaperFactory.create()
    sent = DeliveryFactory.create(subscription=subscription, state=Delivery.State.SENT)
    DeliveryItem.objects.create(delivery=sent, subscription=subscription, paper=paper, position=0)
    votes.cast(paper, reader)
    SocialAccount.objects.create(user=reader, provider="github", uid="7")
    TOTP.activate(reader, generate_totp_secret())
    return reader


def of(user: User) -> dict[str, int]:
    """Everything that points at a person, directly or by what does."""
    found: dict[str, int] = {}
    reached: list[tuple[Any, Any]] = [(User, User.objects.filter(pk=user.pk))]
    while reached:
        owner, rows = reached.pop()
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, ForeignKey) and field.related_model is owner and model.__name__ != "LogEntry":
                    held = model._default_manager.filter(
                        **{f"{field.name}__in": list(rows.values_list("pk", flat=True))}
                    )
                    found[model.__name__] = found.get(model.__name__, 0) + held.count()
                    reached.append((model, held))
    return found


def test_everything_that_hangs_on_a_person_goes_and_nothing_else(full: User) -> None:
    other = UserFactory.create()
    held = of(full)
    assert {name for name, count in held.items() if count} >= {
        "EmailAddress", "Subscription", "Follow", "Delivery", "DeliveryItem", "Vote", "SocialAccount", "Authenticator",
    }  # fmt: skip
    Suppression.objects.create(address_hash="f" * 64, reason="The mailbox does not exist.")

    closing.close(full)

    assert set(of(full).values()) == {0}
    assert [user.pk for user in User.objects.all()] == [other.pk]
    assert Suppression.objects.count() == 1
    assert EmailAddress.objects.count() == 0


def test_no_digest_leaves_afterwards(full: User) -> None:
    now = timezone.now()
    due = DeliveryFactory.create(subscription=full.subscription, day=now.date(), due_at=now - timedelta(minutes=1))
    held = claims.claim("a-worker", now, 10)
    assert [each.pk for each in held] == [due.pk]

    closing.close(full)

    call_command("send_digests")
    assert mail.outbox == []
    assert claims.settle("a-worker", now, held[0], claims.SENT) is False


@pytest.mark.parametrize(("others", "may_leave"), [([], False), ([{"is_active": False}], False), ([{}], True)])
def test_the_last_superuser_stays(curator: User, others: list[dict[str, bool]], may_leave: bool) -> None:
    for n, other in enumerate(others):
        UserFactory.create(email=f"other{n}@example.org", is_staff=True, is_superuser=True, **other)

    if may_leave:
        closing.close(curator)
    else:
        with pytest.raises(closing.LastCurator):
            closing.close(curator)

    assert User.objects.filter(email=curator.email).exists() is not may_leave
