"""This site's model: whatever is wrong with it, words alone do the work."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from papersite.catalogue.meaning import site


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    site.forget()
    yield
    site.forget()


def test_without_a_folder_there_is_no_meaning(settings: Any) -> None:
    settings.MODEL_DIR = None

    assert site.meaning() is site.in_search() is site.in_mail() is None


def test_a_folder_without_a_model_is_said_once(settings: Any, tmp_path: Path, caplog: Any) -> None:
    settings.MODEL_DIR = tmp_path
    caplog.set_level(logging.WARNING)

    assert site.in_search() is None
    assert site.in_mail() is None
    assert site.described(tmp_path) is None

    assert [record.getMessage() for record in caplog.records if "meaning.off" in record.getMessage()] == [
        caplog.records[0].getMessage()
    ]


def test_each_use_is_switched_off_by_its_setting(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    settings.MODEL_DIR = tmp_path
    held = object()
    monkeypatch.setattr(site, "_site", lambda index, folder: held)

    settings.MEANING_IN_SEARCH, settings.MEANING_IN_MAIL = False, True
    assert (site.in_search(), site.in_mail()) == (None, held)
    settings.MEANING_IN_SEARCH, settings.MEANING_IN_MAIL = True, False
    assert (site.in_search(), site.in_mail()) == (held, None)
    # What is put in the place of a cached function has nothing to forget.
    monkeypatch.undo()
