"""Titles on one line, cut where they may be. Pure."""

from django.template.defaultfilters import truncatechars

# Words that no line may end with: what they lead to is cut off.
_LEADS_ON = frozenset({
    "a", "an", "and", "as", "at", "be", "by", "can", "does", "for", "from", "how", "in", "into", "is", "it", "its",
    "of", "on", "or", "over", "that", "the", "their", "to", "towards", "under", "using", "via", "when", "where",
    "which", "with", "without",
})  # fmt: skip


def cut(title: str, longest: int) -> str:
    """A title of that many characters at most, cut after a word that leads to no other.

    What stands before a colon is mostly a name or a slogan, which alone tells nobody what a paper is about.
    """
    title = " ".join(title.split())
    if len(title) <= longest:
        return title
    whole, space, _ = title[:longest].rpartition(" ")
    if not space or len(whole) <= longest // 2:
        # Some scripts have no spaces.
        return truncatechars(title, longest)
    words = whole.split()
    while len(words) > 1 and words[-1].lower() in _LEADS_ON:
        words.pop()
    return f"{' '.join(words).rstrip(' ,;:.-–—')}…"
