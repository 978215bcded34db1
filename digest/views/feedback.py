"""What readers say of single papers: by the links of a mail, where the token authorises, and on their own pages."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from digest.choosing import lifts
from digest.following import follows, opinions
from digest.ledger import history
from digest.ledger.codec import Entry
from digest.models import Delivery, Opinion
from digest.types import NAMED
from digest.views.gate import delivery_of, from_a_mail, signed_in, subscription_of
from papersite.catalogue import reading_list
from papersite.catalogue.models import Paper, SavedPaper, Topic

PAGE_SIZE = 30
OFFERED = ("more", "less", "save", "mute")


# As with unsubscribing: the token in the address is what authorises, and a GET changes nothing,
# since scanners open every link of a mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@from_a_mail
def feedback(request: HttpRequest, token: str, public_id: str, act: str = "") -> HttpResponse:
    """One paper of one mail: asks what its reader thinks of it, and does it on a POST."""
    delivery = delivery_of(token)
    paper, entry = _paper_of(delivery, public_id)
    if act and act not in OFFERED:
        raise Http404("There is no such answer.")
    done, topic, problem = "", None, ""
    if request.method == "POST":
        done, topic = request.POST.get("act", act), _topic(paper, request.POST.get("topic", ""))
        try:
            _do(delivery, paper, done, topic, was_followed="followed" in request.POST)
        except follows.TooMany as error:
            done, problem = "", str(error)
    context = _asked(delivery, paper, topic if "followed" in request.POST else None)
    context["names"] = [label for kind, label in entry.reasons if kind == NAMED]
    context |= {"act": act, "done": done, "topic": topic, "problem": problem}
    return render(request, "digest/feedback.html", context, status=400 if problem else 200)


def _do(delivery: Delivery, paper: Paper, act: str, topic: Topic | None, *, was_followed: bool) -> None:
    subscription, now = delivery.subscription, timezone.now()
    match act:
        case Opinion.Kind.MORE | Opinion.Kind.LESS:
            opinions.give(subscription, paper, act, now)
        case "unsay":
            opinions.take_back(subscription, paper)
        case "save":
            reading_list.save(paper, subscription.reader, now)
        case "unsave":
            reading_list.remove(paper, subscription.reader)
        case "mute" if topic:
            follows.put(subscription, follows.of_topic(topic, mutes=True))
        case "unmute" if topic:
            follows.unmute(subscription, topic, follows=was_followed)
        case _:
            raise Http404("There is no such answer.")


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic of the paper, as its reader has it. Whoever takes a mute back follows it as before."""

    topic: Topic
    is_muted: bool
    was_followed: bool


def _asked(delivery: Delivery, paper: Paper, was_followed: Topic | None) -> dict[str, object]:
    """What there is to say, and what was said already, of this paper and its topics alone."""
    subscription = delivery.subscription
    topics = _topics(paper)
    follows = dict(subscription.follows.filter(topic__in=topics).values_list("topic", "mutes"))
    opinion = Opinion.objects.filter(subscription=subscription, paper=paper).first()
    return {
        "delivery": delivery,
        "paper": paper,
        "opinion": opinion.kind if opinion else "",
        "is_saved": SavedPaper.objects.filter(reader=subscription.reader_id, paper=paper).exists(),
        "topics": [
            TopicChoice(topic, follows.get(topic.pk, False), follows.get(topic.pk) is False or topic == was_followed)
            for topic in topics
        ],
    }


def _paper_of(delivery: Delivery, public_id: str) -> tuple[Paper, Entry]:
    """A paper of the mail by what stands in its address, and how the mail held it, however long ago."""
    paper = get_object_or_404(Paper.objects.visible().for_cards().named(public_id))
    held = history.of_deliveries([delivery]).get(delivery.pk, [])
    entry = next((entry for entry in held if entry.paper_id == paper.pk), None)
    if entry is None:
        raise Http404("This paper is not in this mail.")
    return paper, entry


def _topic(paper: Paper, number: str) -> Topic | None:
    """One of the paper's own topics, by its number."""
    return next((topic for topic in _topics(paper) if str(topic.pk) == number), None)


def _topics(paper: Paper) -> list[Topic]:
    return [row.topic for row in getattr(paper, "shown_topics", []) if not row.topic.is_catch_all]


@login_required
@never_cache
@require_safe
def opinion_list(request: HttpRequest) -> HttpResponse:
    """All that a reader said of papers, the newest first."""
    held = subscription_of(request)
    said = held.opinions.select_related("paper").order_by("-given_at", "-pk")
    page = Paginator(said, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"subscription": held, "page": page, "half_in_days": lifts.HALVES_IN.days}
    return render(request, "digest/opinions.html", context)


@require_POST
@signed_in
def undo_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = subscription_of(request).opinions.filter(pk=pk).first()
    if opinion is not None:
        opinion.delete()
        messages.success(request, "Taken back: your mails are as if you had not said it.")
    return redirect("digest:opinions")
