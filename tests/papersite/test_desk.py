"""What holds for every page of the desk."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import User
from digest.models import Subscription
from papersite import desk
from papersite.catalogue.models import Paper, Reject
from tests.factories import CategoryFactory, PaperFactory, SubscriptionFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

EMPTY_INLINES = {
    f"{prefix}-{count}_FORMS": "0"
    for prefix in ("emailaddress_set", "socialaccount_set")
    for count in ("TOTAL", "INITIAL")
}


def test_every_list_is_asked_by_the_filters_it_shows_alone() -> None:
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, desk.ModelAdmin), model


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"is_hidden__exact": "1"}, 200),
        ({"announced_at__year": "2026"}, 200),
        ({"pk__in": "1,2"}, 200),
        ({"abstract__startswith": "a"}, 400),
        ({"is_hiddenx": "1"}, 400),
    ],
)
def test_a_filter_that_is_not_shown_is_refused(curator_client: Client, asked: dict[str, str], status: int) -> None:
    assert curator_client.get(reverse("admin:catalogue_paper_changelist"), asked).status_code == status


def test_what_the_site_writes_itself_is_neither_added_changed_nor_deleted(rf: Any) -> None:
    held = admin.site._registry[Reject]

    assert isinstance(held, desk.ReadOnly)
    asked = (held.has_add_permission, held.has_change_permission, held.has_delete_permission)
    assert [one(rf) for one in asked] == [False] * 3


def test_a_row_leads_to_its_page_on_the_site(curator_client: Client) -> None:
    paper = PaperFactory.create()
    kind = ContentType.objects.get_for_model(Paper)

    assert curator_client.get(reverse("admin:view_on_site", args=[kind.pk, paper.pk])).headers["Location"] == (
        paper.get_absolute_url()
    )
    assert curator_client.get(reverse("admin:view_on_site", args=[kind.pk, 999_999])).status_code == 404
    assert curator_client.get(reverse("admin:view_on_site", args=[999_999, 1])).status_code == 403


def test_the_log_names_no_reader(curator_client: Client, reader: User) -> None:
    other = SubscriptionFactory.create(reader__email="other@example.org")
    inlines = {f"{name}-{form}": "0" for name in ("emailaddress_set", "socialaccount_set") for form in FORMS}
    both = list(Subscription.objects.values_list("pk", flat=True))
    ending = {"action": "end", "_selected_action": both}

    curator_client.post(
        reverse("admin:accounts_user_change", args=[reader.pk]), inlines | {"name": "Ada", "is_active": "on"}
    )
    curator_client.post(reverse("admin:digest_subscription_changelist"), ending)
    curator_client.post(reverse("admin:accounts_user_delete", args=[other.reader.pk]), {"post": "yes"})

    assert sorted(LogEntry.objects.values_list("object_repr", flat=True)) == sorted(
        [f"user {reader.pk}", *(f"subscription {pk}" for pk in both), f"user {other.reader_id}"]
    )


FORMS = ("TOTAL_FORMS", "INITIAL_FORMS")


def test_history_says_what_fields_held_before_and_hold_now(curator_client: Client) -> None:
    topic, category = TopicFactory.create(description="Old words."), CategoryFactory.create()
    url = reverse("admin:catalogue_topic_change", args=[topic.pk])
    typed = {"name": topic.name, "slug": topic.slug, "description": "n" * 250, "categories": [category.pk]}

    curator_client.post(url, typed | {"search": "", "is_offered": "on"})

    told = LogEntry.objects.get().get_change_message()
    assert f"description: Old words. → {'n' * 199}…" in told
    assert f"categories: nothing → {category}" in told
    assert "search" not in told
    page = curator_client.get(reverse("admin:catalogue_topic_history", args=[topic.pk])).content.decode()
    assert "Old words. → nnn" in page


def test_nothing_that_was_changed_is_nothing_that_is_told(curator_client: Client) -> None:
    topic = TopicFactory.create()
    url = reverse("admin:catalogue_topic_change", args=[topic.pk])

    typed = {"name": topic.name, "slug": topic.slug, "description": topic.description, "is_offered": "on"}
    curator_client.post(url, typed | {"search": ""})

    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_what_is_a_persons_own_is_named_and_not_kept(curator_client: Client) -> None:
    account = UserFactory.create(name="Ada Byron")
    typed = {"name": "Ada Lovelace", "is_active": "on", **EMPTY_INLINES}

    curator_client.post(reverse("admin:accounts_user_change", args=[account.pk]), typed)

    account.refresh_from_db()
    assert account.name == "Ada Lovelace"
    assert LogEntry.objects.get().get_change_message() == "Changed name."


NO_KEYS = ["nothing", "²", "1.5", str(2**70), "-1", "\x00", "999999"]


@pytest.mark.parametrize("sent", NO_KEYS)
def test_what_is_no_rows_key_is_refused_where_rows_are_chosen(curator_client: Client, sent: str) -> None:
    paper = PaperFactory.create()
    asked: dict[str, dict[str, Any]] = {
        reverse("admin:catalogue_topic_add"): {"categories": [sent]},
        reverse("admin:catalogue_papertopic_add"): {"paper": sent, "topic": sent},
        reverse("admin:digest_persona_add"): {"topics": [sent, sent], "authors": sent, "muted_topics": sent},
        reverse("admin:catalogue_paper_change", args=[paper.pk]): {
            "primary_category": sent,
            "authorships-TOTAL_FORMS": "1", "authorships-INITIAL_FORMS": "0", "authorships-0-author": sent,
            "paper_topics-TOTAL_FORMS": "1", "paper_topics-INITIAL_FORMS": "0", "paper_topics-0-topic": sent,
        },
    }  # fmt: skip

    for address, posted in asked.items():
        answer = curator_client.post(address, posted)
        assert answer.status_code == 200, address
        named = {name for form in _forms(answer) for name in form.errors}
        assert {name.rsplit("-", 1)[-1] for name in posted if not name.endswith("_FORMS")} <= named, address


@pytest.mark.parametrize("sent", NO_KEYS)
def test_what_is_no_rows_key_is_not_acted_on(curator_client: Client, sent: str) -> None:
    """Nor found by an address that asks for it."""
    paper = PaperFactory.create_batch(2)[0]
    papers = reverse("admin:catalogue_paper_changelist")

    for ticked in ([sent], [sent, str(paper.pk)]):
        assert curator_client.post(papers, {"action": "hide", "_selected_action": ticked}).status_code == 302

    assert set(Paper.objects.filter(is_hidden=True)) == {paper}
    assert curator_client.get(papers, {"pk__in": sent}).status_code in {200, 302}


def _forms(answer: Any) -> list[Any]:
    below = [form for one in answer.context["inline_admin_formsets"] for form in one.formset.forms]
    return [answer.context["adminform"].form, *below]
