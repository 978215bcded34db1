"""What a page that is none says."""

from papersite.web.missing import Missing


def test_it_says_its_own_words_or_those_it_is_given() -> None:
    class Gone(Missing):
        words = "It is gone."

    assert (Gone().words, str(Gone()), Gone("Not here.").words) == ("It is gone.", "It is gone.", "Not here.")
    assert Missing("x", (("/", "Home"),)).links == (("/", "Home"),)
