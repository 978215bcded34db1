"""A reader's digests as a private feed, and the archive's days as one for everybody."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest.editions import states
from digest.ledger import history
from digest.models import Delivery, EditionRevision, Subscription
from papersite import links
from papersite.catalogue import months
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.converters import month_of
from papersite.catalogue.lists import NoSuchPage
from papersite.catalogue.models import Tally
from papersite.syndication import feeds
from papersite.syndication.atom import Entry, Feed
from papersite.web.shared_pages import shared

LENGTH = 30
# In which the archive's days got their names: it never changes.
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@require_safe
def digests(request: HttpRequest, key: str) -> HttpResponse:
    """One entry a digest, with its papers and why each is there. Whoever has the address can read it."""
    held = Subscription.objects.select_related("reader").filter(reader__feed_key=key, reader__is_active=True).first()
    if held is None:
        raise Http404("There is no such feed.")
    sent = held.deliveries.filter(state=Delivery.State.SENT).select_related("subscription__reader")
    page = feeds.page_of(request, sent.order_by("-day", "-extra"), LENGTH)
    address = links.absolute(reverse("digest:feed", args=[key]))
    feed = Feed(
        # Stays the same when the feed's key is renewed.
        id=feeds.tag(held.reader.joined_at, f"reader/{held.reader_id}/digests"),
        title=f"My digests · {settings.SITE_NAME}",
        url=links.absolute(reverse("digest:subscription")),
        **page.links(address),
        author=str(settings.SITE_NAME),
        entries=[_digest(*one) for one in history.lines_of_each(page.rows)],
    )
    return feeds.private(request, feed)


def _digest(delivery: Delivery, lines: list[history.Line]) -> Entry:
    left_at = delivery.settled_at or delivery.due_at
    context = {"delivery": delivery, "lines": lines, "site_url": settings.SITE_URL}
    return Entry(
        # The mail's own name (RFC 2392).
        id=f"mid:{delivery.message_id.strip('<>')}",
        title=delivery.subject or f"Digest of {delivery.day:%d %B %Y}",
        # A copy to read: whoever the feed is passed on to must not find what unsubscribes its reader.
        url=links.absolute(reverse("digest:copy", args=[delivery.copy_token])),
        published=left_at,
        updated=left_at,
        content=render_to_string("digest/_ledger_feed_entry.html", context),
    )


@shared("month")
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """One entry a day that is over: what curators said of it, and its hottest papers.

    The first page has the newest month and the one before, so that nothing is missed when a month begins; the pages
    behind it have a month each.
    """
    today = timezone.now().astimezone(UTC).date()
    written = request.GET.get("month", "")
    last = month_of(written) if written else _newest_month(today)
    if last is None:
        raise NoSuchPage
    first = last if written else _month_before(last)
    days = [day for day in Tally.objects.days(first, months.after(last)) if day < today]
    if written and not days:
        raise NoSuchPage
    before, _ = Tally.objects.nearest(first)
    page, address = (links.absolute(reverse(name)) for name in ("digest:archive", "digest:archive_feed"))
    feed = Feed(
        id=address,
        title=f"Day by day · {settings.SITE_NAME}",
        subtitle="Each day that is over, with its hottest papers.",
        url=f"{page}?month={written}" if written else page,
        itself=f"{address}?month={written}" if written else address,
        first=address if written else "",
        next=f"{address}?month={before:%Y-%m}" if before else "",
        author=str(settings.SITE_NAME),
        entries=_days(sorted(days, reverse=True)),
    )
    return feeds.public(request, feed)


def _newest_month(today: date) -> date:
    before, _ = Tally.objects.nearest(today)
    return (before or today).replace(day=1)


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _days(days: list[date]) -> list[Entry]:
    editions = states.on_pages(days)
    hottest: dict[date, list[months.Line]] = {}
    for month in sorted({day.replace(day=1) for day in days}):
        hottest |= months.hottest(month)
    return [_day(day, hottest.get(day, []), editions.get(day)) for day in days]


def _day(day: date, lines: list[months.Line], edition: EditionRevision | None) -> Entry:
    over_at = day_bounds(day)[1]
    context = {"lines": lines, "edition": edition, "site_url": settings.SITE_URL}
    return Entry(
        id=feeds.tag(SINCE, f"day/{day}"),
        title=f"{day:%A}, {day.day} {day:%B %Y}",
        url=links.absolute(reverse("catalogue:day", args=[day])),
        published=over_at,
        updated=over_at,
        content=render_to_string("digest/_archive_feed_entry.html", context),
    )
