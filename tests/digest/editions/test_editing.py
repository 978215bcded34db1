"""What curators do to an edition."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from digest.editions import editing
from digest.editions.editing import Stale
from digest.models import Edition, EditionRevision
from papersite.catalogue.models import Paper
from tests.factories import NOW, DeliveryFactory, EditionFactory, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def do(edition: Edition, step: Callable[[Edition], str], **options: Any) -> EditionRevision:
    return editing.change(edition, step, by=None, now=NOW, **options)


def test_each_change_is_a_revision_that_says_who_did_what() -> None:
    edition, curator, paper = EditionFactory.create(), UserFactory.create(), PaperFactory.create(title="Graphs")

    revision = editing.change(edition, editing.pin(paper, "Read *it*", is_for_all=True), by=curator, now=NOW)

    assert (revision.number, revision.made_by, revision.what) == (2, curator, "Picked “Graphs”")
    assert (revision.picks, revision.left_out) == ([[paper.pk, "Read *it*", True]], [])
    curator.delete()
    revision.refresh_from_db()
    assert (revision.made_by, revision.what) == (None, "Picked “Graphs”")


def test_two_curators_at_once_the_second_is_told_and_overwrites_nothing() -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create(title="Graphs")
    seen = edition.version
    do(edition, editing.pin(paper), version=seen)

    with pytest.raises(Stale, match=r"Picked “Graphs”.*Nothing of yours was saved"):
        do(edition, editing.set_state("approved"), version=seen)

    edition.refresh_from_db()
    assert (edition.state, edition.version) == ("draft", seen + 1)


def test_a_pin_that_needs_no_look_at_the_page_comes_beside_what_others_did() -> None:
    edition, papers = EditionFactory.create(), PaperFactory.create_batch(2)

    for paper in papers:
        do(edition, editing.pin(paper))

    assert [pick.paper for pick in edition.picks.all()] == papers


@pytest.mark.parametrize("fields", [{"is_hidden": True}, {"is_withdrawn": True}])
def test_what_no_mail_may_hold_is_not_picked(fields: dict[str, bool]) -> None:
    edition = EditionFactory.create()

    with pytest.raises(ValidationError, match="hidden or withdrawn"):
        do(edition, editing.pin(PaperFactory.create(**fields)))

    assert edition.revisions.count() == 1


def test_a_paper_is_picked_once_or_left_out_or_neither() -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create()
    do(edition, editing.pin(paper))
    with pytest.raises(ValidationError, match="already"):
        do(edition, editing.pin(paper))

    assert do(edition, editing.leave_out(paper)).left_out == [paper.pk]
    assert not edition.picks.exists()
    assert do(edition, editing.pin(paper)).left_out == []
    assert do(edition, editing.unpin(paper)).picks == []
    do(edition, editing.leave_out(paper))
    assert do(edition, editing.let_in(paper)).left_out == []


@pytest.mark.parametrize(("days", "said"), [(-2, "over everywhere"), (61, "60 days ahead"), (27_000, "60 days ahead")])
def test_days_that_are_over_or_far_off_are_refused(days: int, said: str) -> None:
    edition = EditionFactory.create(day=NOW.date() + timedelta(days=days))

    with pytest.raises(ValidationError, match=said):
        do(edition, editing.set_state("approved"))


def test_the_same_state_twice_is_no_change() -> None:
    edition = EditionFactory.create()
    do(edition, editing.set_state("approved"))

    with pytest.raises(ValidationError, match="approved already"):
        do(edition, editing.set_state("approved"))


def test_an_earlier_revision_comes_back_with_its_picks_and_words_and_the_state_stays() -> None:
    edition, (first, second) = EditionFactory.create(intro="First."), PaperFactory.create_batch(2)
    old = do(edition, editing.pin(first, "note"))
    do(edition, editing.leave_out(first))
    do(edition, editing.pin(second))
    do(edition, editing.set_state("approved"))
    Paper.objects.filter(pk=second.pk).delete()

    new = do(edition, editing.restore(old))

    assert (new.picks, new.left_out, new.intro) == (old.picks, [], "First.")
    assert (new.state, new.what) == ("approved", "Restored revision 2")


def test_two_revisions_are_compared_in_words() -> None:
    edition, paper = EditionFactory.create(), PaperFactory.create(title="Graphs")
    old = edition.revisions.get()
    new = do(edition, editing.pin(paper, "Read it.", is_for_all=True))

    assert editing.differences(old, new) == [("Picks", "", "Graphs (for all): Read it.")]
    assert editing.differences(new, new) == []


def test_mails_of_a_day_are_counted_as_they_leave() -> None:
    for state in ("sent", "due", "empty"):
        DeliveryFactory.create(state=state, reason="Nothing new." if state == "empty" else "")

    assert editing.mails(NOW.date()) == (1, 3)
