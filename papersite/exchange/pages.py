"""The desk's pages that carry rows out and bring them in. Who may add and change rows may bring some."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.contrib.admin.models import ADDITION, CHANGE
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from papersite import desk
from papersite.exchange import reading, writing
from papersite.exchange.changes import CHANGED, NEW, REFUSED, SAME, Change, Exchange, counts, fingerprint

SHOWN = 200
# In seconds: so long a preview is good.
HELD_FOR = 86_400
KINDS = {"csv": "text/csv", "json": "application/json"}


class ExchangeForm(forms.Form):
    """A file; or what its preview showed, to be carried out."""

    file = forms.FileField(required=False, label="File", help_text="CSV with a head, or JSON, in UTF-8.")
    held = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_meant = forms.BooleanField(required=False)

    def __init__(self, *args: Any, salt: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.salt = salt
        self.text = self.origin = ""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        try:
            if brought := typed.get("file"):
                if brought.size > reading.MAX_BYTES:
                    raise reading.Unreadable(
                        f"The file has {brought.size:,} bytes; {reading.MAX_BYTES:,} are taken at once."
                    )
                self.text, self.origin = reading.decoded(brought.read()), brought.name[:150]
            elif typed.get("held"):
                self.text, self.origin = signing.loads(typed["held"], salt=self.salt, max_age=HELD_FOR)
            else:
                raise reading.Unreadable("Choose a file.")
        except reading.Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        except signing.BadSignature as error:
            raise forms.ValidationError("This preview is too old: choose the file again.") from error
        return typed

    def hold(self) -> str:
        """What the next page carries back: nothing of it is kept here."""
        return signing.dumps([self.text, self.origin], salt=self.salt, compress=True)


class Exchanges:
    """For the admin of a model whose rows leave and come as files."""

    exchange: Exchange
    change_list_template: Any = "admin/exchange/change_list.html"
    rights: tuple[str, ...] = ("add", "change")
    """What it takes to bring rows."""
    logs_export = False
    """Whether the history keeps who carried rows out."""
    admin_site: Any
    opts: Any
    model: Any

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("import/", view(self.bring_in), name=f"{name}_import"),
            path("export/", view(self.carry_out), name=f"{name}_export"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def may_bring(self, request: HttpRequest) -> bool:
        return all(request.user.has_perm(f"{self.opts.app_label}.{one}_{self.opts.model_name}") for one in self.rights)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        more = {"may_bring": self.may_bring(request), "asked": request.GET.urlencode()}
        answer: HttpResponse = super().changelist_view(request, (extra_context or {}) | more)  # type: ignore[misc]
        return answer

    def carry_out(self, request: HttpRequest) -> HttpResponseBase:
        """The rows of the list as it is filtered and searched, all of them, in order of their numbers."""
        if request.method != "GET" or not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        asked = request.GET.copy()
        kind = (asked.pop("as", None) or ["csv"])[-1]
        kind = kind if kind in KINDS else "csv"
        request.GET = asked  # type: ignore[assignment]
        found = self._asked(request)
        if found is None:
            # As Django's lists do.
            url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            return redirect(f"{url}?{ERROR_FLAG}=1")
        if self.logs_export:
            self.log_change(request, self.model(), f"Exported as {kind.upper()}.")  # type: ignore[attr-defined]
        rows = self.exchange.rows(found)
        written = writing.as_csv(self.exchange.columns, rows) if kind == "csv" else writing.as_json(rows)
        name = f"{self.opts.model_name}s-{timezone.now():%Y-%m-%d}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(written, content_type=f"{KINDS[kind]}; charset=utf-8", headers=headers)

    def _asked(self, request: HttpRequest) -> QuerySet[Any] | None:
        """None where the list would show other rows than it was asked for."""
        try:
            shown = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            return None
        return cast("QuerySet[Any]", shown.queryset) if shown.query == request.GET.get(SEARCH_VAR, "") else None

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """GET asks for a file; POST shows what it would do; POST of what was shown does that, all or nothing."""
        if not self.may_bring(request):
            raise PermissionDenied
        salt = f"exchange {self.opts.label_lower} {request.user.pk}"
        if request.method != "POST":
            return self._page(request, ExchangeForm(salt=salt))
        form = ExchangeForm(request.POST, request.FILES, salt=salt)
        if not form.is_valid():
            return self._page(request, form, status=400)
        try:
            table = reading.read(form.text, known=self.exchange.known, needed=self.exchange.needed)
        except reading.Unreadable as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=400)
        changes, is_done = self._carried(request, form, table)
        if is_done:
            said = f"Imported: {_told(counts(changes))}."
            self.message_user(request, f"{said} {self.exchange.after(changes)}".strip())  # type: ignore[attr-defined]
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self._page(request, form, changes=changes, unread=table.unread)

    def _carried(self, request: HttpRequest, form: ExchangeForm, table: reading.Table) -> tuple[list[Change], bool]:
        """What the rows do; and whether it stays done: it was seen before, is still the same and is meant."""
        with transaction.atomic():
            origin = f"{form.origin}, by account {request.user.pk}"
            changes = self.exchange.carry(table.rows, origin=origin, now=timezone.now())
            found = counts(changes)
            is_seen = form.cleaned_data["seen"] == fingerprint(changes) and not form.cleaned_data.get("file")
            is_meant = form.cleaned_data["is_meant"] or not any(one.asks for one in changes)
            is_done = is_seen and is_meant and not found[REFUSED] and bool(found[NEW] or found[CHANGED])
            if is_done:
                desk.log_rows(request, _entries(changes))
            else:
                transaction.set_rollback(True)
        if form.cleaned_data["seen"] and not is_done and not form.cleaned_data.get("file"):
            said = "Tick that it is meant." if is_seen else "Meanwhile something has changed: look once more."
            form.add_error(None, said)
        return changes, is_done

    def _page(
        self,
        request: HttpRequest,
        form: ExchangeForm,
        *,
        changes: Sequence[Change] | None = None,
        unread: Sequence[str] = (),
        status: int = 200,
    ) -> HttpResponse:
        found = counts(changes or ())
        context = {
            **self.admin_site.each_context(request),
            "title": f"Import {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "known": self.exchange.known,
            "needed": self.exchange.needed,
            "most_bytes": reading.MAX_BYTES,
            "most_rows": reading.MAX_ROWS,
        }
        if changes is not None:
            refused = [one for one in changes if one.outcome == REFUSED]
            told = [one for one in changes if one.outcome in (NEW, CHANGED) or (one.notes and one.outcome == SAME)]
            context |= {
                "is_shown": True,
                "counts": found,
                "refused": refused[:SHOWN],
                "changes": told[:SHOWN],
                "left_off": max(0, len(told) - SHOWN) + max(0, len(refused) - SHOWN),
                "unread": unread,
                "asks": any(one.asks for one in changes),
                "may_go_on": not refused and (found[NEW] or found[CHANGED]),
                "held": form.hold(),
                "seen": fingerprint(changes),
            }
        return render(request, "admin/exchange/import.html", context, status=status)


def _entries(changes: Sequence[Change]) -> Iterator[tuple[Any, int, str]]:
    for one in changes:
        if one.row is not None and one.outcome == NEW:
            yield one.row, ADDITION, "Imported."
        elif one.row is not None and one.outcome == CHANGED:
            told = "; ".join(f"{name}: {desk.cut(before)} → {desk.cut(after)}" for name, before, after in one.fields)
            yield one.row, CHANGE, f"Imported. {told}"


def _told(found: dict[str, int]) -> str:
    return f"{found[NEW]} new, {found[CHANGED]} changed, {found[SAME]} the same"
