"""Papers, and the people and categories they stand under."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from papersite import desk
from papersite.catalogue import curation, tasks
from papersite.catalogue.admin.parts import PartOfPapers
from papersite.catalogue.models import Author, Authorship, Category, Paper, PaperTopic, Reading, Vote

ASKED_AT_ONCE = 500


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
class PaperAdmin(desk.ModelAdmin):
    list_display = [
        *("title", "arxiv_id", "announced_at", "vote_count", "hf_upvotes", "github_week", "boost"),
        *("is_hidden", "is_withdrawn"),
    ]
    list_filter = ["is_hidden", "is_withdrawn", "announced_at", ("topics", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "arxiv_id", "authors__name"]
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
class AuthorAdmin(PartOfPapers, desk.ModelAdmin):
    list_display = ["name", "paper_count"]
    search_fields = ["name", "key"]
    # Counting would drop the model's own.
    ordering = ["name", "pk"]

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
class CategoryAdmin(PartOfPapers, desk.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def papers_of(self, rows: QuerySet[Category]) -> list[int]:
        return list(rows.filter(papers__isnull=False).values_list("papers", flat=True))


@admin.register(Authorship)
class AuthorshipAdmin(PartOfPapers, desk.ModelAdmin):
    list_display = ["author", "paper", "position"]
    list_filter = ["position"]
    list_select_related = ["author", "paper"]
    search_fields = ["author__name", "paper__title"]
    autocomplete_fields = ["author", "paper"]
