"""Readers' schedules and follows."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from digest.admin.previews import PreviewOfReader
from digest.admin.searching import ByReader
from digest.admin.stories import StoryOfReader
from digest.forms.desk import FollowForm
from digest.models import Follow, Subscription
from digest.planning import changes
from papersite import desk, desk_lists

# What a reader agreed to, confirmed and ended.
THEIRS = ("wants_news", "signed_up_at", "consent", "confirmed_at", "ended_at")


class FollowInline(desk.Choosing, admin.TabularInline):
    model = Follow
    unlogged = ("topic", "author", "search")
    form = FollowForm
    extra = 0
    max_num = settings.FOLLOWS_PER_READER
    autocomplete_fields = ["topic", "author"]


@admin.register(Subscription)
class SubscriptionAdmin(desk_lists.LargeList, StoryOfReader, PreviewOfReader, desk.Unnamed, desk.ModelAdmin):
    """The schedule may be changed for a reader; what they agreed to, confirmed and ended is theirs alone."""

    list_display = ["reader", "send_at", "time_zone", "cap", "confirmed_at", "ended_at", "next_due_at"]
    list_filter = ["confirmed_at", "ended_at", "time_zone"]
    list_select_related = ["reader"]
    ordering = ["-pk"]
    search_fields = ["reader__email"]
    fields = [
        *("reader", "time_zone", "send_at", "weekdays", "cap", "paused_until", "on_quiet_days", "folds_alike"),
        *("close_to_saved", "next_due_on", "next_due_at", *THEIRS),
    ]
    readonly_fields = ["reader", "next_due_on", "next_due_at", *THEIRS]
    inlines = [FollowInline]
    actions = ["end"]

    change_form_template = "admin/digest/subscription/change_form.html"
    change_list_template = "admin/digest/subscription/change_list.html"

    def get_urls(self) -> list[Any]:
        return [*self.story_urls(), *self.preview_urls(), *super().get_urls()]

    @admin.action(description="Unsubscribe the chosen readers, who asked for it", permissions=["change"])
    def end(self, request: HttpRequest, subscriptions: QuerySet[Subscription]) -> None:
        chosen = list(subscriptions.filter(ended_at=None))
        for subscription in chosen:
            changes.end(subscription, now=timezone.now())
            self.log_change(request, subscription, "Unsubscribed.")
        self.message_user(request, f"{len(chosen)} unsubscribed; only they themselves can begin again.")

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        """Only what was changed here: a reader who leaves meanwhile has left."""
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        changes.change(obj, now=timezone.now(), **changed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        # It begins with the reader's own yes.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It ends; with its account alone it goes, and takes the ledger along.
        return False


@admin.register(Follow)
class FollowAdmin(desk_lists.LargeList, ByReader, desk.ModelAdmin):
    form = FollowForm
    unlogged = ("topic", "author", "search")
    fields = ["subscription", "kind", "topic", "author", "search", "mutes"]
    list_display = ["subscription", "kind", "label", "mutes", "followed_at"]
    list_filter = ["kind", "mutes", "topic"]
    list_select_related = ["subscription__reader", "topic", "author"]
    search_fields = ["subscription__reader__email"]
    ordering = ["-pk"]
    autocomplete_fields = ["subscription", "topic", "author"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else ["subscription"]
