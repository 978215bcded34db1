"""What a reader follows and leaves out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from digest.following import follow_lists, follows, weekly_counts
from digest.forms.follows import FollowForm, ListForm
from digest.models import Follow, Subscription
from digest.templatetags.following import buttons
from digest.views.gate import subscription_of
from papersite.catalogue import co_authors
from papersite.catalogue.models import Topic
from papersite.catalogue.search import suggesting
from papersite.catalogue.search.folder import Unavailable
from papersite.web.limits import limited

DONE = {
    FollowForm.INCLUDE: "You follow it now: {}",
    FollowForm.MUTE: "Such papers are left out from now on: {}",
    FollowForm.REMOVE: "You neither follow it nor leave it out any more: {}",
}


@login_required
@never_cache
@require_safe
def follow_list(request: HttpRequest) -> HttpResponse:
    """All follows and mutes with what each would have brought; ``search`` shows what one more would."""
    held = subscription_of(request)
    typed = request.GET.get("search", "")
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and htmx.target == "found":
        rows = follows.targets(held.follows.all())
        return render(request, "digest/_found.html", _found(typed, rows))
    return _page(request, held, typed=typed)


def _page(
    request: HttpRequest, held: Subscription, *, typed: str = "", errors: Any = (), status: int = 200
) -> HttpResponse:
    now = timezone.now()
    rows = list(held.follows.select_related("topic", "author"))
    known = follows.targets(rows)
    more = [follows.of_topic(topic) for topic in Topic.objects.offered().filter(is_catch_all=False).order_by("name")]
    more = [follow for follow in more if follows.target(follow) not in known]
    if (Follow.Kind.TRENDING, None) not in known:
        more.insert(0, follows.trending())
    counts = weekly_counts.counts([*rows, *more], now)
    context = {
        "subscription": held,
        "included": [(row, counts[follows.target(row)]) for row in rows if not row.mutes],
        "muted": [(row, counts[follows.target(row)]) for row in rows if row.mutes],
        "more": [(follow, counts[follows.target(follow)]) for follow in more],
        "removed": follow_lists.one(request.GET.get("removed", "")),
        "shared_names": co_authors.shared_names({row.author_id for row in rows if row.author_id and not row.mutes}),
        "errors": errors,
        **_found(typed, known),
    }
    return render(request, "digest/follows.html", context, status=status)


def _found(typed: str, known: dict[follows.Target, Follow]) -> dict[str, Any]:
    """What following a search would bring, and the topics and authors that may be meant."""
    search = follows.one_line(typed)
    if not search:
        return {"typed": ""}
    problem = follows.problem_of(search)
    try:
        named = suggesting.suggestions(search)
    except Unavailable:
        named = suggesting.Suggestions()
    suggested = [*map(follows.of_topic, named.topics), *map(follows.of_author, named.authors)]
    wanted = follows.of_search(search)
    return {
        "typed": typed,
        "problem": problem,
        "wanted": wanted,
        "held": known.get(follows.target(wanted)),
        "count": None if problem else weekly_counts.of_search(search, timezone.now()),
        "suggested": [(one, known.get(follows.target(one))) for one in suggested],
    }


@require_POST
@limited("follow")
def follow(request: HttpRequest) -> HttpResponse:
    """Follows, mutes or removes one thing, and goes back to where the button stood."""
    if not request.user.is_authenticated:
        # htmx would put the page of signing in where the button stands.
        there = reverse("account_login")
        return HttpResponse(headers={"HX-Redirect": there}) if request.htmx else redirect(there)  # type: ignore[attr-defined]
    held = subscription_of(request)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _refused(request, held, form.non_field_errors())
    wanted, state = form.cleaned_data["follow"], form.cleaned_data["state"]
    if state == FollowForm.REMOVE:
        row = follows.held(held.pk, wanted)
        follows.remove(held, wanted)
        wanted = row or wanted
    else:
        try:
            follows.put(held, wanted)
        except follows.TooMany as error:
            return _refused(request, held, [str(error)])
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and (htmx.target or "").startswith("following"):
        context = buttons(wanted, held.reader_id) | {"next": request.POST.get("next", "")}
        return render(request, "_partials/following_buttons.html", context)
    return _back(request, wanted, state)


def _refused(request: HttpRequest, held: Subscription, errors: Any) -> HttpResponse:
    typed = request.POST.get("search", "")
    if request.htmx:  # type: ignore[attr-defined]
        # htmx shows no answer that is an error: the page itself says it.
        for error in errors:
            messages.error(request, error)
        there = f"{reverse('digest:follows')}?{urlencode({'search': typed})}"
        return HttpResponse(headers={"HX-Redirect": there})
    return _page(request, held, typed=typed, errors=errors, status=400)


def _back(request: HttpRequest, wanted: Follow, state: str) -> HttpResponse:
    """To the page the button stood on, if it is one of ours."""
    there = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    # What is no address is taken for the name of a view.
    if "/" in there and is_ours:
        messages.success(request, DONE[state].format(wanted.label))
        return redirect(there)
    removed = f"?{urlencode({'removed': follow_lists.line_of(wanted)})}" if state == FollowForm.REMOVE else ""
    return redirect(reverse("digest:follows") + removed)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("follow")
def bring(request: HttpRequest) -> HttpResponse:
    """Takes a list of follows, and says of each line what became of it."""
    held = subscription_of(request)
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        lines = form.cleaned_data["lines"]
        context |= {"lines": _take(held, lines), "remark": form.cleaned_data["remark"]}
        context["kept"] = "\n".join(line.text for line in lines if line.problem)
        context["taken"] = sum(1 for line in lines if not line.problem)
    is_wrong = bool(form.errors) or (form.is_bound and not context.get("taken"))
    return render(request, "digest/follows_import.html", context, status=400 if is_wrong else 200)


def _take(held: Subscription, lines: list[follow_lists.Line]) -> list[follow_lists.Line]:
    asked = [(line, line.follow) for line in lines if line.follow is not None]
    for (line, _), done in zip(asked, follows.put_all(held, [wanted for _, wanted in asked]), strict=True):
        line.outcome, line.problem = done.outcome, done.problem
    return lines


@login_required
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    held = subscription_of(request)
    listed = follow_lists.write(held.follows.select_related("topic", "author"))
    headers = {"Content-Disposition": 'attachment; filename="follows.txt"'}
    return HttpResponse(listed, content_type="text/plain; charset=utf-8", headers=headers)
