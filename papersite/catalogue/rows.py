"""What rows of a list show beside a paper's own columns: its authors, its topics, and what a reader did with it.

All of it comes with one query, and of three thousand authors only those few that a row shows: lists make most of
what the site is asked for.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from papersite.catalogue.models import Paper, PaperQuerySet

COLUMNS = (
    "arxiv_id", "title", "title_html", "abstract", "excerpt", "excerpt_html", "summary", "comment", "code_url",
    "has_more_authors", "is_withdrawn", "submitted_at", "announced_at", "vote_count", "hf_upvotes", "github_stars",
    "heat",
)  # fmt: skip
# So many authors come from the beginning of a paper's, and as many from its end.
FIRST, LAST = 4, 2
FIRST_AUTHORS, LAST_AUTHORS, MARKED_AUTHOR, AUTHOR_COUNT, TOPICS, VOTED, SAVED = range(7)
_AUTHORS = f"""
SELECT {FIRST_AUTHORS} AS kind, a.paper_id, a.position AS place, a.author_id AS number, n.name, '' AS slug
FROM catalogue_authorship AS a JOIN catalogue_author AS n ON n.id = a.author_id
WHERE a.paper_id IN ({{papers}}) AND a.position < {FIRST}
UNION ALL SELECT {LAST_AUTHORS}, a.paper_id, a.position, a.author_id, n.name, ''
FROM catalogue_paper AS p JOIN catalogue_authorship AS a ON a.paper_id = p.id AND a.position >= coalesce((
  SELECT b.position FROM catalogue_authorship AS b WHERE b.paper_id = p.id
  ORDER BY b.position DESC LIMIT 1 OFFSET {LAST - 1}), {FIRST})
JOIN catalogue_author AS n ON n.id = a.author_id WHERE p.id IN ({{papers}}) AND a.position >= {FIRST}
UNION ALL SELECT {AUTHOR_COUNT}, a.paper_id, 0, count(*), '', ''
FROM catalogue_authorship AS a WHERE a.paper_id IN ({{papers}}) GROUP BY a.paper_id
UNION ALL SELECT {TOPICS}, l.paper_id, 0, t.id, t.name, t.slug
FROM catalogue_papertopic AS l JOIN catalogue_topic AS t ON t.id = l.topic_id
WHERE l.paper_id IN ({{papers}}) AND l.belongs AND NOT t.is_catch_all
"""  # noqa: S608  numbers of this module alone
_MARKED = f"""
UNION ALL SELECT {MARKED_AUTHOR}, a.paper_id, a.position, a.author_id, n.name, ''
FROM catalogue_authorship AS a JOIN catalogue_author AS n ON n.id = a.author_id
WHERE a.paper_id IN ({{papers}}) AND a.author_id = %s
"""  # noqa: S608  the same
_READERS = f"""
UNION ALL SELECT {VOTED}, v.paper_id, 0, 0, '', '' FROM catalogue_vote AS v
WHERE v.paper_id IN ({{papers}}) AND v.reader_id = %s AND v.taken_back_at IS NULL
UNION ALL SELECT {SAVED}, s.paper_id, 0, 0, '', '' FROM catalogue_savedpaper AS s
WHERE s.paper_id IN ({{papers}}) AND s.reader_id = %s
"""  # noqa: S608  the same


class Marks(NamedTuple):
    """Which papers a reader voted for and which are on their list, by number."""

    voted: frozenset[int] = frozenset()
    saved: frozenset[int] = frozenset()


class TopicName(NamedTuple):
    """As much of a topic as its tag takes."""

    name: str
    slug: str
    is_catch_all: bool = False


class Tag(NamedTuple):
    """In the place of a link between a paper and a topic."""

    topic: TopicName


class Names(NamedTuple):
    """The authors that a row shows of a paper: pairs of a number and a name, by their place; and all they are."""

    by_place: dict[int, tuple[int, str]]
    in_all: int


def bare(papers: PaperQuerySet) -> PaperQuerySet:
    """Papers for programs: without what is written for pages alone, and without what stands beside them."""
    return papers.select_related("primary_category").defer(
        *("title_html", "abstract_html", "excerpt", "excerpt_html", "source_comments", "curated")
    )


def of(papers: PaperQuerySet, *more: str) -> PaperQuerySet:
    """With as much as a row says of a paper; ``complete`` brings what stands beside it."""
    return papers.only(*COLUMNS, *more)


def complete(papers: Sequence[Paper], reader: Any, *, author: int | None = None) -> Marks:
    """Gives papers their ``row_names`` and ``shown_topics``, and says which of them a reader voted for and saved.

    ``author``: the number of one whose place is read wherever it stands.
    """
    found: dict[int, tuple[dict[int, tuple[int, str]], list[Tag], list[int]]] = {
        paper.pk: ({}, [], [0]) for paper in papers
    }
    voted: set[int] = set()
    saved: set[int] = set()
    for kind, paper_id, place, number, name, slug in _read(list(found), reader, author) if found else ():
        names, tags, count = found[paper_id]
        if kind <= MARKED_AUTHOR:
            names[place] = (number, name)
        elif kind == TOPICS:
            tags.append(Tag(TopicName(name, slug)))
        elif kind == AUTHOR_COUNT:
            count[0] = number
        else:
            (voted if kind == VOTED else saved).add(paper_id)
    for paper in papers:
        names, tags, count = found[paper.pk]
        row: Any = paper
        row.row_names = Names(names, count[0])
        row.shown_topics = sorted(tags)
    return Marks(frozenset(voted), frozenset(saved))


def _read(ids: list[int], reader: Any, author: int | None) -> list[tuple[int, int, int, int, str, str]]:
    statement = _AUTHORS
    values = ids * statement.count("{papers}")
    if author is not None:
        statement += _MARKED
        values += [*ids, author]
    if reader.is_authenticated:
        statement += _READERS
        values += [*ids, reader.pk] * 2
    with connection.cursor() as cursor:
        # Nothing but these marks is put into the statement.
        cursor.execute(statement.format(papers=", ".join(["%s"] * len(ids))), values)
        found: list[tuple[int, int, int, int, str, str]] = cursor.fetchall()
        return found
