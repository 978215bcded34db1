"""What is not there, with what to say of it and where to go instead."""

from django.http import Http404


class Missing(Http404):
    """A page that is none, for people: ``words`` say so, and links lead on."""

    words = ""
    label = ""

    def __init__(self, words: str = "", links: tuple[tuple[str, str], ...] = ()) -> None:
        """``links`` are pairs of an address and its words; without any, the address itself without its query."""
        super().__init__(words or self.words)
        self.words = words or self.words
        self.links = links
