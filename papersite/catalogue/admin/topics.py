"""Topics, and which papers stand under them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from papersite import desk, desk_lists
from papersite.catalogue import curation, tasks
from papersite.catalogue.admin import topic_files
from papersite.catalogue.admin.parts import PartOfPapers
from papersite.catalogue.admin.searching import ByPaper
from papersite.catalogue.forms import MergeForm, TopicForm
from papersite.catalogue.models import FormerSlug, PaperTopic, Topic
from papersite.catalogue.search import language
from papersite.catalogue.topics import trying
from papersite.exchange.pages import Exchanges
from papersite.web import typed


@admin.register(Topic)
class TopicAdmin(Exchanges, desk.ModelAdmin):
    exchange = topic_files.Topics()
    form = TopicForm
    list_display = ["name", "paper_count", "follower_count", "description", "is_offered"]
    list_filter = ["is_offered"]
    search_fields = ["name", "slug", "description", "search"]
    # Counting would drop the model's own.
    ordering = ["is_catch_all", "name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["categories"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        found: Any = super().get_queryset(request)
        counted: QuerySet[Topic] = found.with_counts(timezone.now())
        # The catalogue knows nothing of digests but that its topics are followed.
        follows: Any = Topic._meta.get_field("follows").related_model
        of_it = follows.objects.filter(topic=OuterRef("pk"), mutes=False).order_by().values("topic")
        return counted.annotate(follower_count=Coalesce(Subquery(of_it.annotate(total=Count("*")).values("total")), 0))

    @admin.display(description="papers", ordering="paper_count")
    def paper_count(self, topic: Any) -> int:
        return int(topic.paper_count)

    @admin.display(description="followers", ordering="follower_count")
    def follower_count(self, topic: Any) -> int:
        return int(topic.follower_count)

    change_form_template = "admin/catalogue/topic/change_form.html"

    def get_urls(self) -> list[Any]:
        tried = path("try/", self.admin_site.admin_view(self.try_search), name="catalogue_topic_try")
        merged = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge), name="catalogue_topic_merge")
        return [tried, merged, *super().get_urls()]

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET tells what it costs and asks where to; POST orders it. A worker does it, all at once."""
        if not (self.has_change_permission(request) and self.has_delete_permission(request)):
            raise PermissionDenied
        topic: Any = get_object_or_404(self.get_queryset(request), pk=pk)
        form = MergeForm(request.POST or None, topic=topic)
        if request.method == "POST" and form.is_valid():
            into, with_papers = form.cleaned_data["into"], form.cleaned_data["with_papers"]
            along = "with its papers" if with_papers else "without its papers"
            told = f"Merged “{topic}”, followed by {topic.follower_count}, into “{into}”, {along}."
            self.log_deletions(request, Topic.objects.filter(pk=pk))
            self.log_change(request, into, told)
            tasks.merge_topic.delay(pk, into.pk, with_papers)
            self.message_user(request, f"{told} A worker does it; that may take a minute.")
            return redirect("admin:catalogue_topic_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": "Merge into another topic",
            "subtitle": str(topic),
            "opts": self.opts,
            "original": topic,
            "form": form,
        }
        return render(request, "admin/catalogue/topic/merge.html", context)

    def try_search(self, request: HttpRequest) -> HttpResponse:
        """What a search finds this week, and what a topic would gain and lose by it. Nothing is saved."""
        if request.method != "GET" or not self.has_change_permission(request):
            raise PermissionDenied
        topic = Topic.objects.filter(pk=typed.number(request.GET.get("topic", "")) or 0).first()
        text = request.GET.get("search", topic.search if topic else "")[:2000]
        context = {
            **self.admin_site.each_context(request),
            "title": "Try a search",
            "subtitle": str(topic or ""),
            "opts": self.opts,
            "topic": topic,
            "search": text,
            "problems": language.parse(text).problems,
            "trial": trying.trial(text, topic.pk if topic else None, timezone.now()),
        }
        return render(request, "admin/catalogue/topic/try.html", context)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        obj.is_moved = curation.save_topic(obj)  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        curation.remove_topics(Topic.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        curation.remove_topics(queryset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.instance.is_moved or topic_files.SORTING & set(form.changed_data):
            # By a worker: of a million papers it takes a minute.
            tasks.classify.delay([form.instance.pk], moved=form.instance.is_moved)
            self.message_user(request, "The catalogue is sorted under this topic again; that may take a minute.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A topic that somebody follows stays: it says how many, and names nobody."""
        chosen = [one.pk for one in objs]
        followed: Any = Topic.objects.filter(pk__in=chosen, follows__isnull=False).annotate(readers=Count("follows"))
        kept = [
            f"{one}: {one.readers} follow it. Merge it into another topic, or untick “is offered” to retire it."
            for one in followed
        ]
        if kept:
            return [], {}, set(), kept
        rows, counts, lacking, others = super().get_deleted_objects(objs, request)
        return rows, counts, lacking - {str(FormerSlug._meta.verbose_name)}, others


class DecidedFilter(desk_lists.ConditionFilter):
    title = "decided by a curator"
    parameter_name = "decided"
    conditions = {
        "curator": ("all", "catalogue_papertopic.origin = 'curator'"),
        "no": ("kept out", "catalogue_papertopic.origin = 'curator' AND NOT catalogue_papertopic.belongs"),
    }


@admin.register(PaperTopic)
class PaperTopicAdmin(desk_lists.LargeList, ByPaper, PartOfPapers, desk.ModelAdmin):
    list_display = ["paper", "topic", "belongs", "origin", "why"]
    list_filter = [DecidedFilter, "topic"]
    list_select_related = ["paper", "topic"]
    search_fields = ["paper__title", "paper__arxiv_id"]
    ordering = ["-pk"]
    autocomplete_fields = ["paper", "topic"]
    readonly_fields = ["origin", "why"]

    def save_model(self, request: HttpRequest, obj: PaperTopic, form: Any, change: bool) -> None:
        curation.decide(obj)
