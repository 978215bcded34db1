"""What curators write about a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from digest.composing import size
from digest.editions import editing
from digest.forms.editions import EditionForm
from digest.models import Edition
from tests.factories import NOW, DeliveryFactory, EditionFactory, PaperFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def typed(edition: Edition, **values: Any) -> EditionForm:
    data = QueryDict(mutable=True)
    given = {"day": edition.day, "version": edition.version, "intro": "", "site_news": ""} | values
    data.update({name: str(value) for name, value in given.items()})
    return EditionForm(data, instance=edition)


def test_words_are_taken_up_to_their_length() -> None:
    edition = EditionFactory.create()

    assert typed(edition, intro="i" * 1000).is_valid()
    assert "at most 1000 characters" in str(typed(edition, intro="i" * 300_000).errors["intro"])


def test_the_second_of_two_is_told_what_changed_and_may_go_on_knowing_it() -> None:
    edition = EditionFactory.create()
    mine = typed(edition, intro="Mine.")
    editing.change(edition, editing.pin(PaperFactory.create(title="Graphs")), by=None, now=NOW)

    assert not mine.is_valid()
    assert "Picked “Graphs”" in str(mine.non_field_errors())
    assert typed(edition, **dict(mine.data.items())).is_valid()


def test_while_it_goes_out_an_edit_is_confirmed_in_numbers() -> None:
    edition = EditionFactory.create()
    for state in ("sent", "due"):
        DeliveryFactory.create(state=state)

    assert "1 of 2 mails of this day have left" in str(typed(edition, intro="Late.").errors)
    assert typed(edition, intro="Late.", while_it_goes_out="on").is_valid()


@pytest.mark.parametrize("days", [-5, 400, 27_000])
def test_a_day_that_is_over_or_far_off_is_not_written_about(days: int) -> None:
    edition = EditionFactory.create(day=NOW.date() + timedelta(days=days))

    assert not typed(edition).is_valid()


def test_a_mail_that_would_be_cut_off_is_refused_in_kilobytes(monkeypatch: pytest.MonkeyPatch) -> None:
    PaperFactory.create_batch(2)
    monkeypatch.setattr(size, "LIMIT", 3000)

    assert "kB" in str(typed(EditionFactory.create(), intro="i" * 900).non_field_errors())
