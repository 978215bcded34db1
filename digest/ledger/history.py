"""What readers were sent, whether its rows are there still or were folded into months.

Rows are always read before months: what is folded in between is then found twice, and not missed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum

from digest.ledger import codec, remainders
from digest.ledger.codec import Entry
from digest.models import Delivery, DeliveryItem, LedgerMonth, MailedPaper
from digest.types import Remainder
from papersite.catalogue.models import Paper
from papersite.catalogue.search import words

# A paper that this site has known for less is in no folded month: even the least DIGEST_LEDGER_DAYS leave
# ten days for mail that had to wait.
NEVER_FOLDED = timedelta(days=21)
# The reader's day may be the one before.
_MARGIN = timedelta(days=2)
_ROW = ("delivery", "delivery__day", "position", "paper", "reasons", "remainders")


# More numbers at once are too many for SQLite.
_AT_ONCE = 5000


class Line(NamedTuple):
    """A paper that was sent, as pages show it."""

    entry: Entry
    paper: Paper | None
    """As it is now; None if it went past the site."""
    mail_url: str = ""
    """Where the mail that held it is read on the web; nothing where the page is that mail."""

    @property
    def remainders(self) -> list[Remainder]:
        """With a mail's first paper: what did not fit beside."""
        return remainders.loads(self.entry.remainders)


def of_deliveries(deliveries: Sequence[Delivery]) -> dict[int, list[Entry]]:
    """What each of these holds, in order, by its number; read in two queries."""
    wanted = {one.pk for one in deliveries}
    found: dict[int, dict[int, Entry]] = defaultdict(dict)
    for row in DeliveryItem.objects.filter(delivery__in=wanted).values_list(*_ROW):
        _add(found, Entry(*row))
    months = LedgerMonth.objects.filter(
        subscription__in={one.subscription_id for one in deliveries},
        month__in={one.day.replace(day=1) for one in deliveries},
    )
    for packed in months.order_by().values_list("items", flat=True):
        for entry in codec.decode(packed):
            if entry.delivery_id in wanted:
                _add(found, entry)
    return {pk: [held[place] for place in sorted(held)] for pk, held in found.items()}


def _add(found: dict[int, dict[int, Entry]], entry: Entry) -> None:
    found[entry.delivery_id].setdefault(entry.position, entry)


def of_reader(subscription_id: int) -> list[Entry]:
    """All that a reader was ever sent, newest first, in the order of the mails."""
    found = {
        (entry.delivery_id, entry.position): entry
        for entry in [*_rows_of(subscription_id), *_folded_of(LedgerMonth.objects.filter(subscription=subscription_id))]
    }
    return sorted(found.values(), key=lambda entry: (-entry.day.toordinal(), -entry.delivery_id, entry.position))


def count_of(subscription_id: int) -> int:
    """How many papers that were."""
    rows = _settled().filter(subscription=subscription_id).count()
    folded = LedgerMonth.objects.filter(subscription=subscription_id).aggregate(count=Sum("paper_count"))
    return rows + (folded["count"] or 0)


def find(subscription_id: int, paper: Paper) -> Entry | None:
    """When and why a reader was sent a paper; None where they were not."""
    row = _settled().filter(subscription=subscription_id, paper=paper).values_list(*_ROW).first()
    if row is not None:
        return Entry(*row)
    months = LedgerMonth.objects.filter(subscription=subscription_id, month__gte=_first_month(paper.added_at))
    return next((entry for entry in _folded_of(months) if entry.paper_id == paper.pk), None)


def search(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Those that have each of these words, or what begins so or ends so, in their title or their reasons."""
    held = list(entries)
    wanted = words.fold(text).split()
    titles = {pk: words.fold(title) for pk, title in _papers(held, "pk", "title")}
    return [
        entry
        for entry in held
        if _has_all(
            wanted, " ".join([titles.get(entry.paper_id, ""), *(words.fold(label) for _, label in entry.reasons)])
        )
    ]


def lines_of_each(deliveries: Sequence[Delivery]) -> list[tuple[Delivery, list[Line]]]:
    """Each of one reader's deliveries with what it holds; read in three queries."""
    entries = of_deliveries(deliveries)
    papers = _shown(entry for held in entries.values() for entry in held)
    return [(one, [Line(entry, papers.get(entry.paper_id)) for entry in entries.get(one.pk, ())]) for one in deliveries]


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """With their papers, also those that were hidden or withdrawn since, and the mails that held them."""
    held = list(entries)
    papers = _shown(held)
    mails = Delivery.objects.only("key").in_bulk({entry.delivery_id for entry in held})
    urls = {pk: mail.get_absolute_url() for pk, mail in mails.items()}
    return [Line(entry, papers.get(entry.paper_id), urls.get(entry.delivery_id, "")) for entry in held]


def _shown(entries: Iterable[Entry]) -> dict[int, Paper]:
    fields = ("title", "title_html", "arxiv_id", "is_hidden", "is_withdrawn")
    return Paper.objects.only(*fields).in_bulk({entry.paper_id for entry in entries})


def _papers(entries: Sequence[Entry], *fields: str) -> Iterable[Any]:
    for some in batched({entry.paper_id for entry in entries}, _AT_ONCE, strict=False):
        yield from Paper.objects.filter(pk__in=some).order_by().values_list(*fields)


def _has_all(wanted: Sequence[str], text: str) -> bool:
    return all(word in text for word in wanted)


def folded_among(subscription_ids: Iterable[int], papers: Mapping[int, datetime]) -> list[tuple[int, int]]:
    """Pairs of a reader and one of these papers that stands in their months; each paper with when it became known."""
    kept = set(MailedPaper.objects.filter(pk__in=papers, is_folded=True).values_list("pk", flat=True))
    if not kept:
        return []
    since = _first_month(min(papers[pk] for pk in kept))
    months = LedgerMonth.objects.filter(subscription__in=subscription_ids, month__gte=since)
    return [
        (subscription_id, paper_id)
        for subscription_id, packed in months.order_by().values_list("subscription", "items").iterator()
        for paper_id in kept.intersection(codec.decode_papers(packed))
    ]


def _first_month(known_at: datetime) -> date:
    """No earlier month holds a paper that became known then."""
    return (known_at - _MARGIN).date().replace(day=1)


def _settled() -> QuerySet[DeliveryItem]:
    """What a mail in the making holds was not sent yet."""
    return DeliveryItem.objects.exclude(delivery__state__in=Delivery.OPEN)


def _rows_of(subscription_id: int) -> list[Entry]:
    rows: Iterable[Any] = _settled().filter(subscription=subscription_id).order_by().values_list(*_ROW)
    return [Entry(*row) for row in rows]


def _folded_of(months: QuerySet[LedgerMonth]) -> Iterable[Entry]:
    for packed in months.order_by("-month").values_list("items", flat=True):
        yield from codec.decode(packed)
