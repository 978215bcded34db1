"""allauth's mails leave as the site's own."""

import pytest
from django.template.loader import get_template

from accounts.adapter import MAILS, AccountAdapter


@pytest.mark.parametrize("folder", sorted(set(MAILS.values())))
def test_every_mail_folder_is_there(folder: str) -> None:
    assert get_template(f"emails/{folder}/body.html") is not None


@pytest.mark.django_db
def test_clean_email_folds_case() -> None:
    assert AccountAdapter().clean_email("Reader@Example.ORG") == "reader@example.org"
