"""What was mailed cannot be deleted, and is marked once."""

import pytest
from django.db.models import ProtectedError

from digest.choosing.rankings import Rankings
from digest.ledger import mailed
from digest.models import MailedPaper
from digest.sending.claims import claim
from digest.sending.contents import choose_for
from papersite.catalogue import curation
from papersite.catalogue.models import Paper
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_a_paper_that_was_chosen_for_a_mail_cannot_be_deleted() -> None:
    paper, subscription = PaperFactory.create(), SubscriptionFactory.create()
    FollowFactory.create(subscription=subscription)
    DeliveryFactory.create(subscription=subscription)

    choose_for("w" * 32, claim("w" * 32, NOW, 10), Rankings(), NOW)

    with pytest.raises(ProtectedError):
        curation.remove(Paper.objects.filter(pk=paper.pk))


def test_keep_passes_over_what_is_gone_and_leaves_what_is_folded() -> None:
    first, second = PaperFactory.create_batch(2)
    mailed.keep_folded({first.pk})

    mailed.keep({first.pk, second.pk, 10**9})
    assert dict(MailedPaper.objects.values_list("pk", "is_folded")) == {first.pk: True, second.pk: False}

    mailed.keep_folded({second.pk})
    assert set(MailedPaper.objects.values_list("is_folded", flat=True)) == {True}
