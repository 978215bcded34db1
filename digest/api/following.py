"""What a reader follows and leaves out, and what they said of papers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field, StrictBool

from digest.api.reader import subscription_of
from digest.following import follows, opinions
from digest.models import Follow, Opinion, Subscription
from papersite.api.answers import SIZE, WHOLE, Asked, Cursor, Limit, ReaderToken, Shown, Text, answer
from papersite.api.problems import Problem
from papersite.catalogue.api import shapes
from papersite.catalogue.api.shapes import Named, PaperId, PaperShown, TopicName
from papersite.catalogue.lists import NoSuchPage
from papersite.catalogue.models import Author, Paper, Topic

router = Router(auth=ReaderToken())


class FollowShown(Shown):
    id: int
    kind: Literal["trending", "topic", "author", "search"]
    topic: TopicName | None
    author: Named | None
    search: str
    mutes: bool = Field(description="Such papers are left out.")
    followed_at: datetime


class FollowList(Shown):
    items: list[FollowShown]


class FollowTopic(Asked):
    kind: Literal["topic"]
    topic: Annotated[Text, Field(max_length=80, description="The end of the topic's address.")]
    mutes: StrictBool = False


class FollowAuthor(Asked):
    kind: Literal["author"]
    author: Annotated[int, Field(ge=1, le=2**63 - 1, description="The author's number."), WHOLE]
    mutes: StrictBool = False


class FollowSearch(Asked):
    kind: Literal["search"]
    search: Annotated[Text, Field(min_length=1, max_length=follows.LONGEST_SEARCH)]
    mutes: StrictBool = False


class FollowTrending(Asked):
    kind: Literal["trending"]


FollowWanted = Annotated[FollowTopic | FollowAuthor | FollowSearch | FollowTrending, Field(discriminator="kind")]


class OpinionShown(Shown):
    paper: PaperShown
    opinion: Literal["more", "less"]
    given_at: datetime


class OpinionPage(Shown):
    items: list[OpinionShown]
    next: shapes.Next
    cursor: shapes.NextCursor


class Say(Asked):
    opinion: Literal["more", "less"]


@router.get("/follows", response=FollowList, tags=["me: follows"], summary="What I follow and leave out")
def follow_list(request: HttpRequest) -> HttpResponse:
    rows = subscription_of(request).follows.select_related("topic", "author")
    return answer(FollowList(items=[_follow(row) for row in rows]))


@router.post("/follows", response=FollowShown, tags=["me: follows"], summary="Follow something, or leave it out")
def follow(request: HttpRequest, wanted: FollowWanted) -> HttpResponse:
    """The same again changes nothing; with another `mutes` it takes the place of what there was."""
    held, unsaved = subscription_of(request), _unsaved(wanted)
    try:
        follows.put(held, unsaved)
    except follows.TooMany as error:
        raise Problem(409, str(error)) from None
    row = follows.held(held.pk, unsaved)
    assert row is not None
    return answer(_follow(row))


@router.delete(
    "/follows/{int:id}", response={204: None}, tags=["me: follows"], summary="Neither follow it nor leave it out"
)
def unfollow(request: HttpRequest, id: int) -> HttpResponse:
    get_object_or_404(Follow, subscription=subscription_of(request), pk=id).delete()
    return HttpResponse(status=204)


@router.get("/opinions", response=OpinionPage, tags=["me: opinions"], summary="What I wanted more and less of")
def opinion_list(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """The last that were first said come first."""
    rows = _said(subscription_of(request)).order_by("-pk")
    if cursor:
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise NoSuchPage
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: limit + 1])
    after = str(found[limit - 1].pk) if len(found) > limit else ""
    items = _opinions(found[:limit])
    return answer(OpinionPage(items=items, next=shapes.next_address(request, after), cursor=after or None))


@router.put(
    "/opinions/{any_paper_id:id}", response=OpinionShown, tags=["me: opinions"], summary="More like this, or less"
)
def say(request: HttpRequest, id: PaperId, said: Say) -> HttpResponse:
    held = subscription_of(request)
    row = opinions.give(held, _paper(id), said.opinion, timezone.now())
    return answer(_opinions([_said(held).get(pk=row.pk)])[0])


@router.delete("/opinions/{any_paper_id:id}", response={204: None}, tags=["me: opinions"], summary="Take it back")
def unsay(request: HttpRequest, id: PaperId) -> HttpResponse:
    opinions.take_back(subscription_of(request), _paper(id))
    return HttpResponse(status=204)


def _unsaved(wanted: FollowTopic | FollowAuthor | FollowSearch | FollowTrending) -> Follow:
    """Raises Problem where there is no such topic or author, or nothing that a search could ask for."""
    match wanted:
        case FollowTopic():
            return follows.of_topic(_named(Topic, slug=wanted.topic), mutes=wanted.mutes)
        case FollowAuthor():
            return follows.of_author(_named(Author, pk=wanted.author), mutes=wanted.mutes)
        case FollowSearch():
            found = follows.of_search(wanted.search, mutes=wanted.mutes)
            if problem := follows.problem_of(found.search):
                raise Problem(409, problem)
            return found
    return follows.trending()


def _named[Row: (Topic, Author)](model: type[Row], **which: object) -> Row:
    found: Row | None = model._default_manager.filter(**which).first()
    if found is None:
        raise Problem(404, f"There is no such {model._meta.verbose_name}.")
    return found


def _follow(row: Follow) -> FollowShown:
    return FollowShown.model_validate(
        {
            "id": row.pk,
            "kind": row.kind,
            "topic": {"slug": row.topic.slug, "name": row.topic.name} if row.topic else None,
            "author": {"id": row.author.pk, "name": row.author.name} if row.author else None,
            "search": row.search,
            "mutes": row.mutes,
            "followed_at": row.followed_at,
        }
    )


def _said(held: Subscription) -> QuerySet[Opinion]:
    return held.opinions.filter(paper__is_hidden=False).select_related("paper__primary_category")


def _opinions(rows: Sequence[Opinion]) -> list[OpinionShown]:
    told = shapes.papers([row.paper for row in rows])
    return [
        OpinionShown.model_validate({"paper": paper, "opinion": row.kind, "given_at": row.given_at})
        for row, paper in zip(rows, told, strict=True)
    ]


def _paper(id: str) -> Paper:
    return get_object_or_404(Paper.objects.visible().named(id))
