"""Editions as they go out: frozen by revision, held back, approved late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from digest.choosing import on_demand
from digest.editions import editing, states
from digest.models import Delivery, Edition, EditionRules, Subscription
from digest.sending import claims
from digest.sending.drain import DrainCache, drain_due
from tests.factories import NOW, DeliveryFactory, EditionFactory, FollowFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOW


def due(**fields: Any) -> Delivery:
    follow = FollowFactory.create()
    return DeliveryFactory.create(subscription=follow.subscription, due_at=NOW - timedelta(hours=1), **fields)


def write(edition: Edition, intro: str) -> None:
    def step(held: Edition) -> str:
        held.intro = intro
        return "Wrote"

    editing.change(edition, step, by=None, now=NOW)


def state_of(one: Delivery) -> tuple[str, str]:
    found: tuple[str, str] = Delivery.objects.values_list("state", "reason").get(pk=one.pk)
    return found


def test_a_new_intro_counts_from_the_next_mail_on_and_what_was_sent_stays(client: Client) -> None:
    PaperFactory.create_batch(2)
    edition, cache = EditionFactory.create(intro="Old words."), DrainCache()
    first = due()
    drain_due(clock, cache=cache)
    write(edition, "New words.")
    second = due()

    drain_due(clock, cache=cache)

    assert [("Old words." in str(one.body), "New words." in str(one.body)) for one in mail.outbox] == [
        (True, False), (False, True),
    ]  # fmt: skip
    for one, said in ((first, "Old words."), (second, "New words.")):
        one.refresh_from_db()
        assert said in client.get(one.get_absolute_url()).content.decode()


def test_a_retry_says_what_the_first_try_said() -> None:
    PaperFactory.create_batch(2)
    edition = EditionFactory.create(intro="Old words.")
    one = due()
    drain_due(clock)
    write(edition, "New words.")
    Delivery.objects.update(state="due", accepted_count=0)

    drain_due(clock)

    assert mail.outbox[0].message().as_bytes() == mail.outbox[1].message().as_bytes()
    assert state_of(one)[0] == "sent"


def test_what_was_chosen_and_not_begun_is_chosen_anew_after_an_edit() -> None:
    papers = PaperFactory.create_batch(2)
    edition = EditionFactory.create(intro="Old words.")
    one = due()
    one.items.create(subscription=one.subscription, paper=papers[0], position=0)
    Delivery.objects.update(revision=edition.revisions.get())
    editing.change(edition, editing.leave_out(papers[0]), by=None, now=NOW)

    drain_due(clock)

    assert [item.paper for item in one.items.all()] == [papers[1]]


def test_a_day_held_back_waits_and_goes_once_it_is_approved() -> None:
    PaperFactory.create()
    edition = EditionFactory.create(state="held", intro="Words.")
    one = due()
    assert claims.count_due(NOW, 9) == 0
    assert str(drain_due(clock)) == "nothing due"

    editing.change(edition, editing.set_state("approved"), by=None, now=NOW)
    drain_due(clock)

    assert state_of(one)[0] == "sent"
    assert "Words." in mail.outbox[0].body


def test_a_hold_stops_what_is_made_already_before_its_next_mail() -> None:
    PaperFactory.create()
    first, second = due(), due()
    edition = EditionFactory.create()
    worker = claims.new_worker()
    batch = claims.claim(worker, NOW, 10)
    Edition.objects.filter(pk=edition.pk).update(state="held")

    assert claims.advance(worker, NOW, begun=batch[0]) == claims.HELD

    claims.release(worker)
    assert [state_of(one) for one in (first, second)] == [("due", "")] * 2


def test_other_days_go_on() -> None:
    PaperFactory.create()
    EditionFactory.create(state="held")
    one = due(day=NOW.date() + timedelta(days=1))

    drain_due(clock)

    assert state_of(one)[0] == "sent"


@pytest.mark.parametrize("minutes", [-1, 1])
def test_what_waits_beyond_its_hours_of_grace_is_skipped_and_its_papers_are_free(minutes: int) -> None:
    paper = PaperFactory.create()
    EditionFactory.create(state="held")
    one = due()
    one.items.create(subscription=one.subscription, paper=paper, position=0)

    skipped = claims.skip_what_waited(one.due_at + settings.DIGEST_GRACE + timedelta(minutes=minutes))

    assert skipped == int(minutes > 0)
    assert state_of(one) == (("skipped", states.WAITED) if skipped else ("due", ""))
    assert one.items.exists() == (not skipped)


def test_where_approval_is_needed_and_late_the_day_goes_plain_after_the_deadline() -> None:
    PaperFactory.create_batch(3)
    EditionRules.objects.create(pk=1, needs_approval=True, deadline_hours=1)
    edition = EditionFactory.create(intro="Words.")
    due()
    drain_due(clock)
    editing.change(edition, editing.set_state("approved"), by=None, now=NOW)
    due()

    drain_due(clock)

    assert ["Words." in str(one.body) for one in mail.outbox] == [False, True]


def test_nobody_gets_a_mail_at_once_of_a_day_that_waits() -> None:
    PaperFactory.create()
    EditionFactory.create(state="held")
    follow = FollowFactory.create()

    asked = on_demand.ask(Subscription.objects.get(pk=follow.subscription_id), now=NOW)

    assert (asked.answer, asked.reason) == (on_demand.Answer.STOPPED, on_demand.WAITS)


@pytest.mark.parametrize(("is_for_all", "comes"), [(False, False), (True, True)])
def test_a_pick_comes_where_it_fits_or_is_for_all(is_for_all: bool, comes: bool) -> None:
    topic = TopicFactory.create()
    mine = PaperFactory.create_batch(3, heat=5)
    for paper in mine:
        paper.paper_topics.create(topic=topic, origin="search", belongs=True)
    other = PaperFactory.create(heat=1)
    edition = EditionFactory.create()
    editing.change(edition, editing.pin(other, is_for_all=is_for_all), by=None, now=NOW)
    follow = FollowFactory.create(kind="topic", topic=topic)
    one = DeliveryFactory.create(subscription=follow.subscription)

    drain_due(clock)

    held = [item.paper for item in one.items.all()]
    assert (other in held, held[0] == other) == (comes, comes)
    assert set(mine) <= set(held)


def test_a_pick_fits_by_topic_author_search_or_overall_however_cool_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from digest.choosing import rankings

    monkeypatch.setattr(rankings, "DEPTH", 1)
    topic = TopicFactory.create()
    hot, cool = (PaperFactory.create(heat=heat, title=f"Graphs of heat {heat}") for heat in (9, 1))
    for paper in (hot, cool):
        paper.paper_topics.create(topic=topic, origin="search", belongs=True)
    edition = EditionFactory.create()
    editing.change(edition, editing.pin(cool), by=None, now=NOW)
    for fields in ({"kind": "topic", "topic": topic}, {"kind": "search", "search": "graphs"}, {}):
        follow = FollowFactory.create(**fields)
        one = DeliveryFactory.create(subscription=follow.subscription)

        drain_due(clock)

        assert [item.paper for item in one.items.all()][:2] == [cool, hot], fields


def test_a_pick_makes_no_mail_on_a_quiet_day() -> None:
    old, pick = PaperFactory.create_batch(2, announced_at=NOW - timedelta(days=3), added_at=NOW - timedelta(days=3))
    edition = EditionFactory.create()
    editing.change(edition, editing.pin(pick, is_for_all=True), by=None, now=NOW)
    one = due()
    yesterday = DeliveryFactory.create(
        subscription=one.subscription, day=NOW.date() - timedelta(days=1), state="sent",
        assembled_at=NOW - timedelta(days=1),
    )  # fmt: skip
    yesterday.items.create(subscription=one.subscription, paper=old, position=0)

    drain_due(clock)

    assert state_of(one)[0] == "empty"
