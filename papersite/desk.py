"""The staff's desk: Django admin with what holds for every page of it."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

logged = Signal()
"""After many entries of the log were written at once, with ``entries``: such rows tell nobody else."""


# A title's length. SQLite takes neither patterns of 50,000 signs nor conditions on a thousand words.
LONGEST_SEARCH = 1000


class Desk(admin.AdminSite):
    """Whoever may not look at a row is not led to its page on the site either."""

    def get_urls(self) -> list[Any]:
        led = path("r/<int:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site")
        return [led, *super().get_urls()]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = _Suggestions.as_view(admin_site=self)(request)  # type: ignore[assignment]
        return answer

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


class SearchForm(ChangeListSearchForm):
    def __init__(self, *typed: Any, **more: Any) -> None:
        super().__init__(*typed, **more)
        self.fields[SEARCH_VAR] = forms.CharField(required=False, strip=False, max_length=LONGEST_SEARCH)


class List(ChangeList):
    search_form_class = SearchForm


class _Suggestions(AutocompleteJsonView):
    def process_request(self, request: HttpRequest) -> Any:
        term, *rest = super().process_request(request)
        return term[:LONGEST_SEARCH], *rest


class Choosing(BaseModelAdmin):
    """What is sent where a row is chosen, and is no row's key, is refused by the form: Django's widget breaks on it."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _Chooser(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _ChooserOfMany(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class _OnlyKeys(AutocompleteMixin):
    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [one for one in value if _may_be(one, key)], attr)


class _Chooser(_OnlyKeys, AutocompleteSelect):
    pass


class _ChooserOfMany(_OnlyKeys, AutocompleteSelectMultiple):
    pass


def _may_be(value: str, key: Any) -> bool:
    try:
        key.run_validators(key.to_python(value))
    except ValidationError:
        return False
    return True


class ModelAdmin(Choosing, admin.ModelAdmin):
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

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return List

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """No row has a moment beyond the calendar, on which SQLite breaks."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error

    def changeform_view(self, request: HttpRequest, *place: Any, **more: Any) -> Any:
        """Django saves a row as a new one for whoever asks for it, also where no page offers that."""
        if "_saveasnew" in request.POST and not self.save_as:
            posted = request.POST.copy()
            del posted["_saveasnew"]
            cast("Any", request).POST = posted
        return super().changeform_view(request, *place, **more)

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

    def response_action(self, request: HttpRequest, queryset: Any, *place: Any, **more: Any) -> Any:
        """What is ticked and no row's key stands for no row: Django breaks on it."""
        ticked = request.POST.copy()
        keys = [one for one in ticked.getlist(ACTION_CHECKBOX_NAME) if _may_be(one, self.opts.pk)]
        ticked.setlist(ACTION_CHECKBOX_NAME, keys)
        cast("Any", request).POST = ticked
        return super().response_action(request, queryset, *place, **more)

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
