"""The curators' desk for readers, editions and deliveries. The rules live elsewhere."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from digest.ledger import history
from digest.models import (
    BatchCursor,
    Delivery,
    DeliveryItem,
    Edition,
    Follow,
    Handover,
    LedgerMonth,
    MailEvent,
    Pick,
    Relay,
    Subscription,
    Suppression,
)
from digest.planning import planner
from digest.sending import metrics, relay
from papersite.catalogue.admin import ReadOnly


class FollowInline(admin.TabularInline):
    model = Follow
    extra = 0
    autocomplete_fields = ["topic", "author"]


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    list_display = ["reader", "send_at", "time_zone", "cap", "confirmed_at", "ended_at", "next_due_at"]
    list_filter = ["confirmed_at", "ended_at", "time_zone"]
    list_select_related = ["reader"]
    search_fields = ["reader__email"]
    autocomplete_fields = ["reader"]
    readonly_fields = ["signed_up_at", "consent", "confirmed_at", "next_due_on", "next_due_at"]
    date_hierarchy = "signed_up_at"
    inlines = [FollowInline]

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        planner.reschedule(obj, timezone.now())
        super().save_model(request, obj, form, change)


@admin.register(Follow)
class FollowAdmin(admin.ModelAdmin):
    list_display = ["subscription", "kind", "label", "mutes", "followed_at"]
    list_filter = ["kind", "mutes", "topic"]
    list_select_related = ["subscription__reader", "topic", "author"]
    search_fields = ["subscription__reader__email", "topic__name", "author__name", "search"]
    autocomplete_fields = ["subscription", "topic", "author"]


class PickInline(admin.TabularInline):
    model = Pick
    extra = 1
    autocomplete_fields = ["paper"]


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ["day", "pick_count", "intro"]
    list_filter = ["day"]
    search_fields = ["intro", "picks__paper__title"]
    date_hierarchy = "day"
    inlines = [PickInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).annotate(pick_count=Count("picks"))

    @admin.display(description="picks", ordering="pick_count")
    def pick_count(self, edition: Any) -> int:
        return int(edition.pick_count)


@admin.register(Pick)
class PickAdmin(admin.ModelAdmin):
    list_display = ["edition", "position", "paper", "note"]
    list_filter = ["edition__day"]
    list_select_related = ["edition", "paper"]
    search_fields = ["paper__title", "note"]
    autocomplete_fields = ["edition", "paper"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["subscription", "day", "state", "reason", "due_at", "attempts", "is_uncertain"]
    list_filter = ["state", "is_uncertain", "day"]
    list_select_related = ["subscription__reader"]
    search_fields = ["subscription__reader__email", "reason"]
    date_hierarchy = "day"
    show_full_result_count = False
    readonly_fields = ["papers_in_it"]
    change_list_template = "admin/digest/delivery/change_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        shown = {"progress": metrics.progress(timezone.now())}
        return super().changelist_view(request, (extra_context or {}) | shown)

    @admin.display(description="papers")
    def papers_in_it(self, delivery: Delivery) -> str:
        """Also where they were folded into a month."""
        ((_, lines),) = history.lines_of_each([delivery])
        rows = (
            (line.paper or "gone", ", ".join(label or kind for kind, label in line.entry.reasons)) for line in lines
        )
        return format_html_join(mark_safe("<br>"), "{} ({})", rows)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The ledger is what keeps a paper from reaching a reader twice.
        return False


@admin.register(BatchCursor)
class BatchCursorAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "begun", "done", "lease_until"]
    search_fields = ["worker"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It says which mails were accepted before they are settled.
        return False


@admin.register(DeliveryItem)
class DeliveryItemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["paper", "delivery", "position", "reasons"]
    list_filter = ["delivery__day"]
    list_select_related = ["paper", "delivery__subscription__reader"]
    search_fields = ["paper__title", "subscription__reader__email"]
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LedgerMonth)
class LedgerMonthAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["subscription", "month", "paper_count"]
    list_select_related = ["subscription__reader"]
    search_fields = ["subscription__reader__email"]
    date_hierarchy = "month"
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Relay)
class RelayAdmin(admin.ModelAdmin):
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Handover)
class HandoverAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["day", "mail_count"]
    date_hierarchy = "day"
    search_fields = ["day"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The alarm compares these with the ledger.
        return False


@admin.register(MailEvent)
class MailEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["received_at", "kind", "source", "delivery_id", "said", "applied_at"]
    list_filter = ["kind", "source", "received_at"]
    search_fields = ["event_id", "address_hash", "said"]
    date_hierarchy = "received_at"
    show_full_result_count = False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    list_display = ["address_hash", "reason", "evidence", "suppressed_at"]
    list_filter = ["suppressed_at"]
    search_fields = ["address_hash", "reason"]
    date_hierarchy = "suppressed_at"
