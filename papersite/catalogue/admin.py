"""The curators' desk for the catalogue. The rules live elsewhere."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from papersite.catalogue import curation, harvesting, scoring, tasks, trending, votes
from papersite.catalogue.forms import TopicForm, WeightsForm
from papersite.catalogue.models import (
    Author,
    Authorship,
    Category,
    Harvest,
    Paper,
    PaperTopic,
    Reading,
    Reject,
    Repository,
    RequestSlot,
    SignalWeight,
    Topic,
    Vote,
)

ASKED_AT_ONCE = 500
PREVIEWED = timedelta(days=14)


class ReadOnly:
    """For rows that the site writes itself."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartOfPapers:
    """For rows that are part of papers: the search follows when one is written or deleted here."""

    def papers_of(self, rows: QuerySet[Any]) -> list[int]:
        return list(rows.values_list("paper", flat=True))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        curation.parts_changed(self.papers_of(type(obj).objects.filter(pk=obj.pk)))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, type(obj).objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        papers = self.papers_of(queryset)
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        curation.parts_changed(papers)


class AuthorshipInline(admin.TabularInline):
    model = Authorship
    extra = 0
    autocomplete_fields = ["author"]


class PaperTopicInline(admin.TabularInline):
    model = PaperTopic
    extra = 0
    autocomplete_fields = ["topic"]
    readonly_fields = ["origin", "why"]


@admin.register(Paper)
class PaperAdmin(admin.ModelAdmin):
    list_display = [
        *("title", "arxiv_id", "announced_at", "vote_count", "hf_upvotes", "github_week", "boost"),
        *("is_hidden", "is_withdrawn"),
    ]
    list_filter = ["is_hidden", "is_withdrawn", "announced_at", ("topics", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "arxiv_id", "authors__name"]
    date_hierarchy = "announced_at"
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = [
        *("heat", "vote_count", "hf_upvotes", "hf_comments", "github_stars", "github_week", "keywords"),
        *("added_at", "observed_at", "arxiv_observed_at", "sources", "versions", "curated"),
    ]
    autocomplete_fields = ["primary_category"]
    inlines = [PaperTopicInline, AuthorshipInline]
    actions = ["hide", "show", "ask_arxiv"]
    fieldsets = (
        (None, {"fields": ("title", "summary", "summary_by", "keywords", "abstract", "comment", "organisation")}),
        (
            "Steering",
            {
                "fields": ("is_hidden", "is_withdrawn", "boost", "heat"),
                "description": "What readers get to see, and how high.",
            },
        ),
        ("Links", {"fields": ("arxiv_id", "doi", "journal_ref", "code_url", "project_url", "primary_category")}),
        (
            "Signals and dates",
            {
                "fields": (
                    "vote_count",
                    "hf_upvotes",
                    "hf_comments",
                    "github_stars",
                    "github_week",
                    "submitted_at",
                    "announced_at",
                    "added_at",
                    "observed_at",
                    "arxiv_observed_at",
                    "versions",
                    "sources",
                    "curated",
                )
            },
        ),
    )

    @admin.action(description="Hide the chosen papers everywhere", permissions=["change"])
    def hide(self, request: HttpRequest, papers: QuerySet[Paper]) -> None:
        self.message_user(request, f"{curation.hide(papers)} hidden.")

    @admin.action(description="Show the chosen papers again", permissions=["change"])
    def show(self, request: HttpRequest, papers: QuerySet[Paper]) -> None:
        self.message_user(request, f"{curation.show(papers)} shown.")

    @admin.action(description="Ask arXiv about the chosen papers again", permissions=["change"])
    def ask_arxiv(self, request: HttpRequest, papers: QuerySet[Paper]) -> None:
        ids = list(papers.exclude(arxiv_id="").values_list("arxiv_id", flat=True)[:ASKED_AT_ONCE])
        if ids:
            tasks.harvest.delay("arxiv-papers", arxiv_ids=ids)
        self.message_user(request, f"arXiv will be asked about {len(ids)}; Harvests shows how it went.")

    def save_model(self, request: HttpRequest, obj: Paper, form: Any, change: bool) -> None:
        curation.save_paper(obj, edited=form.changed_data if change else ())

    def delete_model(self, request: HttpRequest, obj: Paper) -> None:
        curation.remove(Paper.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Paper]) -> None:
        curation.remove(queryset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        curation.paper_changed(form.instance)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, PaperTopic):
                curation.decide(row)
            else:
                row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    form = TopicForm
    list_display = ["name", "paper_count", "description", "is_offered"]
    list_filter = ["is_offered"]
    search_fields = ["name", "slug", "description", "search"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["categories"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        topics = super().get_queryset(request)
        return topics.annotate(paper_count=Count("paper_topics", filter=Q(paper_topics__belongs=True)))

    @admin.display(description="papers", ordering="paper_count")
    def paper_count(self, topic: Any) -> int:
        return int(topic.paper_count)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        curation.save_topic(obj)

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        curation.remove_topics(Topic.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        curation.remove_topics(queryset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tasks.classify.delay([form.instance.pk])
        self.message_user(request, "The catalogue is sorted under this topic again; that may take a minute.")


@admin.register(Author)
class AuthorAdmin(PartOfPapers, admin.ModelAdmin):
    list_display = ["name", "paper_count"]
    search_fields = ["name", "key"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return super().get_queryset(request).annotate(paper_count=Count("authorships"))

    @admin.display(description="papers", ordering="paper_count")
    def paper_count(self, author: Any) -> int:
        return int(author.paper_count)

    def papers_of(self, rows: QuerySet[Author]) -> list[int]:
        return list(rows.filter(papers__isnull=False).values_list("papers", flat=True))

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        curation.save_author(obj)


@admin.register(Category)
class CategoryAdmin(PartOfPapers, admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def papers_of(self, rows: QuerySet[Category]) -> list[int]:
        return list(rows.filter(papers__isnull=False).values_list("papers", flat=True))


@admin.register(PaperTopic)
class PaperTopicAdmin(PartOfPapers, admin.ModelAdmin):
    list_display = ["paper", "topic", "belongs", "origin", "why"]
    list_filter = ["origin", "belongs", "topic"]
    list_select_related = ["paper", "topic"]
    search_fields = ["paper__title", "paper__arxiv_id", "topic__name"]
    autocomplete_fields = ["paper", "topic"]
    readonly_fields = ["origin", "why"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: PaperTopic, form: Any, change: bool) -> None:
        curation.decide(obj)


@admin.register(Vote)
class VoteAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["paper", "reader", "voted_at", "is_counted", "taken_back_at"]
    list_filter = ["is_counted", "voted_at"]
    actions = ["count", "do_not_count"]
    list_select_related = ["paper", "reader"]
    search_fields = ["paper__title", "reader__email"]
    date_hierarchy = "voted_at"

    @admin.action(description="Count the chosen votes")
    def count(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        self._set(request, chosen, is_counted=True)

    @admin.action(description="Do not count the chosen votes")
    def do_not_count(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        self._set(request, chosen, is_counted=False)

    def _set(self, request: HttpRequest, chosen: QuerySet[Vote], *, is_counted: bool) -> None:
        rows = list(chosen)
        votes.set_counted(rows, is_counted=is_counted)
        self.message_user(request, f"{len(rows)} changed; the papers stand where that puts them.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Votes are counted on the paper: they are taken back through the site.
        return False


@admin.register(SignalWeight)
class SignalWeightAdmin(admin.ModelAdmin):
    """The weights are tried on one page, beside today's order, and put into force from there."""

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
            curation.set_weights(form.cleaned_data)
            tasks.rescore.delay()
            self.message_user(request, "The new weights are in force; the order follows in a moment.")
            return redirect("admin:catalogue_signalweight_changelist")
        tried = form.cleaned_data if form.is_valid() else in_force
        context = {
            **self.admin_site.each_context(request),
            "title": "Try other weights",
            "opts": self.model._meta,
            "form": form,
            "moves": scoring.preview(tried, PREVIEWED),
        }
        return render(request, "admin/catalogue/signalweight/try.html", context)

    def save_model(self, request: HttpRequest, obj: SignalWeight, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tasks.rescore.delay()

    def has_add_permission(self, request: HttpRequest) -> bool:
        # There is a row for each signal the formula knows.
        return SignalWeight.objects.count() < len(trending.DEFAULT_WEIGHTS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RejectInline(ReadOnly, admin.TabularInline):
    model = Reject
    extra = 0
    can_delete = False


@admin.register(Harvest)
class HarvestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        *("source", "started_at", "seen", "created", "updated", "rejected", "faults", "error"),
    ]
    list_filter = ["source", "is_live", "started_at"]
    search_fields = ["source", "origin", "error", "notes"]
    date_hierarchy = "started_at"
    inlines = [RejectInline]
    change_list_template = "admin/catalogue/harvest/change_list.html"

    @admin.display(description="faults waited out")
    def faults(self, run: Harvest) -> int:
        return run.notes.count("\n")

    def get_urls(self) -> list[Any]:
        return [
            path("run/", self.admin_site.admin_view(self.run_now), name="catalogue_harvest_run"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"sources": sorted(harvesting.SOURCES), **(extra_context or {})})

    def run_now(self, request: HttpRequest) -> HttpResponse:
        """Orders a run of a source; the worker does it, and its row appears in the list."""
        if request.method != "POST" or not request.user.has_perm("catalogue.add_harvest"):
            raise PermissionDenied
        source = request.POST.get("source", "")
        if source in harvesting.SOURCES:
            tasks.harvest.delay(source)
            self.message_user(request, f"A run of {source} was ordered; reload to see how it goes.")
        else:
            self.message_user(request, "There is no such source.", messages.ERROR)
        return redirect("admin:catalogue_harvest_changelist")


@admin.register(Reject)
class RejectAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["place", "reason", "excerpt", "harvest"]
    list_filter = ["harvest__source"]
    list_select_related = ["harvest"]
    search_fields = ["place", "reason", "excerpt"]


@admin.register(Authorship)
class AuthorshipAdmin(PartOfPapers, admin.ModelAdmin):
    list_display = ["author", "paper", "position"]
    list_filter = ["position"]
    list_select_related = ["author", "paper"]
    search_fields = ["author__name", "paper__title"]
    autocomplete_fields = ["author", "paper"]
    show_full_result_count = False


@admin.register(Repository)
class RepositoryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "stars", "week_stars", "is_archived", "is_gone", "renamed_to", "asked_at"]
    list_filter = ["is_gone", "is_archived"]
    search_fields = ["url", "renamed_to"]
    show_full_result_count = False


@admin.register(Reading)
class ReadingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["paper", "signal", "day", "value"]
    list_filter = ["signal"]
    list_select_related = ["paper"]
    search_fields = ["paper__title", "paper__arxiv_id"]
    date_hierarchy = "day"
    show_full_result_count = False


@admin.register(RequestSlot)
class RequestSlotAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["service", "holder", "held_until", "next_at"]
    list_filter = ["service"]
    search_fields = ["service"]
