"""Addresses of arXiv's; what each leads to is in test_crawlers.py."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from papersite.catalogue import habits


@pytest.mark.parametrize("written", ["2611.00001v2", "arXiv:2611.00001", "2611.00001.pdf", "2611.00001v1.pdf"])
def test_an_identifier_however_it_is_written_leads_to_its_paper(rf: RequestFactory, written: str) -> None:
    answer = habits.paper(rf.get("/"), written)

    assert (answer.status_code, answer.headers["Location"]) == (301, "/papers/2611.00001/")


def test_what_is_no_identifier_leads_nowhere(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        habits.paper(rf.get("/"), "p5")
