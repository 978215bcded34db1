"""What names one paper."""

import pytest

from papersite.catalogue.search.recognising import identifier_in, paper
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db

NEW, OLD = "2605.29801", "math/0309136"


@pytest.mark.parametrize(
    "text",
    [
        NEW, f"{NEW}v3", f"arXiv:{NEW}", f"arxiv:{NEW}v12", f"  {NEW}\n", f"id:{NEW}",
        f"https://arxiv.org/abs/{NEW}", f"http://arxiv.org/abs/{NEW}v2", f"arxiv.org/abs/{NEW}",
        f"https://www.arxiv.org/abs/{NEW}", f"https://export.arxiv.org/abs/{NEW}", f"HTTPS://ARXIV.ORG/abs/{NEW}",
        f"https://arxiv.org/pdf/{NEW}", f"https://arxiv.org/pdf/{NEW}v1.pdf", f"https://arxiv.org/html/{NEW}v1",
        f"https://arxiv.org/abs/{NEW}/", f"https://arxiv.org/format/{NEW}",
        f"https://doi.org/10.48550/arXiv.{NEW}", f"https://dx.doi.org/10.48550/ARXIV.{NEW}",
        f"10.48550/arXiv.{NEW}", f"doi:10.48550/arXiv.{NEW}", f"doi: 10.48550/arxiv.{NEW}",
        f"https://huggingface.co/papers/{NEW}", f"huggingface.co/papers/{NEW}", f"https://www.alphaxiv.org/abs/{NEW}",
        f"https://arxiv.org/abs/{NEW}?context=cs",
        f"https://arxiv.org/html/{NEW}v1#S2",
        f"https://arxiv.org/pdf/{NEW}.pdf?download=1",
        f"https://huggingface.co/papers/{NEW}#community",
        f"arXiv:{NEW}v1 [cs.CV]", f"arXiv:{NEW}v1  [cs.CV]  30 May 2026", f"arxiv: {NEW}", f"arXiv {NEW}", f"({NEW})",
        f"{NEW}.", f"[{NEW}]", f"“{NEW}”,", f"{NEW}v2 [stat.ML]", f"arXiv:{NEW}v1 [cs.CV] 3 Jun 2026.",
        f"https://arxiv.org/abs/{NEW}.", f"(https://arxiv.org/abs/{NEW})", f"<https://arxiv.org/abs/{NEW}v2>",
        f"arxiv.org/e-print/{NEW}", f"https://arxiv.org/src/{NEW}v2", f"https://arxiv.org/ps/{NEW}",
        f"https://browse.arxiv.org/abs/{NEW}", f"https://browse.arxiv.org/pdf/{NEW}v1.pdf", f"de.arxiv.org/abs/{NEW}",
        f"https://ar5iv.org/abs/{NEW}", f"https://ar5iv.labs.arxiv.org/html/{NEW}", f"ar5iv.org/html/{NEW}v1",
        f"arXiv preprint arXiv:{NEW}", f"A. Roe. Of larks. arXiv preprint arXiv:{NEW}v2 (2026).", f"{NEW}v1.pdf",
        f"CoRR abs/{NEW}, 2026", f"arXiv_{NEW}", f"arXiv:{NEW} [cs.CL, stat]", f"eprint = {{{NEW}}}", f"arXiv.{NEW}",
        f"Of larks, doi:10.1234/2605.29802, arXiv:{NEW}", f"\\url{{https://arxiv.org/abs/{NEW}}}", f"/abs/{NEW}",
        f"arXiv ID: {NEW}", f"arXiv ID {NEW}", f"#{NEW}", f"arXiv#{NEW}", f"oai:arXiv.org:{NEW}",
        f"arXiv:{NEW}v1 cs.LG",
        f"https://arxiv.org/abs/{NEW} [cs.LG]", f"[{NEW}] Of larks and graphs", f"xxx.lanl.gov/abs/{NEW}",
        f"arXiv:{NEW} [cs.LG] (or arXiv:{NEW}v1 [cs.LG] for this version)", f"https://www.emergentmind.com/papers/{NEW}",
        f"https://www.semanticscholar.org/arxiv/{NEW}", f"https://api.semanticscholar.org/arXiv:{NEW}",
        f"https://export.arxiv.org/api/query?id_list={NEW}&max_results=1",
        f"https://hf.co/papers/{NEW}", f"https://www.alphaxiv.org/overview/{NEW}v1", f"alphaxiv.org/overview/{NEW}",
    ],
)  # fmt: skip
def test_an_identifier_or_a_link_names_its_paper(text: str) -> None:
    one = PaperFactory.create(arxiv_id=NEW)
    PaperFactory.create(arxiv_id="2605.29802")

    assert paper(text) == one


@pytest.mark.parametrize(
    "text",
    [
        OLD, f"{OLD}v1", "math.GT/0309136", f"arXiv:{OLD}", f"https://arxiv.org/abs/{OLD}",
        f"https://arxiv.org/pdf/{OLD}v2", f"https://arxiv.org/abs/{OLD.replace('/', '%2F')}",
        f"arXiv preprint {OLD}, 2003", f"CoRR {OLD}",
        f"arXiv:{OLD}v1 [math.GT] 1 Sep 2003", f"({OLD})", f"{OLD}.",
    ],
)  # fmt: skip
def test_an_identifier_of_the_old_style_names_its_paper(text: str) -> None:
    one = PaperFactory.create(arxiv_id=OLD)

    assert paper(text) == one


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/ABC(7)", "10.1000/abc(7)", "doi:10.1000/abc(7)", "https://doi.org/10.1000/abc(7)",
        "http://dx.doi.org/10.1000/abc(7)", "https://doi.org/10.1000%2Fabc%287%29",
    ],
)  # fmt: skip
def test_another_doi_names_its_paper(text: str) -> None:
    one = PaperFactory.create(doi="10.1000/abc(7)")
    PaperFactory.create(doi="10.1000/abc")

    assert paper(text) == one


@pytest.mark.parametrize(
    "text",
    [
        "Graph networks: a survey",
        "graph NETWORKS a survey.",
        "“Graph networks — a survey”",
        " Graph  networks:\na survey ",
    ],
)
def test_a_whole_title_names_its_paper_whatever_its_case_and_punctuation(text: str) -> None:
    one = PaperFactory.create(title="Graph networks: a survey")
    PaperFactory.create(title="Graph networks: a survey, continued")

    assert paper(text) == one


@pytest.mark.parametrize("text", ["Graph networks: a", "networks: a survey", "Graph networks: a survey of more"])
def test_a_part_of_a_title_names_no_paper(text: str) -> None:
    PaperFactory.create(title="Graph networks: a survey")

    assert paper(text) is None


def test_a_title_of_two_words_is_a_search() -> None:
    PaperFactory.create(title="Graph networks")

    assert paper("Graph networks") is None


@pytest.mark.parametrize("text", [NEW, "10.1000/abc", "Graph networks: a survey"])
def test_a_hidden_paper_is_not_named(text: str) -> None:
    PaperFactory.create(arxiv_id=NEW, doi="10.1000/abc", title="Graph networks: a survey", is_hidden=True)

    assert paper(text) is None


def test_a_title_of_two_papers_names_neither() -> None:
    for arxiv_id in (NEW, OLD):
        PaperFactory.create(title="Graph networks: a survey", arxiv_id=arxiv_id)

    assert paper("Graph networks: a survey") is None


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "2605.2980", "2613.29801", "https://arxiv.org/list/cs.LG/new", "https://example.org/abs/2605.29801",
        f"{NEW} and more words", f"see https://arxiv.org/abs/{NEW}", "x" * 5000, "a b c\x00",
    ],
)  # fmt: skip
def test_what_names_no_paper_is_a_search(text: str) -> None:
    PaperFactory.create(arxiv_id=NEW)

    assert paper(text) is None


def test_an_escaped_nul_is_no_name_of_a_paper() -> None:
    assert paper("10.1000/%00") is None


@pytest.mark.parametrize("text", ["graph", "10.1000/abc", "arxiv.org/abs/", "id:graph"])
def test_identifier_in_another_text_is_none(text: str) -> None:
    assert identifier_in(text) == ""
