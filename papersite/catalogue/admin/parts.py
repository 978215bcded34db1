"""Rows that are part of papers."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from papersite.catalogue import curation


class PartOfPapers:
    """For rows that are part of papers: the search follows when one is written or deleted here."""

    def papers_of(self, rows: QuerySet[Any]) -> list[int]:
        return list(rows.values_list("paper", flat=True))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        curation.parts_changed(self.papers_of(type(obj).objects.filter(pk=obj.pk)))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, type(obj).objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        papers = self.papers_of(queryset)
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        curation.parts_changed(papers)
