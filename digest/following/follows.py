"""What a reader follows and mutes. Each change is the same however often it is asked for, and in however many tabs.

A follow that is not saved stands for what somebody asks for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import FilteredRelation, Q

from digest.models import Follow, Subscription
from papersite.catalogue.models import Author, Topic
from papersite.catalogue.search import language

Target = tuple[str, int | str | None]

LONGEST_SEARCH = 300
IS_THERE = "is there already"
CHANGED = "changed"
ADDED = "added"


class TooMany(Exception):
    """A reader follows as much as one may."""

    def __init__(self) -> None:
        super().__init__(
            f"You follow or leave out {settings.FOLLOWS_PER_READER} things, which is as many as there may be: "
            "remove some first."
        )


def of_topic(topic: Topic, *, mutes: bool = False) -> Follow:
    return Follow(kind=Follow.Kind.TOPIC, topic=topic, mutes=mutes)


def of_author(author: Author, *, mutes: bool = False) -> Follow:
    return Follow(kind=Follow.Kind.AUTHOR, author=author, mutes=mutes)


def of_search(text: str, *, mutes: bool = False) -> Follow:
    return Follow(kind=Follow.Kind.SEARCH, search=one_line(text), mutes=mutes)


def trending() -> Follow:
    return Follow(kind=Follow.Kind.TRENDING)


def one_line(text: str) -> str:
    """A search as it is kept: the same words with other gaps between them are the same search."""
    return " ".join(text.split())


def problem_of(search: str) -> str:
    """Why a search cannot be followed; "" where it can."""
    if len(search) > LONGEST_SEARCH:
        return f"A search that is followed has at most {LONGEST_SEARCH} characters."
    if not search.isprintable():
        return "This holds signs that cannot be printed."
    query = language.parse(search)
    if query.node is None and not query.problems:
        return "This search asks for nothing."
    return " ".join(query.problems)


def target(follow: Follow) -> Target:
    """What a follow is about, whether it includes or mutes."""
    match follow.kind:
        case Follow.Kind.TOPIC:
            return (follow.kind, follow.topic_id)
        case Follow.Kind.AUTHOR:
            return (follow.kind, follow.author_id)
        case Follow.Kind.SEARCH:
            return (follow.kind, follow.search)
        case _:
            return (Follow.Kind.TRENDING, None)


def held(subscription_id: int, wanted: Follow) -> Follow | None:
    """The reader's own row of what is wanted."""
    return Follow.objects.filter(subscription=subscription_id, **_fields(wanted)).first()


def standing(reader_id: int, wanted: Follow) -> tuple[bool, Follow | None]:
    """Whether a reader has a subscription, and their own row of what is wanted: in one query, for pages."""
    mine = Q(**{f"follows__{name}": value for name, value in _fields(wanted).items()})
    subscriptions = Subscription.objects.filter(reader=reader_id).annotate(
        mine=FilteredRelation("follows", condition=mine)
    )
    row = subscriptions.values_list("mine__pk", "mine__mutes").first()
    if row is None or row[0] is None:
        return row is not None, None
    return True, Follow(pk=row[0], mutes=row[1])


@transaction.atomic
def put(subscription: Subscription, wanted: Follow) -> None:
    """Includes or mutes as wanted. Raises TooMany."""
    _lock(subscription)
    if held(subscription.pk, wanted) is None and subscription.follows.count() >= settings.FOLLOWS_PER_READER:
        raise TooMany
    Follow.objects.update_or_create(subscription=subscription, **_fields(wanted), defaults={"mutes": wanted.mutes})


@transaction.atomic
def unmute(subscription: Subscription, topic: Topic, *, follows: bool) -> None:
    """Undoes the muting of a topic; ``follows``: it was followed before, and is again."""
    muted = subscription.follows.filter(kind=Follow.Kind.TOPIC, topic=topic, mutes=True)
    if follows:
        muted.update(mutes=False)
    else:
        muted.delete()


def remove(subscription: Subscription, unwanted: Follow) -> bool:
    """Neither includes nor mutes any more; whether there was something to remove."""
    return bool(subscription.follows.filter(**_fields(unwanted)).delete()[0])


@transaction.atomic
def set_topics(subscription: Subscription, topics: list[int], *, trending: bool) -> None:
    """Makes the included topics exactly these; mutes, authors and searches stay."""
    held = subscription.follows.filter(kind=Follow.Kind.TOPIC, mutes=False)
    held.exclude(topic_id__in=topics).delete()
    Follow.objects.bulk_create(
        [Follow(subscription=subscription, kind=Follow.Kind.TOPIC, topic_id=pk) for pk in topics],
        ignore_conflicts=True,
    )
    subscription.follows.filter(kind=Follow.Kind.TOPIC, topic_id__in=topics).update(mutes=False)
    if trending:
        Follow.objects.get_or_create(subscription=subscription, kind=Follow.Kind.TRENDING)
    else:
        subscription.follows.filter(kind=Follow.Kind.TRENDING).delete()


@transaction.atomic
def begin_with(subscription: Subscription, wanted: Follow) -> None:
    """What somebody chose before they were a reader, in the place of what others begin with."""
    subscription.follows.all().delete()
    put(subscription, wanted)


@dataclass(frozen=True, slots=True)
class Put:
    """What became of one of many."""

    outcome: str = ""
    problem: str = ""


@transaction.atomic
def put_all(subscription: Subscription, wanted: Sequence[Follow]) -> list[Put]:
    """The same for many, in a fixed number of queries; those there is no room for are left out and said."""
    _lock(subscription)
    known = {target(follow): follow for follow in subscription.follows.all()}
    room = settings.FOLLOWS_PER_READER - len(known)
    new: list[Follow] = []
    changed: list[Follow] = []
    done = []
    for one in wanted:
        there = known.get(target(one))
        if there is not None:
            done.append(Put(IS_THERE if there.mutes == one.mutes else CHANGED))
            if there.mutes != one.mutes and there.pk and there not in changed:
                changed.append(there)
            there.mutes = one.mutes
        elif room > 0:
            room -= 1
            one.subscription = subscription
            known[target(one)] = one
            new.append(one)
            done.append(Put(ADDED))
        else:
            done.append(Put(problem=str(TooMany())))
    Follow.objects.bulk_create(new)
    Follow.objects.bulk_update(changed, ["mutes"])
    return done


def targets(follows: Iterable[Follow]) -> dict[Target, Follow]:
    return {target(follow): follow for follow in follows}


def _fields(follow: Follow) -> dict[str, Any]:
    return {"kind": follow.kind} | _target_fields(follow)


def _target_fields(follow: Follow) -> dict[str, Any]:
    fields = {"topic": follow.topic, "author": follow.author, "search": follow.search}
    return {name: value for name, value in fields.items() if value}


def _lock(subscription: Subscription) -> None:
    """One tab after the other."""
    Subscription.objects.select_for_update().only("pk").get(pk=subscription.pk)
