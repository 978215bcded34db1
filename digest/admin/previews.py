"""Mails as they would leave, seen and tried before they do."""

from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from anymail.exceptions import AnymailError
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from accounts.models import User
from digest import tokens
from digest.composing import proofs
from digest.composing.proofs import Proof
from digest.forms.desk import PersonaForm
from digest.models import Edition, Persona, Subscription, Suppression
from papersite import desk
from papersite.views import MAIL_CSP
from papersite.web import typed

WIDTHS = {"600": "600 pixels", "phone": "a phone"}
ALL = Persona(name="Follows everything", follows_everything=True)


class PreviewOfEdition:
    """For the edition's page: its mails as made-up readers and oneself would get them, trials and a rehearsal."""

    admin_site: Any
    opts: Any

    def preview_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview), name="digest_edition_preview"),
            path("<int:pk>/preview/html/", view(self.preview_html), name="digest_edition_preview_html"),
            path("<int:pk>/test/", view(self.test), name="digest_edition_test"),
            path("<int:pk>/rehearsal/", view(self.rehearsal), name="digest_edition_rehearsal"),
        ]

    def _looked_at(self, request: HttpRequest, pk: int, method: str, right: str = "view") -> Edition:
        if request.method != method or not request.user.has_perm(f"digest.{right}_edition"):
            raise PermissionDenied
        return get_object_or_404(Edition, pk=pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._looked_at(request, pk, "GET")
        who = request.GET.get("who", "all")
        return _page(
            request,
            self.admin_site,
            self.opts,
            proof=_proof_of(request, who, edition.day),
            html_url=reverse("admin:digest_edition_preview_html", args=[pk]),
            original=edition,
            who=who,
            readers=[("all", str(ALL)), *((str(one.pk), str(one)) for one in Persona.objects.all()), ("me", "Myself")],
        )

    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_override(MAIL_CSP))
    def preview_html(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._looked_at(request, pk, "GET")
        return _framed(request, _proof_of(request, request.GET.get("who", "all"), edition.day))

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sends one mail past the ledger: to whoever asks, or to an address of the staff."""
        edition = self._looked_at(request, pk, "POST", "change")
        who = request.POST.get("who", "all")
        back = redirect(f"{reverse('admin:digest_edition_preview', args=[pk])}?who={who}")
        address = _cleaned(request.POST.get("to", "").strip() or str(getattr(request.user, "email", "")))
        if problem := _why_not_to(address):
            messages.error(request, problem)
            return back
        proof = _proof_of(request, who, edition.day, address=address)
        if proof.mail is None:
            messages.warning(request, f"There is nothing to send: {proof.why_empty}")
            return back
        proof.mail.subject = f"[Trial] {proof.mail.subject}"
        # Its links are nobody's, so that no mail program is to offer any of them.
        for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID"):
            proof.mail.extra_headers.pop(name, None)
        try:
            proof.mail.send()
        except (OSError, AnymailError) as error:
            messages.error(request, f"The mail server could not be used: {type(error).__name__}.")
        else:
            self.log_change(request, edition, "Sent a trial.")  # type: ignore[attr-defined]
            messages.success(request, "It is on its way; no ledger and no count knows of it.")
        return back

    def rehearsal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The whole morning, as it would go: POST, since it takes seconds."""
        edition = self._looked_at(request, pk, "POST")
        context = {
            **self.admin_site.each_context(request),
            "title": "Rehearsal of the morning",
            "subtitle": str(edition),
            "opts": self.opts,
            "original": edition,
            "rehearsal": proofs.rehearse(edition.day, timezone.now()),
        }
        return render(request, "admin/digest/edition/rehearsal.html", context)


class PreviewOfReader:
    """For operators: what one reader would get. Each look is logged."""

    admin_site: Any
    opts: Any

    def preview_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview), name="digest_subscription_preview"),
            path("<int:pk>/preview/html/", view(self.preview_html), name="digest_subscription_preview_html"),
        ]

    def _proof(self, request: HttpRequest, pk: int) -> tuple[Subscription, Proof]:
        if request.method != "GET" or not request.user.has_perm("digest.view_subscription"):
            raise PermissionDenied
        held = get_object_or_404(Subscription.objects.select_related("reader"), pk=pk)
        return held, proofs.for_subscription(held, held.next_due_on or timezone.now().date(), timezone.now())

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        held, proof = self._proof(request, pk)
        self.log_change(request, held, "Looked at what the next mail would be.")  # type: ignore[attr-defined]
        url = reverse("admin:digest_subscription_preview_html", args=[pk])
        return _page(request, self.admin_site, self.opts, proof=proof, html_url=url, original=held, who="", readers=[])

    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_override(MAIL_CSP))
    def preview_html(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _framed(request, self._proof(request, pk)[1])


@admin.register(Persona)
class PersonaAdmin(desk.ModelAdmin):
    form = PersonaForm
    list_display = ["name", "cap", "follows_everything", "searches"]
    search_fields = ["name", "searches"]
    autocomplete_fields = ["topics", "authors", "muted_topics"]


def _proof_of(request: HttpRequest, who: str, day: date, *, address: str = "") -> Proof:
    now = timezone.now()
    if who == "me":
        mine = Subscription.objects.select_related("reader").filter(reader=request.user.pk).first()
        if mine is None:
            return Proof(why_empty="You have no subscription of your own.")
        return proofs.for_subscription(mine, day, now, address=address)
    persona = Persona.objects.filter(pk=typed.number(who) or 0).first()
    if persona is None and who != "all":
        raise Http404("There is no such reader.")
    return proofs.for_persona(persona or ALL, day, now, address=address or "reader@example.org")


def _page(request: HttpRequest, site: Any, opts: Any, *, proof: Proof, **context: Any) -> HttpResponse:
    shown = {
        **site.each_context(request),
        **context,
        "title": "What leaves",
        "subtitle": str(context["original"]),
        "opts": opts,
        "proof": proof,
        "width": _one_of(WIDTHS, request.GET.get("width")),
        "widths": WIDTHS.items(),
        "scheme": _one_of(proofs.SCHEMES, request.GET.get("scheme")),
        "schemes": proofs.SCHEMES,
    }
    return render(request, "admin/digest/edition/preview.html", shown)


def _framed(request: HttpRequest, proof: Proof) -> HttpResponse:
    return HttpResponse(proof.in_scheme(_one_of(proofs.SCHEMES, request.GET.get("scheme"))))


def _one_of(known: Any, wanted: str | None) -> str:
    return wanted if wanted and wanted in known else str(next(iter(known)))


def _cleaned(typed: str) -> str:
    """An address as accounts have it; empty where it is none."""
    try:
        validate_email(typed)
        return str(get_adapter().clean_email(typed))
    except ValidationError:
        return ""


def _why_not_to(address: str) -> str:
    """Why no trial goes to an address; empty where it may. Those of the site's staff alone are ours."""
    if not address:
        return "That is no address."
    if not User.objects.filter(email=address, is_staff=True, is_active=True).exists():
        return "Trials go to addresses of this site's staff alone."
    if Suppression.objects.filter(address_hash=tokens.address_hash(address)).exists():
        return "Mail to this address bounced or was refused: nothing goes there."
    return ""
