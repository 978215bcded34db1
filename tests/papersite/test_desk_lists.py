"""Lists of the desk: they go on by key, count no further than a thousand, and ask little."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from digest.models import Delivery
from papersite import desk_lists
from papersite.catalogue.models import Paper
from tests.admin_lists import queries
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AuthorFactory,
    DeliveryFactory,
    EditionFactory,
    PaperFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
MOST = 12
PAPERS = "/admin/catalogue/paper/"


def shown(client: Client, url: str) -> list[Any]:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return list(answer.context["cl"].result_list)


def all_pages(client: Client, url: str) -> list[Any]:
    found, query = [], "?"
    while query:
        page = client.get(f"{url}{query}").context["cl"]
        found += page.result_list
        query = page.older_url
    return found


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_lists, "COUNTED", 3)
    for model_admin in admin.site._registry.values():
        monkeypatch.setattr(model_admin, "list_per_page", 2)


@pytest.mark.usefixtures("short_pages")
def test_a_list_goes_on_by_key_to_its_end_and_says_how_far_it_counted(curator_client: Client) -> None:
    papers = PaperFactory.create_batch(5)
    days = [DeliveryFactory.create(day=NOW.date().replace(day=day)) for day in (3, 1, 3, 2, 3)]
    authors = AuthorFactory.create_batch(3)

    assert all_pages(curator_client, PAPERS) == papers[::-1]
    assert all_pages(curator_client, "/admin/digest/delivery/") == [days[n] for n in (4, 2, 0, 3, 1)]
    assert all_pages(curator_client, "/admin/catalogue/author/") == authors
    page = curator_client.get(PAPERS).content.decode()
    assert "more than 3" in page
    assert "papers" in page
    assert ">3 authors" in " ".join(curator_client.get("/admin/catalogue/author/").content.decode().split()).replace(
        "> 3", ">3"
    )


@pytest.mark.usefixtures("short_pages")
def test_an_action_on_all_of_more_than_was_counted_is_refused(curator_client: Client) -> None:
    papers = PaperFactory.create_batch(4)
    chosen = {"action": "hide", "select_across": "1", "_selected_action": [papers[0].pk], "index": "0"}

    said = curator_client.post(PAPERS, chosen, follow=True).content.decode()

    assert "That is more than 3 rows" in said
    assert not Paper.objects.filter(is_hidden=True).exists()
    curator_client.post(PAPERS, chosen | {"select_across": "0"})
    assert Paper.objects.filter(is_hidden=True).get() == papers[0]


@pytest.mark.parametrize("key", ["x", "1", "x_1", "1_x", f"{'9' * 400}_1", f"1_{'9' * 400}", "_", "1_-1"])
def test_a_key_that_is_none_is_no_error(curator_client: Client, key: str) -> None:
    PaperFactory.create()

    for url in (PAPERS, "/admin/digest/delivery/", "/admin/catalogue/author/"):
        assert curator_client.get(url, {"_after": key}).status_code in (200, 302)


def test_no_order_is_offered_nor_taken_but_that_of_an_index(curator_client: Client) -> None:
    first, second = PaperFactory.create(title="A"), PaperFactory.create(title="B")

    assert shown(curator_client, f"{PAPERS}?o=1") == [second, first]


def test_papers_are_searched_through_the_index_and_hidden_ones_by_their_titles(
    curator_client: Client, index: Callable[[], Any]
) -> None:
    spoken = PaperFactory.create(title="Speech", abstract="About graphs.", by=[AuthorFactory.create(name="Ada Byron")])
    hidden = PaperFactory.create(title="Graphs that hide", is_hidden=True)
    PaperFactory.create(title="Sound")
    index()

    assert set(shown(curator_client, f"{PAPERS}?q=graphs")) == {spoken, hidden}
    assert shown(curator_client, f"{PAPERS}?q=author:byron") == [spoken]
    assert [one.name for one in shown(curator_client, "/admin/catalogue/author/?q=byron")] == ["Ada Byron"]
    assert [one.paper for one in shown(curator_client, "/admin/catalogue/authorship/?q=speech")] == [spoken]
    for odd in ("(", '"', "author:", "x" * 3000, "-", "sort:new", "%", "\u0000"):
        assert curator_client.get(PAPERS, {"q": odd}).status_code == 200, odd


def test_rare_states_are_found(curator_client: Client) -> None:
    failed = DeliveryFactory.create(state="failed", reason="Refused.")
    uncertain = DeliveryFactory.create(state="sent", is_uncertain=True)
    hidden = PaperFactory.create(is_hidden=True)
    topic = TopicFactory.create()
    in_it = PaperFactory.create(in_topics=[topic])

    assert shown(curator_client, "/admin/digest/delivery/?state=failed") == [failed]
    assert shown(curator_client, "/admin/digest/delivery/?state=uncertain") == [uncertain]
    assert shown(curator_client, f"{PAPERS}?off=hidden") == [hidden]
    assert shown(curator_client, f"{PAPERS}?topic={topic.pk}") == [in_it]
    assert set(shown(curator_client, f"{PAPERS}?topic=x&off=y&announced=z")) == {hidden, in_it}
    assert len(shown(curator_client, f"{PAPERS}?announced=1")) == 2
    assert Delivery.objects.count() == 2


def everything(staff: User) -> list[str]:
    """Each list, by each of its filters, and by words."""
    found = []
    for model, model_admin in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        request = RequestFactory().get(url)
        request.user = staff
        listed = model_admin.get_changelist_instance(request)
        choices = [next(reversed([*spec.choices(listed)]))["query_string"] for spec in listed.filter_specs]
        found += [f"{url}{query}" for query in ("", *choices, "?q=graph", "?q=a@example.org")]
    return found


@pytest.mark.long
def test_no_list_asks_more_than_twelve_queries(curator: User, curator_client: Client) -> None:
    PaperFactory.create(in_topics=[TopicFactory.create()])
    SubscriptionFactory.create()
    asked = {}
    for url in everything(curator):
        asked[url] = queries(curator_client, url)

    assert {url: count for url, count in asked.items() if count > MOST} == {}


@pytest.mark.parametrize("role", ["curators", "operators", ""])
def test_the_first_page_asks_no_more_than_twelve_while_its_figures_are_remembered(settings: Any, role: str) -> None:
    settings.HARVEST_SOURCES = ["arxiv", "github", "huggingface"]
    cache.clear()
    user = UserFactory.create(is_staff=True, is_superuser=not role)
    user.groups.set(Group.objects.filter(name=role))
    EditionFactory.create()
    client = signed_in(user)

    first = queries(client, reverse("admin:index"))

    assert first <= 2 * MOST
    assert queries(client, reverse("admin:index")) <= MOST


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL compares conditions by what they mean")
def test_each_filter_by_a_condition_is_read_off_the_index_that_holds_its_rows(rf: Any, curator: Any) -> None:
    for path, parameter, values in (
        ("catalogue/paper", "off", ["hidden", "withdrawn"]),
        ("catalogue/vote", "counted", ["no"]),
        ("catalogue/papertopic", "decided", ["curator", "no"]),
        ("digest/delivery", "state", ["due", "claimed", "sending", "empty", "skipped", "failed", "uncertain"]),
    ):
        for value in values:
            request = rf.get(f"/admin/{path}/", {parameter: value})
            request.user = curator
            rows = (
                admin.site._registry[apps.get_model(path.replace("/", "."))].get_changelist_instance(request).queryset
            )
            plan = rows.values_list("pk")[:1001].explain()
            assert "INDEX" in plan, f"{path} {value}: {plan}"
            assert "delivery_by_day" not in plan, f"{path} {value}: {plan}"
