"""What a reader may want to follow, as their library shows: topics, authors, categories and words it has often."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, pairwise

from papersite.catalogue.models import Author, Authorship, Category, Paper, PaperTopic, Topic
from papersite.catalogue.reading import cleaning
from papersite.catalogue.search.words import LITTLE, words
from papersite.catalogue.sources.library.records import Entry

AT_ONCE = 500
# Of each kind.
OFFERED = 6
# So often at least, and in so large a part of the library.
OFTEN = 3
PART = 0.03
# A list of more authors than this says nothing of one of them.
MANY_AUTHORS = 30
SHORTEST_WORD = 3
# Of keywords: what their programs add.
LONGEST_KEYWORD = 40


def offers(entries: Sequence[Entry], papers: Iterable[int]) -> list[str]:
    """Lines of a list of follows, the commonest of each kind first."""
    known = sorted(set(papers))
    return [
        *(f"topic:{slug}" for slug in _often(_topics(known), len(known))),
        *(f"author:{name}" for name in _names(_often(_authors(known), len(known)))),
        *_often(_categories(known), len(known)),
        *(f'"{phrase}"' if " " in phrase else f"search:{phrase}" for phrase in _phrases(entries)),
    ]


def _often[Key](counts: Counter[Key], of: int) -> list[Key]:
    least = max(OFTEN, int(of * PART))
    return [key for key, count in counts.most_common(OFFERED) if count >= least]


def _topics(papers: list[int]) -> Counter[str]:
    offered = Topic.objects.offered().filter(is_catch_all=False)
    rows = PaperTopic.objects.filter(belongs=True, topic__in=offered).order_by()
    return Counter(
        slug for some in _batched(papers) for slug in rows.filter(paper__in=some).values_list("topic__slug", flat=True)
    )


def _authors(papers: list[int]) -> Counter[int]:
    counts: Counter[int] = Counter()
    rows = Authorship.objects.filter(position__lt=MANY_AUTHORS).order_by()
    for some in _batched(papers):
        counts.update(rows.filter(paper__in=some).values_list("author", flat=True))
    return counts


def _names(authors: list[int]) -> list[str]:
    found = Author.objects.in_bulk(authors)
    return [found[pk].name for pk in authors if pk in found]


def _categories(papers: list[int]) -> Counter[str]:
    counts: Counter[int] = Counter()
    rows = Paper.objects.filter(primary_category__isnull=False).order_by()
    for some in _batched(papers):
        counts.update(rows.filter(pk__in=some).values_list("primary_category", flat=True))
    codes = dict(Category.objects.filter(pk__in=counts).values_list("pk", "code"))
    return Counter({codes[pk]: count for pk, count in counts.items() if pk in codes})


def _batched(papers: list[int]) -> Iterator[tuple[int, ...]]:
    return batched(papers, AT_ONCE)


def _phrases(entries: Sequence[Entry]) -> list[str]:
    """What readers call it themselves, and pairs of words that many titles have; none twice."""
    counts: Counter[str] = Counter()
    for entry in entries:
        title = words(cleaning.readable(entry.title[: cleaning.MAX_TITLE]))
        pairs = {" ".join(pair) for pair in pairwise(title) if all(map(_is_telling, pair))}
        keywords = {" ".join(words(word)) for word in entry.keywords[:50] if len(word) <= LONGEST_KEYWORD}
        counts.update(pairs | {word for word in keywords if word and all(map(_is_telling, word.split()))})
    return _often(counts, len(entries))


def _is_telling(word: str) -> bool:
    return word not in LITTLE and len(word) >= SHORTEST_WORD and not any(map(str.isdigit, word))
