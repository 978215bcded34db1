"""What curators write, on pages and in mails."""

import pytest
from django.template.loader import render_to_string

from digest.templatetags.wording import authors_together, in_plain_text, markdown_line, unsaid, worth_saying
from digest.types import NAMED, Choice, Reason


def test_a_note_is_a_link_on_pages_and_an_address_in_text() -> None:
    reasons = [("pick", "[this](https://a.org/?b&c)"), ("topic", "A & [B](https://c.org)")]

    html = render_to_string("_partials/why.html", {"reasons": reasons})
    text = render_to_string("emails/digest/_why.txt", {"reasons": reasons})

    assert '<a href="https://a.org/?b&amp;c">this</a> · You follow A &amp; [B](https://c.org)' in html
    assert text.strip() == "Why: Picked by the curator: this (https://a.org/?b&c) · You follow A & [B](https://c.org)"


def test_a_long_note_has_the_lines_of_a_text_mail_and_no_address_is_cut() -> None:
    address = f"https://a.org/{'b-' * 40}"
    reasons = [("pick", f"{'Larks sing at dawn. ' * 9}See [this]({address})."), ("topic", "Birds")]

    lines = render_to_string("emails/digest/_why.txt", {"reasons": reasons}).strip().split("\n")

    assert lines[0].startswith("Why: Picked by the curator: Larks sing at dawn.")
    assert len(lines) > 3
    assert max(len(line) for line in lines if address not in line) <= 72
    assert lines[-1].endswith(" · You follow Birds")


def test_several_searches_stand_together_and_a_phrase_has_one_pair_of_quotes() -> None:
    reasons = [("search", "larks OR owls"), ("search", '"bird song"'), ("search", '"a" "b"'), ("topic", "Birds")]

    told = render_to_string("emails/digest/_why.txt", {"reasons": reasons}).strip()

    assert told == 'Why: Matches your search “larks OR owls” · “bird song” · “"a" "b"” · You follow Birds'


def test_what_was_made_plain_is_not_read_as_markdown_again() -> None:
    ((_, label),) = in_plain_text([("pick", r"\*a\*")])

    assert markdown_line(label) == "*a*"


def test_that_all_of_it_trends_is_not_said_paper_by_paper() -> None:
    assert worth_saying([("trending", "Trending overall"), ("topic", "A")]) == [("topic", "A")]


def test_authors_who_are_followed_stand_together_where_the_first_of_them_stood() -> None:
    topic, ada, bo, cy = ("topic", "Graphs"), ("author", "Ada"), ("author", "Bo"), ("author", "Cy")

    assert authors_together([topic, ada, bo, cy, ("saved", "A paper")]) == [
        topic, ("author", "Ada, Bo and Cy"), ("saved", "A paper"),
    ]  # fmt: skip
    assert authors_together([ada, topic]) == [ada, topic]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Bo Diaz"], "By a Bo Diaz, a name you follow"),
        (["Émile Roe"], "By an Émile Roe, a name you follow"),
        (["Bo Diaz", "Ann Lee"], "By a Bo Diaz and an Ann Lee, names you follow"),
    ],
)
def test_of_a_name_that_several_people_bear_it_is_not_said_whose_it_is(names: list[str], said: str) -> None:
    reasons = [("author", "Ada"), *((NAMED, name) for name in names), ("topic", "Graphs")]

    told = render_to_string("emails/digest/_why.txt", {"reasons": reasons}).strip()

    assert told == f"Why: By Ada, whom you follow · {said} · You follow Graphs"


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ([], ""),
        ([[("topic", "Graphs")]], ""),
        ([[("topic", "Graphs")], [("trending", "")]], "some"),
        ([[("trending", "")], []], "all"),
    ],
)
def test_what_no_paper_leaves_unsaid_is_not_said(reasons: list[list[Reason]], said: str) -> None:
    assert unsaid([(None, Choice(1, tuple(each))) for each in reasons]) == said
