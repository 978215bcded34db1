"""What programs are shown of papers, topics and authors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from django.http import HttpRequest
from pydantic import Field, WithJsonSchema

from papersite import links
from papersite.api.answers import Shown
from papersite.catalogue.converters import AnyPaperIdConverter, CategoryConverter, MonthConverter, WeekConverter
from papersite.catalogue.lists import Page
from papersite.catalogue.models import Author, Authorship, Paper, PaperCategory, PaperTopic, Topic

# As addresses have them: Django's converters have read the values already.
PaperId = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "pattern": f"^(?:{AnyPaperIdConverter.regex})$", "description": "Such as 2605.29801 or p7."}
    ),
]
Week = Annotated[
    date, WithJsonSchema({"type": "string", "pattern": f"^{WeekConverter.regex}$", "description": "Such as 2026-W47."})
]
Month = Annotated[
    date, WithJsonSchema({"type": "string", "pattern": f"^{MonthConverter.regex}$", "description": "Such as 2026-11."})
]
Code = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": f"^{CategoryConverter.regex}$", "description": "Such as cs.LG."})
]
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
    """In three queries, which read no more than is told."""
    numbers = [one.pk for one in found]
    authors = authors_of(numbers)
    topics: dict[int, list[TopicName]] = defaultdict(list)
    belongs = PaperTopic.objects.filter(paper__in=numbers, belongs=True).order_by("topic__is_catch_all", "topic__name")
    for pk, slug, name in belongs.values_list("paper", "topic__slug", "topic__name"):
        topics[pk].append(TopicName(slug=slug, name=name))
    codes: dict[int, list[str]] = defaultdict(list)
    links_to = PaperCategory.objects.filter(paper__in=numbers).order_by("category__code")
    for pk, code in links_to.values_list("paper", "category__code"):
        codes[pk].append(code)
    return [_paper(one, authors[one.pk], topics[one.pk], codes[one.pk]) for one in found]


def authors_of(numbers: Sequence[int]) -> dict[int, list[Named]]:
    """The authors of papers, in their order, by the papers' numbers. One query."""
    found: dict[int, list[Named]] = defaultdict(list)
    rows = Authorship.objects.filter(paper__in=numbers).order_by("paper", "position")
    for pk, author, name in rows.values_list("paper", "author", "author__name"):
        found[pk].append(Named(id=author, name=name))
    return found


def paper(one: Paper) -> PaperShown:
    return papers([one])[0]


def _paper(one: Paper, authors: list[Named], topics: list[TopicName], codes: list[str]) -> PaperShown:
    primary = one.primary_category.code if one.primary_category else ""
    return PaperShown(
        id=one.public_id,
        url=links.absolute(one.get_absolute_url()),
        title=one.title,
        abstract=one.abstract,
        summary=one.summary,
        summary_by=one.summary_by,
        authors=authors,
        has_more_authors=one.has_more_authors,
        categories=list(dict.fromkeys([*([primary] if primary else []), *codes])),
        topics=topics,
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
