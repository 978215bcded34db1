"""The topics that come with the site, on real papers."""

import csv
from pathlib import Path
from typing import Any

import pytest

from papersite.catalogue import ingest, sample
from papersite.catalogue.models import Paper, PaperTopic, Topic
from papersite.catalogue.sources import files
from papersite.catalogue.topics import classification
from tests.factories import PaperFactory

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


@pytest.mark.parametrize(
    ("title", "abstract", "slug", "belongs"),
    [
        ("Hope speech detection in Tulu", "", "audio-and-speech", False),
        ("A Checklist-Based Framework for Hate Speech Detection", "", "audio-and-speech", False),
        ("Part-of-speech tagging for Nagamese", "", "audio-and-speech", False),
        ("Speech Recognition for Nigerian Languages", "", "audio-and-speech", True),
        ("Hate Speech in Podcasts", "Speech recognition errs on slurs.", "audio-and-speech", True),
        ("Chunking German Legal Code", "", "code-generation", False),
        ("Multitask NLP in Hindi-English Code-Mixing", "", "code-generation", False),
        ("What State Space Models Learn About Code", "", "code-generation", True),
        ("Evolutionary Mixture-of-LoRA", 'A "genomic-context" reframe is refuted.', "medicine-and-biology", False),
        ("Mixtures for Variants", "Genomic records of patients are sorted.", "medicine-and-biology", True),
    ],
)
def test_a_word_of_another_trade_leads_to_no_topic(title: str, abstract: str, slug: str, belongs: bool) -> None:
    sample.load_topics()
    paper = PaperFactory.create(title=title, abstract=abstract or "Nothing more is said.")

    classification.classify_papers([paper.pk])

    assert PaperTopic.objects.filter(paper=paper, topic__slug=slug, belongs=True).exists() is belongs
