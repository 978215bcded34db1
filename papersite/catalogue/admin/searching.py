"""What staff look papers and authors up by: the site's index, since no database finds words in a million titles."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from papersite import desk_lists
from papersite.catalogue.models import Author, Authorship, Paper, Topic
from papersite.catalogue.search import language, words
from papersite.catalogue.search.finding import Page, Search
from papersite.catalogue.search.folder import Unavailable
from papersite.web import typed

FOUND = 300
# Without an index titles are read one by one.
READ_THROUGH = 20_000


def papers(text: str) -> list[int]:
    """The papers that fit best, hidden ones by words of their titles, and one by its id.

    The same search as readers have, with its fields and signs; where there is no index, the newest by their titles.
    """
    try:
        page = Search(language.parse(text[:300]), timezone.now()).page(size=FOUND)
        found = page.paper_ids[: page.loose_from]
    except Unavailable:
        newest = Paper.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        titled = Paper.objects.filter(pk__gt=newest - READ_THROUGH, title__icontains=text).order_by("-pk")
        found = list(titled.values_list("pk", flat=True)[:FOUND])
    own = Q(arxiv_id=text.strip())
    if (number := typed.number(text.strip(), 18)) is not None:
        own |= Q(pk=number)
    hidden = Paper.objects.filter(is_hidden=True, title__icontains=text).order_by("-pk")
    named = Paper.objects.filter(own).order_by("-pk")
    return [*found, *hidden.values_list("pk", flat=True)[:FOUND], *named.values_list("pk", flat=True)[:FOUND]]


class ByPaper:
    """For rows of papers: they are searched by their papers."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return (queryset.filter(paper__in=papers(search_term)) if search_term else queryset), False


def authors(text: str) -> list[int] | None:
    """Authors of the hottest papers that have such an author; None where there is no index."""
    wanted = words.words(text)[:8]
    try:
        query = language.parse(" ".join([*(f"author:{word}" for word in wanted), "sort:hot"]))
        page = Search(query, timezone.now()).page(size=FOUND) if wanted else Page([], 0)
    except Unavailable:
        return None
    links = Authorship.objects.filter(paper__in=page.paper_ids)
    for word in wanted:
        links = links.filter(author__key__contains=word)
    begun = Author.objects.filter(key=text.strip().casefold())
    return [*links.order_by().values_list("author", flat=True), *begun.values_list("pk", flat=True)]


class TopicFilter(admin.SimpleListFilter):
    """Of many papers the hottest of a topic, off the index that lists them."""

    title = "topic, its hottest 1,000"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Topic.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        topic = Topic.objects.filter(pk=typed.number(self.value() or "") or 0).first()
        if topic is None:
            return queryset
        hottest = topic.paper_topics.filter(belongs=True).order_by("-heat", "-paper")
        return queryset.filter(pk__in=list(hottest.values_list("paper", flat=True)[: desk_lists.COUNTED]))
