"""What is compared of papers that are about to be mailed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy
import pytest

from digest.choosing.nearness import GOOD_FOR, TITLE_LENGTH, Nearness
from digest.types import OtherPaper
from papersite.catalogue.meaning import site
from tests.factories import NOW, AuthorFactory, PaperFactory
from tests.papersite.catalogue.search.test_same_subject import FAR, ONE, OTHER

pytestmark = pytest.mark.django_db


def test_the_same_words_are_one_thing(index: Callable[[], Any]) -> None:
    one, other, far = [PaperFactory.create(title=title, abstract=text) for title, text in (ONE, OTHER, FAR)]
    PaperFactory.create_batch(40)
    index()
    near = Nearness()

    near.load([one.pk, far.pk])
    near.load([other.pk])

    assert [set(near.of(paper.pk)) for paper in (one, other, far)] == [{other.pk}, {one.pk}, set()]


def test_papers_of_one_group_on_one_subject_are_near(index: Any) -> None:
    by = AuthorFactory.create_batch(3)
    one = PaperFactory.create(title="Larks that sing in choirs", abstract="We count larks of choirs by ear.", by=by)
    two = PaperFactory.create(title="Hearing larks in choirs", abstract="Microphones find larks at dawn.", by=by[1:])
    others = PaperFactory.create(title="Feeding larks in choirs", abstract="Seeds for larks that breed.", by=by[:1])
    PaperFactory.create_batch(40)
    index()
    near = Nearness()

    near.load([one.pk, two.pk, others.pk])

    assert [set(near.of(paper.pk)) for paper in (one, two)] == [{two.pk}, {one.pk}]


def test_without_an_index_the_same_title_is_one_thing(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path
    titles = ("A graph.", "A Graph", "A graph again")
    one, other, far = [PaperFactory.create(title=title, arxiv_id=f"2611.0000{len(title)}") for title in titles]
    near = Nearness()

    near.load([one.pk, other.pk, far.pk])

    assert [set(near.of(paper.pk)) for paper in (one, other, far)] == [{other.pk}, {one.pk}, set()]


def test_papers_are_read_once_for_a_while(django_assert_num_queries: Any, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path
    papers = PaperFactory.create_batch(3)
    near = Nearness()
    near.expire(NOW)
    with django_assert_num_queries(1):
        near.load(paper.pk for paper in papers)
        near.expire(NOW + GOOD_FOR)
        near.load(paper.pk for paper in papers)
    near.expire(NOW + GOOD_FOR + timedelta(seconds=1))
    with django_assert_num_queries(1):
        near.load(paper.pk for paper in papers)


def test_a_paper_that_is_gone_is_near_nothing() -> None:
    near = Nearness()
    near.load([4711])

    assert not near.of(4711)


def test_a_name_says_where_it_is_and_what_it_is_called() -> None:
    with_id, without = (
        PaperFactory.create(arxiv_id="2611.00001", title="A  title " * 20),
        PaperFactory.create(arxiv_id=""),
    )
    near = Nearness()
    near.load([with_id.pk, without.pk])

    found = OtherPaper.read(near.name(with_id.pk))

    assert found.public_id == "2611.00001"
    assert found.title.endswith("…")
    assert len(found.title) <= TITLE_LENGTH
    assert OtherPaper.read(near.name(without.pk)) == (f"p{without.pk}", without.title)


def test_the_same_meaning_is_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, far, unknown = [paper.pk for paper in PaperFactory.create_batch(4)]
    rows = {one: [1.0, 0.0], other: [0.95, 0.3122], far: [0.0, 1.0]}

    class Model:
        def vectors_of(self, ids: list[int]) -> tuple[list[int], Any]:
            known = [pk for pk in ids if pk in rows]
            return known, numpy.array([rows[pk] for pk in known], numpy.float32).reshape(-1, 2)

    monkeypatch.setattr(site, "in_mail", Model)
    near = Nearness()

    near.load([one, far])
    near.load([other, unknown])

    assert [set(near.of(pk)) for pk in (one, other, far, unknown)] == [{other}, {one}, set(), set()]
