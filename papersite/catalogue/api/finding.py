"""Searching papers, and looking up topics and authors."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from papersite import links
from papersite.api.answers import SIZE, Cursor, Limit, Shown, Text, answer
from papersite.api.problems import Problem
from papersite.catalogue import co_authors, lists, rows
from papersite.catalogue.api import shapes
from papersite.catalogue.api.shapes import Named, PaperPage, PaperShown, TopicList, TopicShown
from papersite.catalogue.models import Author, Authorship, FormerSlug, Topic
from papersite.catalogue.reading import cleaning
from papersite.catalogue.search import language, results, suggesting
from papersite.catalogue.search.finding import NoSuchPage
from papersite.catalogue.search.folder import Unavailable

router = Router()

SearchText = Annotated[Text, Field(max_length=language.MAX_LENGTH, description="As in the search box.")]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]


class Found(Shown):
    items: list[PaperShown]
    total: int = Field(description="Papers that have every word; the list may go on with those that have some.")
    sort: str
    mended: str = Field(description='The search that was made instead, where nothing matched what was typed; else "".')
    remarks: list[str] = Field(description="What of the search was not understood.")
    next: shapes.Next
    cursor: shapes.NextCursor


class AuthorList(Shown):
    items: list[Named]


class AuthorShown(Named):
    """A name on papers: two people of one name are one author here."""

    url: str
    paper_count: int
    co_authors: list[Named] = Field(description="Those who share most of the newest papers.")


@router.get("/search", response=Found, tags=["search"], summary="Search papers")
def search(
    request: HttpRequest,
    q: SearchText,
    sort: Literal["relevance", "new", "hot"] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = SIZE,
) -> HttpResponse:
    """In the language of the search box: see `/search/help/`."""
    try:
        found = results.search(q, timezone.now(), after=cursor or "", size=limit, sort=sort or "", for_programs=True)
    except NoSuchPage:
        raise lists.NoSuchPage from None
    except Unavailable:
        raise _no_index() from None
    after = found.page.after
    return answer(
        Found(
            items=shapes.papers(found.papers),
            total=found.page.total,
            sort=found.sort,
            mended=found.mended,
            remarks=list(found.query.problems),
            next=shapes.next_address(request, after),
            cursor=after or None,
        )
    )


@router.get("/topics", response=TopicList, tags=["topics"], summary="All topics")
def topic_list(request: HttpRequest) -> HttpResponse:
    found = Topic.objects.offered().with_counts(timezone.now())
    return answer(TopicList(items=shapes.topics(found)))


@router.get("/topics/{slug}", response=TopicShown, tags=["topics"], summary="One topic")
def topic_detail(request: HttpRequest, slug: Slug) -> HttpResponse:
    """By the end of its address, also by one that it had before."""
    counted = Topic.objects.with_counts(timezone.now())
    return answer(shapes.topics([get_object_or_404(counted, pk=_topic(slug).pk)])[0])


@router.get("/topics/{slug}/papers", response=PaperPage, tags=["topics"], summary="The papers of a topic")
def of_topic(request: HttpRequest, slug: Slug, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    return answer(shapes.page(request, lists.of_topic(_topic(slug), lists.Part(cursor or "", limit, rows.bare))))


@router.get("/authors", response=AuthorList, tags=["authors"], summary="Authors by name")
def author_list(request: HttpRequest, q: SearchText) -> HttpResponse:
    """The author of exactly this name, whatever its case and accents; then those of the hottest papers whose names
    begin with what is asked for, a few at most."""
    exactly = list(Author.objects.filter(key=cleaning.name_key(q)))
    try:
        begun = suggesting.suggestions(q).authors
    except Unavailable:
        raise _no_index() from None
    return answer(AuthorList(items=shapes.authors({one.pk: one for one in [*exactly, *begun]}.values())))


@router.get("/authors/{int:id}", response=AuthorShown, tags=["authors"], summary="One author")
def author_detail(request: HttpRequest, id: int) -> HttpResponse:
    author = get_object_or_404(Author, pk=id)
    return answer(
        AuthorShown(
            id=author.pk,
            name=author.name,
            url=links.absolute(author.get_absolute_url()),
            paper_count=Authorship.objects.filter(author=author, paper__is_hidden=False).count(),
            co_authors=shapes.authors(co_authors.of(author)),
        )
    )


def _topic(slug: str) -> Topic:
    found = Topic.objects.filter(slug=slug).first()
    return found or get_object_or_404(FormerSlug.objects.select_related("topic"), slug=slug).topic


def _no_index() -> Problem:
    return Problem(503, "The search index is being built: try again in a minute.", {"Retry-After": "60"})
