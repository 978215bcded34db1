"""The vectors' writer beside the index's."""

from pathlib import Path
from typing import Any

from papersite.catalogue.meaning.beside import beside


def test_without_a_model_nothing_is_loaded_and_nothing_waits(tmp_path: Path) -> None:
    with beside(tmp_path, None) as one:
        assert one()
        assert one()
    assert not list(tmp_path.iterdir())


def test_the_writer_is_opened_once_at_the_first_call_and_closed(tmp_path: Path, monkeypatch: Any) -> None:
    from papersite.catalogue.meaning import writing

    told: list[str] = []

    class Writer:
        def go_on(self) -> bool:
            told.append("went on")
            return len(told) > 2

        def close(self) -> None:
            told.append("closed")

    def open_writer(index: Path, model: object) -> Writer:
        told.append(f"opened {index.name}")
        return Writer()

    monkeypatch.setattr(writing, "open_writer", open_writer)
    model: Any = object()

    with beside(tmp_path, model) as one:
        assert told == []
        assert [one(), one()] == [False, True]

    assert told == [f"opened {tmp_path.name}", "went on", "went on", "closed"]
