"""A feed for every list of papers: the newest first, whatever order the page shows them in.

The first page holds all papers of the newest day, and fifty at least; the pages behind it are linked from it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from papersite import links
from papersite.catalogue import entries
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.lists import NoSuchPage
from papersite.catalogue.models import Author, Authorship, Category, FormerSlug, Paper, PaperCategory, PaperTopic, Topic
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
    return _answer(request, Paper.objects.visible(), "New papers", reverse("catalogue:home"))


@shared("before")
@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    page = reverse("catalogue:day", args=[day])
    return _answer(request, Paper.objects.visible().announced_on(day), f"Papers of {day.day} {day:%B %Y}", page)


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
    links_to = PaperTopic.objects.filter(topic=found, belongs=True, paper__is_hidden=False)
    return _answer(request, links_to, found.name, found.get_absolute_url(), found.description)


@shared("before")
@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    if (found := Category.spelt(code)) is None:
        raise Http404("There is no such category.")
    if found.code != code:
        return redirect("catalogue:category_feed", found.code, permanent=True)
    title = f"{found.name} ({code})" if found.name else code
    links_to = PaperCategory.objects.filter(category=found, paper__is_hidden=False)
    return _answer(request, links_to, title, found.get_absolute_url())


@shared("before")
@require_safe
def author(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Author, pk=pk)
    links_to = Authorship.objects.filter(author=found, paper__is_hidden=False)
    return _answer(request, links_to, found.name, found.get_absolute_url())


@shared()
@require_safe
def topics_opml(request: HttpRequest) -> HttpResponse:
    """The feeds of all topics on offer."""
    topics = Topic.objects.offered().filter(is_catch_all=False).order_by("name")
    written = opml.write(f"Topics of {settings.SITE_NAME}", map(outline_of_topic, topics))
    return feeds.unless_known(request, written, opml.CONTENT_TYPE)


def outline_of_topic(topic: Topic) -> opml.Outline:
    return opml.outline(topic.name, topic.get_absolute_url(), "Topics")


def page_of(listed: QuerySet[Any], before: Place | None) -> tuple[list[int], str]:
    """Some of these papers by number, the newest first, and where the next ones begin ("" where there are none).

    ``listed`` are papers, or links of papers with one topic, category or author: all are read off an index by day.
    """
    pk = "pk" if listed.model is Paper else "paper"
    chosen = listed.filter(announced_at__lte=timezone.now()).order_by("-announced_at", f"-{pk}")
    if before is not None:
        # The first condition is the one that an index is entered by.
        chosen = chosen.filter(
            Q(announced_at__lt=before.announced_at) | Q(**{f"{pk}__lt": before.pk}),
            announced_at__lte=before.announced_at,
        )
    rows = chosen.values_list("announced_at", pk)
    places, size = _places(rows, SIZE + 1), SIZE
    if before is None and len(places) > SIZE and _day(places[0]) == _day(places[-1]):
        begun = day_bounds(_day(places[0]))[0]
        # No row more than are shown, and one for what comes after.
        places = _places(rows.filter(announced_at__gte=begun), LONGEST + 1)
        size = min(len(places), LONGEST)
        places += _places(rows.filter(announced_at__lt=begun), 1) if size == len(places) else []
    more = str(places[size - 1]) if len(places) > size else ""
    wanted = [place.pk for place in places[:size]]
    return wanted, more


def _places(rows: QuerySet[Any, tuple[datetime, int]], size: int) -> list[Place]:
    return [Place(*row) for row in rows[:size]]


def _day(place: Place) -> date:
    return place.announced_at.astimezone(UTC).date()


def _answer(request: HttpRequest, listed: QuerySet[Any], title: str, page: str, subtitle: str = "") -> HttpResponse:
    written = request.GET.get("before", "")
    shown, more = page_of(listed, Place.read(written))
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
    return Paper.objects.visible().announced_between(day_bounds(first)[0], day_bounds(after)[0])
