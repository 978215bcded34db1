"""Papers as entries of feeds, read in four queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.html import escape

from papersite import links
from papersite.catalogue.models import Authorship, Paper, PaperCategory, PaperTopic
from papersite.syndication.atom import Category, Entry, Link
from papersite.syndication.feeds import tag

# As arXiv's own feeds name it.
ARXIV_SCHEME = "http://arxiv.org/schemas/atom"
# A collaboration may have thousands of authors: their names would be the whole feed.
SHOWN_AUTHORS = 100
_TOLD = (
    *("arxiv_id", "title", "abstract", "source_abstract", "summary", "excerpt", "code_url", "project_url"),
    *("announced_at", "revised_at", "added_at"),
)


class _Beside(NamedTuple):
    """What stands beside each of some papers, by number: rows of bare values, since a page has hundreds."""

    authors: Mapping[int, Sequence[tuple[str]]]
    categories: Mapping[int, Sequence[tuple[str, str]]]
    topics: Mapping[int, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "_Beside":
        wanted = list(numbers)
        topics = PaperTopic.objects.filter(belongs=True).order_by("topic__is_catch_all", "topic__name")
        return cls(
            _by_paper(Authorship.objects.order_by("position"), wanted, "author__name"),
            _by_paper(PaperCategory.objects.order_by("category__code"), wanted, "category__code", "category__name"),
            _by_paper(topics, wanted, "topic__slug", "topic__name"),
        )


def of_numbers(numbers: Sequence[int], notes: Mapping[int, str] | None = None) -> dict[int, Entry]:
    """The entries of those of these papers that readers see, by number, in the same order.

    ``notes`` are what their reader noted, by number.
    """
    papers = Paper.objects.visible().only(*_TOLD).in_bulk(numbers)
    beside = _Beside.of(papers)
    notes = notes or {}
    return {pk: _entry(papers[pk], beside, notes.get(pk, "")) for pk in numbers if pk in papers}


def permanent_id(paper: Paper) -> str:
    """By the row's number, which stays when an arXiv id comes later, and the year in which the row came."""
    return tag(paper.added_at, f"paper/{paper.pk}")


def _by_paper(rows: QuerySet[Any], numbers: list[int], *fields: str) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, *told in rows.filter(paper__in=numbers).values_list("paper", *fields):
        found[pk].append(told)
    return found


def _entry(paper: Paper, beside: _Beside, note: str) -> Entry:
    address = links.absolute(paper.get_absolute_url())
    codes = [Category(code, ARXIV_SCHEME, name) for code, name in beside.categories.get(paper.pk, ())]
    scheme = f"{settings.SITE_URL}/topics/"
    topics = [Category(slug, scheme, name) for slug, name in beside.topics.get(paper.pk, ())]
    return Entry(
        id=permanent_id(paper),
        title=paper.title,
        url=address,
        published=paper.announced_at,
        updated=paper.changed_at,
        content=_content(paper, address, note),
        summary=f"Your note: {note}\n\n{paper.brief}" if note else paper.brief,
        authors=[name for (name,) in beside.authors.get(paper.pk, ())[:SHOWN_AUTHORS]],
        categories=codes + topics,
        links=_related(paper),
    )


def _related(paper: Paper) -> list[Link]:
    if not paper.arxiv_id:
        return []
    return [
        Link(paper.arxiv_url, "related", "text/html", "arXiv"),
        Link(paper.pdf_url, "related", "application/pdf", "PDF"),
    ]


def _content(paper: Paper, address: str, note: str) -> str:
    """HTML: what its reader noted, its summary, its abstract and where to go from here."""
    texts = [("Your note: ", note), ("", paper.summary), ("", paper.abstract)]
    passages = "".join(f"<p>{label}{escape(words)}</p>" for label, words in texts if words)
    addresses = [
        ("PDF", paper.pdf_url),
        ("arXiv", paper.arxiv_url),
        ("Code", paper.code_url),
        ("Project", paper.project_url),
        (escape(settings.SITE_NAME), address),
    ]
    shown = " · ".join(f'<a href="{escape(url)}">{name}</a>' for name, url in addresses if url)
    return f"{passages}<p>{shown}</p>"
