"""What curators do, and what follows from it."""

import pytest

from papersite.catalogue import curation
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Paper, PaperTopic
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_hide_and_show_count_what_they_changed() -> None:
    PaperFactory.create_batch(2)

    assert curation.hide(Paper.objects.all()) == 2
    assert curation.hide(Paper.objects.all()) == 0
    assert curation.show(Paper.objects.all()) == 2


def test_an_edited_paper_has_the_heat_and_topics_of_the_edit() -> None:
    TopicFactory.create(search="graph")
    paper = PaperFactory.create(title="Sound")
    before = paper.heat
    paper.title, paper.boost = "Graphs", 24

    curation.save_paper(paper)
    curation.paper_changed(paper)

    assert paper.heat == pytest.approx(before + 24)
    assert PaperTopic.objects.count() == 1


def test_set_weights_keeps_the_hours_of_each_signal() -> None:
    curation.set_weights({"vote_count": 24, "hf_upvotes": 1})

    assert scoring.weights() == {"vote_count": 24, "hf_upvotes": 1, "github_week": 3, "promise": 2}


def test_hide_is_the_curators_word_and_show_as_well() -> None:
    paper = PaperFactory.create()

    assert (curation.hide(Paper.objects.all()), curation.hide(Paper.objects.all())) == (1, 0)
    assert curation.show(Paper.objects.all()) == 1
    paper.refresh_from_db()
    assert (paper.is_hidden, paper.curated) == (False, ["is_hidden"])


def test_decide_makes_a_row_the_curators_own() -> None:
    row = PaperTopic.objects.create(paper=PaperFactory.create(), topic=TopicFactory.create(), origin="search", why="x")
    row.belongs = False

    curation.decide(row)

    row.refresh_from_db()
    assert (row.origin, row.why, row.belongs) == ("curator", "", False)


def test_save_author_keeps_the_key_in_step() -> None:
    author = AuthorFactory.create()
    author.name = "Bo Díaz"

    curation.save_author(author)

    assert author.key == "bo diaz"


def test_hide_leaves_the_papers_alone_that_nobody_chose() -> None:
    chosen, other = PaperFactory.create_batch(2)

    curation.hide(Paper.objects.filter(pk=chosen.pk))

    assert list(Paper.objects.visible()) == [other]


def test_save_paper_remembers_only_what_a_source_could_have_told() -> None:
    paper = PaperFactory.create(curated=["title"])

    curation.save_paper(paper, edited=["summary", "boost", "heat"])

    paper.refresh_from_db()
    assert paper.curated == ["summary", "title"]
