"""The page on which a reader brings a library along: the file, what was recognised, and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from papersite.catalogue.forms import LibraryForm
from papersite.catalogue.libraries import bringing
from papersite.catalogue.models import BroughtLibrary, Paper
from papersite.catalogue.reading_list import papers_saved_by
from papersite.catalogue.saved.views import signed_in
from papersite.catalogue.sources.library.opening import MOST_BYTES, MOST_ENTRIES, NoLibrary
from papersite.web.limits import limited

# Of each list on the page; the whole of what is missing is a file.
SHOWN = 100


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def library(request: HttpRequest) -> HttpResponseBase:
    """The form, and what was brought last; a file that is sent is read and shown, and nothing of it kept yet."""
    return _bring(request) if request.method == "POST" else _page(request, LibraryForm())


@limited("bring")
def _bring(request: HttpRequest) -> HttpResponse:
    form = LibraryForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            bringing.bring(file.read(MOST_BYTES + 1), file.name or "", _reader(request), timezone.now())
        except NoLibrary as error:
            form.add_error("file", str(error))
        else:
            return redirect(f"{reverse('catalogue:library')}#brought")
    return _page(request, form, status=400)


def _page(request: HttpRequest, form: LibraryForm, status: int = 200) -> HttpResponse:
    brought = bringing.waiting(_reader(request), timezone.now())
    context: dict[str, Any] = {"form": form, "brought": brought, "most_bytes": MOST_BYTES, "most_entries": MOST_ENTRIES}
    if brought is not None:
        context |= _shown(brought, _reader(request))
    return render(request, "catalogue/library.html", context, status=status)


def _shown(brought: BroughtLibrary, reader: User) -> dict[str, Any]:
    """The first of each list, and how long each is."""
    rows = brought.found[:SHOWN]
    papers = Paper.objects.visible().only("arxiv_id", "title", "title_html").in_bulk([row[0] for row in rows])
    saved = papers_saved_by(reader, papers.values())
    return {
        "found": [(papers[row[0]], row[1], row[2], row[0] in saved) for row in rows if row[0] in papers],
        "found_count": len(brought.found),
        "more_found": max(0, len(brought.found) - SHOWN),
        "noted_count": sum(bool(row[1]) for row in brought.found),
        "read_count": sum(bool(row[2]) for row in brought.found),
        "missing": brought.missing[:SHOWN],
        "missing_count": len(brought.missing),
        "more_missing": max(0, len(brought.missing) - SHOWN),
        "rejected": brought.rejected[:SHOWN],
        "rejected_count": len(brought.rejected),
    }


@require_POST
@signed_in
@limited("save")
def keep(request: HttpRequest) -> HttpResponse:
    """Puts what was found on the list. Which file is meant comes from the page, what it holds does not."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404("There is no such file.") from None
    if bringing.keep(_reader(request), key, timezone.now()) is None:
        messages.warning(request, "This file is not remembered any more, or another was brought since: look again.")
    return redirect(f"{reverse('catalogue:library')}#brought")


@require_POST
@signed_in
def forget(request: HttpRequest) -> HttpResponse:
    """Forgets what was brought; what was kept stays kept."""
    bringing.forget(_reader(request))
    return redirect("catalogue:library")


@login_required
@never_cache
@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """What the catalogue does not have, as text, a line each."""
    brought = bringing.waiting(_reader(request), timezone.now())
    if brought is None:
        raise Http404("Nothing was brought.")
    headers = {"Content-Disposition": 'attachment; filename="not-found.txt"'}
    lines = "".join(f"{line}\n" for line in brought.missing)
    return HttpResponse(lines, content_type="text/plain; charset=utf-8", headers=headers)


def _reader(request: HttpRequest) -> User:
    assert request.user.is_authenticated
    return request.user
