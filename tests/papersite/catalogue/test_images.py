"""Titles as pictures."""

import io

import pytest
from django.test import Client
from PIL import Image

from papersite.catalogue import images
from tests.factories import AuthorFactory, PaperFactory

TITLES = [
    "Attention Is All You Need",
    "Łukasz, Ĝraphs, ℓ₂→ℓ∞, α-Rényi ≤ β, Привет",
    "注意力机制就是你所需要的一切こんにちは안녕" * 8,
    "مرحبا بالعالم",
    "x" * 1000,
    "Word " * 200,
    "",
    "\x00\u202e🚀",
]


@pytest.mark.long
@pytest.mark.parametrize("title", TITLES)
def test_any_title_makes_a_small_picture(title: str) -> None:
    drawn = images.drawn(title, title, "arXiv:2611.00001", "A site")

    assert len(drawn) < 60_000
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))


def test_no_sign_becomes_a_box() -> None:
    assert images._known("Łukasz 注意 안녕 ≤ Ω") == "Łukasz 注意 안녕 ≤ Ω"
    assert images._known("A 🚀 title, 𝒢 ≤ \u0600") == "A title, G ≤"
    # What is left of a title in letters that no font has would be no title.
    assert images._known("مرحبا بالعالم 2") == ""


def test_a_word_longer_than_a_line_is_broken_and_none_is_lost() -> None:
    lines = list(images._wrapped(f"One {'x' * 200} two", 40, 600))

    assert "".join(lines).replace(" ", "") == f"One{'x' * 200}two"
    assert all(images._length(line, 40) <= 600 for line in lines)


@pytest.mark.django_db
def test_each_paper_that_is_shown_has_one(client: Client) -> None:
    paper, hidden = PaperFactory.create(by=AuthorFactory.create_batch(5)), PaperFactory.create(is_hidden=True)

    answer = client.get(f"/papers/{paper.public_id}.png")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Cache-Control"].startswith("public")
    again = client.get(f"/papers/{paper.public_id}.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/papers/{hidden.public_id}.png").status_code == 404
    assert client.get("/papers/2611.99999.png").status_code == 404
