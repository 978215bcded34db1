"""A reader who has just come in by the pages for it."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.test_forms import sign_in_by_code


@pytest.fixture
def proved_client(reader: User) -> Client:
    """A browser that may do what takes a fresh proof; ``reader_client`` is one that was signed in long ago."""
    return sign_in_by_code(reader)
