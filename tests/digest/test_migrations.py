"""Migrations with rows there: back, and forth again."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from digest import tokens
from digest.database import statements
from digest.models import BatchCursor, Delivery, DeliveryItem, Edition, EditionRevision, Relay, Subscription
from digest.sending import claims
from tests.factories import NOW, DeliveryFactory, PickFactory, SubscriptionFactory, sent

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def migrate(*targets: tuple[str, str]) -> None:
    """To these, or to the newest of all apps."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def test_a_worker_of_the_former_release_finds_its_row_under_the_former_name() -> None:
    BatchCursor.objects.create(worker="w" * 32, done=3, begun=4, lease_until=NOW)
    try:
        migrate(("digest", "0008_mailed"))
        former = MigrationExecutor(connection).loader.project_state([("digest", "0008_mailed")]).apps
        hands = former.get_model("digest", "Hand").objects
        assert list(hands.values_list("worker", "done", "begun")) == [("w" * 32, 3, 4)]
        hands.update(done=4)
    finally:
        migrate()

    assert BatchCursor.objects.get().done == 4
    with connection.cursor() as cursor:
        # The table keeps its name, which the former release goes on using while the new one starts.
        cursor.execute("SELECT count(*) FROM digest_hand")
        assert cursor.fetchone() == (1,)


def test_remainders_come_and_go_with_rows_there() -> None:
    subscription: Subscription = SubscriptionFactory.create()
    sent(subscription, papers=2).items.filter(position=0).update(remainders='[["topic","Graphs",3]]')
    try:
        migrate(("digest", "0009_batch_cursor"))
        assert DeliveryItem.objects.count() == 2
    finally:
        migrate()

    assert list(DeliveryItem.objects.values_list("position", "remainders")) == [(0, None), (1, None)]


def test_what_the_former_release_planned_and_mailed_keeps_its_links_forth_and_back() -> None:
    mailed = sent(DeliveryFactory.create(key=None).subscription, day=date(2026, 11, 22))
    Delivery.objects.filter(pk=mailed.pk).update(key=None, assembled_at=NOW)
    claims.claim("w" * 32, NOW, 10)
    keyed = Delivery.objects.get(state="claimed")
    try:
        migrate(("digest", "0010_remainders"))
        former = MigrationExecutor(connection).loader.project_state([("digest", "0010_remainders")]).apps
        assert former.get_model("digest", "Delivery").objects.count() == 2
    finally:
        migrate()

    assert Delivery.objects.with_token(tokens.make(mailed.pk, None)) == mailed
    # What went back has lost its key, and goes by its number as all that the former release sends.
    assert Delivery.objects.with_token(keyed.token) is None
    assert Delivery.objects.with_token(tokens.make(keyed.pk, None)) == keyed


def test_the_former_release_goes_on_planning_and_pausing_beside_this_one() -> None:
    """Its statements name none of the new columns, and what it began is sent under the name it gave."""
    held = DeliveryFactory.create(key=None).subscription
    Relay.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO digest_delivery (subscription_id, day, due_at, state, reason, settled_at, claimed_by,"
            " attempts, accepted_count, is_uncertain, subject, extra)"
            " VALUES (%s, %s, %s, 'due', '', NULL, '', 0, 0, FALSE, '', 0)",
            [held.pk, date(2026, 11, 22), statements.plain(NOW)],
        )
        cursor.execute(
            "INSERT INTO digest_relay (id, is_paused, alarm, down_reason, strikes) VALUES (1, FALSE, '', '', 0)"
        )
        cursor.execute("UPDATE digest_delivery SET assembled_at = due_at WHERE day = %s", [date(2026, 11, 23)])

    found = {one.day.day: one for one in claims.claim("w" * 32, NOW, 10)}

    rows = {one.day.day: one for one in Delivery.objects.all()}
    assert (rows[22].key is None, rows[23].key is None) == (False, True)
    assert all(rows[day].message_id == found[day].message_id for day in (22, 23))
    assert Relay.objects.get().pause_reason == ""


def test_old_editions_count_as_approved_and_their_picks_go_on_coming_to_all() -> None:
    pick = PickFactory.create(note="Read it.", edition__intro="Words.")
    try:
        migrate(("digest", "0012_mailed_to"))
        former = MigrationExecutor(connection).loader.project_state([("digest", "0012_mailed_to")]).apps
        assert former.get_model("digest", "Pick").objects.get().note == "Read it."
    finally:
        migrate()

    edition = Edition.objects.get()
    revision = EditionRevision.objects.get()
    assert (edition.state, edition.version, revision.made_at) == ("approved", 1, None)
    assert (revision.intro, revision.picks) == ("Words.", [[pick.paper_id, "Read it.", True]])
    with connection.cursor() as cursor:
        # As the former release writes them while this one starts.
        cursor.execute("INSERT INTO digest_edition (day, intro, site_news) VALUES ('2026-11-25', '', '')")
        values = f"SELECT id, {pick.paper_id}, 0, '' FROM digest_edition WHERE day = '2026-11-25'"
        cursor.execute(f"INSERT INTO digest_pick (edition_id, paper_id, position, note) {values}")
    assert Edition.objects.values_list("state", "version").get(day=date(2026, 11, 25)) == ("draft", 0)
    assert edition.picks.get().is_for_all
    assert Edition.objects.get(day=date(2026, 11, 25)).picks.get().is_for_all
