"""The reading list: one page with notes and read marks, what leaves it, and the button that fills it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.citing import citations
from papersite.catalogue.forms import NoteForm
from papersite.catalogue.models import Paper, SavedPaper
from papersite.catalogue.saved import lists
from papersite.web.limits import limited

PAGE_SIZE = 30
# After signing in a form cannot be sent again by itself.
signed_in = login_required(redirect_field_name=None)
# Where the last removed paper waits to be put back.
REMOVED = "removed_from_saved"
FORMATS: dict[str, tuple[str, str, Callable[[Iterable[SavedPaper]], str]]] = {
    "bib": ("BibTeX", "application/x-bibtex", lambda saved: citations.bibtex(one.paper for one in saved)),
    "ris": ("RIS", "application/x-research-info-systems", lambda saved: citations.ris(one.paper for one in saved)),
    "csv": ("CSV", "text/csv", lists.as_csv),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Which part of the list, in which order, and which page of it."""

    show: str
    sort: str
    page: str

    @classmethod
    def asked(cls, values: Any) -> "Shown":
        show, sort, page = (str(values.get(name, "")) for name in ("show", "sort", "page"))
        return cls(
            show if show in lists.SHOWN else "all",
            sort if sort in lists.ORDERS else "saved",
            page if page.isascii() and page.isdigit() and len(page) < 9 else "1",
        )

    def address(self, **changes: str) -> str:
        values = {"show": self.show, "sort": self.sort, "page": self.page} | changes
        plain = {"show": "all", "sort": "saved", "page": "1"}
        asked = urlencode({name: value for name, value in values.items() if value != plain.get(name)})
        return f"{reverse('catalogue:saved')}{'?' if asked else ''}{asked}"


@login_required
@never_cache
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    return _list_page(request, Shown.asked(request.GET))


def _list_page(request: HttpRequest, shown: Shown, failed: NoteForm | None = None) -> HttpResponse:
    reader = _reader(request)
    counts = lists.counts(reader)
    page = Paginator(lists.listed(reader, show=shown.show, sort=shown.sort), PAGE_SIZE).get_page(shown.page)
    rows = lists.with_papers(page.object_list)
    forms = {failed.instance.pk: failed} if failed else {}
    context = {
        "shown": shown,
        "page": page,
        "rows": [(row, forms.get(row.pk) or NoteForm(instance=row)) for row in rows],
        "parts": [(name, shown.address(show=name, page="1"), counts[name]) for name in lists.SHOWN],
        "orders": [(name, shown.address(sort=name, page="1")) for name in lists.ORDERS],
        "formats": [(kind, label) for kind, (label, _, _) in FORMATS.items()],
        "total": counts["all"],
        "removed": request.session.get(REMOVED) if "removed" in request.GET else None,
        "before": shown.address(page=str(page.number - 1)),
        "after": shown.address(page=str(page.number + 1)),
        "feed_key": reader.feed_key,
        "failed": failed.instance.pk if failed else None,
    }
    return render(request, "catalogue/saved.html", context, status=400 if failed else 200)


@require_POST
@signed_in
def note(request: HttpRequest, pk: int) -> HttpResponse:
    one = _own(request, pk)
    # Browsers send two characters for a line's end, and count one.
    form = NoteForm({"note": request.POST.get("note", "").replace("\r\n", "\n")}, instance=one)
    shown = Shown.asked(request.POST)
    if not form.is_valid():
        return _list_page(request, shown, failed=form)
    form.save()
    return redirect(f"{shown.address()}#saved-{pk}")


@require_POST
@signed_in
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a paper as read, or as unread where ``unread`` is sent."""
    one = _own(request, pk)
    if "unread" in request.POST:
        one.read_at = None
    else:
        one.read_at = one.read_at or timezone.now()
    one.save(update_fields=["read_at"])
    return redirect(f"{Shown.asked(request.POST).address()}#saved-{pk}")


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a paper off the list; the next page offers to put it back, with its note."""
    shown = Shown.asked(request.POST)
    one = SavedPaper.objects.select_related("paper").filter(pk=pk, reader=_reader(request)).first()
    # A second click finds it gone already, and the first one's undo still there.
    if one is not None:
        request.session[REMOVED] = reading_list.remove(one.paper, _reader(request))
    return redirect(shown.address(removed="1"))


@require_POST
@signed_in
def undo(request: HttpRequest) -> HttpResponse:
    if removed := request.session.pop(REMOVED, None):
        reading_list.put_back(removed, _reader(request))
    else:
        messages.warning(request, "It was put back already, or taken off too long ago: find it by the search box.")
    return redirect(Shown.asked(request.POST).address())


@login_required
@never_cache
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The list, as it is filtered and ordered on the page, as a file."""
    if kind not in FORMATS:
        raise Http404("There is no such format.")
    shown = Shown.asked(request.GET)
    rows = lists.with_papers(lists.listed(_reader(request), show=shown.show, sort=shown.sort))
    _, content_type, written = FORMATS[kind]
    name = f"saved-papers-{timezone.now():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(written(rows), content_type=f"{content_type}; charset=utf-8", headers=headers)


@require_POST
@limited("save")
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Puts a paper on the reader's list, or takes it off where ``take_off`` is sent."""
    paper = get_object_or_404(Paper.objects.visible().named(public_id))
    if not request.user.is_authenticated:
        return redirect_to_login(paper.get_absolute_url())
    if "take_off" in request.POST:
        reading_list.remove(paper, request.user)
    else:
        reading_list.save(paper, request.user, timezone.now())
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(paper)
    context = {"paper": paper, "saved": reading_list.papers_saved_by(request.user, [paper]), "can_vote": True}
    return render(request, "_partials/save.html", context)


def _reader(request: HttpRequest) -> User:
    assert request.user.is_authenticated
    return request.user


def _own(request: HttpRequest, pk: int) -> SavedPaper:
    own: QuerySet[SavedPaper] = SavedPaper.objects.filter(reader=_reader(request))
    return get_object_or_404(own, pk=pk)
