"""What the processes of ``mail.py`` do, each in one of its own."""

import json
import logging
import os
import random
import resource
import smtplib
import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import django

from digest.types import Claim

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from digest.models import Delivery, Follow, Subscription
from digest.planning import planner
from digest.sending import drain
from papersite.catalogue.models import Author, Authorship, Paper, PaperTopic, SavedPaper, Topic
from papersite.catalogue.reading import cleaning
from papersite.catalogue.search import writing
from papersite.catalogue.search.folder import Folder

TOPICS, PAPERS, AUTHORS = 300, 3_000, 3_000
WORDS = "graph network speech image robot protein diffusion language model proof".split()  # noqa: SIM905


def report(work: Callable[[], dict[str, Any]]) -> None:
    logging.disable(logging.WARNING)
    print(json.dumps(work()))


def prepare(readers: int, saved: int = 0) -> dict[str, Any]:
    """300 topics, two weeks of papers in three topics each, readers of five topics and twelve papers a mail.

    Where they ``saved`` papers, papers say what they say in as many words as real ones.
    """
    call_command("migrate", verbosity=0)
    chance = random.Random(20)
    with transaction.atomic():
        _catalogue(chance, _vocabulary() if saved else WORDS)
        topics = list(Topic.objects.values_list("pk", flat=True))
        due = timezone.now() - timedelta(minutes=1)
        users = User.objects.bulk_create([User(email=f"reader{n}@example.org") for n in range(readers)], 2000)
        subscriptions = Subscription.objects.bulk_create(
            [
                Subscription(
                    reader=user, cap=12, send_at=due.time(), confirmed_at=due, next_due_on=due.date(), next_due_at=due
                )
                for user in users
            ],
            2000,
        )
        follows = (
            Follow(subscription=one, kind="topic", topic_id=topic)
            for one in subscriptions
            for topic in chance.sample(topics, 5)
        )
        Follow.objects.bulk_create(follows, 5000)
        papers = list(Paper.objects.values_list("pk", flat=True))
        SavedPaper.objects.bulk_create(
            (SavedPaper(reader=user, paper_id=paper) for user in users for paper in chance.sample(papers, saved)), 5000
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    # It says which words are rare, and so which papers are on one thing.
    with writing.writer(Folder(settings.INDEX_DIR)) as writer:
        writer.update()
    return {}


def _vocabulary() -> list[str]:
    """Words as often as people use them: the tenth a tenth as often as the first."""
    return [f"word{number}" for number in range(8000) for _ in range(1 + 4000 // (number + 8))]


def _catalogue(chance: random.Random, vocabulary: list[str]) -> None:
    now = timezone.now()
    topics = Topic.objects.bulk_create([Topic(name=f"Topic number {n}", slug=f"topic-{n}") for n in range(TOPICS)])
    authors = Author.objects.bulk_create(
        [Author(name=f"Author Number{n}", key=f"author number{n}") for n in range(AUTHORS)]
    )
    papers = Paper.objects.bulk_create(
        [
            Paper(
                title=f"{' '.join(chance.sample(vocabulary, 7)).capitalize()} study {n}",
                content_key=cleaning.content_key(f"{n}"),
                arxiv_id=f"2611.{n:05}",
                abstract=" ".join(chance.choice(vocabulary) for _ in range(160)),
                announced_at=now - timedelta(hours=chance.random() * 160),
                heat=chance.random() * 1000,
                code_url=f"https://github.com/example/repository-{n}",
            )
            for n in range(PAPERS)
        ],
        1000,
    )
    PaperTopic.objects.bulk_create(
        [PaperTopic(paper=paper, topic=topic) for paper in papers for topic in chance.sample(topics, 3)], 5000
    )
    Authorship.objects.bulk_create(
        [
            Authorship(paper=paper, author=author, position=place)
            for paper in papers
            for place, author in enumerate(chance.sample(authors, 4))
        ],
        5000,
    )


def plan() -> dict[str, Any]:
    began = time.perf_counter()
    planner.open_deliveries(timezone.now())
    return {"seconds": time.perf_counter() - began}


def send() -> dict[str, Any]:
    began = time.time()
    drained = drain.drain_due()
    return {
        "sent": drained.counts.get("sent", 0), "began": began, "ended": time.time(),
        "processor": round(time.process_time(), 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def push(count: int) -> dict[str, Any]:
    """Mails that were sent once, made again and held ready; then one session of plain smtplib."""
    run = drain.Run(timezone.now, lambda: False)
    claims = [_claim(one) for one in Delivery.objects.select_related("subscription__reader")[:500]]
    ready = [(one.claim, one.as_bytes()) for one in drain.prepare(run, claims, as_bytes=True)]
    options = settings.MAILERS["default"]["OPTIONS"]
    with smtplib.SMTP(options["host"], options["port"]) as session:
        session.ehlo()
        began = time.time()
        for number in range(count):
            claim, body = ready[number % len(ready)]
            session.sendmail(f"bounces+{claim.token}@papers.example.org", [claim.address], body)
        ended = time.time()
    return {"sent": count, "began": began, "ended": ended, "bytes": len(ready[0][1])}


def show() -> dict[str, Any]:
    """One of the mails in parts, for those that are to send its like."""
    run = drain.Run(timezone.now, lambda: False)
    one = Delivery.objects.select_related("subscription__reader").first()
    assert one is not None
    (message,) = drain.prepare(run, [_claim(one)], as_bytes=True)
    mail = message_from_bytes(message.as_bytes(), policy=policy.default)
    parts = {name: mail.get_body((kind,)) for name, kind in (("text", "plain"), ("html", "html"))}
    shown = {name: part.get_content() for name, part in parts.items() if part}
    Path(os.environ["MAIL_JSON"]).write_text(json.dumps(shown | {"subject": str(mail["Subject"])}))
    return {}


def _claim(one: Delivery) -> Claim:
    reader = one.subscription.reader
    return Claim(
        one.pk,
        one.day,
        one.subscription_id,
        one.due_at,
        reader.email,
        12,
        0,
        one.assembled_at,
        one.token,
        one.message_id,
    )
