"""What programs are shown of papers, topics and authors."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from pydantic import Field

from papersite import links
from papersite.api.answers import Shown
from papersite.catalogue.lists import Page
from papersite.catalogue.models import Author, Paper, Topic

Next = Annotated[str | None, Field(description="The whole address of the next page; null on the last one.")]
NextCursor = Annotated[str | None, Field(description="The same as a cursor, to ask with other parameters.")]


class Named(Shown):
    """An author or a co-author."""

    id: int
    name: str


class TopicName(Shown):
    slug: str
    name: str


class Version(Shown):
    number: int
    at: datetime


class PaperShown(Shown):
    """A paper as it is now. Texts are plain, with Unicode for TeX; "" and null mean that nothing is known."""

    id: str = Field(description="arXiv's, or `p` and a number; the latter also finds a paper that got arXiv's later.")
    url: str
    title: str
    abstract: str
    summary: str
    summary_by: str = Field(description="Who or which model wrote the summary.")
    authors: list[Named]
    has_more_authors: bool = Field(description="Its source names some and says that there are others.")
    categories: list[str] = Field(description="arXiv's, the primary one first.")
    topics: list[TopicName]
    keywords: list[str]
    comment: str
    journal_ref: str
    doi: str
    organisation: str
    code_url: str
    project_url: str
    arxiv_url: str
    pdf_url: str
    submitted_at: datetime | None
    announced_at: datetime
    versions: list[Version]
    is_withdrawn: bool
    votes: int = Field(description="Of readers here.")
    hf_upvotes: int | None
    hf_comments: int | None
    github_stars: int | None
    github_week_stars: int | None


class PaperPage(Shown):
    items: list[PaperShown]
    next: Next
    cursor: NextCursor


class TopicShown(TopicName):
    description: str
    url: str
    paper_count: int
    week_count: int = Field(description="Papers of the last seven days, today among them.")


class TopicList(Shown):
    items: list[TopicShown]


def papers(found: Sequence[Paper]) -> list[PaperShown]:
    """Papers from ``for_cards``; their categories are read in one query."""
    prefetch_related_objects(found, "categories")
    return [paper(one) for one in found]


def paper(one: Paper) -> PaperShown:
    primary = one.primary_category.code if one.primary_category else ""
    codes = [category.code for category in one.categories.all()]
    return PaperShown(
        id=one.public_id,
        url=links.absolute(one.get_absolute_url()),
        title=one.title,
        abstract=one.abstract,
        summary=one.summary,
        summary_by=one.summary_by,
        authors=[Named(id=row.author_id, name=row.author.name) for row in one.authorships.all()],
        has_more_authors=one.has_more_authors,
        categories=list(dict.fromkeys([*([primary] if primary else []), *codes])),
        topics=[TopicName(slug=row.topic.slug, name=row.topic.name) for row in one.shown_topics],  # type: ignore[attr-defined]
        keywords=[str(word) for word in one.keywords],
        comment=one.comment,
        journal_ref=one.journal_ref,
        doi=one.doi,
        organisation=one.organisation,
        code_url=one.code_url,
        project_url=one.project_url,
        arxiv_url=one.arxiv_url,
        pdf_url=one.pdf_url,
        submitted_at=one.submitted_at,
        announced_at=one.announced_at,
        versions=[Version(number=number, at=datetime.fromisoformat(moment)) for number, moment in one.versions],
        is_withdrawn=one.is_withdrawn,
        votes=one.vote_count,
        hf_upvotes=one.hf_upvotes,
        hf_comments=one.hf_comments,
        github_stars=one.github_stars,
        github_week_stars=one.github_week,
    )


def page(request: HttpRequest, found: Page) -> PaperPage:
    return PaperPage(items=papers(found.papers), next=next_address(request, found.after), cursor=found.after or None)


def next_address(request: HttpRequest, cursor: str) -> str | None:
    """The address that a request had, with another cursor, whatever host it was asked for by."""
    if not cursor:
        return None
    asked = {name: value for name, value in request.GET.items() if name != "cursor"} | {"cursor": cursor}
    return links.absolute(f"{request.path}?{urlencode(asked)}")


def topics(found: Iterable[Topic]) -> list[TopicShown]:
    """Topics from ``with_counts``."""
    return [
        TopicShown(
            slug=one.slug,
            name=one.name,
            description=one.description,
            url=links.absolute(one.get_absolute_url()),
            paper_count=one.paper_count,  # type: ignore[attr-defined]
            week_count=one.week_count,  # type: ignore[attr-defined]
        )
        for one in found
    ]


def authors(found: Iterable[Author]) -> list[Named]:
    return [Named(id=one.pk, name=one.name) for one in found]
