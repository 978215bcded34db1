"""Marks in templates."""

from django.template import Context, Template

from papersite.catalogue.models import Paper
from papersite.catalogue.search import language
from papersite.catalogue.search.highlighting import Marks, marks

WANTED = marks(language.parse("graph").node)


def render(expression: str, text: str, wanted: Marks = WANTED) -> str:
    return Template(f"{{% load marking %}}{{{{ {expression} }}}}").render(Context({"text": text, "marks": wanted}))


def test_marked_shows_the_wanted_words_and_lets_no_html_through() -> None:
    assert render("text|marked:marks", "<b>Graphs</b> & more") == "&lt;b&gt;<mark>Graphs</mark>&lt;/b&gt; &amp; more"


def test_marked_shows_a_text_without_wanted_words_as_it_is() -> None:
    assert render("text|marked:marks", "Speech", Marks()) == "Speech"


def test_excerpt_shows_the_sentences_of_a_paper_with_the_wanted_words() -> None:
    paper = Paper(excerpt="Words & more.", abstract="Words & more. Then <i> of many graphs.")

    shown = Template("{% load marking %}{{ paper|excerpt:marks }}").render(Context({"paper": paper, "marks": WANTED}))

    assert shown == "… Then &lt;i&gt; of many <mark>graphs</mark>."
