"""Topics, and which papers stand under them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from papersite import desk
from papersite.catalogue import curation, tasks
from papersite.catalogue.admin.parts import PartOfPapers
from papersite.catalogue.forms import TopicForm
from papersite.catalogue.models import PaperTopic, Topic


@admin.register(Topic)
class TopicAdmin(desk.ModelAdmin):
    form = TopicForm
    list_display = ["name", "paper_count", "description", "is_offered"]
    list_filter = ["is_offered"]
    search_fields = ["name", "slug", "description", "search"]
    # Counting would drop the model's own.
    ordering = ["is_catch_all", "name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["categories"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        found: Any = super().get_queryset(request)
        counted: QuerySet[Topic] = found.with_counts(timezone.now())
        return counted

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


@admin.register(PaperTopic)
class PaperTopicAdmin(PartOfPapers, desk.ModelAdmin):
    list_display = ["paper", "topic", "belongs", "origin", "why"]
    list_filter = ["origin", "belongs", "topic"]
    list_select_related = ["paper", "topic"]
    search_fields = ["paper__title", "paper__arxiv_id", "topic__name"]
    autocomplete_fields = ["paper", "topic"]
    readonly_fields = ["origin", "why"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: PaperTopic, form: Any, change: bool) -> None:
        curation.decide(obj)
