"""The topics that come with the site, on real papers."""

import csv
from pathlib import Path
from typing import Any

import pytest

from papersite.catalogue import ingest, sample
from papersite.catalogue.models import Paper, PaperTopic, Topic
from papersite.catalogue.sources import files

pytestmark = pytest.mark.django_db
JUDGED = Path(__file__).parent / "judged.tsv"


def judged() -> list[dict[str, str]]:
    with JUDGED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_there_are_forty_topics_and_one_for_the_rest() -> None:
    sample.load_topics()

    assert Topic.objects.filter(is_catch_all=False).count() == 40
    assert Topic.objects.filter(is_catch_all=True).count() == 1


def test_a_hundred_pairs_were_judged_by_hand_and_nine_in_ten_are_right() -> None:
    pairs = judged()

    assert len({(pair["arxiv_id"], pair["topic"]) for pair in pairs}) == 100
    assert all(pair["reason"] for pair in pairs)
    assert sum(pair["right"] == "yes" for pair in pairs) >= 90


@pytest.fixture
def may(shared_data: Path) -> Any:
    """The recorded days of Hugging Face, under the site's topics."""
    sample.load_topics()
    for path in files.files_in(shared_data / "hf_daily"):
        ingest.run(files.read(path), source="huggingface")


@pytest.mark.usefixtures("may")
def test_the_recorded_days_land_under_topics() -> None:
    sorted_under = Paper.objects.filter(paper_topics__topic__is_catch_all=False).distinct().count()

    assert Paper.objects.count() == 1092
    assert sorted_under >= 0.9 * 1092
    assert not Paper.objects.filter(topics=None).exists()
    held = set(PaperTopic.objects.filter(belongs=True).values_list("paper__arxiv_id", "topic__slug"))
    assert {(pair["arxiv_id"], pair["topic"]) for pair in judged()} <= held
    largest = max(topic.papers.count() for topic in Topic.objects.all())
    assert largest < 0.35 * 1092
