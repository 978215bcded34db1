"""A mail as it would leave now."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from digest.composing import proofs
from digest.editions import editing
from digest.models import Delivery, DeliveryItem, MailedPaper, Persona, Tally
from digest.sending.drain import drain_due
from tests.factories import (
    NOW,
    AuthorFactory,
    DeliveryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    SubscriptionFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
DAY = NOW.date()


def filed(topic: Any, **fields: Any) -> Any:
    paper = PaperFactory.create(**fields)
    paper.paper_topics.create(topic=topic, origin="search", belongs=True)
    return paper


def made_up(**fields: Any) -> Persona:
    persona: Persona = Persona.objects.create(name="Somebody", **fields)
    return persona


def test_a_proof_is_the_mail_that_then_leaves_but_for_its_token() -> None:
    PaperFactory.create_batch(3)
    edition = EditionFactory.create(intro="A **day**.")
    editing.change(edition, editing.pin(PaperFactory.create(), "Read it.", is_for_all=True), by=None, now=NOW)
    delivery = DeliveryFactory.create(subscription=FollowFactory.create().subscription)

    proof = proofs.for_subscription(delivery.subscription, DAY, NOW)
    drain_due(lambda: NOW)

    sent = mail.outbox[0]
    delivery.refresh_from_db()
    assert proof.mail is not None
    assert proof.mail.subject == sent.subject
    assert proof.text == str(sent.body).replace(delivery.token, proofs.TOKEN)
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert proof.html == html.replace(delivery.token, proofs.TOKEN)


def test_nothing_is_sent_recorded_or_counted() -> None:
    PaperFactory.create_batch(3)
    follow = FollowFactory.create()

    proofs.for_subscription(follow.subscription, DAY, NOW)
    proofs.for_persona(made_up(follows_everything=True), DAY, NOW)
    proofs.rehearse(DAY, NOW)

    for model in (Delivery, DeliveryItem, MailedPaper, Tally):
        assert not model.objects.exists()
    assert mail.outbox == []


def test_a_made_up_reader_gets_what_it_follows_and_nothing_it_mutes() -> None:
    topic, other, muted = TopicFactory.create_batch(3)
    author = AuthorFactory.create()
    mine, muted_one = filed(topic), filed(topic)
    muted_one.paper_topics.create(topic=muted, origin="search", belongs=True)
    filed(other)
    written = PaperFactory.create()
    written.authorships.create(author=author, position=0)
    found = PaperFactory.create(title="Quaternions that sing")
    persona = made_up(searches="quaternions\n\n")
    persona.topics.add(topic)
    persona.authors.add(author)
    persona.muted_topics.add(muted)

    proof = proofs.for_persona(persona, DAY, NOW)

    assert {one.paper_id for one in proof.choices} == {mine.pk, written.pk, found.pk}
    assert f"You follow {topic.name}" in proof.text


def test_where_there_is_nothing_it_says_why() -> None:
    PaperFactory.create(announced_at=NOW - timedelta(days=3), added_at=NOW - timedelta(days=3))

    proof = proofs.for_persona(made_up(follows_everything=True), DAY, NOW)

    assert (proof.mail, proof.html, proof.preheader) == (None, "", "")
    assert proof.why_empty


def test_a_draft_and_what_is_held_back_are_seen_before_they_may_go() -> None:
    PaperFactory.create()
    EditionFactory.create(state="held", intro="Not yet.")

    assert "Not yet." in proofs.for_persona(made_up(follows_everything=True), DAY, NOW).text


def test_light_and_dark_are_shown_whatever_the_browser_is_in() -> None:
    PaperFactory.create_batch(2)
    proof = proofs.for_persona(made_up(follows_everything=True), DAY, NOW)

    assert "@media all" in proof.in_scheme("dark")
    assert "@media not all" in proof.in_scheme("light")
    assert "prefers-color-scheme" not in proof.in_scheme("dark")
    assert proof.preheader
    assert 1 < proof.kilobytes < 100


def test_a_rehearsal_counts_mails_the_empty_ones_and_what_they_carry() -> None:
    topic, other = TopicFactory.create_batch(2)
    hot, cool = filed(topic, heat=9), filed(topic, heat=1)
    for one in (topic, topic, other):
        FollowFactory.create(kind="topic", topic=one)
    SubscriptionFactory.create(ended_at=NOW, next_due_at=None, next_due_on=None)

    found = proofs.rehearse(DAY, NOW, shown=1)

    assert (found.readers, found.of, found.mails, sum(found.empty.values())) == (3, 3, 2, 1)
    assert found.carried == {hot.pk: 2, cool.pk: 2}
    assert [count for _, count in [*found.most, *found.least]] == [2, 2]


def test_a_rehearsal_ends_when_its_patience_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "BATCH", 2)
    PaperFactory.create()
    for _ in range(5):
        FollowFactory.create()

    found = proofs.rehearse(DAY, NOW, patience=0)

    assert (found.readers, found.of) == (2, 5)
