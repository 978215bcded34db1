"""Addresses that people and programs are used to from arXiv, and those written a little differently: all lead on."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from papersite.catalogue.sources.text import arxiv_id


@require_safe
def paper(request: HttpRequest, written: str, end: str = "/") -> HttpResponse:
    """To a paper by its arXiv id, with or without a version, "arXiv:" in front or ".pdf" behind.

    ``end`` is that of the paper's own address, such as ".bib".
    """
    found = arxiv_id(written.removesuffix(".pdf"))
    if not found:
        raise Http404("This is no identifier of arXiv's.")
    return HttpResponsePermanentRedirect(reverse("catalogue:paper_detail", args=[found]).removesuffix("/") + end)
