"""Sources read again: what a better reader makes of them, and what stays."""

from io import StringIO

import pytest
from django.core.management import call_command

from papersite.catalogue import curation, revisions
from papersite.catalogue.models import Author, Authorship, Paper, Revision
from papersite.catalogue.reading import rereading
from papersite.catalogue.reading.readable import READER, readable
from tests.factories import AuthorFactory, PaperFactory

pytestmark = pytest.mark.django_db


def reread(*options: str) -> str:
    out = StringIO()
    call_command("reread", *options, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def marked() -> set[int]:
    return set(Revision.objects.filter(number=None).values_list("paper_id", flat=True))


def test_reread_reads_the_source_and_marks_only_what_changed() -> None:
    worse = PaperFactory.create(title="x₂", source_title=r"$\|x\|_2$", abstract="Plain.")
    same = PaperFactory.create(title="Plain", abstract="We show it.", excerpt="We show it.")
    revisions.latest()

    assert reread() == "seen=2 changed=1 authors=0"

    worse.refresh_from_db()
    same.refresh_from_db()
    assert (worse.title, worse.title_html) == (
        "‖x‖₂",
        '<math><mo stretchy="false">‖</mo><mi>x</mi><msub><mo stretchy="false">‖</mo><mn>2</mn></msub></math>',
    )
    assert worse.source_title == r"$\|x\|_2$"
    assert worse.needs_sorting
    assert (worse.read_with, same.read_with) == (READER, READER)
    assert marked() == {worse.pk}


def test_reread_goes_on_where_it_stopped_and_reads_all_when_asked() -> None:
    PaperFactory.create(read_with=READER)
    PaperFactory.create()

    assert reread() == "seen=1 changed=1 authors=0"
    assert reread() == "seen=0 changed=0 authors=0"
    assert reread("--all") == "seen=2 changed=1 authors=0"


def test_a_paper_on_which_the_reading_breaks_keeps_what_was_read_of_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = PaperFactory.create(title="Bad", excerpt="As it was."), PaperFactory.create(title=r"\alpha")

    def broken(text: str, *more: str) -> str:
        if text == "Bad":
            raise TypeError
        return readable(text, *more)

    monkeypatch.setattr(rereading, "readable", broken)

    assert reread() == "seen=2 changed=1 authors=0"
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.title, bad.excerpt, good.title) == ("Bad", "As it was.", "α")
    assert f"reread.broke paper={bad.pk}" in caplog.text


def test_reread_in_batches_reads_each_paper_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "BATCH", 2)
    for number in range(5):
        PaperFactory.create(title=rf"{number} \alpha")

    assert reread() == "seen=5 changed=5 authors=0"
    assert {paper.title for paper in Paper.objects.all()} == {f"{number} α" for number in range(5)}


def test_papers_from_before_have_their_text_for_a_source() -> None:
    paper = PaperFactory.create(title=r"{\L}ukasz's {\alpha}-net", abstract=r"Costs \$5, vs.\ 6. We show $>$20%.")

    reread()

    paper.refresh_from_db()
    assert (paper.title, paper.abstract) == ("Łukasz's α-net", "Costs $5, vs. 6. We show >20%.")
    assert paper.source_title == r"{\L}ukasz's {\alpha}-net"


def test_a_curators_words_stay_as_they_were_typed() -> None:
    paper = PaperFactory.create(title="x₂", source_title=r"$\|x\|_2$", title_html="<math></math>")
    paper.title = r"The \emph{true} title"
    curation.save_paper(paper, edited=["title"])

    reread("--all")

    paper.refresh_from_db()
    assert paper.title == r"The \emph{true} title"
    assert paper.title_html == "The <i>true</i> title"
    assert paper.source_title == r"$\|x\|_2$"


def test_two_papers_without_identifier_never_get_one_key() -> None:
    first, second = PaperFactory.create(title="A β net"), PaperFactory.create(title=r"A \beta net")

    reread()

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.title == second.title
    assert first.content_key != second.content_key


def test_two_rows_of_one_person_become_one_and_their_papers_stay() -> None:
    worse, better = (
        AuthorFactory.create(name="Jens Ørskov", key="jens ørskov"),
        AuthorFactory.create(name="Jens Orskov"),
    )
    one, two = PaperFactory.create(by=[better]), PaperFactory.create(by=[better])
    Authorship.objects.filter(paper=one).update(author=worse)
    Authorship.objects.create(paper=two, author=worse, position=1)

    assert reread().endswith("authors=1")

    assert list(Author.objects.values_list("pk", flat=True)) == [better.pk]
    assert sorted(Authorship.objects.values_list("paper", "author")) == [(one.pk, better.pk), (two.pk, better.pk)]
