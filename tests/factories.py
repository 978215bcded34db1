"""Rows for tests: the plainest valid ones, without chance and without hidden relations."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

import factory
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from factory.django import DjangoModelFactory

from accounts.models import User
from digest import tokens
from digest.editions import editing
from digest.models import Delivery, Edition, Follow, Pick, Subscription
from papersite.catalogue import trending
from papersite.catalogue.models import Author, Authorship, Category, Paper, PaperTopic, Topic
from papersite.catalogue.reading import cleaning

# A Monday. All factories stand around it.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# Numbers have one width, so that what is made later stands later in the alphabet too.


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n:05}@example.org")
    password = "!"
    joined_at = NOW


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"cs.X{n:05}")


class TopicFactory(DjangoModelFactory[Topic]):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n:05}")
    slug = factory.Sequence(lambda n: f"topic-{n:05}")
    description = "What the topic is about."


class AuthorFactory(DjangoModelFactory[Author]):
    class Meta:
        model = Author

    name = factory.Sequence(lambda n: f"Author Number{n:05}")
    key = factory.LazyAttribute(lambda author: cleaning.name_key(author.name))


class PaperFactory(DjangoModelFactory[Paper]):
    """A paper announced at NOW; ``in_topics`` and ``by`` add topics and author names."""

    class Meta:
        model = Paper
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Paper number {n:05}")
    abstract = "What the paper found, in some sentences."
    content_key = factory.LazyAttribute(lambda paper: cleaning.content_key(paper.title))
    announced_at = NOW
    heat = factory.LazyAttribute(
        lambda paper: trending.heat(
            paper.announced_at,
            {name: getattr(paper, name, None) for name in trending.DEFAULT_WEIGHTS},
            trending.DEFAULT_WEIGHTS,
        )
    )

    @factory.post_generation
    def added_at(self: Paper, create: bool, extracted: datetime | None, **kwargs: object) -> None:
        # The field is set on insert; tests need to say when.
        self.added_at = extracted or self.announced_at
        Paper.objects.filter(pk=self.pk).update(added_at=self.added_at)

    @factory.post_generation
    def in_topics(self: Paper, create: bool, extracted: list[Topic] | None, **kwargs: object) -> None:
        for topic in extracted or ():
            PaperTopic.objects.create(paper=self, topic=topic, origin=PaperTopic.Origin.SEARCH)

    @factory.post_generation
    def by(self: Paper, create: bool, extracted: list[Author] | None, **kwargs: object) -> None:
        for position, author in enumerate(extracted or ()):
            Authorship.objects.create(paper=self, author=author, position=position)


class SubscriptionFactory(DjangoModelFactory[Subscription]):
    """An active subscription at 08:00 UTC, every day, next due on the day after NOW. It follows nothing."""

    class Meta:
        model = Subscription

    reader = factory.SubFactory(UserFactory)
    time_zone = "UTC"
    send_at = time(8)
    signed_up_at = NOW
    confirmed_at = NOW
    next_due_on = date(2026, 11, 24)
    next_due_at = datetime(2026, 11, 24, 8, tzinfo=UTC)


class FollowFactory(DjangoModelFactory[Follow]):
    class Meta:
        model = Follow

    subscription = factory.SubFactory(SubscriptionFactory)
    kind = Follow.Kind.TRENDING


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """A delivery that was due on the morning of NOW."""

    class Meta:
        model = Delivery

    subscription = factory.SubFactory(SubscriptionFactory)
    day = date(2026, 11, 23)
    due_at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    # As if a worker had claimed it once.
    key = factory.LazyFunction(uuid4)
    mailed_to = factory.LazyAttribute(lambda one: tokens.address_hash(one.subscription.reader.email))


def sent(subscription: Subscription, day: date = date(2026, 11, 23), papers: int = 1) -> Delivery:
    """A digest that left, with so many papers for two topics each."""
    delivery = DeliveryFactory.create(subscription=subscription, day=day, state="sent", subject="A digest")
    for position in range(papers):
        paper = PaperFactory.create()
        delivery.items.create(
            subscription=subscription, paper=paper, position=position, reasons=[["topic", "Graphs"], ["topic", "Sound"]]
        )
    return delivery


class EditionFactory(DjangoModelFactory[Edition]):
    class Meta:
        model = Edition

    day = date(2026, 11, 23)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Edition:
        edition: Edition = super()._create(model_class, *args, **kwargs)
        editing.freeze(edition, what="Made for a test", by=None, now=NOW)
        return edition


class PickFactory(DjangoModelFactory[Pick]):
    class Meta:
        model = Pick

    edition = factory.SubFactory(EditionFactory)
    paper = factory.SubFactory(PaperFactory)
    is_for_all = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Pick:
        pick: Pick = super()._create(model_class, *args, **kwargs)
        editing.freeze(pick.edition, what="Picked for a test", by=None, now=NOW)
        return pick


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    # The middle one: those before and after it are only tolerated, and soon are not.
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))
