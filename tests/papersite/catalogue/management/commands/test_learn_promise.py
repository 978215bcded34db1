"""The command that learns which new papers readers will want."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from papersite.catalogue.models import Paper
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_too_little_to_learn_from_is_said_and_nothing_is_kept() -> None:
    pytest.importorskip("sklearn", reason="the group “learn” is not installed")
    PaperFactory.create_batch(3)

    with pytest.raises(CommandError, match="Nothing can be learned yet"):
        call_command("learn_promise")


def test_withdrawing_takes_all_promise_back() -> None:
    paper = PaperFactory.create()
    Paper.objects.filter(pk=paper.pk).update(promise=2.0)
    out = StringIO()

    call_command("learn_promise", "--withdraw", stdout=out)

    assert "withdrawn=1" in out.getvalue()
    assert not Paper.objects.get(pk=paper.pk).promise
