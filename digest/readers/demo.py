"""The demo's cast: a curator and three readers in three time zones, each with their own follows."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from digest.following import follows
from digest.models import Subscription
from digest.readers import registration
from papersite.catalogue.models import Topic

CURATOR = "curator@example.org"
# Published, and therefore only ever set while DEBUG.
CURATOR_PASSWORD = "curate-the-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Role:
    address: str
    time_zone: str
    topics: tuple[str, ...]
    trending: bool = False


READERS = (
    Role("ada@example.org", "Europe/Berlin", ("graph-learning", "interpretability", "theory")),
    Role("bo@example.org", "America/New_York", ("large-language-models", "agents", "transformers-and-attention")),
    Role("chiyo@example.org", "Asia/Tokyo", ("image-and-video-generation", "neural-compression"), trending=True),
)


@transaction.atomic
def make_curator() -> None:
    if not User.objects.filter(email=CURATOR).exists():
        curator = User.objects.create_superuser(CURATOR, CURATOR_PASSWORD, is_demo=True)
        _own_address(curator)


@transaction.atomic
def make_readers(now: datetime) -> list[Subscription]:
    """The readers, ready for mail; those who exist keep what they chose."""
    return [_reader(role, now) for role in READERS]


def _reader(role: Role, now: datetime) -> Subscription:
    reader = User.objects.filter(email=role.address).first()
    if reader is None:
        reader = User.objects.create_user(role.address, is_demo=True)
        _own_address(reader)
        subscription = registration.open_subscription(reader, now=now, time_zone=role.time_zone)
        topics = Topic.objects.filter(slug__in=role.topics).values_list("pk", flat=True)
        follows.set_topics(subscription, list(topics), trending=role.trending)
        registration.confirm(subscription, now=now)
    return Subscription.objects.select_related("reader").get(reader=reader)


def _own_address(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
