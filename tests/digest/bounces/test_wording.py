"""What servers say about us, about the mail, and for the moment: one sentence a subject."""

import pytest

from digest.bounces.gone import GONE, Family
from digest.bounces.wording import ABOUT_MAIL, ABOUT_SENDER, PASSING, UNAVAILABLE, has, plain, without


@pytest.mark.parametrize(
    ("said", "table"),
    [
        ("Sender address rejected: Domain not found", ABOUT_SENDER),
        ("Helo command rejected: Host not found", ABOUT_SENDER),
        ("Your domain has a poor reputation", ABOUT_SENDER),
        ("SPF check failed", ABOUT_SENDER),
        ("Absender abgelehnt", ABOUT_SENDER),
        ("Message blocked: spam content", ABOUT_MAIL),
        ("listed at a DNSBL", ABOUT_MAIL),
        ("The message is too large", ABOUT_MAIL),
        ("we do not relay", ABOUT_MAIL),
        ("mailbox is full", PASSING),
        ("Host not found, try again", PASSING),
        ("Greylisted for five minutes", PASSING),
        ("Postfach ist voll", PASSING),
        ("Boîte aux lettres pleine", PASSING),
        ("mailbox unavailable", UNAVAILABLE),
    ],
)
def test_a_sentence_is_about_its_subject(said: str, table: Family) -> None:
    assert has(table, plain(said))


@pytest.mark.parametrize("table", [ABOUT_SENDER, ABOUT_MAIL, PASSING, UNAVAILABLE])
def test_a_sentence_about_nothing_of_it_is_in_no_table(table: Family) -> None:
    assert not has(table, plain("User unknown"))


def test_addresses_and_links_are_not_the_servers_words() -> None:
    left = plain("550 <full-quota@spam.example>: see https://example.net/spam?policy and User unknown")

    assert not has(ABOUT_MAIL, left)
    assert not has(PASSING, left)
    assert "unknown" in left


def test_what_a_sentence_says_between_noun_and_state_is_heard_too() -> None:
    assert has(PASSING, without(GONE, plain("This user's mailbox, which is over quota, was not found")))
