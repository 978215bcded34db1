"""What staff did: kept whoever goes, shown to whom it concerns."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import Deed
from digest.models import Subscription
from papersite.catalogue.models import PaperTopic, Vote
from tests.conftest import signed_in
from tests.factories import FollowFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db


def act(client: Client, page: str, action: str, *rows: Any) -> None:
    client.post(reverse(f"admin:{page}_changelist"), {"action": action, "_selected_action": [one.pk for one in rows]})


def said() -> list[tuple[str, str]]:
    return [(one.object_repr, one.said) for one in Deed.objects.order_by("pk")]


def test_actions_are_kept_for_each_row_that_they_changed(curator_client: Client) -> None:
    shown, hidden = PaperFactory.create(), PaperFactory.create(is_hidden=True)
    vote = Vote.objects.create(paper=shown, reader=UserFactory.create())

    act(curator_client, "catalogue_paper", "hide", shown, hidden)
    act(curator_client, "catalogue_vote", "do_not_count", vote)

    assert said() == [(str(shown), "is_hidden: False → True"), (str(vote), "is_counted: True → False")]


def test_each_of_several_that_are_deleted_at_once_is_kept(curator_client: Client) -> None:
    papers = PaperFactory.create_batch(2)
    chosen = {"action": "delete_selected", "_selected_action": [one.pk for one in papers], "post": "yes"}

    curator_client.post(reverse("admin:catalogue_paper_changelist"), chosen)

    assert {(one.object_repr, one.action) for one in Deed.objects.all()} == {(str(one), "deleted") for one in papers}


def test_rows_below_are_told_with_what_they_held_before_and_hold_now(curator_client: Client) -> None:
    paper, topic, other = PaperFactory.create(), TopicFactory.create(), TopicFactory.create()
    row = PaperTopic.objects.create(paper=paper, topic=topic, origin="curator", belongs=True)
    url = reverse("admin:catalogue_paper_change", args=[paper.pk])
    form = curator_client.get(url).context["adminform"].form
    typed = {name: value for name, value in form.initial.items() if value not in (None, True, False)}
    typed |= {"boost": "0", "announced_at_0": "2026-11-23", "announced_at_1": "12:00:00"}
    rows = {
        "paper_topics-TOTAL_FORMS": "2", "paper_topics-INITIAL_FORMS": "1", "paper_topics-0-id": row.pk,
        "paper_topics-0-paper": paper.pk, "paper_topics-0-topic": topic.pk, "paper_topics-1-topic": other.pk,
        "paper_topics-1-paper": paper.pk, "paper_topics-1-belongs": "on",
        "authorships-TOTAL_FORMS": "0", "authorships-INITIAL_FORMS": "0",
    }  # fmt: skip

    answer = curator_client.post(url, typed | rows)

    assert answer.status_code == 302
    told = Deed.objects.get().said
    assert "belongs: True → False" in told
    assert f"Added paper topic “{other}”" in told


def test_what_a_reader_follows_is_named_by_its_number(curator_client: Client) -> None:
    topic = TopicFactory.create(name="A private matter")
    follow = FollowFactory.create(kind="topic", topic=topic)
    held: Subscription = follow.subscription
    typed = {
        "time_zone": "UTC", "send_at": "08:00", "weekdays": "127", "cap": "10", "on_quiet_days": "nothing",
        "close_to_saved": "few",
        "follows-TOTAL_FORMS": "1", "follows-INITIAL_FORMS": "1", "follows-0-id": follow.pk,
        "follows-0-subscription": held.pk, "follows-0-kind": "topic", "follows-0-topic": topic.pk,
        "follows-0-mutes": "on",
    }  # fmt: skip

    curator_client.post(reverse("admin:digest_subscription_change", args=[held.pk]), typed)

    told = Deed.objects.get().said
    assert "mutes: False → True" in told
    assert f"number {follow.pk}" in told
    assert "private" not in told


def test_an_operator_reads_of_what_they_may_look_at(curator_client: Client) -> None:
    act(curator_client, "catalogue_paper", "hide", PaperFactory.create(title="Graphs"))
    curator_client.post(reverse("admin:digest_persona_add"), {"name": "Made-up people", "cap": "5"})
    user = UserFactory.create(is_staff=True)
    user.groups.set(Group.objects.filter(name="operators"))

    page = signed_in(user).get(reverse("admin:accounts_deed_changelist")).content.decode()

    assert "Graphs" in page
    assert "Made-up people" not in page
    assert Deed.objects.filter(model="digest.persona").exists()
