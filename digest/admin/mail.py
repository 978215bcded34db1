"""Deliveries, the relay, what comes back, and whom nothing is mailed to. The rules live elsewhere."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from digest.admin import suppression_files
from digest.admin.searching import ByReader
from digest.bounces import by_hand
from digest.forms.desk import LiftForm, RelayForm, SuppressForm, hash_of
from digest.ledger import history
from digest.models import (
    BatchCursor,
    Delivery,
    DeliveryItem,
    Handover,
    LedgerMonth,
    MailEvent,
    Relay,
    Suppression,
)
from digest.models.deliveries import LEASED, WITHOUT_MAIL
from digest.sending import metrics, relay
from digest.templatetags.dashboard import remembered
from papersite import desk, desk_lists
from papersite.exchange.pages import Exchanges


class StateFilter(desk_lists.ConditionFilter):
    """By the index of those that wait, of those that a worker has, and of those that brought no mail."""

    title = "state"
    parameter_name = "state"
    conditions = {
        "due": ("due", "digest_delivery.state = 'due'"),
        "claimed": ("claimed by a worker", f"{LEASED} AND digest_delivery.state = 'claimed'"),
        "sending": ("being sent", f"{LEASED} AND digest_delivery.state = 'sending'"),
        "sent": ("sent", "digest_delivery.state = 'sent'"),
        "empty": ("nothing to send", f"{WITHOUT_MAIL} AND digest_delivery.state = 'empty'"),
        "skipped": ("skipped", f"{WITHOUT_MAIL} AND digest_delivery.state = 'skipped'"),
        "failed": ("failed", f"{WITHOUT_MAIL} AND digest_delivery.state = 'failed'"),
        "uncertain": ("uncertain", "digest_delivery.is_uncertain = {yes}"),
    }


class DayFilter(desk_lists.RecentFilter):
    title = "day"
    parameter_name = "days"
    field = "day"


@admin.register(Delivery)
class DeliveryAdmin(desk_lists.LargeList, ByReader, desk.ReadOnly, desk.ModelAdmin):
    """The ledger, which keeps a paper from reaching a reader twice. Nothing here leads to a reader's own copy."""

    fields = [
        *("subscription", "day", "extra", "state", "reason", "due_at", "not_before", "attempts", "accepted_count"),
        *("is_uncertain", "subject", "assembled_at", "settled_at", "papers_in_it"),
    ]
    list_display = ["subscription", "day", "state", "reason", "due_at", "attempts", "is_uncertain"]
    list_filter = [StateFilter, DayFilter]
    asked_too = ("day",)
    list_select_related = ["subscription__reader"]
    search_fields = ["subscription__reader__email"]
    search_help_text = "A reader’s address."
    ordering = ["-day"]
    # In the order of the index that holds the few: an empty one is unknown to SQLite, which would read all days.
    orders = {"due": ["-due_at"], "claimed": ["-claimed_by"], "sending": ["-claimed_by"]}
    readonly_fields = ["papers_in_it"]
    view_on_site = False
    change_list_template = "admin/digest/delivery/change_list.html"

    def get_ordering(self, request: HttpRequest) -> Any:
        return self.orders.get(request.GET.get(StateFilter.parameter_name, ""), self.ordering)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        shown = {"progress": remembered("desk.progress", lambda: metrics.progress(timezone.now()))}
        return super().changelist_view(request, (extra_context or {}) | shown)

    @admin.display(description="papers")
    def papers_in_it(self, delivery: Delivery) -> str:
        """Also where they were folded into a month."""
        ((_, lines),) = history.lines_of_each([delivery])
        rows = (
            (line.paper or "gone", ", ".join(label or kind for kind, label in line.entry.reasons)) for line in lines
        )
        return format_html_join(mark_safe("<br>"), "{} ({})", rows)


@admin.register(BatchCursor)
class BatchCursorAdmin(desk.ReadOnly, desk.ModelAdmin):
    list_display = ["__str__", "begun", "done", "lease_until"]
    search_fields = ["worker"]


@admin.register(DeliveryItem)
class DeliveryItemAdmin(desk_lists.LargeList, ByReader, desk.ReadOnly, desk.ModelAdmin):
    list_display = ["paper", "delivery", "position", "reasons"]
    list_select_related = ["paper", "delivery__subscription__reader"]
    search_fields = ["subscription__reader__email"]
    ordering = ["-pk"]


@admin.register(LedgerMonth)
class LedgerMonthAdmin(desk_lists.LargeList, ByReader, desk.ReadOnly, desk.ModelAdmin):
    list_display = ["subscription", "month", "paper_count"]
    ordering = ["-pk"]
    list_select_related = ["subscription__reader"]
    search_fields = ["subscription__reader__email"]


@admin.register(Relay)
class RelayAdmin(desk.ModelAdmin):
    form = RelayForm
    list_display = [
        "__str__",
        "is_paused",
        "pause_reason",
        "alarm",
        "alarmed_at",
        "down_until",
        "down_reason",
        "strikes",
    ]
    fields = ["is_paused", "pause_reason", "alarm", "alarmed_at", "down_until", "down_reason", "strikes"]
    readonly_fields = ["pause_reason", "alarmed_at", "down_reason", "strikes"]
    search_fields = ["alarm", "down_reason"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relay]:
        relay.relay()
        return super().get_queryset(request)

    def save_model(self, request: HttpRequest, obj: Relay, form: Any, change: bool) -> None:
        """Only what was changed here, and no alarm but the one that was seen: workers write the same row."""
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if "alarm" in changed:
            Relay.objects.filter(pk=obj.pk, alarm=form.initial["alarm"]).update(alarm=changed.pop("alarm"))
        if changed:
            Relay.objects.filter(pk=obj.pk).update(**changed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Handover)
class HandoverAdmin(desk.ReadOnly, desk.ModelAdmin):
    list_display = ["day", "mail_count"]
    search_fields = ["day"]


class ByAddress:
    """Rows that keep an address as its hash are found by the address, as somebody types it."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        typed = hash_of(search_term)
        if typed:
            return queryset.filter(address_hash=typed), False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[misc]


@admin.register(MailEvent)
class MailEventAdmin(desk_lists.LargeList, ByAddress, desk.ReadOnly, desk.ModelAdmin):
    list_display = ["received_at", "kind", "source", "delivery_id", "said", "applied_at"]
    list_filter = ["kind", "source", "received_at"]
    ordering = ["-pk"]
    search_fields = ["event_id", "address_hash", "said"]
    search_help_text = "An address, as it is typed, or words of the report."


@admin.register(Suppression)
class SuppressionAdmin(Exchanges, ByAddress, desk_lists.LargeList, desk.ModelAdmin):
    """Typed as an address, kept as a hash, and lifted with a reason."""

    exchange = suppression_files.Suppressions()
    rights = ("add",)
    logs_export = True

    list_display = ["address_hash", "reason", "evidence", "suppressed_at"]
    list_filter = ["suppressed_at"]
    ordering = ["-pk"]
    search_fields = ["address_hash", "reason"]
    search_help_text = "An address, as it is typed, or words of the reason."

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | ({} if change else {"form": SuppressForm}))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["address", "reason"] if obj is None else ["address_hash", "reason", "evidence", "suppressed_at"]

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        held, is_new = by_hand.suppress(form.cleaned_data["address"], reason=obj.reason, now=timezone.now())
        obj.pk, obj.address_hash, obj.is_new = held.pk, held.address_hash, is_new  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        if obj.is_new:
            return super().response_add(request, obj, post_url_continue)
        held = Suppression.objects.get(pk=obj.pk)
        said = f"It was there already, since {held.suppressed_at:%Y-%m-%d}, and stays as it is: {held.reason}"
        self.message_user(request, said, messages.WARNING)
        return redirect("admin:digest_suppression_change", held.pk)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_addition(request, obj, message) if obj.is_new else None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its reason says who may lift it.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        lifted = path("<int:pk>/lift/", self.admin_site.admin_view(self.lift), name="digest_suppression_lift")
        return [lifted, *super().get_urls()]

    def lift(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks for a reason; POST keeps it and lets mail go to the address again."""
        if not request.user.has_perm("digest.delete_suppression"):
            raise PermissionDenied
        held = get_object_or_404(Suppression, pk=pk)
        form = LiftForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self.log_deletions(request, Suppression.objects.filter(pk=pk))
            by_hand.lift(held, reason=form.cleaned_data["reason"], now=timezone.now())
            self.message_user(request, "Lifted: mail may go there again.")
            return _back_to(request.GET.get("reader", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": "Lift a suppression",
            "subtitle": str(held),
            "opts": self.opts,
            "original": held,
            "form": form,
        }
        return render(request, "admin/digest/suppression/lift.html", context)


def _back_to(number: str) -> HttpResponse:
    """To the story of the reader from which one came, or to the list."""
    if number.isascii() and number.isdigit() and len(number) < 19:
        return redirect("admin:digest_subscription_story", int(number))
    return redirect("admin:digest_suppression_changelist")
