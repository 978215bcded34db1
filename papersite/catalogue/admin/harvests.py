"""Runs of sources, and what they refused."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone

from papersite import desk, desk_lists
from papersite.catalogue import harvesting, tasks
from papersite.catalogue.harvesting import runs
from papersite.catalogue.models import Harvest, Reject, RequestSlot
from papersite.runtime import beat


class RejectInline(desk.ReadOnly, admin.TabularInline):
    model = Reject
    extra = 0
    can_delete = False


@admin.register(Harvest)
class HarvestAdmin(desk.ReadOnly, desk.ModelAdmin):
    list_display = [
        *("source", "started_at", "state", "seen", "created", "updated", "rejected", "faults", "error"),
    ]
    list_filter = ["source", "is_live", "started_at"]
    search_fields = ["source", "origin", "error", "notes"]
    inlines = [RejectInline]
    change_list_template = "admin/catalogue/harvest/change_list.html"

    @admin.display(description="faults waited out")
    def faults(self, run: Harvest) -> int:
        return run.notes.count("\n")

    @admin.display
    def state(self, run: Harvest) -> str:
        return run.state(timezone.now())

    def get_urls(self) -> list[Any]:
        return [
            path("run/", self.admin_site.admin_view(self.run_now), name="catalogue_harvest_run"),
            path("<int:pk>/stop/", self.admin_site.admin_view(self.stop), name="catalogue_harvest_stop"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        now = timezone.now()
        ahead = beat.next_orders(settings.HARVEST_SOURCES, now)
        live = Harvest.objects.filter(is_live=True, finished_at__isnull=True, alive_until__gt=now)
        running = {run.source: run for run in live}
        rows = [(name, running.get(name), ahead.get(name)) for name in sorted(harvesting.SOURCES)]
        return super().changelist_view(request, {"sources": rows, **(extra_context or {})})

    def run_now(self, request: HttpRequest) -> HttpResponse:
        """Orders a run of a source; the worker does it, and its row appears in the list."""
        if request.method != "POST" or not request.user.has_perm("catalogue.add_harvest"):
            raise PermissionDenied
        source = request.POST.get("source", "")
        if source in harvesting.SOURCES:
            tasks.harvest.delay(source)
            self.log_change(request, Harvest(source=source), "Ordered a run.")
            self.message_user(request, f"A run of {source} was ordered; reload to see how it goes.")
        else:
            self.message_user(request, "There is no such source.", messages.ERROR)
        return redirect("admin:catalogue_harvest_changelist")

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ends a run before its next request."""
        if request.method != "POST" or not request.user.has_perm("catalogue.add_harvest"):
            raise PermissionDenied
        run = get_object_or_404(Harvest, pk=pk)
        if runs.stop(run, timezone.now()):
            self.log_change(request, run, "Stopped the run.")
            self.message_user(request, f"{run} ends before its next request; the next run goes on from there.")
        else:
            self.message_user(request, f"{run} has ended already.", messages.WARNING)
        return redirect("admin:catalogue_harvest_changelist")


@admin.register(Reject)
class RejectAdmin(desk_lists.LargeList, desk.ReadOnly, desk.ModelAdmin):
    list_display = ["place", "reason", "excerpt", "harvest"]
    list_filter = ["harvest__source"]
    list_select_related = ["harvest"]
    ordering = ["-pk"]
    search_fields = ["place", "reason", "excerpt"]


@admin.register(RequestSlot)
class RequestSlotAdmin(desk.ReadOnly, desk.ModelAdmin):
    list_display = ["service", "holder", "held_until", "next_at"]
    list_filter = ["service"]
    search_fields = ["service"]
