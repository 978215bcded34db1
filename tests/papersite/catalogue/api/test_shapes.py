"""What programs are shown of papers."""

from typing import Any

import pytest
from django.test import RequestFactory

from papersite.catalogue import rows
from papersite.catalogue.api import shapes
from papersite.catalogue.models import Paper, PaperCategory
from tests.factories import CategoryFactory, PaperFactory


@pytest.mark.django_db
def test_the_primary_category_comes_first_and_once() -> None:
    first, second = CategoryFactory.create(code="a.A"), CategoryFactory.create(code="b.B")
    paper = PaperFactory.create(primary_category=second)
    for category in (first, second):
        PaperCategory.objects.create(paper=paper, category=category)

    told = shapes.papers(list(rows.bare(Paper.objects.all())))[0]

    assert told.categories == ["b.B", "a.A"]


def test_the_next_address_keeps_what_was_asked_and_leads_to_the_site(rf: RequestFactory, settings: Any) -> None:
    request = rf.get("/api/v1/search", {"q": "a&b", "cursor": "x"}, headers={"Host": "evil.example"})

    assert shapes.next_address(request, "y~1") == f"{settings.SITE_URL}/api/v1/search?q=a%26b&cursor=y~1"
    assert shapes.next_address(request, "") is None
