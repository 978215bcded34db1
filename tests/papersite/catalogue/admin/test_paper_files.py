"""Papers in files that staff bring."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import Deed
from papersite.catalogue import curation
from papersite.catalogue.models import Harvest, Paper
from tests.exchanged import go_on, look, reasons
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def test_papers_come_in_by_the_one_writer_once_they_were_looked_at(curator_client: Client) -> None:
    known = PaperFactory.create(title="Graphs", arxiv_id="2611.00001", organisation="", summary="Held.")
    curation.save_paper(known, edited=["summary"])
    rows = 'id,title,summary,organisation,topics\narXiv:2611.00001,Graphs,Told.,Lab,\n,"Sound, that sings",New.,,\n'

    page = look(curator_client, "catalogue_paper", rows)
    assert "1 new, 1 changed, 0 the same" in page.content.decode()
    assert "by a word that outranks this file’s: summary" in page.content.decode()
    assert (Paper.objects.count(), Harvest.objects.count(), LogEntry.objects.count()) == (1, 0, 0)
    said = go_on(curator_client, "catalogue_paper", page)

    assert "Imported: 1 new, 1 changed, 0 the same." in said
    known.refresh_from_db()
    assert (known.organisation, known.summary) == ("Lab", "Held.")
    new = Paper.objects.get(title="Sound, that sings")
    assert (new.summary, new.announced_at.year, new.needs_sorting) == ("New.", 1990, False)
    assert (Harvest.objects.get().source, Harvest.objects.get().created) == ("desk", 1)
    told = {deed.object_id: (deed.action, deed.said) for deed in Deed.objects.all()}
    assert told[str(new.pk)] == ("added", "Imported.")
    assert told[str(known.pk)] == ("changed", "Imported. organisation: nothing → Lab")


BAD_PAPERS = {
    "2611.00001,,a,": "It has no title.",
    "2611.1,T,a,": "Its id lost a digit in a spreadsheet",
    "paper 7,T,a,": "Its id is no arXiv id.",
    "2611.00003,T,,": "It has neither abstract nor summary.",
    "2611.00004,T,a,2099-01-01": "Its date 2099-01-01 lies outside 1990 and today.",
    "2611.00005,T,a,soon": "Its announced_at is no date: soon.",
    "2611.00006,T," + "a" * 21_000 + ",": "Its abstract is longer than 20000 characters.",
    "2611.00007,T," + "a" * 300_000 + ",": "Its abstract has more than 100,000 characters.",
    "2611.00002,T,a,": "The same paper stands in line 2 already.",
}


def test_papers_that_cannot_be_taken_say_why_and_none_is_taken(curator_client: Client) -> None:
    rows = "\n".join(["id,title,abstract,announced_at", "2611.00002,Good,good,", *BAD_PAPERS])

    page = look(curator_client, "catalogue_paper", rows)

    for (said,), expected in zip(reasons(page), BAD_PAPERS.values(), strict=True):
        assert said.startswith(expected)
    assert "Line 3" in page.content.decode()
    assert 'name="held"' not in page.content.decode()
    assert not Paper.objects.exists()
