"""The search follows what is written and deleted of a paper's parts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from papersite.catalogue import models
from papersite.catalogue.search import writing
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


@pytest.mark.parametrize("name", ["author", "authorship", "papertopic"])
def test_a_deleted_part_leaves_the_index(
    curator_client: Client, index: Callable[[], writing.Report], name: str
) -> None:
    PaperFactory.create(in_topics=[TopicFactory.create()], by=[AuthorFactory.create()])
    index()
    model: Any = {"author": models.Author, "authorship": models.Authorship, "papertopic": models.PaperTopic}[name]

    curator_client.post(reverse(f"admin:catalogue_{name}_delete", args=[model.objects.get().pk]), {"post": "yes"})

    assert not model.objects.exists()
    assert index().written == 1
