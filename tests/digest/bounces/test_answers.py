"""What decides, found in the words of a report for people."""

import pytest

from digest.bounces.answers import ANSWERS, answers, findings, paragraphs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The host said: 550 no such user\nBye.", ["550 no such user\nBye."]),
        ("<<< 550 5.1.1 no such user\n\nThe whole mail follows.", ["550 5.1.1 no such user"]),
        ("550-first\n550 second", ["550-first\n", "550 second"]),
        ("<<< 550 no such user\n<<< 503 need RCPT first", ["550 no such user\n<<< "]),
        ("503 only this", ["503 only this"]),
        ("550 550 said twice", ["550 said twice"]),
        ("a mail of 550 bytes from room 5.5.0 at 192.0.2.550", []),
        ("nothing at all", []),
    ],
)
def test_answers_are_codes_and_their_words(text: str, found: list[str]) -> None:
    assert list(answers(text)) == found


def test_answers_are_no_more_than_are_looked_at() -> None:
    assert len(list(answers("550 no such user\n" * 500))) == ANSWERS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Unknown user: ada@reader.example", ["Unknown user: ada@reader.example"]),
        ("Error: Invalid user address\nada@reader.example unknown user", ["Invalid user address"]),
        ("550 unknown user", []),
    ],
)
def test_findings_are_lines_that_neither_an_answer_nor_an_address_begins(text: str, found: list[str]) -> None:
    assert list(findings(text)) == found


def test_paragraphs_stand_between_blank_lines() -> None:
    assert paragraphs("one\ntwo\n \nthree") == ["one\ntwo", "three"]
