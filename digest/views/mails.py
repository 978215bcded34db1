"""What the links in a mail lead to. The token in the address is what authorises: there is no login."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.composing import digest_mail
from digest.ledger import history
from digest.models import Delivery, EditionRevision
from digest.types import Reason
from digest.views.gate import delivery_of, from_a_mail
from papersite.catalogue.models import Paper


@require_safe
@never_cache
@from_a_mail
def delivery_detail(request: HttpRequest, token: str) -> HttpResponse:
    """A mail on the web; its address is the secret that opens it."""
    return _page(request, delivery_of(token), is_copy=False)


@require_safe
@never_cache
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """A mail that left, to be read and nothing else: for readers of the private feed, as long as its key lasts."""
    delivery = Delivery.objects.with_copy(token)
    if delivery is None:
        raise Http404("There is no such copy.")
    return _page(request, delivery, is_copy=True)


def _page(request: HttpRequest, delivery: Delivery, *, is_copy: bool) -> HttpResponse:
    entries = history.of_deliveries([delivery]).get(delivery.pk, [])
    papers = digest_mail.papers_with({entry.paper_id for entry in entries})
    lines = [_line(history.Line(entry, papers.get(entry.paper_id))) for entry in entries]
    context = {
        "delivery": delivery,
        "lines": lines,
        "unsaid": digest_mail.unsaid(line.reasons for line in lines),
        "remainders": history.Line(entries[0], None).remainders if entries else [],
        "edition": _edition_of(delivery),
        "is_copy": is_copy,
    }
    return render(request, "digest/delivery_detail.html", context)


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper of a mail as its page shows it: in the list that it opens with, and below with its reasons."""

    paper: Paper | None
    brief: digest_mail.Brief | None
    reasons: tuple[Reason, ...]
    """Its own; that it trends is said once for all."""


def _line(line: history.Line) -> Shown:
    paper = line.paper if line.paper is not None and not line.paper.is_hidden else None
    brief = None if paper is None else digest_mail.brief(paper, 0)
    return Shown(line.paper, brief, digest_mail.own_reasons(line.entry.reasons))


def _edition_of(delivery: Delivery) -> EditionRevision | None:
    """What the mail was made from; of one that is older than revisions, what its day's edition was then."""
    if delivery.revision_id is not None:
        return EditionRevision.objects.get(pk=delivery.revision_id)
    return EditionRevision.objects.filter(edition__day=delivery.day, number=1, made_at=None).first()
