"""Importing by hand: a summary when it went well, one clear line and nothing imported when it did not."""

import gzip
import io
import json
import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from papersite.catalogue.models import Harvest, Paper, Reject

pytestmark = pytest.mark.django_db


def run(*paths: Path, **options: str) -> str:
    output = io.StringIO()
    call_command("import_papers", *map(str, paths), stdout=output, stderr=io.StringIO(), **options)
    return output.getvalue().strip()


def test_a_folder_of_several_formats(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("First\nAbout it.\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"title": "Second", "abstract": "More."}) + "\n")

    assert run(tmp_path) == "seen=2 created=2 updated=0 rejected=0"
    assert run(tmp_path) == "seen=2 created=0 updated=0 rejected=0"


def test_bad_records_are_counted_and_kept_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(
        "Fine\nAbout it.\n" + "x" * 3000 + "\nAbout it.\nLong\n" + "y" * 5_000_000 + "\nBad\nA\x00B\nAlone\n"
    )

    assert run(path) == "seen=5 created=1 updated=0 rejected=4"
    assert list(Reject.objects.values_list("place", "reason")) == [
        ("list.txt, line 3", "its title is longer than 1000 characters"),
        ("list.txt, line 5", "its abstract is longer than 20000 characters"),
        ("list.txt, line 7", "it holds a NUL byte"),
        ("list.txt, line 9", "the last title has no abstract"),
    ]


@pytest.mark.parametrize("content", [b"", bytes(1000), b"Title\n\xff\xfe\n", b'[{"paper": {"id": "2605.0'])
def test_a_bad_file_is_named_and_nothing_of_a_good_one_before_it_is_kept(tmp_path: Path, content: bytes) -> None:
    good, bad = tmp_path / "a.txt", tmp_path / "b.txt"
    good.write_text("First\nAbout it.\n")
    bad.write_bytes(content)

    with pytest.raises(CommandError, match=r"b\.txt") as caught:
        run(good, bad)

    assert "\n" not in str(caught.value)
    assert Paper.objects.count() == 0


@pytest.mark.long
def test_the_seed_and_the_recorded_days(shared_data: Path) -> None:
    seed, days = shared_data / "000_ed20440609c8a2fa.txt", shared_data / "hf_daily"

    assert run(seed) == "seen=235 created=235 updated=0 rejected=0"
    assert run(days) == "seen=1093 created=1092 updated=0 rejected=0"
    assert run(seed) == "seen=235 created=0 updated=0 rejected=0"
    assert run(days) == "seen=1093 created=0 updated=0 rejected=0"


GOOD = "First\nAbout it.\n"
PACKED = gzip.compress("".join(f"Title {number}\nAbout {number**9}.\n" for number in range(2000)).encode())


def refusal(*paths: Path, **options: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(*paths, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("b.txt", b"", "{folder}/b.txt: the file is empty"),
        ("b.txt", bytes(1000), "{folder}/b.txt: this is a binary file, not text"),
        ("b.txt", random.Random(7).randbytes(1000), "{folder}/b.txt: this is a binary file, not text"),
        ("b.txt.gz", PACKED[:-500], "{folder}/b.txt.gz: cut short or damaged ("),
        (
            "b.jsonl",
            b'{"title": "A", "abstract": "B."}\n{"title": "C", "ab',
            "b.jsonl, line 2: not JSON, or cut short (",
        ),
        ("b.json", b'[{"paper": {"id": "2605.0', "b.json: not JSON, or cut short ("),
        ("b.txt", b"Title\n\xff\xfe\n", "{folder}/b.txt, line 2: not UTF-8 (byte 1 of the line)"),
        ("b.json", b"[]", "{folder}/b.json: it holds no papers"),
    ],
    ids=["empty", "zeros", "random", "cut gzip", "cut jsonl", "cut json", "not UTF-8", "no papers"],
)
def test_a_bad_file_after_a_good_one_leaves_one_line_and_nothing_else(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    good, bad = tmp_path / "a.txt", tmp_path / name
    good.write_text(GOOD)
    bad.write_bytes(content)

    said = refusal(good, bad)

    assert said.startswith(message.format(folder=tmp_path))
    assert len(said.splitlines()) == 1
    assert (Paper.objects.count(), Harvest.objects.count()) == (0, 0)


def test_a_missing_file_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    good = tmp_path / "a.txt"
    good.write_text(GOOD)

    assert refusal(good, tmp_path / "gone.txt") == f"{tmp_path}/gone.txt: there is no such file or folder"
    assert Paper.objects.count() == 0


def test_a_folder_without_papers_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    good, folder = tmp_path / "a.txt", tmp_path / "pictures"
    good.write_text(GOOD)
    folder.mkdir()
    (folder / "one.png").write_bytes(b"\x89PNG")

    said = refusal(good, folder)

    assert said == f"{folder}: no file in this folder ends in .txt, .json, .jsonl, .xml, .atom, .rss, .bib, .ris or .gz"
    assert Paper.objects.count() == 0


def test_entries_that_cannot_be_used_are_kept_with_their_reason_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    entries = [{"abstract": "Whose?"}, {"title": "Fine", "abstract": "About it."}, {"title": "Alone"}]
    path.write_text("\n".join(map(json.dumps, entries)))

    assert run(path) == "seen=3 created=1 updated=0 rejected=2"
    assert list(Reject.objects.values_list("place", "reason")) == [
        ("papers.jsonl, line 1", "it has no title"),
        ("papers.jsonl, line 3", "it has neither abstract nor summary"),
    ]


def test_a_number_of_five_thousand_digits_is_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text(f'{{"title": "Fine", "abstract": "About it.", "pages": {"9" * 5000}}}\n')

    assert refusal(path).startswith("papers.jsonl, line 1: ")


def test_only_the_first_rejects_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    path, errors = tmp_path / "papers.jsonl", io.StringIO()
    path.write_text("[1]\n" * 23)

    call_command("import_papers", str(path), format="jsonl", stdout=io.StringIO(), stderr=errors)

    shown = errors.getvalue().splitlines()
    assert shown[:1] == ["rejected: papers.jsonl, line 1: not an object"]
    assert shown[20:] == ["… and 3 more; all are kept in admin under Harvests"]


def test_the_harvest_says_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(GOOD)

    run(path)

    harvest = Harvest.objects.get()
    assert (harvest.source, harvest.origin, harvest.seen, harvest.is_live) == ("listing", str(path), 1, False)


def test_the_first_paper_of_the_seed_leads_to_its_code(shared_data: Path) -> None:
    run(shared_data / "000_ed20440609c8a2fa.txt")

    first = Paper.objects.order_by("pk").first()

    assert first is not None
    assert first.title == "Asymmetrically-powered Neural Image Compression with Shallow Decoders"
    assert first.code_url == "https://github.com/mandt-lab/shallow-ntc"


@pytest.mark.long
def test_papers_of_arxiv_and_of_hugging_face_are_found_to_be_the_same(shared_data: Path, tmp_path: Path) -> None:
    days = sorted((shared_data / "hf_daily").glob("*.json"))
    listed = {entry["paper"]["id"] for day in days for entry in json.loads(day.read_text())}
    path = tmp_path / "both.jsonl"
    with gzip.open(shared_data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz", "rt") as file:
        path.write_text("".join(line for line in file if json.loads(line)["id"] in listed))

    assert run(shared_data / "hf_daily") == "seen=1093 created=1092 updated=0 rejected=0"
    assert run(path) == "seen=186 created=0 updated=186 rejected=0"
    assert run(path) == "seen=186 created=0 updated=0 rejected=0"
    assert Paper.objects.filter(sources=["huggingface", "jsonl"]).count() == 186
    assert Paper.objects.exclude(primary_category=None).count() == 186


def test_bibtex_and_ris_come_in_and_are_no_news_of_today(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(
        "@misc{a, title={First}, abstract={It.}, eprint={1706.03762}, archiveprefix={arXiv}}\n"
        "@misc{b, title={Second}, abstract={It.}}\n@misc{c, title={Third}, year={2020}}\n"
    )
    (tmp_path / "b.ris").write_text("TY  - JOUR\nTI  - Fourth\nAB  - It.\nPY  - 2015\n")

    assert run(tmp_path) == "seen=4 created=3 updated=0 rejected=1"
    assert run(tmp_path) == "seen=4 created=0 updated=0 rejected=1"
    announced = Paper.objects.order_by("announced_at").values_list("title", "announced_at__date")
    assert [(title, f"{day}") for title, day in announced] == [
        ("Second", "1990-01-01"),
        ("Fourth", "2015-01-01"),
        ("First", "2017-06-01"),
    ]
    assert Reject.objects.first().reason == "it has neither abstract nor summary"  # type: ignore[union-attr]


def test_what_a_library_says_fills_gaps_and_changes_no_words(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1706.03762", "title": "First", "abstract": "Told."}) + "\n")
    run(tmp_path)
    (tmp_path / "b.bib").write_text(
        "@article{a, title={FIRST}, abstract={Other.}, eprint={1706.03762}, doi={10.1000/x}, journal={Nature}}\n"
    )

    run(tmp_path / "b.bib")

    paper = Paper.objects.get()
    assert (paper.title, paper.abstract, paper.doi, paper.journal_ref) == ("First", "Told.", "10.1000/x", "Nature")
