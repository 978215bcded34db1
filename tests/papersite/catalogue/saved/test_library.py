"""The page on which a library is brought along."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from digest.models import Follow
from papersite.catalogue.models import BroughtLibrary, SavedPaper
from tests.factories import AuthorFactory, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db
BIBTEX = (
    "@misc{a, title={<b>First</b> of all}, eprint={2611.00001}, annote={Mine <i>own</i>.}}\n"
    "@misc{b, title={Not here & never}}\n"
)


def send(client: Client, content: str | bytes = BIBTEX, name: str = "library.bib") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post("/saved/import/", {"file": SimpleUploadedFile(name, raw)})


def page(client: Client) -> str:
    return client.get("/saved/import/").content.decode()


def test_from_the_file_to_the_list(reader_client: Client, reader: User) -> None:
    paper = PaperFactory.create(title="First of all", arxiv_id="2611.00001")
    assert "/saved/import/" in reader_client.get("/saved/").content.decode()

    assert send(reader_client).headers["Location"] == "/saved/import/#brought"

    shown = page(reader_client)
    assert "1 paper recognised, 1 not found" in shown
    assert "First of all" in shown
    assert "Mine own." in shown
    assert "Not here &amp; never" in shown
    assert not SavedPaper.objects.exists()
    assert "Not here & never\n" in reader_client.get("/saved/import/not-found.txt").content.decode()

    key = BroughtLibrary.objects.get().key
    reader_client.post("/saved/import/keep/", {"key": key, "found": "[[1]]"})

    assert SavedPaper.objects.get().paper == paper
    assert "1 paper saved" in page(reader_client)
    reader_client.post("/saved/import/forget/")
    assert "1 paper saved" not in page(reader_client)
    assert SavedPaper.objects.exists()


def test_what_it_has_often_is_offered_and_followed_once_it_is_ticked(reader_client: Client, reader: User) -> None:
    author = AuthorFactory.create(name="Ada Byron")
    for number in range(3):
        PaperFactory.create(arxiv_id=f"2611.0000{number}", by=[author])
    send(reader_client, "".join(f"@misc{{a, title={{Graph folding}}, eprint={{2611.0000{n}}}}}\n" for n in range(3)))
    assert "What you may want to follow" not in page(reader_client)
    reader_client.post("/saved/import/keep/", {"key": BroughtLibrary.objects.get().key})
    shown = page(reader_client)
    assert 'name="line" value="author:Ada Byron"' in shown
    assert "graph folding" in shown

    reader_client.post("/subscription/follows/import/", {"line": ["author:Ada Byron", "cs.LG"]})

    assert {follow.label for follow in Follow.objects.all()} == {"Ada Byron", "cat:cs.LG"}
    assert 'value="author:Ada Byron"' not in page(reader_client)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "This file is empty."), (b"%PDF-1.7", "This is a PDF;"), (b"@misc{a, title={x\0}}", "NUL")],
)
def test_another_file_is_refused_in_one_line(reader_client: Client, content: bytes, says: str) -> None:
    answer = send(reader_client, content)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not BroughtLibrary.objects.exists()


def test_no_file_at_all_is_asked_for(reader_client: Client) -> None:
    assert reader_client.post("/saved/import/").status_code == 400


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_key_that_is_none_keeps_nothing(reader_client: Client, key: str) -> None:
    assert reader_client.post("/saved/import/keep/", {"key": key}).status_code in (302, 404)
    assert not SavedPaper.objects.exists()


def test_nobody_sees_or_keeps_another_s_library(reader_client: Client) -> None:
    PaperFactory.create(arxiv_id="2611.00001")
    send(reader_client)
    other = Client()
    other.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    other.post("/saved/import/keep/", {"key": BroughtLibrary.objects.get().key})

    assert not SavedPaper.objects.exists()
    assert "Not here" not in page(other)
    assert other.get("/saved/import/not-found.txt").status_code == 404
    # Without a subscription nothing can be followed yet, and the page stands all the same.
    send(other)
    other.post("/saved/import/keep/", {"key": BroughtLibrary.objects.get(reader__email__startswith="person").key})
    assert "1 paper saved" in page(other)


def test_a_stranger_is_led_to_the_sign_in(client: Client) -> None:
    for answer in (send(client), client.get("/saved/import/"), client.post("/saved/import/keep/")):
        assert answer.headers["Location"].startswith("/accounts/login/")
