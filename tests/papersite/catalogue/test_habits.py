"""Addresses of arXiv's; what each leads to is in test_crawlers.py."""

import pytest
from django.http import Http404
from django.test import Client, RequestFactory

from papersite.catalogue import habits
from tests.factories import CategoryFactory


@pytest.mark.parametrize("written", ["2611.00001v2", "arXiv:2611.00001", "2611.00001.pdf", "2611.00001v1.pdf"])
def test_an_identifier_however_it_is_written_leads_to_its_paper(rf: RequestFactory, written: str) -> None:
    answer = habits.paper(rf.get("/"), written)

    assert (answer.status_code, answer.headers["Location"]) == (301, "/papers/2611.00001/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        *((f"/{kind}/2611.00001v2", "/papers/2611.00001/") for kind in ("abs", "pdf", "html")),
        ("/papers/2611.00001v2.bib", "/papers/2611.00001.bib"),
        ("/papers/arXiv:2611.00001.json", "/papers/2611.00001.json"),
        ("/papers/math.GT/0309136v1.ris", "/papers/math/0309136.ris"),
        ("/categories/CS.LG/", "/categories/cs.LG/"), ("/categories/cs.lg/feed/", "/categories/cs.LG/feed/"),
        ("/categories/Cs.lg.bib", "/categories/cs.LG.bib"),
    ],
)  # fmt: skip
def test_other_spellings_of_an_address_lead_on_for_good(client: Client, written: str, leads_to: str) -> None:
    CategoryFactory.create(code="cs.LG")
    answer = client.get(written)

    assert (answer.status_code, answer.headers["Location"]) == (301, leads_to)


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["/", "/feed/", ".ris"])
def test_a_category_that_is_not_here_leads_nowhere(client: Client, end: str) -> None:
    assert client.get(f"/categories/cs.XX{end}").status_code == 404


def test_what_is_no_identifier_leads_nowhere(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        habits.paper(rf.get("/"), "p5")
