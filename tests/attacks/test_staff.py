"""Every page and action of the desk × a stranger, a reader, a curator, an operator and a superuser, by GET and by POST.

The pages are those that admin has: a new one fails here until it stands in one of the tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.signals import request_finished
from django.db import close_old_connections, models, transaction
from django.test import Client
from django.urls import URLPattern, reverse

from accounts import roles
from accounts.models import Deed
from digest.ledger import codec
from digest.models import BatchCursor, EditionRules, Handover, LedgerMonth, MailEvent, Persona, Relay, Suppression
from papersite.catalogue import models as catalogue
from papersite.models import Heartbeat
from tests.conftest import signed_in
from tests.factories import (
    NOW,
    AuthorFactory,
    CategoryFactory,
    DeliveryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    PickFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
)

ROLES = ("stranger", "reader", "curator", "operator", "superuser")
# What a superuser may is what a curator or an operator may; a whole run asks all the same.
PARAMETERS = [*ROLES[:-3], *(pytest.param(role, marks=pytest.mark.long) for role in ROLES[-3:])]
ADDRESS = "who-reads-this@example.org"
# What no role does on the model's own pages, whatever its rights: the site writes these rows, or another page does.
CLOSED = {
    "accounts.deed": "add change delete",
    "catalogue.harvest": "add change delete",
    "catalogue.reject": "add change delete",
    "catalogue.repository": "add change delete",
    "catalogue.reading": "add change delete",
    "catalogue.requestslot": "add change delete",
    "catalogue.vote": "add change delete",
    "catalogue.signalweight": "add delete",
    "digest.delivery": "add change delete",
    "digest.deliveryitem": "add change delete",
    "digest.ledgermonth": "add change delete",
    "digest.batchcursor": "add change delete",
    "digest.handover": "add change delete",
    "digest.pick": "add change delete",
    "digest.editionrules": "add delete",
    "digest.mailevent": "add change delete",
    "digest.relay": "add delete",
    "digest.subscription": "add delete",
    "digest.suppression": "change delete",
    "papersite.heartbeat": "add change delete",
}
# Shown with their account alone.
INSIDE = {"account.emailaddress", "socialaccount.socialaccount"}
PAGES = [
    *(("changelist", "GET", "view"), ("changelist", "POST", "view"), ("history", "GET", "view")),
    *(("change", "GET", "view"), ("change", "POST", "change"), ("add", "GET", "add"), ("add", "POST", "add")),
    *(("delete", "GET", "delete"), ("delete", "POST", "delete")),
]
ACTIONS = {
    "delete_selected": "delete",
    "catalogue.paper hide": "change",
    "catalogue.paper show": "change",
    "catalogue.paper ask_arxiv": "change",
    "catalogue.paper pin_for_today": "digest.change_edition",
    "catalogue.vote count": "catalogue.change_vote",
    "catalogue.vote do_not_count": "catalogue.change_vote",
    "digest.subscription end": "change",
}
# Accounts are closed one by one.
WITHOUT_DELETE_SELECTED = {"accounts.user"}
# Pages of a model's own making: by which methods, and for whom.
CUSTOM = {
    "catalogue_harvest_stop": (("POST",), "catalogue.add_harvest"),
    "catalogue_harvest_run": (("POST",), "catalogue.add_harvest"),
    "catalogue_topic_try": (("GET",), "catalogue.change_topic"),
    "catalogue_topic_merge": (("GET", "POST"), "catalogue.delete_topic"),
    "catalogue_try_weights": (("GET", "POST"), "catalogue.change_signalweight"),
    "digest_suppression_lift": (("GET", "POST"), "digest.delete_suppression"),
    "digest_edition_preview": (("GET",), "digest.view_edition"),
    "digest_edition_preview_html": (("GET",), "digest.view_edition"),
    "digest_edition_test": (("POST",), "digest.change_edition"),
    "digest_edition_rehearsal": (("POST",), "digest.view_edition"),
    "digest_subscription_preview": (("GET",), "digest.view_subscription"),
    "digest_subscription_preview_html": (("GET",), "digest.view_subscription"),
    "digest_subscription_find": (("POST",), "digest.view_subscription"),
    "digest_subscription_story": (("GET",), "digest.view_subscription"),
    "digest_subscription_resend": (("POST",), "digest.change_subscription"),
    "digest_subscription_export": (("POST",), "digest.change_subscription"),
    "digest_edition_today": (("GET", "POST"), "digest.view_edition"),
    "digest_edition_pin": (("POST",), "digest.change_edition"),
    "digest_edition_do": (("POST",), "digest.change_edition"),
    "digest_edition_revisions": (("GET", "POST"), "digest.view_edition"),
    "accounts_user_address": (("GET", "POST"), "accounts.change_user"),
    "catalogue_paper_import": (("GET", "POST"), "catalogue.add_paper"),
    "catalogue_paper_export": (("GET",), "catalogue.view_paper"),
    "catalogue_topic_import": (("GET", "POST"), "catalogue.add_topic"),
    "catalogue_topic_export": (("GET",), "catalogue.view_topic"),
    "digest_suppression_import": (("GET", "POST"), "digest.add_suppression"),
    "digest_suppression_export": (("GET",), "digest.view_suppression"),
    "auth_user_password_change": (("GET", "POST"), "superuser"),
}
# Pages of the desk as a whole: "staff" for any of them, "anyone" also for strangers, "own test" where one follows.
SITE = {
    "index": "staff",
    "password_change": "staff",
    "password_change_done": "staff",
    "jsi18n": "staff",
    "login": "anyone",
    "logout": "anyone",
    "autocomplete": "own test",
    "view_on_site": "own test",
    "app_list": "own test",
}


def label_of(model: type[models.Model]) -> str:
    return model._meta.label_lower


def may(role: str, right: str) -> bool:
    """Whether a role holds a permission such as ``catalogue.change_paper``, by the table in the code."""
    if role in ("curator", "operator"):
        return right in roles.permissions_of(f"{role}s")
    return role == "superuser"


def may_page(role: str, label: str, action: str) -> bool:
    app, model = label.split(".")
    return action not in CLOSED.get(label, "").split() and may(role, f"{app}.{action}_{model}")


@dataclass
class Cast:
    role: str
    rows: dict[str, models.Model]
    client: Client = field(default_factory=Client)

    def ask(self, method: str, url: str, data: dict[str, Any] | None = None) -> Any:
        """The answer to one request, which leaves nothing behind."""
        self.client.cookies.pop("messages", None)
        return self.client.generic(method, url) if data is None else getattr(self.client, method.lower())(url, data)

    def is_in(self, answer: Any) -> bool:
        """Whether they got there: neither refused nor sent to a door."""
        assert answer.status_code < 500
        if answer.streaming:
            # As the test client does of itself where an answer does not stream.
            request_finished.disconnect(close_old_connections)
            answer.close()
            request_finished.connect(close_old_connections)
        if self.role in ("curator", "stranger", "reader") and not answer.streaming:
            assert ADDRESS not in answer.content.decode(), f"{self.role} is shown a reader's address"
        is_sent_away = answer.status_code == 302 and "/login/" in answer.headers["Location"]
        return not (answer.status_code in (403, 404) or is_sent_away)


def make_rows() -> dict[str, models.Model]:
    """A row of each model on the desk. Those that can be deleted stand alone."""
    # There is room for another weight only where one is missing.
    catalogue.SignalWeight.objects.all().delete()
    subscription = SubscriptionFactory.create(reader__email=ADDRESS)
    EmailAddress.objects.create(user=subscription.reader, email=ADDRESS, verified=True, primary=True)
    delivery = DeliveryFactory.create(subscription=subscription)
    paper, topic, author = PaperFactory.create(), TopicFactory.create(), AuthorFactory.create()
    harvest = catalogue.Harvest.objects.create(source="test")
    made: list[models.Model] = [
        *(subscription.reader, subscription, delivery, paper, topic, author, harvest),
        FollowFactory.create(subscription=subscription),
        delivery.items.create(subscription=subscription, paper=PaperFactory.create(), position=0),
        LedgerMonth.objects.create(
            subscription=subscription, month=NOW.date().replace(day=1), items=codec.encode([]), paper_count=0
        ),
        BatchCursor.objects.create(worker="w" * 32, lease_until=NOW),
        Handover.objects.create(day=NOW.date()),
        Relay.objects.get_or_create(pk=1)[0],
        MailEvent.objects.create(event_id="1", source="test", kind="hard"),
        Suppression.objects.create(address_hash="0" * 64, reason="asked"),
        EditionFactory.create(),
        EditionRules.objects.create(pk=1),
        Persona.objects.create(name="a made-up reader"),
        PickFactory.create(edition__day=NOW.date().replace(day=1)),
        CategoryFactory.create(code="cs.LG"),
        catalogue.PaperTopic.objects.create(paper=PaperFactory.create(), topic=TopicFactory.create(), origin="search"),
        catalogue.Authorship.objects.create(paper=PaperFactory.create(), author=AuthorFactory.create(), position=0),
        catalogue.Vote.objects.create(paper=PaperFactory.create(), reader=subscription.reader),
        catalogue.SignalWeight.objects.create(signal="vote_count", hours=12),
        catalogue.Reading.objects.create(paper=PaperFactory.create(), signal="hf_upvotes", day=NOW.date(), value=1),
        catalogue.Repository.objects.create(url="https://github.com/a/b"),
        catalogue.RequestSlot.objects.create(service="a service"),
        harvest.rejects.create(place="line 1", reason="no title"),
        Group.objects.create(name="a group of the site's own"),
        Heartbeat.objects.create(name="index", host="web1", pid=1, started_at=NOW, beaten_at=NOW),
        Deed.objects.create(by_number=1, by_name="Ada", model="catalogue.paper", object_repr="a paper", entry=10**9),
    ]
    return {label_of(type(row)): row for row in made}


class Unrendered:
    """Leaves the pages of those blank who may see everything on them: the words are half of the time."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        return self.get_response(request)

    def process_template_response(self, request: Any, response: Any) -> Any:
        response.content = b""
        return response


@pytest.fixture(params=PARAMETERS)
def cast(request: pytest.FixtureRequest, db: None, settings: Any) -> Cast:
    found = Cast(request.param, make_rows())
    if found.role in ("operator", "superuser"):
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.{Unrendered.__name__}"]
    if found.role != "stranger":
        is_staff = found.role != "reader"
        user = UserFactory.create(is_staff=is_staff, is_superuser=found.role == "superuser")
        user.groups.set(Group.objects.filter(name=f"{found.role}s"))
        found.client = signed_in(user)
    return found


def registered() -> Iterator[tuple[str, Any]]:
    for model, model_admin in admin.site._registry.items():
        yield label_of(model), model_admin


def url_of(model_admin: Any, page: str, row: models.Model) -> str:
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{page}"
    return reverse(name, args=[] if page in ("changelist", "add") else [row.pk])


def test_every_model_on_the_desk_has_its_line_in_the_table() -> None:
    assert {label for label, _ in registered()} | INSIDE == set(roles.TABLE)
    assert set(CLOSED) <= set(roles.TABLE)


def test_each_page_is_open_to_whom_the_table_says(cast: Cast) -> None:
    wrong = []
    for label, model_admin in registered():
        row, held = cast.rows[label], model_admin.model.objects
        for page, method, action in PAGES:
            with transaction.atomic():
                before = list(held.values())
                data = {"post": "yes"} if page == "delete" and method == "POST" else {}
                answer = cast.ask(method, url_of(model_admin, page, row), data)
                is_in, is_expected = cast.is_in(answer), may_page(cast.role, label, action)
                is_deleted = page == "delete" and method == "POST" and is_expected
                if is_in != is_expected or (not is_expected and list(held.values()) != before):
                    wrong.append(f"{cast.role} {method} {page} of {label}: {answer.status_code}")
                if is_deleted and held.filter(pk=row.pk).exists():
                    wrong.append(f"{cast.role} may delete {label}, and could not")
                transaction.set_rollback(True)

    assert wrong == []


def test_each_action_is_taken_by_whom_the_table_says(cast: Cast) -> None:
    wrong = []
    for label, model_admin in registered():
        row, held = cast.rows[label], model_admin.model.objects
        own = {one if isinstance(one, str) else one.__name__ for one in model_admin.actions or ()}
        for name in {"delete_selected"} | own:
            right = ACTIONS[name if name == "delete_selected" else f"{label} {name}"]
            is_expected = may(cast.role, right) if "." in right else may_page(cast.role, label, right)
            is_expected &= not (name == "delete_selected" and label in WITHOUT_DELETE_SELECTED)
            with transaction.atomic():
                before = list(held.values())
                data = {"action": name, "index": "0", "_selected_action": [row.pk], "post": "yes"}
                answer = cast.ask("POST", url_of(model_admin, "changelist", row), data)
                cast.is_in(answer)
                said = [str(one) for one in get_messages(answer.wsgi_request) if str(one) != "No action selected."]
                if (said != [] or list(held.values()) != before) != is_expected:
                    wrong.append(f"{cast.role}: {name} of {label}: {said}")
                transaction.set_rollback(True)

    assert wrong == []


def test_each_page_of_a_models_own_making_is_open_to_whom_the_table_says(cast: Cast) -> None:
    wrong = []
    for label, model_admin in registered():
        usual = {f"{label.replace('.', '_')}_{page}" for page, _, _ in PAGES}
        for pattern in model_admin.get_urls():
            if pattern.name is None or pattern.name in usual:
                continue
            methods, right = CUSTOM[pattern.name]
            of_a_paper = "paper_id" in pattern.pattern.converters
            row = cast.rows["catalogue.paper" if of_a_paper else label]
            url = reverse(f"admin:{pattern.name}", args=[row.pk] if pattern.pattern.converters else [])
            for method in ("GET", "POST"):
                is_expected = method in methods and (may(cast.role, right) if right != "superuser" else is_super(cast))
                with transaction.atomic():
                    before = list(model_admin.model.objects.values())
                    answer = cast.ask(method, url, {})
                    is_changed = list(model_admin.model.objects.values()) != before
                    if cast.is_in(answer) != is_expected or (is_changed and not is_expected):
                        wrong.append(f"{cast.role} {method} {pattern.name}: {answer.status_code}")
                    transaction.set_rollback(True)

    assert wrong == []


def is_super(cast: Cast) -> bool:
    return cast.role == "superuser"


def is_staff(cast: Cast) -> bool:
    return cast.role in ("curator", "operator", "superuser")


def test_pages_of_the_desk_as_a_whole(cast: Cast) -> None:
    names = {pattern.name for pattern in admin.site.get_urls() if isinstance(pattern, URLPattern)} - {None}
    assert names == set(SITE)
    for name, who in SITE.items():
        if who == "staff":
            for method in ("GET", "POST"):
                answer = cast.ask(method, reverse(f"admin:{name}"), {})
                assert cast.is_in(answer) == is_staff(cast), f"{cast.role} {method} {name}: {answer.status_code}"


def test_an_apps_page_is_there_for_those_who_may_something_in_it(cast: Cast) -> None:
    for app in {label.partition(".")[0] for label in roles.TABLE if label not in INSIDE}:
        of_it = [label for label in roles.TABLE if label.startswith(f"{app}.")]
        mine = any(may_page(cast.role, label, action) for label in of_it for action in roles.ALL.split())
        assert cast.is_in(cast.ask("GET", reverse("admin:app_list", args=[app]))) == mine, f"{cast.role} {app}"


def test_suggestions_come_to_those_who_may_look_the_rows_up(cast: Cast) -> None:
    """Whichever relation is named as the one that asks."""
    for _, model_admin in registered():
        for relation in model_admin.model._meta.get_fields():
            remote = getattr(relation, "related_model", None)
            if relation.auto_created or remote not in admin.site._registry:
                continue
            asked = {
                "term": "a", "app_label": model_admin.opts.app_label, "model_name": model_admin.opts.model_name,
                "field_name": relation.name,
            }  # fmt: skip
            answer = cast.ask("GET", reverse("admin:autocomplete"), asked)
            assert cast.is_in(answer) == may_page(cast.role, label_of(remote), "view"), f"{cast.role}: {asked}"


def test_nobody_is_led_to_a_row_they_may_not_look_at_nor_to_a_readers_own_mail(cast: Cast) -> None:
    """The way to a delivery is its key: whoever has it reads, and unsubscribes."""
    for label, model_admin in registered():
        kind = ContentType.objects.get_for_model(model_admin.model)
        answer = cast.ask("GET", reverse("admin:view_on_site", args=[kind.pk, cast.rows[label].pk]))
        has_page = hasattr(model_admin.model, "get_absolute_url") and label != "digest.delivery"
        assert cast.is_in(answer) == (has_page and may_page(cast.role, label, "view")), f"{cast.role}: {label}"
