"""Readers' rows, found by an address."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from digest.models import Subscription

FOUND = 300


class ByReader:
    """For rows of subscriptions: the readers are found first, and their rows by the index of each."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if not search_term:
            return queryset, False
        readers = Subscription.objects.filter(reader__email__icontains=search_term.strip()).order_by("-pk")
        return queryset.filter(subscription__in=list(readers.values_list("pk", flat=True)[:FOUND])), False
