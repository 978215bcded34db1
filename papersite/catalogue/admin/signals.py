"""What papers earned, and how much it weighs."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from papersite import desk, desk_lists
from papersite.catalogue import curation, tasks, trending, votes
from papersite.catalogue.admin.searching import ByPaper
from papersite.catalogue.forms import WeightForm, WeightsForm
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Reading, Repository, SignalWeight, Vote, WeightsChange

PREVIEWED = timedelta(days=14)


class NotCountedFilter(desk_lists.ConditionFilter):
    title = "counted"
    parameter_name = "counted"
    conditions = {"no": ("not counted", "catalogue_vote.is_counted = {no}")}


@admin.register(Vote)
class VoteAdmin(desk_lists.LargeList, ByPaper, desk.ReadOnly, desk.ModelAdmin):
    """Votes are counted on the paper: they are taken back through the site, and judged here."""

    list_filter = [NotCountedFilter]
    ordering = ["-pk"]
    actions = ["count", "do_not_count"]
    list_select_related = ["paper", "reader"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["paper", self._voter(request), "voted_at", "is_counted", "taken_back_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_list_display(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_list_display(request)

    def get_search_fields(self, request: HttpRequest) -> Any:
        return ["paper__title", *(["reader__email"] if self._voter(request) == "reader" else [])]

    def _voter(self, request: HttpRequest) -> str:
        """Addresses are for those who may look readers up; others tell voters apart by number."""
        return "reader" if request.user.has_perm("accounts.view_user") else "reader_number"

    @admin.display(description="reader", ordering="reader")
    def reader_number(self, vote: Vote) -> str:
        return f"reader {vote.reader_id}"

    def has_judge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalogue.change_vote")

    @admin.action(description="Count the chosen votes", permissions=["judge"])
    def count(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        self._set(request, chosen, is_counted=True)

    @admin.action(description="Do not count the chosen votes", permissions=["judge"])
    def do_not_count(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        self._set(request, chosen, is_counted=False)

    def _set(self, request: HttpRequest, chosen: QuerySet[Vote], *, is_counted: bool) -> None:
        rows = list(chosen)
        changed = [row for row in rows if row.is_counted != is_counted]
        votes.set_counted(rows, is_counted=is_counted)
        self.log_each(request, changed, f"is_counted: {not is_counted} → {is_counted}")
        self.message_user(request, f"{len(rows)} changed; the papers stand where that puts them.")


@admin.register(SignalWeight)
class SignalWeightAdmin(desk.ModelAdmin):
    """The weights are tried on one page, beside today's order, and put into force from there."""

    form = WeightForm
    list_display = ["signal", "hours"]
    list_filter = ["signal"]
    search_fields = ["signal"]
    change_list_template = "admin/catalogue/signalweight/change_list.html"

    def get_urls(self) -> list[Any]:
        return [
            path("try/", self.admin_site.admin_view(self.try_weights), name="catalogue_try_weights"),
            *super().get_urls(),
        ]

    def try_weights(self, request: HttpRequest) -> HttpResponse:
        """GET shows what other weights would do to the order; POST puts them into force."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        in_force = scoring.weights()
        form = WeightsForm(request.POST or request.GET or in_force)
        if request.method == "POST" and form.is_valid():
            curation.set_weights(form.hours(), by=request.user, why=form.cleaned_data["why"])  # type: ignore[arg-type]
            tasks.rescore.delay()
            if change := WeightsChange.objects.first():
                row = SignalWeight.objects.get(signal=next(iter(trending.DEFAULT_WEIGHTS)))
                self.log_change(request, row, f"{curation.told(change)}. {change.why}".strip())
            self.message_user(request, "The new weights are in force; the order follows in a moment.")
            return redirect("admin:catalogue_signalweight_changelist")
        tried = in_force | form.hours() if form.is_valid() else in_force
        context = {
            **self.admin_site.each_context(request),
            "title": "Try other weights",
            "opts": self.model._meta,
            "form": form,
            "moves": scoring.preview(tried, PREVIEWED),
            "changes": [(one, curation.told(one)) for one in WeightsChange.objects.all()[:20]],
        }
        return render(request, "admin/catalogue/signalweight/try.html", context)

    def save_model(self, request: HttpRequest, obj: SignalWeight, form: Any, change: bool) -> None:
        curation.set_weights({obj.signal: obj.hours}, by=request.user)  # type: ignore[arg-type]
        obj.pk = SignalWeight.objects.get(signal=obj.signal).pk
        tasks.rescore.delay()

    def has_add_permission(self, request: HttpRequest) -> bool:
        # There is a row for each signal the formula knows, and the page where they are tried makes those that lack.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Repository)
class RepositoryAdmin(desk_lists.LargeList, desk.ReadOnly, desk.ModelAdmin):
    list_display = ["__str__", "stars", "week_stars", "is_archived", "is_gone", "renamed_to", "asked_at"]
    list_filter = ["is_gone", "is_archived"]
    search_fields = ["url", "renamed_to"]


@admin.register(Reading)
class ReadingAdmin(desk_lists.LargeList, ByPaper, desk.ReadOnly, desk.ModelAdmin):
    list_display = ["paper", "signal", "day", "value"]
    list_filter = ["signal"]
    ordering = ["-pk"]
    list_select_related = ["paper"]
    search_fields = ["paper__title", "paper__arxiv_id"]
