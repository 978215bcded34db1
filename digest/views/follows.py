"""What a reader follows and leaves out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from digest import registration
from digest.forms.follows import FollowForm, TopicsForm
from digest.models import Subscription
from digest.views.gate import signed_in, subscription_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follows(request: HttpRequest) -> HttpResponse:
    """All follows and mutes; a POST sets which topics are included."""
    held = subscription_of(request)
    form = TopicsForm(request.POST or None, subscription=held)
    if request.method == "POST" and form.is_valid():
        topics = [topic.pk for topic in form.cleaned_data["topics"]]
        registration.follow_topics(held, topics, trending=form.cleaned_data["trending"])
        messages.success(request, "Saved.")
        return redirect("digest:follows")
    return _follows_page(request, held, form, FollowForm())


def _follows_page(request: HttpRequest, held: Subscription, form: TopicsForm, follow_form: FollowForm) -> HttpResponse:
    follows = held.follows.select_related("topic", "author")
    context = {
        "subscription": held,
        "form": form,
        "follow_form": follow_form,
        "other_follows": [follow for follow in follows if follow.kind in ("author", "search") or follow.mutes],
    }
    return render(request, "digest/follows.html", context, status=400 if form.errors or follow_form.errors else 200)


@require_POST
@signed_in
def follow(request: HttpRequest) -> HttpResponse:
    held = subscription_of(request)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _follows_page(request, held, TopicsForm(subscription=held), form)
    added = registration.follow(
        held, form.cleaned_data["kind"], mutes=form.cleaned_data["mutes"], **form.cleaned_data["targets"]
    )
    messages.success(request, f"{'Muted' if added.mutes else 'Following'}: {added.label}")
    return redirect("digest:follows")


@require_POST
@signed_in
def unfollow(request: HttpRequest, pk: int) -> HttpResponse:
    subscription_of(request).follows.filter(pk=pk).delete()
    return redirect("digest:follows")
