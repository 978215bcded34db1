"""The whole look at a site."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_doctor_says_what_is_to_mend_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", no_dns=True)

    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert any(line.startswith("ok     database") for line in lines)
    assert any(line.startswith("WRONG  beat") and "start it" in line for line in lines)
    assert lines[-1].endswith("to mend")
