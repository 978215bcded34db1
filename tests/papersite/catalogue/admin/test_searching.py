"""What staff look papers and authors up by."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from papersite.catalogue.admin import searching
from papersite.catalogue.models import Authorship, Paper
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_papers_are_found_by_words_by_id_and_hidden_ones_by_their_title(index: Any) -> None:
    graph = PaperFactory.create(title="Graphs of molecules")
    hidden = PaperFactory.create(title="Graphs that were withdrawn", is_hidden=True)
    other = PaperFactory.create(title="Speech")
    index()

    assert set(searching.papers("graphs") or []) == {graph.pk, hidden.pk}
    assert set(searching.papers(str(other.pk)) or []) == {other.pk}
    assert searching.papers("nothing at all") == []


def test_without_an_index_the_newest_are_read_through(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INDEX_DIR = tmp_path / "none"
    old, new = PaperFactory.create(title="Old graphs"), PaperFactory.create(title="New graphs")

    assert searching.papers("graphs") == [new.pk, old.pk]
    monkeypatch.setattr(searching, "READ_THROUGH", new.pk - old.pk)
    assert searching.papers("graphs") == [new.pk]
    assert searching.papers(str(old.pk)) == [old.pk]
    assert searching.authors("byron") is None


def test_authors_are_found_by_any_part_of_the_name(index: Any) -> None:
    paper = PaperFactory.create(title="One")
    for position, name in enumerate(("Ada Byron", "Bo Ek")):
        Authorship.objects.create(
            paper=paper, author=AuthorFactory.create(name=name, key=name.lower()), position=position
        )
    index()

    found = searching.authors("byron")

    assert found
    assert {author.name for author in paper.authors.all() if author.pk in found} == {"Ada Byron"}


@pytest.mark.parametrize("written", ["x", "0", "99999999999999999999", "-1"])
def test_a_topic_that_is_none_filters_nothing(written: str) -> None:
    TopicFactory.create()
    PaperFactory.create()
    request = RequestFactory().get("/", {"topic": written})
    one = searching.TopicFilter(request, {"topic": [written]}, Paper, admin.site._registry[Paper])

    assert one.queryset(request, Paper.objects.all()).count() == 1
