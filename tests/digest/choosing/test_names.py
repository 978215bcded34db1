"""Names that several people bear are not told as if they were one's."""

from datetime import timedelta
from typing import Any

import pytest

from digest.choosing import distinct, inputs, names
from digest.choosing.names import Names
from digest.choosing.rankings import Rankings
from digest.models import Subscription
from digest.types import NAMED
from papersite.catalogue.models import Author
from tests.digest.claims import claim_of
from tests.factories import NOW, AuthorFactory, DeliveryFactory, FollowFactory, PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def common() -> Author:
    """Five papers by five groups that have nobody in common."""
    author = AuthorFactory.create(name="Bo Diaz")
    for _ in range(5):
        PaperFactory.create(by=[author, AuthorFactory.create()])
    return author


def test_the_reason_claims_of_a_shared_name_alone_not_whose_it_is(subscription: Subscription, common: Author) -> None:
    ada = AuthorFactory.create(name="Ada Roe")
    both = PaperFactory.create(by=[ada, common])
    for author in (ada, common):
        FollowFactory.create(subscription=subscription, kind="author", author=author)
    claim = claim_of(DeliveryFactory.create(subscription=subscription))
    gathered = inputs.gather_one(claim, NOW)

    reasons = {choice.paper_id: set(choice.reasons) for choice in distinct.choose_one(gathered, NOW)}

    assert reasons.pop(both.pk) == {("author", "Ada Roe"), (NAMED, "Bo Diaz")}
    assert [*reasons.values()] == [{(NAMED, "Bo Diaz")}] * 5


def test_a_name_is_judged_once_in_hours_and_only_where_it_is_told(
    subscription: Subscription, common: Author, django_assert_num_queries: Any
) -> None:
    FollowFactory.create(subscription=subscription, kind="author", author=common)
    FollowFactory.create(subscription=subscription, kind="author", author=AuthorFactory.create())
    claim = claim_of(DeliveryFactory.create(subscription=subscription))
    rankings = Rankings()
    rankings.expire(NOW)
    gathered = inputs.gather([claim], rankings, NOW)
    choices = distinct.choose_all(gathered, rankings.nearness, NOW, rankings.names)

    with django_assert_num_queries(0):
        assert names.said({claim.pk: []}, gathered, Names()) == {claim.pk: []}
        assert rankings.names.shared({common.pk}) == {common.pk}
        assert names.said(choices, gathered, rankings.names) == choices
    rankings.expire(NOW + timedelta(hours=1))
    with django_assert_num_queries(0):
        assert rankings.names.shared({common.pk}) == {common.pk}
    rankings.expire(NOW + timedelta(days=1))
    with django_assert_num_queries(2):
        assert rankings.names.shared({common.pk}) == {common.pk}
