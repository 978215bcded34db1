"""``manage.py reread``."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import PaperFactory


@pytest.mark.django_db
def test_reread_says_what_it_read_and_how_far_it_is() -> None:
    PaperFactory.create(title=r"An \alpha net")
    out, progress = StringIO(), StringIO()

    call_command("reread", stdout=out, stderr=progress)

    assert out.getvalue() == "seen=1 changed=1 authors=0\n"
    assert progress.getvalue() == "1 papers read\n"
