"""A feed for every list of papers: the newest first, whatever order the page shows them in.

The first page holds all papers of the newest day, and fifty at least; the pages behind it are linked from it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from papersite import links
from papersite.catalogue import entries
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.lists import NoSuchPage
from papersite.catalogue.models import Author, Category, FormerSlug, Paper, Topic
from papersite.catalogue.models.papers import PaperQuerySet
from papersite.syndication import feeds, opml
from papersite.syndication.atom import Feed
from papersite.web.shared_pages import shared

SIZE = 50
# Of a day that is an import of a whole catalogue.
LONGEST = 2000
ICON = "/favicon.ico"
_KEY = re.compile(r"(-?[0-9]{1,16})_([0-9]{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """Where a paper stands among the newest."""

    announced_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.announced_at - _EPOCH) // _MICROSECOND}_{self.pk}"

    @classmethod
    def read(cls, written: str) -> "Place | None":
        """None where nothing is written; raises NoSuchPage where it is no place."""
        if not written:
            return None
        found = _KEY.fullmatch(written)
        if found is None:
            raise NoSuchPage
        return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2]))


@shared("before")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _answer(request, Paper.objects.all(), "New papers", reverse("catalogue:home"))


@shared("before")
@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    page = reverse("catalogue:day", args=[day])
    return _answer(request, Paper.objects.announced_on(day), f"Papers of {day.day} {day:%B %Y}", page)


@shared("before")
@require_safe
def week(request: HttpRequest, day: date) -> HttpResponse:
    page = reverse("catalogue:week", args=[day])
    return _answer(request, _between(day, day + timedelta(days=7)), f"Papers of week {day:%V, %G}", page)


@shared("before")
@require_safe
def month(request: HttpRequest, day: date) -> HttpResponse:
    after = (day + timedelta(days=31)).replace(day=1)
    page = reverse("catalogue:month", args=[day])
    return _answer(request, _between(day, after), f"Papers of {day:%B %Y}", page)


@shared("before")
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = Topic.objects.filter(slug=slug).first()
    if found is None:
        former = get_object_or_404(FormerSlug.objects.select_related("topic"), slug=slug)
        return redirect("catalogue:topic_feed", former.topic.slug, permanent=True)
    papers = Paper.objects.all().in_topic(found)
    return _answer(request, papers, found.name, found.get_absolute_url(), found.description)


@shared("before")
@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Category, code=code)
    title = f"{found.name} ({code})" if found.name else code
    return _answer(request, Paper.objects.all().in_category(found), title, found.get_absolute_url())


@shared("before")
@require_safe
def author(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Author, pk=pk)
    return _answer(request, Paper.objects.all().by_author(found), found.name, found.get_absolute_url())


@shared()
@require_safe
def topics_opml(request: HttpRequest) -> HttpResponse:
    """The feeds of all topics on offer."""
    topics = Topic.objects.offered().filter(is_catch_all=False).order_by("name")
    written = opml.write(f"Topics of {settings.SITE_NAME}", map(outline_of_topic, topics))
    return feeds.unless_known(request, written, opml.CONTENT_TYPE)


def outline_of_topic(topic: Topic) -> opml.Outline:
    return opml.outline(topic.name, topic.get_absolute_url(), "Topics")


def page_of(papers: PaperQuerySet, before: Place | None) -> tuple[list[int], str]:
    """Some of these papers by number, the newest first, and where the next ones begin ("" where there are none)."""
    chosen = papers.visible().filter(announced_at__lte=timezone.now()).order_by("-announced_at", "-pk")
    if before is not None:
        # The first condition is the one that an index is entered by.
        chosen = chosen.filter(
            Q(announced_at__lt=before.announced_at) | Q(pk__lt=before.pk), announced_at__lte=before.announced_at
        )
    places, size = _places(chosen, SIZE + 1), SIZE
    if before is None and len(places) > SIZE and _are_of_one_day(places[0], places[-1]):
        places = _places(chosen, LONGEST + 1)
        size = sum(_are_of_one_day(places[0], place) for place in places[:LONGEST])
    more = str(places[size - 1]) if len(places) > size else ""
    wanted = [place.pk for place in places[:size]]
    return wanted, more


def _places(chosen: PaperQuerySet, size: int) -> list[Place]:
    return [Place(*row) for row in chosen.values_list("announced_at", "pk")[:size]]


def _are_of_one_day(one: Place, other: Place) -> bool:
    return one.announced_at.astimezone(UTC).date() == other.announced_at.astimezone(UTC).date()


def _answer(request: HttpRequest, papers: PaperQuerySet, title: str, page: str, subtitle: str = "") -> HttpResponse:
    written = request.GET.get("before", "")
    shown, more = page_of(papers, Place.read(written))
    if written and not shown:
        raise NoSuchPage
    address = links.absolute(f"{page}feed/")
    feed = Feed(
        id=address,
        title=f"{title} · {settings.SITE_NAME}",
        subtitle=subtitle,
        url=links.absolute(page),
        itself=f"{address}?before={written}" if written else address,
        first=address if written else "",
        next=f"{address}?before={more}" if more else "",
        author=str(settings.SITE_NAME),
        entries=list(entries.of_numbers(shown).values()),
        icon=links.absolute(ICON),
    )
    return feeds.public(request, feed)


def _between(first: date, after: date) -> PaperQuerySet:
    return Paper.objects.all().announced_between(day_bounds(first)[0], day_bounds(after)[0])
