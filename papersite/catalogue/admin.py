"""The curators' desk for the catalogue. The rules live elsewhere."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from papersite.catalogue import curation
from papersite.catalogue.models import (
    Author,
    Authorship,
    Category,
    Harvest,
    Paper,
    PaperTopic,
    Reject,
    SignalWeight,
    Topic,
    Vote,
)


class ReadOnly:
    """For rows that the site writes itself."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
    list_display = ["title", "arxiv_id", "announced_at", "vote_count", "hf_upvotes", "boost", "is_hidden"]
    list_filter = ["is_hidden", "announced_at", ("topics", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "arxiv_id", "authors__name"]
    date_hierarchy = "announced_at"
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ["heat", "vote_count", "hf_upvotes", "hf_comments", "github_stars", "added_at", "observed_at"]
    autocomplete_fields = ["primary_category"]
    inlines = [PaperTopicInline, AuthorshipInline]
    actions = ["hide", "show"]
    fieldsets = (
        (None, {"fields": ("title", "summary", "summary_by", "abstract", "comment")}),
        (
            "Steering",
            {"fields": ("is_hidden", "boost", "heat"), "description": "What readers get to see, and how high."},
        ),
        ("Links", {"fields": ("arxiv_id", "code_url", "project_url", "primary_category")}),
        (
            "Signals and dates",
            {
                "fields": (
                    "vote_count",
                    "hf_upvotes",
                    "hf_comments",
                    "github_stars",
                    "submitted_at",
                    "announced_at",
                    "added_at",
                    "observed_at",
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

    def save_model(self, request: HttpRequest, obj: Paper, form: Any, change: bool) -> None:
        curation.save_paper(obj, edited=form.changed_data if change else ())

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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        curation.topic_changed(form.instance)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "paper_count"]
    search_fields = ["name", "key"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return super().get_queryset(request).annotate(paper_count=Count("authorships"))

    @admin.display(description="papers", ordering="paper_count")
    def paper_count(self, author: Any) -> int:
        return int(author.paper_count)

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        curation.save_author(obj)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(PaperTopic)
class PaperTopicAdmin(admin.ModelAdmin):
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
    list_display = ["paper", "reader", "voted_at"]
    list_filter = ["voted_at"]
    list_select_related = ["paper", "reader"]
    search_fields = ["paper__title", "reader__email"]
    date_hierarchy = "voted_at"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Votes are counted on the paper: they are taken back through the site.
        return False


@admin.register(SignalWeight)
class SignalWeightAdmin(admin.ModelAdmin):
    list_display = ["signal", "hours"]
    list_filter = ["signal"]
    search_fields = ["signal"]


class RejectInline(ReadOnly, admin.TabularInline):
    model = Reject
    extra = 0
    can_delete = False


@admin.register(Harvest)
class HarvestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["source", "started_at", "seen", "created", "updated", "rejected", "cursor", "error"]
    list_filter = ["source", "started_at"]
    search_fields = ["source", "origin", "error"]
    date_hierarchy = "started_at"
    inlines = [RejectInline]


@admin.register(Reject)
class RejectAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["place", "reason", "excerpt", "harvest"]
    list_filter = ["harvest__source"]
    list_select_related = ["harvest"]
    search_fields = ["place", "reason", "excerpt"]


@admin.register(Authorship)
class AuthorshipAdmin(admin.ModelAdmin):
    list_display = ["author", "paper", "position"]
    list_filter = ["position"]
    list_select_related = ["author", "paper"]
    search_fields = ["author__name", "paper__title"]
    autocomplete_fields = ["author", "paper"]
    show_full_result_count = False
