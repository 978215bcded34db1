"""A library is remembered until its reader says what to keep, and is kept whole or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.libraries import bringing
from papersite.catalogue.models import BroughtLibrary, SavedPaper
from papersite.catalogue.sources.library.opening import NoLibrary
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db
FILE = b"""@misc{a, title={First}, eprint={2611.00001}, annote={Mine.}, readstatus={read}, timestamp={2024-01-02}}
@misc{b, title={Second}, eprint={2611.00002}, annote={15 pages, 5 figures}}
@misc{c, title={First again}, eprint={2611.00001v2}, annote={Other.}}
@misc{d, title={Not here}, author={Roe, Ann and Doe, Jane}, year={2020}, doi={10.1000/x}}
@misc{e, title={Cut
"""


@pytest.fixture
def brought(reader: User) -> BroughtLibrary:
    PaperFactory.create(title="First", arxiv_id="2611.00001")
    PaperFactory.create(title="Second", arxiv_id="2611.00002", comment="15 pages; 5 figures.")
    return bringing.bring(FILE, "library.bib\x00", reader, NOW)


def test_what_a_file_holds_is_shown_and_none_of_it_kept(brought: BroughtLibrary, reader: User) -> None:
    first, second = brought.found
    assert first[1:] == ["Mine.", True, "", "2024-01-02T00:00:00+00:00"]
    # The authors' own comment is no note of the reader's.
    assert second[1:] == ["", False, "", ""]
    assert brought.missing == ["Not here · Ann Roe, Jane Doe · 2020 · 10.1000/x"]
    assert brought.rejected == [["The file, line 5", "its braces, quotes or commas do not pair"]]
    assert (brought.format_name, brought.name) == ("BibTeX", "library.bib")
    assert not SavedPaper.objects.exists()


def test_keeping_it_twice_is_the_same_as_once(brought: BroughtLibrary, reader: User) -> None:
    for _ in range(2):
        kept = bringing.keep(reader, brought.key, NOW)
        assert kept is not None
        assert kept.kept == 2

    first, second = SavedPaper.objects.order_by("paper__title")
    assert (first.note, first.read_at, f"{first.saved_at:%Y-%m-%d}") == ("Mine.", NOW, "2024-01-02")
    assert (second.note, second.read_at, second.saved_at) == ("", None, NOW)


def test_what_was_on_the_list_stays_and_only_its_gaps_are_filled(brought: BroughtLibrary, reader: User) -> None:
    numbers = [row[0] for row in brought.found]
    SavedPaper.objects.create(reader=reader, paper_id=numbers[0], note="Former.", saved_at=NOW - timedelta(days=1))

    kept = bringing.keep(reader, brought.key, NOW)

    assert kept is not None
    assert kept.kept == 1
    first = SavedPaper.objects.get(paper=numbers[0])
    assert (first.note, first.read_at, first.saved_at) == ("Former.", NOW, NOW - timedelta(days=1))


def test_a_paper_that_was_hidden_since_is_left_out(brought: BroughtLibrary, reader: User) -> None:
    PaperFactory._meta.model.objects.filter(title="First").update(is_hidden=True)

    kept = bringing.keep(reader, brought.key, NOW)

    assert kept is not None
    assert (kept.kept, SavedPaper.objects.count()) == (1, 1)


def test_only_what_its_reader_saw_last_is_kept(brought: BroughtLibrary, reader: User) -> None:
    assert bringing.keep(UserFactory.create(), brought.key, NOW) is None
    assert bringing.keep(reader, uuid4(), NOW) is None
    assert bringing.keep(reader, brought.key, NOW + bringing.WAITS) is None
    bringing.bring(FILE, "", reader, NOW)
    assert bringing.keep(reader, brought.key, NOW) is None
    assert not SavedPaper.objects.exists()


def test_a_file_that_is_none_leaves_what_was_brought_before(brought: BroughtLibrary, reader: User) -> None:
    with pytest.raises(NoLibrary):
        bringing.bring(b"%PDF-1.7", "", reader, NOW)

    assert bringing.waiting(reader, NOW) == brought


def test_what_nobody_came_back_for_is_forgotten_after_a_day(brought: BroughtLibrary, reader: User) -> None:
    assert bringing.forget_old(NOW) == 0
    assert bringing.waiting(reader, NOW + bringing.WAITS) is None
    assert bringing.forget_old(NOW + bringing.WAITS) == 1


def test_save_all_of_nothing_is_nothing(reader: User) -> None:
    assert reading_list.save_all({}, reader) == 0
