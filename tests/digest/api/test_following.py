"""Follows and opinions through a reader's own programs."""

import json
from typing import Any

import pytest
from django.test import Client

from digest.models import Follow, Subscription
from tests.factories import AuthorFactory, FollowFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def ask(method: str, path: str, secret: str, sent: Any = None, **query: Any) -> Any:
    body = {"data": json.dumps(sent), "content_type": "application/json"} if sent is not None else {"data": query}
    return getattr(Client(), method)(f"/api/v1/me{path}", headers={"Authorization": f"Bearer {secret}"}, **body)


def test_each_kind_is_followed_muted_and_removed(subscription: Subscription, write_token: str) -> None:
    TopicFactory.create(slug="graphs")
    author = AuthorFactory.create()
    wanted: list[dict[str, Any]] = [
        {"kind": "topic", "topic": "graphs"},
        {"kind": "author", "author": author.pk},
        {"kind": "search", "search": "  protein   folding ", "mutes": True},
        {"kind": "trending"},
    ]

    for _ in range(2):
        assert [ask("post", "/follows", write_token, one).status_code for one in wanted] == [200] * 4

    held = ask("get", "/follows", write_token).json()["items"]
    assert [(one["kind"], one["mutes"]) for one in held] == [
        ("topic", False), ("author", False), ("search", True), ("trending", False),
    ]  # fmt: skip
    assert (held[0]["topic"]["slug"], held[1]["author"]["id"], held[2]["search"]) == (
        "graphs", author.pk, "protein folding",
    )  # fmt: skip
    assert ask("post", "/follows", write_token, wanted[0] | {"mutes": True}).json()["id"] == held[0]["id"]
    for one in held:
        assert ask("delete", f"/follows/{one['id']}", write_token).status_code == 204
    assert not Follow.objects.exists()
    assert ask("delete", f"/follows/{held[0]['id']}", write_token).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"kind": "topic", "topic": "none"}, 404),
        ({"kind": "author", "author": 999999}, 404),
        ({"kind": "author", "author": 10**30}, 422),
        ({"kind": "topic"}, 422),
        ({"kind": "trending", "mutes": True}, 422),
        ({"kind": "everything"}, 422),
        ({"kind": "search", "search": "   "}, 409),
        ({"kind": "search", "search": "a\u202eb"}, 409),
        ({"kind": "search", "search": "x" * 301}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_followed_is_said(write_token: str, sent: Any, status: int) -> None:
    assert ask("post", "/follows", write_token, sent).status_code == status
    assert not Follow.objects.exists()


def test_there_are_only_so_many(subscription: Subscription, write_token: str, settings: Any) -> None:
    settings.FOLLOWS_PER_READER = 1
    FollowFactory.create(subscription=subscription)

    answer = ask("post", "/follows", write_token, {"kind": "search", "search": "graphs"})

    assert (answer.status_code, "remove some first" in answer.json()["detail"]) == (409, True)


def test_opinions_are_given_changed_taken_back_and_read_page_by_page(write_token: str) -> None:
    papers = PaperFactory.create_batch(3)
    for paper in papers:
        ask("put", f"/opinions/{paper.public_id}", write_token, {"opinion": "more"})
    ask("put", f"/opinions/{papers[0].public_id}", write_token, {"opinion": "less"})

    first = ask("get", "/opinions", write_token, limit=2).json()
    rest = ask("get", "/opinions", write_token, limit=2, cursor=first["cursor"]).json()

    told = [(one["paper"]["id"], one["opinion"]) for one in [*first["items"], *rest["items"]]]
    assert told == [(papers[2].public_id, "more"), (papers[1].public_id, "more"), (papers[0].public_id, "less")]
    assert ask("delete", f"/opinions/{papers[2].public_id}", write_token).status_code == 204
    assert len(ask("get", "/opinions", write_token).json()["items"]) == 2
    assert ask("get", "/opinions", write_token, cursor="x").status_code == 404
    assert ask("put", f"/opinions/{papers[0].public_id}", write_token, {"opinion": "same"}).status_code == 422
