"""A real model: all-MiniLM-L6-v2, where the group ``bench`` is installed."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from papersite.catalogue.meaning import model, site
from papersite.catalogue.meaning.model import Unusable
from papersite.catalogue.search import results
from tests import weights
from tests.conftest import missing
from tests.factories import NOW, PaperFactory

pytestmark = [pytest.mark.long, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    if absent := weights.missing():
        missing(f"the model for tests ({', '.join(absent)}; uv sync --all-groups)")
    return weights.make_folder(tmp_path / "model")


@pytest.fixture
def site_with_model(folder: Path, index: Any, settings: Any) -> Iterator[None]:
    settings.MODEL_DIR = folder
    yield
    site.forget()


def test_texts_of_like_meaning_lie_close(folder: Path) -> None:
    from papersite.catalogue.meaning.encoder import Encoder

    encoder = Encoder(model.read(folder))
    one, other, far = encoder.passages(
        ["Robots grasp new objects.", "A gripper that picks up unseen things.", "Tax law."]
    )

    assert encoder.dimension == 384
    assert one @ one == pytest.approx(1, abs=1e-5)
    assert one @ other > 0.4 > one @ far
    assert encoder.passages([]).shape == (0, 384)
    assert encoder.question("Robots grasp new objects.") == pytest.approx(one)


@pytest.mark.parametrize("broken", ["weights", "tokenizer", "dimension"])
def test_a_folder_whose_files_are_not_what_they_should_be_is_refused(folder: Path, broken: str) -> None:
    from papersite.catalogue.meaning.encoder import Encoder

    if broken == "dimension":
        (folder / "model.toml").write_text("dimension = 768")
    else:
        path = folder / ("model.onnx" if broken == "weights" else "tokenizer.json")
        path.unlink()
        path.write_bytes(b"\x00not it" * 999)

    with pytest.raises(Unusable):
        Encoder(model.read(folder))


def test_the_site_finds_what_is_meant_and_what_is_similar(site_with_model: None, index: Any) -> None:
    grasp = PaperFactory.create(title="A gripper for unseen things", abstract="Robot hands pick them up.")
    tax = PaperFactory.create(title="Tax law in the courts", abstract="How judges read it.")
    call_command("index", stdout=StringIO())

    found = results.search('meaning:"manipulating novel objects"', NOW)

    assert [paper.pk for paper in found.papers] == [grasp.pk, tax.pk]
    assert not found.query.problems


def test_a_broken_model_leaves_words_alone_and_says_so(
    site_with_model: None, index: Any, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paper = PaperFactory.create(title="Graph networks")
    other = PaperFactory.create(title="Graph networks again")
    call_command("index", stdout=StringIO())
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").write_bytes(b"")
    site.meaning()

    assert {one.pk for one in results.search("graph networks", NOW).papers} == {paper.pk, other.pk}
    assert [one.pk for one in results.similar_papers(paper)] == [other.pk]
    assert "meaning.off part=model" in caplog.text
