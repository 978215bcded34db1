"""A reader's whole story on one page, for operators: why no mail came, and what can be done about it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.text import slugify

from accounts import export, roles
from accounts.models import User
from digest import tasks
from digest.forms.desk import typed_address
from digest.models import Subscription
from digest.readers import story

LOGGED = 20


class StoryOfReader:
    """Pages of the subscriptions' admin. Each act is logged under the reader's number."""

    admin_site: Any
    opts: Any

    def story_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("find/", view(self.find), name="digest_subscription_find"),
            path("<int:pk>/story/", view(self.story), name="digest_subscription_story"),
            path("<int:pk>/resend/", view(self.resend), name="digest_subscription_resend"),
            path("<int:pk>/export/", view(self.export), name="digest_subscription_export"),
        ]

    def _held(self, request: HttpRequest, pk: int, method: str, right: str) -> Subscription:
        if request.method != method or not request.user.has_perm(f"digest.{right}_subscription"):
            raise PermissionDenied
        return get_object_or_404(Subscription.objects.select_related("reader"), pk=pk)

    def find(self, request: HttpRequest) -> HttpResponse:
        """By a typed address: leads to its reader's story, or says what is known of an address of nobody."""
        if request.method != "POST" or not request.user.has_perm("digest.view_subscription"):
            # An address in a link stays in logs and in the browser's history.
            raise PermissionDenied
        typed = typed_address(request.POST.get("address", "")[:300])
        held = story.find(typed) if typed else None
        if held is not None:
            return redirect("admin:digest_subscription_story", held.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "An address of no reader",
            "opts": self.opts,
            "typed": typed,
            "account": User.objects.filter(email=typed).first() if typed else None,
            "address": story.of_address(typed) if typed else None,
        }
        return render(request, "admin/digest/subscription/address.html", context)

    def story(self, request: HttpRequest, pk: int) -> HttpResponse:
        held = self._held(request, pk, "GET", "view")
        before = request.GET.get("before", "")
        is_number = before.isascii() and before.isdigit() and len(before) < 19
        told = story.of(held, now=timezone.now(), before=int(before) if is_number else None)
        user: Any = request.user
        context = {
            **self.admin_site.each_context(request),
            "title": "A reader’s story",
            "subtitle": str(held.reader),
            "opts": self.opts,
            "original": held,
            "story": told,
            "may_manage": roles.may_manage(user, held.reader),
            "log": LogEntry.objects.filter(
                content_type__app_label="digest", content_type__model="subscription", object_id=str(pk)
            )[:LOGGED],
        }
        return render(request, "admin/digest/subscription/story.html", context)

    def resend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One more mail with what is new for the reader; refused where no mail may go to them, with the reason."""
        held = self._held(request, pk, "POST", "change")
        problem = story.send_again(held, now=timezone.now())
        if problem:
            messages.error(request, f"No mail was ordered. {problem}")
        else:
            self.log_change(request, held, "Ordered one more mail.")  # type: ignore[attr-defined]
            tasks.order()
            messages.success(request, "One more mail is on its way; reload to see how it goes.")
        return redirect("admin:digest_subscription_story", pk)

    def export(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        """The reader's data, for one who asks for it by letter; without the links that open their mails."""
        held = self._held(request, pk, "POST", "change")
        user: Any = request.user
        if not roles.may_manage(user, held.reader):
            raise PermissionDenied
        now = timezone.now()
        self.log_change(request, held, "Took the reader’s data, for them.")  # type: ignore[attr-defined]
        name = f"{slugify(urlsplit(settings.SITE_URL).netloc)}-reader-{held.reader_id}-{now:%Y-%m-%d}.zip"
        packed = export.archive(held.reader, now=now, with_links=False)
        return FileResponse(packed, as_attachment=True, filename=name)
