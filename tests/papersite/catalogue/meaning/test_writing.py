"""The vectors in step with the database."""

from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

pytest.importorskip("onnxruntime", reason="the group “meaning” is not installed")

from papersite.catalogue import revisions
from papersite.catalogue.meaning import beside, site, writing
from papersite.catalogue.meaning.model import Model, Unusable
from papersite.catalogue.meaning.writing import Difference, VectorWriter, compare
from papersite.catalogue.models import Paper
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


class Encoder:
    """One that counts letters, which is enough to tell texts apart."""

    dimension = 26
    passed: list[str] = []

    def __init__(self, model: Model) -> None:
        if model.pooling == "broken":
            raise Unusable("the model cannot be loaded")

    def passages(self, texts: Sequence[str]) -> Any:
        Encoder.passed += texts
        rows = np.array([[text.count(chr(97 + place)) for place in range(26)] for text in texts], np.float32)
        rows[["nothing" in text for text in texts]] = 0
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


@pytest.fixture
def model(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    monkeypatch.setattr(writing, "Encoder", Encoder)
    Encoder.passed.clear()
    settings.INDEX_DIR = tmp_path / "index"
    settings.INDEX_DIR.mkdir()
    settings.MODEL_DIR = tmp_path / "model"
    settings.MODEL_DIR.mkdir()
    for name in ("tokenizer.json", "model.onnx"):
        (settings.MODEL_DIR / name).write_text("{}")
    found = site.described(settings.MODEL_DIR)
    assert found is not None
    yield found
    site.forget()


def update(model: Model, tmp_path: Path, seconds: float = 60.0) -> tuple[int, int, bool]:
    one = VectorWriter(tmp_path / "index", model)
    try:
        done = one.step(seconds)
        return done.written, done.removed, done.is_done
    finally:
        one.close()


def differs(model: Model, tmp_path: Path) -> Difference:
    return compare(tmp_path / "index", model)


def test_every_visible_paper_gets_a_vector_once(model: Model, tmp_path: Path) -> None:
    papers = PaperFactory.create_batch(3)
    PaperFactory.create(is_hidden=True)

    assert update(model, tmp_path) == (3, 0, True)
    assert update(model, tmp_path) == (0, 0, True)
    assert differs(model, tmp_path) == Difference(3, [], [], [], [])
    found = site.meaning()
    assert found is not None
    assert found.vectors_of([paper.pk for paper in papers])[0] == [paper.pk for paper in papers]


def test_only_papers_whose_words_changed_are_encoded_again(model: Model, tmp_path: Path) -> None:
    renamed, voted, hidden = PaperFactory.create_batch(3)
    update(model, tmp_path)
    Encoder.passed.clear()
    Paper.objects.filter(pk=renamed.pk).update(title="Renamed entirely")
    Paper.objects.filter(pk=voted.pk).update(heat=5)
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)
    revisions.mark([renamed.pk, voted.pk, hidden.pk])
    new = PaperFactory.create()
    revisions.mark([new.pk])

    assert update(model, tmp_path) == (2, 1, True)
    assert len(Encoder.passed) == 2
    assert not differs(model, tmp_path)


def test_it_goes_on_where_it_was_and_the_newest_come_first(model: Model, tmp_path: Path) -> None:
    papers = PaperFactory.create_batch(2 * writing.AT_ONCE + 1)

    assert update(model, tmp_path, seconds=-1) == (writing.AT_ONCE, 0, False)
    assert differs(model, tmp_path).missing == [paper.pk for paper in papers[: -writing.AT_ONCE]]
    assert update(model, tmp_path)[2]
    assert not differs(model, tmp_path)
    assert len(Encoder.passed) == len(papers)


def test_what_is_damaged_is_made_anew(model: Model, tmp_path: Path) -> None:
    papers = PaperFactory.create_batch(3)
    update(model, tmp_path)
    path = site.path_of(tmp_path / "index", model)
    raw = path.read_bytes()
    whole = VectorWriter(tmp_path / "index", model)
    place = whole._file._place(papers[1].pk, "vector")
    whole.close()
    path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
    assert differs(model, tmp_path).damaged == [papers[1].pk]

    assert update(model, tmp_path) == (1, 0, True)
    assert not differs(model, tmp_path)


@pytest.mark.parametrize("what", ["cut", "state", "both gone", "backup"])
def test_whatever_was_lost_is_found_out_and_mended(model: Model, tmp_path: Path, what: str) -> None:
    PaperFactory.create_batch(3)
    revisions.mark(Paper.objects.values_list("pk", flat=True))
    update(model, tmp_path)
    path = site.path_of(tmp_path / "index", model)
    state = path.with_name(f"{path.name}.state")
    if what == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif what == "state":
        state.write_text("{")
    elif what == "both gone":
        path.unlink()
        state.unlink()
    else:
        state.write_text('{"revision": 999999, "below": null, "blocks": 0}')

    assert update(model, tmp_path)[2]
    assert not differs(model, tmp_path)


def test_a_text_of_which_the_model_makes_no_numbers_has_no_vector(model: Model, tmp_path: Path) -> None:
    paper = PaperFactory.create(title="nothing of it")
    PaperFactory.create()

    assert update(model, tmp_path) == (1, 0, True)
    assert differs(model, tmp_path).missing == [paper.pk]


def test_another_models_vectors_go(model: Model, tmp_path: Path, settings: Any) -> None:
    update(model, tmp_path)
    (settings.MODEL_DIR / "model.toml").write_text('pooling = "cls"')
    site.forget()
    other = site.described(settings.MODEL_DIR)
    assert other is not None
    update(other, tmp_path)

    left = {path.name for path in (tmp_path / "index").glob("vectors-*")}
    name = site.path_of(tmp_path / "index", other).name
    assert left == {name, f"{name}.state"}


def test_a_model_that_cannot_be_loaded_is_no_writer_and_nothing_stops(
    model: Model, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Model(model.weights, model.tokenizer, pooling="broken")
    with beside.beside(tmp_path / "index", broken) as go_on:
        assert [go_on(), go_on()] == [True, True]

    assert [one.getMessage() for one in caplog.records] == ["meaning.off part=writer reason=the model cannot be loaded"]


def test_a_full_disk_rests_and_is_tried_again(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    PaperFactory.create()
    one = VectorWriter(tmp_path / "index", model)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(one._file, "put", full)
        assert [one.go_on(), one.go_on()] == [True, True]
    one._rests_until = 0
    assert one.go_on()
    one.close()

    assert [record.getMessage().split()[0] for record in caplog.records] == ["meaning.resting"]
    assert not differs(model, tmp_path)


def command(*options: str) -> str:
    out = StringIO()
    call_command("index", *options, stdout=out)
    return out.getvalue()


def test_the_command_writes_checks_and_looks_again(model: Model, tmp_path: Path) -> None:
    paper = PaperFactory.create()
    assert command().endswith("vectors: written=1 removed=0\n")
    assert command("--check").endswith("vectors: papers=1 missing=0 left=0 stale=0 damaged=0\n")
    Paper.objects.filter(pk=paper.pk).update(title="Another title")  # unmarked
    with pytest.raises(CommandError):
        command("--check")

    assert command("--rebuild").endswith("vectors: written=1 removed=0\n")
    assert "stale=0 damaged=0" in command("--check")
