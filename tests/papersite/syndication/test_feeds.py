"""How feeds go out."""

import gzip
from datetime import datetime
from typing import Any

import pytest
from django.test import RequestFactory

from accounts.models import User
from papersite.syndication import atom, feeds
from tests.factories import NOW, UserFactory

FEED = atom.Feed(id="tag:a.example,2026:f", title="T", url="https://a.example/", itself="https://a.example/feed/",
                 author="A site", entries=())  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_a_private_feed_is_its_readers_to_keep_and_asked_for_anew_each_time(rf: RequestFactory, packed: bool) -> None:
    headers = {"Accept-Encoding": "br, gzip" if packed else "br"}

    first = feeds.private(rf.get("/", headers=headers), FEED)
    again = feeds.private(rf.get("/", headers=headers | {"If-None-Match": f'"x", W/{first.headers["ETag"]}'}), FEED)

    assert (gzip.decompress(first.content) if packed else first.content) == atom.write(FEED)
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


@pytest.mark.parametrize("known", ['"x"', "x", "", '"', 'W/"', ",,,", "\x00"])
def test_what_is_no_etag_of_it_is_answered_whole(rf: RequestFactory, known: str) -> None:
    assert feeds.public(rf.get("/", headers={"If-None-Match": known}), FEED).status_code == 200


def test_a_name_holds_the_sites_host_and_its_year(settings: Any) -> None:
    settings.SITE_URL = "https://papers.example.org:8443"

    assert feeds.tag(datetime(2025, 1, 1), "paper/1") == "tag:papers.example.org,2025:paper/1"


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["", "0", "-1", "x", "²", "9" * 50, "\x00"])
def test_a_page_that_is_none_is_the_first(rf: RequestFactory, written: str) -> None:
    for _ in range(3):
        UserFactory.create(joined_at=NOW)

    page = feeds.page_of(rf.get("/", {"page": written}), User.objects.order_by("pk"), 2)

    assert (page.number, len(page.rows), page.has_next) == (1, 2, True)
    assert page.links("f/") == {"itself": "f/", "first": "", "next": "f/?page=2"}
    last = feeds.page_of(rf.get("/", {"page": "2"}), User.objects.order_by("pk"), 2)
    assert (len(last.rows), last.links("f/")) == (1, {"itself": "f/?page=2", "first": "f/", "next": ""})
