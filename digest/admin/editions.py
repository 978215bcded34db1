"""A day's edition: looked at, picked for, written, approved or held back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from digest.admin.previews import PreviewOfEdition
from digest.editions import candidates, editing, states
from digest.forms.editions import EditionForm
from digest.models import Delivery, Edition, EditionRevision, EditionRules, Pick
from digest.models.editions import NOTE_LENGTH
from papersite import desk
from papersite.catalogue import curation
from papersite.catalogue.admin.papers import PaperAdmin
from papersite.catalogue.models import Paper
from papersite.web import typed

STATES = {"approve": Edition.State.APPROVED, "hold": Edition.State.HELD, "draft": Edition.State.DRAFT}
PAPER_STEPS: dict[str, Callable[[Paper], Callable[[Edition], str]]] = {
    "pin": editing.pin,
    "unpin": editing.unpin,
    "leave_out": editing.leave_out,
    "let_in": editing.let_in,
}


@admin.register(Edition)
class EditionAdmin(PreviewOfEdition, desk.ModelAdmin):
    """Its words are a form; all else is done by buttons, each of them one revision."""

    form = EditionForm
    list_display = ["day", "state", "pick_count", "intro"]
    list_filter = ["state"]
    search_fields = ["intro", "site_news"]
    # Counting would drop the model's own.
    ordering = ["-day"]
    change_form_template = "admin/digest/edition/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).annotate(pick_count=Count("picks"))

    @admin.display(description="picks", ordering="pick_count")
    def pick_count(self, edition: Any) -> int:
        return int(edition.pick_count)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        written = ["intro", "site_news", "version"]
        if not self.has_change_permission(request, obj):
            return ["day", "state", "intro", "site_news"]
        if obj is None:
            return ["day", *written]
        return [*written, *(["while_it_goes_out"] if editing.mails(obj.day)[0] else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # Django asks the model for each field, and two of these are the form's own.
        of_the_row = ["intro", "site_news", *([] if obj else ["day"])]
        return super().get_form(request, obj, change, **kwargs | {"fields": of_the_row})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if (edition := kwargs.get("obj")) is not None:
            context.update(self._seen(edition))
        return super().render_change_form(request, context, *args, **kwargs)

    def _seen(self, edition: Edition) -> dict[str, Any]:
        now, by = timezone.now(), states.rules()
        gone, mails = editing.mails(edition.day)
        return {
            "picks": edition.picks.select_related("paper"),
            "candidates": candidates.of_day(edition.day, edition),
            "rules": by,
            "deadline": states.deadline(edition.day, by),
            "is_waiting": states.is_waiting(edition.day, now),
            "is_over": now > states.last_slot(edition.day),
            "first_slot": states.first_slot(edition.day),
            "last_slot": states.last_slot(edition.day),
            "gone": gone,
            "mails": mails,
            "note_length": NOTE_LENGTH,
        }

    def save_model(self, request: HttpRequest, obj: Edition, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        obj: Edition = form.instance
        what = "Wrote the words" if change else "Began"
        editing.freeze(obj, what=what, by=request.user, now=timezone.now())  # type: ignore[arg-type]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("today/", view(self.today), name="digest_edition_today"),
            path("pin/<int:paper_id>/", view(self.pin), name="digest_edition_pin"),
            path("<int:pk>/do/", view(self.do), name="digest_edition_do"),
            path("<int:pk>/revisions/", view(self.revisions), name="digest_edition_revisions"),
            *self.preview_urls(),
            *super().get_urls(),
        ]

    def today(self, request: HttpRequest) -> HttpResponse:
        """Leads to today's edition, or to where it is begun."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        day = timezone.now().date()
        found = Edition.objects.filter(day=day).first()
        if found:
            return redirect("admin:digest_edition_change", found.pk)
        return redirect(f"{reverse('admin:digest_edition_add')}?day={day:%Y-%m-%d}")

    def pin(self, request: HttpRequest, paper_id: int) -> HttpResponse:
        """ "Pin for today", from any page that shows the paper; leads back there. htmx gets the button anew."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        paper, back = get_object_or_404(Paper, pk=paper_id), request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        # What is no address is taken for the name of a view.
        back = back if "/" in back and is_ours else ""
        if request.htmx:  # type: ignore[attr-defined]
            _, said = self._tried(request, editing.edition_of(timezone.now().date()), editing.pin(paper))
            return render(request, "_partials/pin.html", {"paper": paper, "said": said, "back": back})
        self.pin_paper(request, paper, timezone.now().date())
        return redirect(back or reverse("admin:digest_edition_today"))

    def pin_paper(self, request: HttpRequest, paper: Paper, day: date) -> bool:
        return self._take(request, editing.edition_of(day), editing.pin(paper))

    def _take(self, request: HttpRequest, edition: Edition, step: Any, version: int | None = None) -> bool:
        """One step, and what came of it in words; whether it was taken."""
        level, said = self._tried(request, edition, step, version)
        self.message_user(request, said, level)
        return level == messages.INFO

    def _tried(self, request: HttpRequest, edition: Edition, step: Any, version: int | None = None) -> tuple[int, str]:
        try:
            revision = editing.change(edition, step, by=request.user, now=timezone.now(), version=version)  # type: ignore[arg-type]
        except editing.Stale as error:
            return messages.WARNING, str(error)
        except ValidationError as error:
            return messages.ERROR, " ".join(error.messages)
        self.log_change(request, edition, revision.what)
        gone, mails = editing.mails(edition.day)
        rest = f" {gone} of {mails} mails have left; the others get it." if gone else ""
        return messages.INFO, f"{revision.what}.{rest}"

    def do(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes the step whose button was pressed."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(Edition, pk=pk)
        act, _, number = request.POST.get("act", "").partition(" ")
        version = typed.number(request.POST.get("version", ""))
        step = self._step(request, edition, act, typed.number(number, 18) or 0)
        if step is None:
            self.message_user(request, "There is no such step.", messages.ERROR)
        elif self._take(request, edition, step, version) and act == "hide":
            self.message_user(request, "It is off every page and out of every mail that is not made yet.")
        return redirect("admin:digest_edition_change", pk)

    def _step(self, request: HttpRequest, edition: Edition, act: str, number: int) -> Callable[[Edition], str] | None:
        if act in STATES:
            return editing.set_state(STATES[act])
        if act == "picks":
            return self._order(request)
        if act == "restore":
            return editing.restore(get_object_or_404(edition.revisions, number=number))
        paper = Paper.objects.filter(pk=number).first()
        if paper is None:
            return None
        if act == "hide":
            return self._hide(request, paper)
        return PAPER_STEPS[act](paper) if act in PAPER_STEPS else None

    def _hide(self, request: HttpRequest, paper: Paper) -> Callable[[Edition], str]:
        if not request.user.has_perm("catalogue.change_paper"):
            raise PermissionDenied
        reason = request.POST.get(f"reason_{paper.pk}", "").strip()[:200]

        def step(edition: Edition) -> str:
            if not reason:
                raise ValidationError("Say why: the reason is kept in the paper's history.")
            curation.hide(Paper.objects.filter(pk=paper.pk))
            edition.picks.filter(paper=paper).delete()
            self.log_change(request, paper, f"Hidden: {reason}")
            return f"Hidden: “{paper.title[:150]}”"

        return step

    def _order(self, request: HttpRequest) -> Callable[[Edition], str]:
        """The order, notes and readers of all picks, as they stand in the form."""
        sent = request.POST

        def step(edition: Edition) -> str:
            for pick in edition.picks.all():
                place = typed.number(sent.get(f"position_{pick.paper_id}", ""))
                note = sent.get(f"note_{pick.paper_id}", pick.note).strip()
                if len(note) > NOTE_LENGTH:
                    raise ValidationError(f"A note has at most {NOTE_LENGTH} characters; one has {len(note)}.")
                pick.position = pick.position if place is None else min(place, 1000)
                pick.note, pick.is_for_all = note, f"for_all_{pick.paper_id}" in sent
                pick.save()
            return "Ordered the picks and their notes"

        return step

    def revisions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All that was done to an edition, each with what it changed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(Edition, pk=pk)
        held = list(edition.revisions.select_related("made_by").order_by("-number")[:100])
        older: list[EditionRevision | None] = [*held[1:], None]
        rows = [
            {"revision": one, "changed": editing.differences(before, one) if before else []}
            for one, before in zip(held, older, strict=True)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Revisions",
            "subtitle": str(edition),
            "opts": self.opts,
            "original": edition,
            "rows": rows,
            "may_change": self.has_change_permission(request),
        }
        return render(request, "admin/digest/edition/revisions.html", context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What mails name is kept. Picks go with their edition, and nobody is asked for them."""
        rows, counts, lacking, kept = super().get_deleted_objects(objs, request)
        lacking -= {str(model._meta.verbose_name) for model in (Pick, EditionRevision)}
        named = Delivery.objects.filter(day__in=[one.day for one in objs], revision__isnull=False)
        days = named.order_by().values_list("day", flat=True).distinct()
        return rows, counts, lacking, [*kept, *(f"{day:%Y-%m-%d}: mails were made from it" for day in days)]


@admin.register(Pick)
class PickAdmin(desk.ReadOnly, desk.ModelAdmin):
    """A list to look papers up in; picks are made on their edition's page."""

    list_display = ["edition", "position", "paper", "note", "is_for_all"]
    list_select_related = ["edition", "paper"]
    search_fields = ["paper__title", "note"]


@admin.register(EditionRules)
class EditionRulesAdmin(desk.ModelAdmin):
    list_display = ["__str__", "needs_approval", "deadline_hours", "picks_a_mail"]
    search_fields = ["pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EditionRules]:
        EditionRules.objects.get_or_create(pk=1)
        return super().get_queryset(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.action(description="Pin the chosen papers for today", permissions=["pin"])
def pin_for_today(paper_admin: PaperAdmin, request: HttpRequest, papers: QuerySet[Paper]) -> None:
    edition_admin = admin.site.get_model_admin(Edition)
    assert isinstance(edition_admin, EditionAdmin)
    for paper in papers.order_by("-heat", "-pk")[:20]:
        edition_admin.pin_paper(request, paper, timezone.now().date())


def _may_pin(paper_admin: PaperAdmin, request: HttpRequest) -> bool:
    return bool(request.user.has_perm("digest.change_edition"))


# The catalogue knows nothing of editions: what they add to its list is hung in from here.
PaperAdmin.has_pin_permission = _may_pin  # type: ignore[attr-defined]
PaperAdmin.actions = [*(PaperAdmin.actions or ()), pin_for_today]
