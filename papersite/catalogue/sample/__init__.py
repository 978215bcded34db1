"""The sample catalogue that comes with the project: topics, and papers with our own summaries."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from papersite.catalogue.models import Category, Topic
from papersite.catalogue.sources import files
from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.catalogue.topics import classification
from papersite.catalogue.topics.taxonomy import NAMES

FOLDER = Path(__file__).parent
PAPERS = FOLDER / "papers.jsonl"
TOPICS = FOLDER / "topics.toml"


def papers() -> Iterator[SourcePaper | Rejected]:
    return files.read(PAPERS, "jsonl")


def load_topics() -> int:
    """Creates the topics that are not there yet and sorts the catalogue under them; how many are new.

    A topic that exists is a curator's by now and stays as it is.
    """
    with TOPICS.open("rb") as file:
        described = tomllib.load(file)["topic"]
    known = set(Topic.objects.values_list("slug", flat=True))
    new = []
    for entry in described:
        if entry["slug"] in known:
            continue
        codes = entry.pop("categories", [])
        topic = Topic.objects.create(**entry)
        Category.objects.bulk_create([Category(code=code, name=NAMES[code]) for code in codes], ignore_conflicts=True)
        topic.categories.set(Category.objects.filter(code__in=codes))
        new.append(topic)
    if new:
        classification.classify_all(new)
    return len(new)
