"""The site's processes at the desk: what they last said of themselves."""

from django.contrib import admin
from django.utils import timezone

from papersite import desk
from papersite.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(desk.ReadOnly, desk.ModelAdmin):
    list_display = ["__str__", "is_alive", "beaten_at", "started_at", "version", "queues", "figures"]
    list_filter = ["name"]
    search_fields = ["name", "host"]
    ordering = ["name", "host", "pid"]

    @admin.display(description="lives", boolean=True)
    def is_alive(self, process: Heartbeat) -> bool:
        return process.is_alive(timezone.now())
