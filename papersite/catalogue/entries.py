"""Papers as entries of feeds."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.html import escape, format_html_join

from papersite import links
from papersite.atom import Category, Entry, Link
from papersite.catalogue.models import Category as Subject
from papersite.catalogue.models import Paper
from papersite.feeds import tag

# As arXiv's own feeds name it.
ARXIV_SCHEME = "http://arxiv.org/schemas/atom"
# A collaboration may have thousands of authors: their names would be the whole feed.
SHOWN_AUTHORS = 100
_CATEGORIES = Prefetch("categories", Subject.objects.order_by("code"), to_attr="all_categories")


def with_all_told(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Papers (from ``for_cards``) with what an entry tells besides, in one more query."""
    return papers.prefetch_related(_CATEGORIES)


def told_all(papers: list[Paper]) -> list[Paper]:
    """The same for papers that were read already."""
    prefetch_related_objects(papers, _CATEGORIES)
    return papers


def of_papers(papers: Iterable[Paper]) -> list[Entry]:
    return [of_paper(paper) for paper in papers]


def of_paper(paper: Paper, note: str = "") -> Entry:
    """A paper (from ``with_all_told``), with its reader's own note."""
    return Entry(
        id=permanent_id(paper),
        title=paper.title,
        url=links.absolute(paper.get_absolute_url()),
        published=paper.announced_at,
        updated=paper.changed_at,
        content=_content(paper, note),
        summary=f"Your note: {note}\n\n{paper.brief}" if note else paper.brief,
        authors=[row.author.name for row in paper.authorships.all()[:SHOWN_AUTHORS]],
        categories=_categories(paper),
        links=_related(paper),
    )


def permanent_id(paper: Paper) -> str:
    """By the row's number, which stays when an arXiv id comes later, and the year in which the row came."""
    return tag(paper.added_at, f"paper/{paper.pk}")


def _categories(paper: Paper) -> list[Category]:
    codes = [Category(one.code, ARXIV_SCHEME, one.name) for one in getattr(paper, "all_categories", ())]
    topics = [row.topic for row in getattr(paper, "shown_topics", ())]
    return codes + [Category(one.slug, f"{settings.SITE_URL}/topics/", one.name) for one in topics]


def _related(paper: Paper) -> list[Link]:
    if not paper.arxiv_id:
        return []
    return [
        Link(paper.arxiv_url, "related", "text/html", "arXiv"),
        Link(paper.pdf_url, "related", "application/pdf", "PDF"),
    ]


def _content(paper: Paper, note: str) -> str:
    """HTML: what its reader noted, its summary, its abstract and where to go from here."""
    texts = [("Your note: ", note), ("", paper.summary), ("", paper.abstract)]
    passages = "".join(f"<p>{label}{escape(words)}</p>" for label, words in texts if words)
    addresses = [
        ("PDF", paper.pdf_url),
        ("arXiv", paper.arxiv_url),
        ("Code", paper.code_url),
        ("Project", paper.project_url),
        (str(settings.SITE_NAME), links.absolute(paper.get_absolute_url())),
    ]
    shown = format_html_join(" · ", '<a href="{}">{}</a>', [(url, name) for name, url in addresses if url])
    return f"{passages}<p>{shown}</p>"
