"""Papers, and the people and categories they stand under."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from papersite import desk, desk_lists
from papersite.catalogue import curation, tasks
from papersite.catalogue.admin import paper_files, searching
from papersite.catalogue.admin.parts import PartOfPapers
from papersite.catalogue.forms import CategoryForm, PaperForm
from papersite.catalogue.models import Author, Authorship, Category, Paper, PaperTopic, Reading, Vote
from papersite.exchange.pages import Exchanges

ASKED_AT_ONCE = 500


class AuthorshipInline(desk.Choosing, admin.TabularInline):
    model = Authorship
    extra = 0
    autocomplete_fields = ["author"]


class PaperTopicInline(desk.Choosing, admin.TabularInline):
    model = PaperTopic
    extra = 0
    autocomplete_fields = ["topic"]
    readonly_fields = ["origin", "why"]


class HiddenFilter(desk_lists.ConditionFilter):
    title = "hidden or withdrawn"
    parameter_name = "off"
    conditions = {
        "hidden": ("hidden", "catalogue_paper.is_hidden = {yes}"),
        "withdrawn": ("withdrawn", "catalogue_paper.is_withdrawn = {yes}"),
    }


class AnnouncedFilter(desk_lists.RecentFilter):
    title = "announced"
    parameter_name = "announced"
    field = "announced_at"


@admin.register(Paper)
class PaperAdmin(Exchanges, desk_lists.LargeList, desk.ModelAdmin):
    exchange = paper_files.Papers()
    form = PaperForm
    list_display = [
        *("title", "arxiv_id", "announced_at", "vote_count", "hf_upvotes", "github_week", "boost"),
        *("is_hidden", "is_withdrawn"),
    ]
    list_filter = [HiddenFilter, AnnouncedFilter, searching.TopicFilter]
    asked_too = ("is_hidden", "is_withdrawn", "announced_at")
    search_fields = ["title", "arxiv_id"]
    search_help_text = "As on the site: words, “phrases”, author: cat: topic: id: after:."
    ordering = ["-pk"]
    list_per_page = 50
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

    def get_ordering(self, request: HttpRequest) -> Any:
        """Of the last days by day, by the index that finds them; else as they came."""
        return ["-announced_at"] if AnnouncedFilter.parameter_name in request.GET else self.ordering

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Paper], search_term: str) -> Any:
        return (queryset.filter(pk__in=searching.papers(search_term)) if search_term else queryset), False

    @admin.action(description="Hide the chosen papers everywhere", permissions=["change"])
    def hide(self, request: HttpRequest, papers: QuerySet[Paper]) -> None:
        changed = list(papers.filter(is_hidden=False))
        self.message_user(request, f"{curation.hide(papers)} hidden.")
        self.log_each(request, changed, "is_hidden: False → True")

    @admin.action(description="Show the chosen papers again", permissions=["change"])
    def show(self, request: HttpRequest, papers: QuerySet[Paper]) -> None:
        changed = list(papers.filter(is_hidden=True))
        self.message_user(request, f"{curation.show(papers)} shown.")
        self.log_each(request, changed, "is_hidden: True → False")

    @admin.action(description="Ask arXiv about the chosen papers again", permissions=["change"])
    def ask_arxiv(self, request: HttpRequest, papers: QuerySet[Paper]) -> None:
        asked = list(papers.exclude(arxiv_id="")[:ASKED_AT_ONCE])
        ids = [paper.arxiv_id for paper in asked]
        if ids:
            tasks.harvest.delay("arxiv-papers", arxiv_ids=ids)
            self.log_each(request, asked, "Asked arXiv about it again.")
        self.message_user(request, f"arXiv will be asked about {len(ids)}; Harvests shows how it went.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A paper takes its measured signals along, which nobody deletes alone, but nothing of a reader's."""
        rows, counts, lacking, kept = super().get_deleted_objects(objs, request)
        lacking -= {str(model._meta.verbose_name) for model in (Reading, Vote)}
        held = curation.held_by_readers(Paper.objects.filter(pk__in=[paper.pk for paper in objs]))
        return rows, counts, lacking, [*kept, *held]

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


@admin.register(Author)
class AuthorAdmin(desk_lists.LargeList, PartOfPapers, desk.ModelAdmin):
    list_display = ["name", "paper_count"]
    search_fields = ["key"]
    ordering = ["key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        # Row by row: grouping would count every author's before the first is shown.
        own = Authorship.objects.filter(author=OuterRef("pk")).order_by().values("author")
        papers = Coalesce(Subquery(own.annotate(total=Count("pk")).values("total")), 0)
        return super().get_queryset(request).annotate(paper_count=papers)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Author], search_term: str) -> Any:
        found = searching.authors(search_term) if search_term else None
        if found is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(pk__in=found), False

    @admin.display(description="papers")
    def paper_count(self, author: Any) -> int:
        return int(author.paper_count)

    def papers_of(self, rows: QuerySet[Author]) -> list[int]:
        return list(rows.filter(papers__isnull=False).values_list("papers", flat=True))

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        curation.save_author(obj)


@admin.register(Category)
class CategoryAdmin(PartOfPapers, desk.ModelAdmin):
    form = CategoryForm
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def papers_of(self, rows: QuerySet[Category]) -> list[int]:
        return list(rows.filter(papers__isnull=False).values_list("papers", flat=True))


@admin.register(Authorship)
class AuthorshipAdmin(desk_lists.LargeList, searching.ByPaper, PartOfPapers, desk.ModelAdmin):
    list_display = ["author", "paper", "position"]
    ordering = ["-pk"]
    list_select_related = ["author", "paper"]
    search_fields = ["author__name", "paper__title"]
    autocomplete_fields = ["author", "paper"]
