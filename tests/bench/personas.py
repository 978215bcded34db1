"""The mails of ten made-up readers over two weeks of real days, to be read one by one.

    uv run --all-groups python tests/bench/personas.py FOLDER [--from DAY] [--days N] [--data FOLDER] [--promise FILE]

Takes in day by day what lies in ``../shared/data``, arXiv's lists and Hugging Face's daily papers, and sends each
morning's mails as the site would have: planned, chosen, composed and sent into files. FOLDER gets of each mail its
text and its page, by reader and day, and ``mails.txt`` with all texts, a reader after the other. A model for meaning
is that of ``MODEL_DIR``, if any; FILE is the ``promise.json`` that a site learned in the five weeks before. A curator
picks on most days, and some readers save what they liked. Nothing is judged: a person reads them, and asks of each
what they would complain of.
"""

import argparse
import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SCRATCH = tempfile.TemporaryDirectory(prefix="papersite-personas-")
os.environ |= {
    "DATA_DIR": SCRATCH.name, "DJANGO_SETTINGS_MODULE": "papersite.settings", "DIGEST_JITTER_MINUTES": "0",
    "LOG_LEVEL": "WARNING", "PROMISE": "true", "SITE_URL": "https://papers.example.org",
}  # fmt: skip
for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
    os.environ.pop(name, None)

import django

django.setup()

from django.conf import settings
from django.core.management import call_command

from accounts.models import User
from digest.editions import editing
from digest.following import opinions
from digest.models import DeliveryItem, Edition, Follow, Opinion, Subscription
from digest.planning import planner
from digest.readers import registration
from digest.sending import drain
from papersite.catalogue import ingest, promising
from papersite.catalogue.management.commands.import_papers import records_of
from papersite.catalogue.models import Author, Paper, SavedPaper, Topic
from papersite.catalogue.search import writing
from papersite.catalogue.search.folder import Folder

MORNING = time(7, 0)


@dataclass(frozen=True)
class Persona:
    """Somebody with an interest, a number of papers a day, and what they answered to their first mails."""

    name: str
    cap: int
    topics: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    authors: int = 0
    """So many of those with the most papers in the first days."""
    muted: tuple[str, ...] = ()
    is_trending: bool = False
    wants_more: bool = False
    """Whether they ask for more like the first paper of their first three mails, and less like the last."""
    saves: bool = False
    """Whether they save the second paper of their first three mails."""


PERSONAS = (
    Persona("newcomer", 10, is_trending=True, saves=True),
    Persona("engineer", 8, topics=("agents", "code-generation"), wants_more=True),
    Persona("roboticist", 10, topics=("robotics-and-control", "reinforcement-learning", "world-models")),
    Persona("physician", 5, topics=("medicine-and-biology",), searches=("segmentation MRI",), saves=True),
    Persona("linguist", 6, topics=("language-and-translation", "audio-and-speech"), muted=("agents",)),
    Persona("theorist", 5, topics=("theory", "optimisation"), searches=('"convergence rate"',)),
    Persona("artist", 12, topics=("image-and-video-generation", "neural-fields"), is_trending=True, wants_more=True),
    Persona("safety", 8, topics=("robustness-and-safety", "interpretability", "alignment-and-preferences")),
    Persona("follower", 10, authors=12, is_trending=True),
    Persona("omnivore", 20, topics=(
        "large-language-models", "vision-and-language", "graph-learning", "time-series-and-tables", "earth-and-cities",
        "science-and-discovery", "efficient-networks", "privacy-and-federated-learning",
    )),
)  # fmt: skip

INTRO = "Two papers on **memory** stand out, and [one](https://example.org/robots) on robots that fail gracefully."
NOTES = (
    "A rare negative result, **told honestly**; read section 4 first.", "",
    "Why does $O(n^2)$ stay? Because of *this*.",
    "Read it with the [survey of last week](https://example.org/survey): the two disagree on what scale buys, and the"
    " second appendix here says why in a way that I have not seen anybody put as clearly before, with numbers.",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--from", dest="begin", type=date.fromisoformat, default=date(2026, 4, 13))
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--promise", type=Path)
    asked = parser.parse_args()
    if asked.promise:
        shutil.copy(asked.promise, promising.file())
    call_command("migrate", verbosity=0)
    call_command("load_topics", verbosity=0)
    lists = of_arxiv(asked.data)
    readers: dict[str, Persona] = {}
    # What was there before anybody read: some days, so that authors are known and trending is not one day's.
    for day in (asked.begin + timedelta(days=n) for n in range(-4, asked.days)):
        take_in(day, lists.get(day, []), asked.data / "hf_daily" / f"{day}.json")
        if day >= asked.begin:
            now = datetime.combine(day, MORNING, UTC)
            readers = readers or {subscribe(one, now - timedelta(hours=12)): one for one in PERSONAS}
            pick(day, now)
            planner.open_deliveries(now)
            print(day, drain.drain_due(partial(datetime.fromisoformat, now.isoformat())), flush=True)
            if day < asked.begin + timedelta(days=3):
                answer(readers, now)
    write(asked.folder, readers)


def of_arxiv(data: Path) -> dict[date, list[dict[str, Any]]]:
    """arXiv's papers by the day of their list."""
    found: dict[date, list[dict[str, Any]]] = {}
    with gzip.open(data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            found.setdefault(date.fromisoformat(row["first_seen"]), []).append(row)
    return found


def take_in(day: date, rows: list[dict[str, Any]], featured: Path) -> None:
    """A day's papers, as known an hour before its mails."""
    known_at = datetime.combine(day, MORNING, UTC) - timedelta(hours=1)
    listed = Path(SCRATCH.name) / "day.jsonl"
    listed.write_text("".join(json.dumps(row | {"announced_at": known_at.isoformat()}) + "\n" for row in rows))
    for path, source in ((listed, "jsonl"), (featured, "huggingface")):
        if path.exists() and path.stat().st_size:
            ingest.run(records_of([path], source), source=source)
    Paper.objects.filter(added_at__gt=known_at).update(added_at=known_at)
    Paper.objects.filter(announced_at__gt=known_at).update(announced_at=known_at)
    promising.score_pending(known_at)
    with writing.writer(Folder(settings.INDEX_DIR)) as writer:
        writer.update()


def pick(day: date, now: datetime) -> None:
    """What a curator says and picks until Thursday: papers of the day, some hot and some not, two for all."""
    fresh = list(Paper.objects.visible().filter(announced_at__gte=now - timedelta(days=1)).order_by("-heat", "-pk"))
    if day.weekday() > 3 or not fresh:
        return

    def begin(edition: Edition) -> str:
        edition.intro = INTRO
        return "Wrote the intro"

    edition = editing.edition_of(day)
    editing.change(edition, begin, by=None, now=now)
    for number, (paper, note) in enumerate(zip(fresh[::9], NOTES, strict=False)):
        editing.change(edition, editing.pin(paper, note, is_for_all=number < 2), by=None, now=now)


def subscribe(one: Persona, now: datetime) -> str:
    """A reader like that; their address."""
    address = f"{one.name}@example.org"
    subscription = registration.open_subscription(User.objects.create_user(address), now=now)
    registration.confirm(subscription, now=now)
    subscription.refresh_from_db()
    Subscription.objects.filter(pk=subscription.pk).update(
        cap=one.cap,
        send_at=MORNING,
        next_due_on=(now + timedelta(hours=12)).date(),
        next_due_at=now + timedelta(hours=12),
    )
    if not one.is_trending:
        subscription.follows.all().delete()
    topics = Topic.objects.in_bulk([*one.topics, *one.muted], field_name="slug")
    wanted = [Follow(kind="topic", topic=topics[slug], mutes=slug in one.muted) for slug in (*one.topics, *one.muted)]
    wanted += [Follow(kind="search", search=text) for text in one.searches]
    if one.authors:
        busiest = sorted(Author.objects.all(), key=lambda author: (-author.authorships.count(), author.pk))
        wanted += [Follow(kind="author", author=author) for author in busiest[: one.authors]]
    for follow in wanted:
        follow.subscription = subscription
        follow.save()
    return address


def answer(readers: dict[str, Persona], now: datetime) -> None:
    """More like the first paper of a mail, less like its last; or the second saved."""
    for address, persona in readers.items():
        subscription = Subscription.objects.get(reader__email=address)
        items = list(DeliveryItem.objects.filter(subscription=subscription).order_by("-delivery__day", "position"))
        newest = [one for one in items if one.delivery_id == items[0].delivery_id]
        if persona.saves and len(newest) > 1:
            SavedPaper.objects.create(reader=subscription.reader, paper=newest[1].paper, saved_at=now)
        if not persona.wants_more:
            continue
        for item, kind in ((newest[0], Opinion.Kind.MORE), (newest[-1], Opinion.Kind.LESS)):
            opinions.give(subscription, item.paper, kind, now)


def mails() -> Iterator[tuple[str, date, str, str, str]]:
    """Of each mail that was sent: to whom, for which day, its subject, text and page."""
    for path in sorted(Path(SCRATCH.name).rglob("*.eml")):
        one = message_from_bytes(path.read_bytes(), policy=policy.default)
        parts = {kind: one.get_body((kind,)) for kind in ("plain", "html")}
        text, page = (part.get_content() if part else "" for part in parts.values())
        yield str(one["To"]), one["Date"].datetime.date(), str(one["Subject"]), text, page


def write(folder: Path, readers: dict[str, Persona]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(mails(), key=lambda mail: ([*readers].index(mail[0]), mail[1]))
    for address, day, _, text, page in found:
        place = folder / readers[address].name
        place.mkdir(exist_ok=True)
        (place / f"{day}.txt").write_text(text, encoding="utf-8")
        (place / f"{day}.html").write_text(page, encoding="utf-8")
    together = (f"\n\n######## {to} · {day} · {subject}\n\n{text}" for to, day, subject, text, _ in found)
    (folder / "mails.txt").write_text("".join(together), encoding="utf-8")
    print(f"{len(found)} mails in {folder}")


if __name__ == "__main__":
    main()
