"""Lists of the desk that stay quick however long they grow: nothing is counted or skipped row by row.

Such a list is read off one index. It goes on by the key of its last row, says "more than 1,000" instead of counting
on, and offers neither orders nor filters that no index serves.
"""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from papersite import desk

COUNTED = 1000
AFTER = "_after"


class MoreThan(int):
    """A count that was broken off there."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


def count(rows: QuerySet[Any]) -> int:
    """How many, as far as it is counted."""
    return _so_many(len(rows.order_by().values_list("pk")[: COUNTED + 1]))


def _so_many(number: int) -> int:
    return number if number <= COUNTED else MoreThan(COUNTED)


class BoundedPaginator(Paginator):
    """For suggestions, which nobody reads to the end."""

    @cached_property
    def count(self) -> int:
        return count(self.object_list)  # type: ignore[arg-type]


class KeyedList(desk.List):
    """A page of a list after the row of a key. The order is that of the model's admin: one field, and its number."""

    written = ""
    older_url = ""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        # Django takes what it does not know for a filter, and would keep it in each link.
        self.written = str(self.params.pop(AFTER, self.written))
        self.filter_params.pop(AFTER, None)
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        return found

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        self.params.pop("o", None)
        return list(super().get_ordering(request, queryset))

    def get_results(self, request: HttpRequest) -> None:
        size = self.list_per_page
        # The first page and the count are one reading.
        first = list(self.queryset.values_list("pk", flat=True)[: COUNTED + 1])
        rows = self._below(self.queryset)[: size + 1] if self.written else self.queryset.filter(pk__in=first[:size])
        held = list(rows)
        has_more = len(held) > size if self.written else len(first) > size
        self.result_list: Any = held[:size]
        self.result_count = _so_many(len(first))
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = self.show_all = self.multi_page = False
        self.paginator = self.model_admin.get_paginator(request, self.queryset, size)
        if has_more:
            self.older_url = self.get_query_string({AFTER: self._key_of(self.result_list[-1])})

    @property
    def first_url(self) -> str:
        return str(self.get_query_string()) if self.written else ""

    def _order(self) -> tuple[str, bool]:
        name = str(self.queryset.query.order_by[0])
        return name.removeprefix("-"), name.startswith("-")

    def _key_of(self, row: Any) -> str:
        name, _ = self._order()
        return f"{getattr(row, name)}_{row.pk}"

    def _below(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        name, is_descending = self._order()
        value, _, pk = self.written.rpartition("_")
        field: Any = self.opts.pk if name == "pk" else self.opts.get_field(name)
        try:
            key, number = field.to_python(value), self.opts.pk.to_python(pk)
        except (ValidationError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        if abs(number if isinstance(number, int) else 0) >= 1 << 63:
            raise IncorrectLookupParameters("No row has such a number.")
        beyond = "lt" if is_descending else "gt"
        if name == "pk" or field.unique:
            return rows.filter(**{f"{name}__{beyond}": key})
        # The first condition is the one that an index is entered by; rows of one value go by number, newest first.
        tied = Q(**{name: key}, pk__lt=number)
        return rows.filter(Q(**{f"{name}__{beyond}": key}) | tied, **{f"{name}__{beyond}e": key})


class LargeList(desk.ModelAdmin):
    """For the admin of a model that has many rows. Its first order must be served by an index."""

    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    paginator = BoundedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeyedList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """All of a list that nobody has counted is more than anybody means."""
        if request.POST.get("select_across") == "1" and isinstance(count(queryset), MoreThan):
            said = f"That is more than {COUNTED:,} rows: narrow the list by search or filter first."
            self.message_user(request, said, messages.ERROR)
            return redirect(request.get_full_path())
        return super().response_action(request, queryset, *args, **kwargs)


class ConditionFilter(admin.SimpleListFilter):
    """Few rows of many, by a condition written as the index has it that holds them.

    SQLite compares a partial index with nothing but constants, and a word for true or false is none to it.
    """

    conditions: dict[str, tuple[str, str]]
    """Each choice with its words and its condition in SQL, in which ``{yes}`` and ``{no}`` stand for the constants."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.conditions.get(self.value() or "")
        yes, no = ("1", "0") if connection.vendor == "sqlite" else ("true", "false")
        return queryset.extra(where=[chosen[1].format(yes=yes, no=no)]) if chosen else queryset  # noqa: S610  ours


class RecentFilter(admin.SimpleListFilter):
    """The last days by an indexed moment. Whole years would be most of the table."""

    field: str
    DAYS = (1, 7, 30)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(days), "the last day" if days == 1 else f"the last {days} days") for days in self.DAYS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        days = {str(one): one for one in self.DAYS}.get(self.value() or "")
        since = timezone.now() - timedelta(days=days or 0)
        return queryset.filter(**{f"{self.field}__gte": since}) if days else queryset
