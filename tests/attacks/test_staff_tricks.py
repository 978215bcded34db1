"""Tricks of people who may use the desk: what they try beyond its pages' own buttons, and what they get."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from digest.models import Subscription, Suppression
from digest.planning import changes
from papersite.catalogue.models import SignalWeight, Vote
from tests.conftest import signed_in
from tests.factories import NOW, DeliveryFactory, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def staff_with(*rights: str, group: str = "") -> User:
    user = UserFactory.create(is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


@pytest.fixture
def operator_client(db: None) -> Client:
    return signed_in(staff_with(group="operators"))


def change(model: str, pk: Any) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


EVERYTHING = {
    "email": "mine@example.org", "name": "changed", "is_active": "on", "is_staff": "on", "is_superuser": "on",
    "password": "md5$a$b", "feed_key": "known", "joined_at_0": "2020-01-01", "joined_at_1": "00:00",
}  # fmt: skip


@pytest.mark.parametrize("who", ["an operator", "one who may change users alone"])
def test_rights_posted_with_a_readers_name_grant_nothing(reader: User, who: str) -> None:
    staff = staff_with(group="operators") if who == "an operator" else staff_with("accounts.change_user")
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    groups = [str(pk) for pk in Group.objects.values_list("pk", flat=True)]
    before = User.objects.filter(pk=reader.pk).values().get()

    signed_in(staff).post(
        change("accounts_user", reader.pk),
        EVERYTHING
        | {"user_permissions": every, "groups": groups}
        | {"emailaddress_set-TOTAL_FORMS": "0", "emailaddress_set-INITIAL_FORMS": "0"},
    )

    assert User.objects.filter(pk=reader.pk).values().get() == before | {"name": "changed"}
    assert not reader.groups.exists()
    assert not reader.user_permissions.exists()


@pytest.mark.parametrize("kind", ["superuser", "operator", "deactivated superuser", "one with a right of their own"])
def test_nobody_but_a_superuser_touches_an_account_that_has_rights(operator_client: Client, kind: str) -> None:
    target = {
        "superuser": lambda: UserFactory.create(is_staff=True, is_superuser=True),
        "operator": lambda: staff_with(group="operators"),
        "deactivated superuser": lambda: UserFactory.create(is_superuser=True, is_active=False),
        "one with a right of their own": lambda: staff_with("catalogue.view_paper"),
    }[kind]()

    for page in ("accounts_user_change", "accounts_user_delete", "accounts_user_address", "auth_user_password_change"):
        answer = operator_client.post(reverse(f"admin:{page}", args=[target.pk]), {"post": "yes", "is_active": ""})
        assert answer.status_code == 403, page
    assert User.objects.filter(pk=target.pk, is_active=target.is_active).exists()


def test_an_operator_sets_no_readers_password(operator_client: Client, reader: User) -> None:
    typed = {"password1": "a long and secret sentence", "password2": "a long and secret sentence"}

    answer = operator_client.post(reverse("admin:auth_user_password_change", args=[reader.pk]), typed)

    assert answer.status_code == 403
    reader.refresh_from_db()
    assert not reader.has_usable_password()


@pytest.mark.parametrize("taken", ["is_superuser", "is_active", "is_staff"])
def test_the_last_superuser_stays_one(curator: User, curator_client: Client, taken: str) -> None:
    rights = {"is_superuser": "on", "is_active": "on", "is_staff": "on"}
    rights.pop(taken)
    inlines = {f"{name}-{form}": "0" for name in ("emailaddress_set", "socialaccount_set") for form in FORMS}

    answer = curator_client.post(change("accounts_user", curator.pk), rights | inlines)

    assert "This is the last superuser" in answer.content.decode()
    curator_client.post(reverse("admin:accounts_user_delete", args=[curator.pk]), {"post": "yes"})
    assert User.objects.filter(pk=curator.pk, is_superuser=True, is_active=True, is_staff=True).exists()


FORMS = ("TOTAL_FORMS", "INITIAL_FORMS")


def test_an_address_typed_over_a_readers_stays_the_readers(curator_client: Client, reader: User) -> None:
    curator_client.post(change("accounts_user", reader.pk), EVERYTHING)

    assert User.objects.filter(pk=reader.pk, email="reader@example.org").exists()


def test_an_address_is_asked_for_and_is_the_readers_once_confirmed(operator_client: Client, reader: User) -> None:
    operator_client.post(reverse("admin:accounts_user_address", args=[reader.pk]), {"email": "New@Example.org"})

    assert User.objects.filter(pk=reader.pk, email="reader@example.org").exists()
    by_address = {message.to[0]: str(message.body) for message in mail.outbox}
    assert set(by_address) == {"reader@example.org", "new@example.org"}
    assert "asked for your address here to become new@example.org" in by_address["reader@example.org"]
    link = re.search(r"/accounts/confirm-email/\S+", by_address["new@example.org"])
    assert link is not None
    Client().post(link[0])
    assert User.objects.filter(pk=reader.pk, email="new@example.org").exists()
    held = EmailAddress.objects.filter(user=reader)
    assert list(held.values_list("email", "verified")) == [("new@example.org", True)]


def test_an_address_nobody_confirmed_is_not_moved(operator_client: Client) -> None:
    newcomer = UserFactory.create(email="newcomer@example.org")
    EmailAddress.objects.create(user=newcomer, email=newcomer.email, verified=False, primary=True)

    page = operator_client.post(reverse("admin:accounts_user_address", args=[newcomer.pk]), {"email": "b@example.org"})

    assert "was never confirmed" in page.content.decode()
    assert mail.outbox == []
    assert User.objects.filter(email="newcomer@example.org").exists()


def test_who_left_is_not_brought_back_by_clearing_a_date(curator_client: Client, subscription: Subscription) -> None:
    changes.end(subscription, now=timezone.now())
    before = Subscription.objects.filter(pk=subscription.pk).values().get()

    curator_client.post(
        change("digest_subscription", subscription.pk),
        {
            "reader": UserFactory.create().pk, "time_zone": "UTC", "send_at": "08:00", "weekdays": "127", "cap": "10",
            "on_quiet_days": "nothing", "ended_at_0": "", "ended_at_1": "", "consent": "Yes.", "wants_news": "on",
            "folds_alike": "on", "close_to_saved": "few",
            "confirmed_at_0": "2026-01-01", "confirmed_at_1": "08:00", "follows-TOTAL_FORMS": "0",
            "follows-INITIAL_FORMS": "0",
        },
    )  # fmt: skip

    assert Subscription.objects.filter(pk=subscription.pk).values().get() == before


def test_a_reader_who_leaves_while_staff_save_has_left(curator_client: Client, subscription: Subscription) -> None:
    """The row that staff's form was made from is older than the reader's word."""
    from django.contrib import admin

    desk = admin.site._registry[Subscription]
    read_before = Subscription.objects.get(pk=subscription.pk)
    changes.end(subscription, now=timezone.now())

    class Form:
        changed_data = ["cap"]
        cleaned_data = {"cap": 3}

    desk.save_model(None, read_before, Form(), True)  # type: ignore[arg-type]

    subscription.refresh_from_db()
    assert (subscription.cap, subscription.ended_at is not None, subscription.next_due_at) == (3, True, None)


@pytest.mark.parametrize("name", ["catalogue_harvest_run", "catalogue_try_weights", "digest_suppression_lift"])
def test_a_page_elsewhere_orders_nothing_in_the_name_of_staff(curator: User, name: str) -> None:
    held = Suppression.objects.create(address_hash="0" * 64, reason="asked")
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(curator).cookies
    url = reverse(f"admin:{name}", args=[held.pk] if name == "digest_suppression_lift" else [])

    assert client.post(url, {"reason": "none", "source": "arxiv", "vote_count": "0"}).status_code == 403
    assert Suppression.objects.filter(pk=held.pk).exists()


def test_nobody_subscribes_a_reader_from_the_desk(curator_client: Client) -> None:
    assert curator_client.post(reverse("admin:digest_subscription_add"), {}).status_code == 403


@pytest.mark.parametrize("action", ["count", "do_not_count"])
def test_one_who_may_view_votes_changes_none(action: str) -> None:
    vote = Vote.objects.create(paper=PaperFactory.create(), reader=UserFactory.create(), is_counted=action != "count")
    chosen = {"action": action, "_selected_action": [vote.pk], "index": "0", "select_across": "1"}

    signed_in(staff_with("catalogue.view_vote")).post(reverse("admin:catalogue_vote_changelist"), chosen)

    assert Vote.objects.filter(pk=vote.pk, is_counted=vote.is_counted).exists()


def test_one_without_the_right_adds_no_weight() -> None:
    SignalWeight.objects.all().delete()

    answer = signed_in(staff_with("catalogue.view_signalweight")).post(
        reverse("admin:catalogue_signalweight_add"), {"signal": "vote_count", "hours": "9"}
    )

    assert answer.status_code == 403
    assert not SignalWeight.objects.exists()


@pytest.mark.parametrize("asked", ["feed_key__startswith", "password__startswith", "emailaddress__email__startswith"])
def test_a_secret_is_not_read_a_letter_at_a_time(curator_client: Client, reader: User, asked: str) -> None:
    answer = curator_client.get(reverse("admin:accounts_user_changelist"), {asked: "a"})

    assert answer.status_code == 400


def test_a_curator_finds_no_votes_by_their_readers_address() -> None:
    vote = Vote.objects.create(paper=PaperFactory.create(title="Graphs"), reader=UserFactory.create())
    client = signed_in(staff_with(group="curators"))
    votes = reverse("admin:catalogue_vote_changelist")

    assert client.get(votes, {"q": "Graphs"}).context["cl"].result_count == 1
    assert client.get(votes, {"q": vote.reader.email}).context["cl"].result_count == 0
    assert client.get(votes, {"reader__email__startswith": "p"}).status_code == 400


def test_a_mails_key_stands_on_no_page_of_the_desk(operator_client: Client, subscription: Subscription) -> None:
    delivery = DeliveryFactory.create(subscription=subscription)

    for page in (reverse("admin:digest_delivery_changelist"), change("digest_delivery", delivery.pk)):
        text = operator_client.get(page).content.decode()
        assert delivery.token not in text
        assert "/d/" not in text


def test_a_popup_asks_by_no_column_of_its_own_choice(curator_client: Client, reader: User) -> None:
    for column in ("feed_key", "password", "email"):
        page = reverse("admin:accounts_user_changelist")
        assert curator_client.get(page, {"_popup": "1", "_to_field": column}).status_code == 400


def test_what_readers_did_with_a_paper_does_not_go_with_it(curator_client: Client) -> None:
    paper = PaperFactory.create()
    Vote.objects.create(paper=paper, reader=UserFactory.create(email="voter@example.org"))

    for url, data in (
        (reverse("admin:catalogue_paper_delete", args=[paper.pk]), {"post": "yes"}),
        (reverse("admin:catalogue_paper_changelist"), {"action": "delete_selected", "_selected_action": [paper.pk]}),
    ):
        page = curator_client.post(url, data | {"post": "yes"}).content.decode()
        assert "readers voted for it or saved it" in page
        assert "voter@example.org" not in page
    assert Vote.objects.filter(paper=paper).exists()


def test_a_suppression_changes_no_reason_and_is_not_deleted_without_one(operator_client: Client) -> None:
    held = Suppression.objects.create(address_hash="0" * 64, reason="A mail was called spam.", suppressed_at=NOW)

    operator_client.post(change("digest_suppression", held.pk), {"reason": "none"})
    operator_client.post(reverse("admin:digest_suppression_delete", args=[held.pk]), {"post": "yes"})
    operator_client.post(reverse("admin:digest_suppression_lift", args=[held.pk]), {"reason": ""})

    assert Suppression.objects.values_list("reason", flat=True).get() == "A mail was called spam."


def test_only_superusers_see_and_change_groups_and_nobody_those_of_the_house(curator_client: Client) -> None:
    house, own = Group.objects.get(name="curators"), Group.objects.create(name="own")
    holder = signed_in(staff_with("auth.change_group", "auth.view_group", "auth.add_group", "auth.delete_group"))

    assert holder.post(change("auth_group", own.pk), {"name": "mine"}).status_code == 403
    assert curator_client.get(change("auth_group", house.pk)).status_code == 200
    assert curator_client.post(change("auth_group", house.pk), {"name": "mine"}).status_code == 403
    assert curator_client.post(change("auth_group", own.pk), {"name": "ours"}).status_code == 302
