"""Files of other programs are named, not half read."""

import json
from pathlib import Path

import pytest

from papersite.catalogue.sources import files
from papersite.catalogue.sources.records import SourceError, SourcePaper

BIBTEX = "% from somewhere\n@article{roe2026,\n  title = {Graphs},\n  author = {Roe, Ann}\n}\n"
RIS = "TY  - GEN\r\nTI  - Graphs\r\nAU  - Roe, Ann\r\nER  - \r\n"
ZOTERO = '"Key","Item Type","Publication Year","Author","Title"\n"A","journalArticle","2026","Roe, Ann","Graphs"\n'
CSL = json.dumps([{"id": "1", "type": "article", "title": "Graphs", "author": [{"family": "Roe", "given": "Ann"}]}])
SCHOLAR = json.dumps({"paperId": "a", "title": "Graphs", "abstract": "It.", "year": 2007})
OPENALEX = json.dumps({"meta": {}, "results": [{"id": "W1", "authorships": [], "title": "Graphs"}]}, indent=1)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (ZOTERO, "CSV"),
        ("title;authors;year\nGraphs;Roe;2026\n", "CSV"),
        ("PMID- 123\nTI  - Graphs\n", "PubMed"),
        ("%0 Journal Article\n%T Graphs\n", "EndNote"),
        ("\\documentclass{article}\n\\begin{document}", "LaTeX"),
        ("% mine\n\\documentclass{article}\n", "LaTeX"),
        ("%A Roe, Ann\n%T Graphs\n%0 Journal Article\n", "EndNote"),
        ("https://arxiv.org/abs/2605.00001\nhttps://arxiv.org/abs/2605.00002\n", "a list of links"),
        ("2605.00001\n2605.00002v1\n", "a list of arXiv ids"),
        ("# Papers\n\n- [Graphs](https://arxiv.org/abs/2605.00001)\n", "Markdown"),
        ("title: Graphs\nauthors:\n  - Ann Roe\n", "YAML"),
        ("INSERT INTO papers VALUES (1);\n", "SQL"),
        ("import os\n\nprint(os.name)\n", "a program"),
        (json.dumps({"papers": [{"title": "Graphs", "abstract": "It."}]}), "JSON with its papers in a list"),
        (json.dumps({"title": "Graphs", "abstract": "It."}, indent=2), "JSON with an object over several lines"),
        (CSL, "CSL JSON"),
        ('[{"name": "Graphs"}]', "without a paper (name)"),
        (SCHOLAR, "Semantic Scholar"),
        (OPENALEX, "OpenAlex"),
        (json.dumps({"total": 1, "data": [{"paperId": "a", "title": "Graphs"}]}), "Semantic Scholar"),
        ("<!DOCTYPE html><html><body>Graphs</body></html>", "web page"),
    ],
)
def test_a_file_of_another_program_is_refused_in_one_line_that_names_it(
    tmp_path: Path, content: str, name: str
) -> None:
    path = tmp_path / "papers.txt"
    path.write_text(content)

    with pytest.raises(SourceError) as error:
        list(files.read(path))

    assert name in str(error.value)
    assert "jsonl" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (BIBTEX, "bibtex"),
        ("@misc{a, title={Graphs}}", "bibtex"),
        (RIS, "ris"),
        ("TY - JOUR\nTI - Graphs\nER -\n", "ris"),
    ],
)
def test_bibtex_and_ris_are_read_whatever_the_file_is_called(tmp_path: Path, content: str, name: str) -> None:
    path = tmp_path / "papers.txt"
    path.write_text(content)

    assert files.guess_format(path) == name
    assert [one.title for one in files.read(path) if isinstance(one, SourcePaper)] == ["Graphs"]


@pytest.mark.parametrize(
    "content",
    [
        "Title of a paper, with commas\nIts abstract; and more.\n",
        "@home with robots\nWe show it.\n",
        "TYPES - a view\nIt is one.\n",
        "gpt: a view\nIt is one.\n",
        "#MeToo and the web\nhttps://a.example tells it.\n",
        "2605 ways to count\nImport them from files.\n",
    ],
)
def test_a_listing_is_no_other_format(tmp_path: Path, content: str) -> None:
    path = tmp_path / "papers.txt"
    path.write_text(content)

    assert [type(one) for one in files.read(path)] == [SourcePaper]
