"""Titles on one line, cut where they may be. Pure."""

from django.template.defaultfilters import truncatechars

# Words before a colon that say what a paper is about; fewer are a name that somebody made up.
TELLS = 3


def cut(title: str, longest: int) -> str:
    """A title of that many characters at most, cut where it may be: at its colon where enough stands before it, else
    after a word. "OmniShow" alone tells nobody what a paper is about."""
    title = " ".join(title.split())
    if len(title) <= longest:
        return title
    name, colon, _ = title.partition(": ")
    if colon and len(name) <= longest and len(name.split()) >= TELLS:
        return name
    whole, space, _ = title[:longest].rpartition(" ")
    # Some scripts have no spaces.
    return f"{whole.rstrip(' ,;:.-–—')}…" if space and len(whole) > longest // 2 else truncatechars(title, longest)
