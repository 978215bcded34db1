"""The staff's desk: Django admin with what holds for every page of it."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

logged = Signal()
"""After many entries of the log were written at once, with ``entries``: such rows tell nobody else."""


class Desk(admin.AdminSite):
    """Whoever may not look at a row is not led to its page on the site either."""

    def get_urls(self) -> list[Any]:
        led = path("r/<int:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site")
        return [led, *super().get_urls()]

    def view_on_site(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
        """Django leads any staff to any row, by its number: to somebody's mail too, whose address is its key."""
        content_type = ContentType.objects.filter(pk=content_type_id).first()
        model_admin = self._registry.get(content_type.model_class()) if content_type else None  # type: ignore[arg-type]
        if model_admin is None or not model_admin.has_view_permission(request):
            raise PermissionDenied
        row = model_admin.get_object(request, object_id)
        if row is None:
            raise Http404
        url = model_admin.get_view_on_site_url(row)
        if url is None or not model_admin.has_view_permission(request, row):
            raise PermissionDenied
        return redirect(row.get_absolute_url())


class ModelAdmin(admin.ModelAdmin):
    """A list is asked by the filters it shows, and by nothing else.

    Django takes any column of the row from the address, so that a key which no page shows is read a letter at a time.
    """

    # Beside what a search found Django counts the whole table; and a hierarchy of dates groups it by month.
    show_full_result_count = False
    asked_too: tuple[str, ...] = ()
    """Fields by which links elsewhere ask, beside the filters that are shown."""
    unlogged: tuple[str, ...] = ()
    """Fields of a person's own, whose values the log does not keep: it outlives the account."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        filters = [_asked_as(one) for one in self.get_list_filter(request)]
        names = [name for name in ("pk", "id", *self.asked_too, *filters) if isinstance(name, str)]
        is_shown = any(lookup == name or lookup.startswith(f"{name}__") for name in names)
        return is_shown and super().lookup_allowed(lookup, value, request)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django's, which names the fields, with what they held before and hold now."""
        told = super().construct_change_message(request, form, formsets, add)
        values = [] if add else [*self._values(form)]
        if values:
            told[0] = {"changed": {"fields": values}}
        rows = len(told) - sum(
            len(one.new_objects) + len(one.changed_objects) + len(one.deleted_objects) for one in formsets or ()
        )
        return [*told[:rows], *(line for one in formsets or () for line in self._rows(one))]

    def _rows(self, formset: Any) -> Iterator[dict[str, Any]]:
        """What became of the rows below: each with its values before and after, a personal one by its number."""
        inline = next((one for one in self.inlines or () if one.model is formset.model), None)
        unlogged = getattr(inline, "unlogged", ())
        forms = {id(one.instance): one for one in formset.forms}

        def line(row: Any, **more: Any) -> dict[str, Any]:
            named = f"number {row.pk}" if unlogged else str(row)
            return {"name": str(row._meta.verbose_name), "object": named, **more}

        def values(row: Any, names: Any) -> list[str]:
            form = forms.get(id(row))
            return [*_told(form, unlogged)] if form is not None else [str(one) for one in names]

        yield from ({"added": line(row)} for row in formset.new_objects)
        yield from ({"changed": line(row, fields=values(row, names))} for row, names in formset.changed_objects)
        yield from ({"deleted": line(row)} for row in formset.deleted_objects)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """One by one: what is written at once tells nobody, and the history keeps each."""
        keep: Any = super().log_deletions
        return [entry for one in queryset for entry in keep(request, [one])]

    def log_each(self, request: HttpRequest, rows: Iterable[Any], said: str) -> None:
        """For actions."""
        for row in rows:
            self.log_change(request, row, said)

    def _values(self, form: Any) -> Iterator[str]:
        yield from _told(form, self.unlogged)


def _asked_as(shown: Any) -> Any:
    """The name by which an address asks one of a list's filters."""
    if isinstance(shown, (tuple, list)):
        return shown[0]
    return shown.parameter_name if isinstance(shown, type) and issubclass(shown, admin.SimpleListFilter) else shown


VALUE_LENGTH = 200


def _told(form: Any, unlogged: tuple[str, ...]) -> Iterator[str]:
    for name, before, after in changes(form):
        yield name if name in unlogged else f"{name}: {before} → {after}"


def changes(form: Any) -> Iterator[tuple[str, str, str]]:
    """What a form changed: each field's name, and its value before and after, in words and cut to length."""
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is not None and name in form.cleaned_data and not field.widget.is_hidden:
            yield name, _shown(form.initial.get(name), field), _shown(form.cleaned_data[name], field)


def _shown(value: Any, field: Any) -> str:
    if isinstance(value, (list, tuple, QuerySet)):
        return ", ".join(sorted(_shown(one, field) for one in value)) or "nothing"
    queryset = getattr(field, "queryset", None)
    if queryset is not None and value is not None and not isinstance(value, Model):
        # The form knows of a row only its number.
        value = queryset.filter(**{field.to_field_name or "pk": value}).first() or value
    return cut("" if value is None else str(value))


def cut(text: str) -> str:
    """A value as the log has it."""
    text = text or "nothing"
    return text if len(text) <= VALUE_LENGTH else f"{text[: VALUE_LENGTH - 1]}…"


def log_rows(request: HttpRequest, rows: Iterable[tuple[Model, int, str]]) -> None:
    """Many at once: each a row, what was done as the log has it, and the words for it."""
    kinds, user = ContentType.objects, cast("Any", request.user)
    entries = [
        LogEntry(
            user=user, content_type=kinds.get_for_model(row), object_id=str(row.pk),
            object_repr=str(row)[:200], action_flag=flag, change_message=said,
        )
        for row, flag, said in rows
    ]  # fmt: skip
    LogEntry.objects.bulk_create(entries, batch_size=500)
    logged.send(LogEntry, entries=entries)


class ReadOnly:
    """For rows that the site writes itself: no staff adds, changes or deletes one."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Unnamed:
    """For rows named after a person: the log keeps their number, since it outlives the account."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _unnamed(super().log_addition(request, obj, message))  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _unnamed(super().log_change(request, obj, message))  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        return [_unnamed(entry) for entry in super().log_deletions(request, queryset)]  # type: ignore[misc]


def _unnamed(entry: LogEntry) -> LogEntry:
    assert entry.content_type is not None
    entry.object_repr = f"{entry.content_type.name} {entry.object_id}"
    entry.save(update_fields=["object_repr"])
    return entry
