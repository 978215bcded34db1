"""References of papers and lists, asked for as strangers do."""

import gzip
import json
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string as parsed
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pybtex.database import parse_string

from papersite.catalogue import curation
from papersite.catalogue.models import Paper, PaperTopic
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory


@pytest.fixture
def lists() -> list[str]:
    """The addresses of lists with two papers that would have one key, and a hidden one in none."""
    topic, category = TopicFactory.create(slug="graphs"), CategoryFactory.create(code="cs.LG")
    author = AuthorFactory.create(name="Ada Byron")
    for is_hidden in (False, False, True):
        paper = PaperFactory.create(by=[author], is_hidden=is_hidden)
        paper.categories.add(category)
        PaperTopic.objects.create(paper=paper, topic=topic, origin="search", belongs=True)
    PaperFactory.create(announced_at=NOW - timedelta(days=60))
    return [
        "/papers/2026-11-23",
        "/papers/week/2026-W48",
        "/papers/month/2026-11",
        "/topics/graphs",
        "/categories/cs.LG",
        f"/authors/{author.pk}",
    ]


def body(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


@pytest.mark.django_db
def test_every_list_is_a_file_of_its_visible_papers(client: Client, lists: list[str]) -> None:
    for address in lists:
        entries = parse_string(body(client, f"{address}.bib"), "bibtex").entries
        assert list(entries) == ["byron2026paper", "byron2026paper-a"], address
        assert len(rispy.loads(body(client, f"{address}.ris"))) == 2, address
        assert [item["id"] for item in json.loads(body(client, f"{address}.json"))] == list(entries), address


@pytest.mark.django_db
def test_a_long_list_costs_as_many_queries_as_a_short_one(client: Client, lists: list[str]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as short:
        body(client, f"{lists[0]}.bib")
    for _ in range(20):
        PaperFactory.create(by=[AuthorFactory.create()])
    with CaptureQueriesContext(connection) as long:
        body(client, f"{lists[0]}.bib")

    assert len(long) == len(short) <= 8


@pytest.mark.parametrize("public_id", ["2611.01234", "cs/9901001", ""])
@pytest.mark.django_db
def test_a_paper_is_a_file_under_each_of_its_ids(client: Client, public_id: str) -> None:
    paper = PaperFactory.create(arxiv_id=public_id)

    answer = client.get(f"/papers/{paper.public_id}.bib")

    assert answer["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert f'filename="{paper.public_id.replace("/", "-")}.bib"' in answer["Content-Disposition"]
    assert len(parsed(answer.content.decode()).entries) == 1
    packed = client.get(f"/papers/{paper.public_id}.bib", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content
    assert (packed.headers["Vary"], answer.headers["Vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert packed.headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize(
    "address",
    [
        "/papers/2611.99999.bib",
        "/papers/2611.01234.pdf",
        "/papers/2026-13-45.bib",
        "/papers/week/2026-W99.json",
        "/topics/none.ris",
        "/categories/no.NE.bib",
        "/authors/99999999999999999999.bib",
    ],
)
@pytest.mark.django_db
def test_what_is_none_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_hidden_paper_is_in_no_file_and_nothing_is_written_to(client: Client) -> None:
    hidden = PaperFactory.create(is_hidden=True)
    shown = PaperFactory.create()

    assert client.get(f"/papers/{hidden.public_id}.bib").status_code == 404
    assert client.post(f"/papers/{shown.public_id}.bib").status_code == 405
    assert client.head("/papers/2026-11-23.bib").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_programs_read_what_a_live_server_gives(live_server: Any, lists: list[str]) -> None:
    def fetched(kind: str) -> str:
        with urllib.request.urlopen(f"{live_server.url}/topics/graphs.{kind}", timeout=10) as answer:
            text: str = answer.read().decode()
        return text

    assert len(parse_string(fetched("bib"), "bibtex").entries) == 2
    assert not parsed(fetched("bib")).failed_blocks
    assert [entry["type_of_reference"] for entry in rispy.loads(fetched("ris"))] == ["GEN", "GEN"]
    assert len(json.loads(fetched("json"))) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("a_week_later")
def test_the_front_page_the_archive_and_a_search_are_files_too(client: Client, index: Any) -> None:
    for number in range(3):
        PaperFactory.create(title=f"Graph {number}", heat=number)
    PaperFactory.create(title="Speech", announced_at=NOW - timedelta(days=60))
    index()

    for address, count in {
        "/trending.bib": 4,
        "/archive.bib": 3,
        "/archive.bib?month=2026-09": 1,
        "/search.bib?q=graph": 3,
        "/search.bib?q=nowhere": 0,
    }.items():
        assert len(parse_string(body(client, address), "bibtex").entries) == count, address
    for address in ("/search.bib", "/search.bib?q=%00", "/archive.bib?month=2026-13", "/archive.bib?month=x"):
        assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_list_goes_out_packed_to_who_takes_that_and_is_another_file_then(client: Client, lists: list[str]) -> None:
    for address in (*lists, "/trending"):
        for kind in ("bib", "ris", "json"):
            file = f"{address}.{kind}"
            plain, packed = client.get(file), client.get(file, headers={"Accept-Encoding": "gzip"})
            told: Any = packed

            assert packed.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(b"".join(told.streaming_content)).decode() == body(client, file), file
            assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
            assert plain.headers["ETag"] == packed.headers["ETag"].replace("-gzip", "") != packed.headers["ETag"]
            assert client.head(file, headers={"Accept-Encoding": "gzip"}).headers == packed.headers
            for known in (packed.headers["ETag"], f'"x", W/{packed.headers["ETag"]}', "*"):
                again = client.get(file, headers={"Accept-Encoding": "gzip", "If-None-Match": known})
                assert (again.status_code, again.headers["Vary"]) == (304, "Accept-Encoding"), known
                assert again.headers["ETag"] == packed.headers["ETag"]
            # What is had plain is not had packed.
            assert client.get(file, headers={"If-None-Match": packed.headers["ETag"]}).status_code == 200


@pytest.mark.django_db
def test_who_has_a_file_is_told_so_until_a_paper_changes(client: Client, lists: list[str], index: Any) -> None:
    index()
    paper = Paper.objects.visible().exclude(paper_topics=None).first()
    assert paper is not None
    for address in (*lists, f"/papers/{paper.public_id}", "/search", "/trending"):
        file = f"{address}.ris?q=paper"
        first = client.get(file)
        headers = {"If-None-Match": first.headers["ETag"]}
        assert client.get(file, headers=headers).status_code == 304, file

        paper.title += "!"
        curation.save_paper(paper, edited=["title"])
        curation.paper_changed(paper)

        assert client.get(file, headers=headers).status_code == 200, file
        index()
        assert client.get(file, headers=headers).status_code == 200, file
