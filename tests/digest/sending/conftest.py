"""What the tests of sending share."""

from typing import Any

import pytest

from tests.factories import PaperFactory


@pytest.fixture
def papers(db: None) -> list[Any]:
    return PaperFactory.create_batch(3)
