"""How good the site's own search is, on a judged collection.

    uv run --all-groups python tests/bench/relevance.py [FOLDER] [--similar] [--tune] [--data FOLDER] [--vectors FILE]

FOLDER holds ``corpus.jsonl`` (id, title, abstract), ``queries.jsonl`` (id, text) and ``qrels.tsv``
(query, paper, grade, tab-separated; what follows is for people), each also as ``.gz``. Without one, the
site's own judged sets are scored, sixty short questions in ``tests/bench/judged/`` and forty long ones in
``tests/bench/judged/long/``, whose papers lie in the folder of real input.
``--similar`` asks for what is similar to each query's own paper (the paper of the query's id, else one
titled as the query reads) instead of searching for its text. ``--tune`` tries other weights on halves of
the queries of every set and scores them on the other halves.

All is scored by words alone, and under ``with_model`` once more with the model of ``MODEL_DIR``, or the one of two
packages of the group ``bench``; without either a line says so. Only papers that are looked at are encoded, some
twenty-five a second; ``--vectors`` keeps them in a file for the next run.

nDCG with the grade as gain, recall and reciprocal rank with any grade above 0 as relevant, as trec_eval has it.
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from math import log2
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
JUDGED = Path(__file__).parent / "judged"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papersite.settings")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="papersite-relevance-"))

import django

django.setup()

from papersite.catalogue.meaning.site import Meaning
from papersite.catalogue.search import finding, language, similar
from papersite.catalogue.search.compiling import WEIGHTS, Weights
from papersite.catalogue.search.folder import Folder
from papersite.catalogue.search.reading import Reader
from papersite.catalogue.search.relevance import BLEND, Blend
from papersite.catalogue.search.schema import Record, document
from tests import weights as packages

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DEPTH = 100
Qrels = dict[str, dict[str, int]]


def lines(folder: Path, name: str) -> Iterator[str]:
    """The lines of a file, packed or not."""
    path = folder / name
    if not path.exists():
        path = folder / f"{name}.gz"
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


def read_corpus(folder: Path) -> dict[str, tuple[str, str]]:
    rows = (json.loads(line) for line in lines(folder, "corpus.jsonl"))
    return {str(row["id"]): (row.get("title") or "", row.get("abstract") or "") for row in rows}


def read_shared(data: Path) -> dict[str, tuple[str, str]]:
    """The papers that our own judgements are about."""
    papers = {}
    with gzip.open(data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            papers[row["id"]] = (row["title"], row["abstract"])
    for path in sorted((data / "hf_daily").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            papers.setdefault(row["paper"]["id"], (row["paper"]["title"], row["paper"]["summary"]))
    return papers


def read_queries(folder: Path) -> dict[str, str]:
    return {str(row["id"]): row["text"] for row in map(json.loads, lines(folder, "queries.jsonl"))}


def read_qrels(folder: Path) -> Qrels:
    found: Qrels = defaultdict(dict)
    for line in lines(folder, "qrels.tsv"):
        query, paper, grade, *_ = line.rstrip("\n").split("\t")
        if grade.lstrip("-").isdigit():  # a heading is no judgement
            found[query][paper] = int(grade)
    return found


def build(papers: dict[str, tuple[str, str]], folder: Path) -> Reader:
    """The papers in an index of the site's own kind, all of one age and equally hot."""
    place = Folder(folder)
    place.path.mkdir(parents=True)
    generation = place.next()
    writer = generation.create().writer(200_000_000, 2)
    for number, (title, abstract) in enumerate(papers.values(), start=1):
        writer.add_document(
            document(
                Record(
                    paper_id=number,
                    title=title,
                    abstract=abstract,
                    summary="",
                    authors=(),
                    categories=(),
                    topics=(),
                    identifiers=(),
                    has_code=False,
                    announced_at=NOW,
                    heat=0.0,
                )
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    generation.keep_revision(1)
    place.use(generation)
    return Reader(place)


def score(found: list[str], judged: dict[str, int]) -> tuple[float, float, float]:
    """nDCG@10, recall@100 and reciprocal rank within 10 of one query."""
    gains = [max(0, judged.get(paper, 0)) for paper in found[:10]]
    ideal = sorted((grade for grade in judged.values() if grade > 0), reverse=True)
    relevant = {paper for paper, grade in judged.items() if grade > 0}
    recall = len(relevant.intersection(found[:DEPTH])) / len(relevant)
    first = next((1 / place for place, gain in enumerate(gains, start=1) if gain), 0.0)
    return _dcg(gains) / _dcg(ideal[:10]), recall, first


def _dcg(gains: list[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, start=1))


def mean_scores(search: Callable[[str], list[str]], queries: list[str], qrels: Qrels) -> tuple[float, float, float]:
    scores = [score(search(query), qrels[query]) for query in queries]
    return fmean(s[0] for s in scores), fmean(s[1] for s in scores), fmean(s[2] for s in scores)


class Collection:
    def __init__(
        self, papers: dict[str, tuple[str, str]], queries: dict[str, str], qrels: Qrels, reader: Reader
    ) -> None:
        self.papers = papers
        self.queries = queries
        self.qrels = qrels
        self.reader = reader
        self.names = dict(enumerate(papers, start=1))
        self.numbers = {name: number for number, name in self.names.items()}
        self.model: Meaning | None = None
        self.asked = [query for query in queries if any(grade > 0 for grade in qrels.get(query, {}).values())]

    def search(self, query: str, *, weights: Weights = WEIGHTS, blend: Blend = BLEND) -> list[str]:
        asked = finding.Search(
            language.parse(self.queries[query]), NOW, weights, blend, texts=self.texts, source=self.reader,
            model=self.model,
        )  # fmt: skip
        return [self.names[paper] for paper in asked.page(size=DEPTH).paper_ids]

    def texts(self, numbers: list[int]) -> list[str]:
        return ["\n".join(self.papers[self.names[number]]) for number in sorted(numbers)]

    def similar(self, query: str) -> list[str]:
        """Papers similar to the query's own, which is not among them."""
        title, abstract = self.papers.get(query, (self.queries[query], ""))
        closeness = None
        if self.model is not None:
            number = self.numbers.get(query)
            closeness = (
                partial(self.model.closeness_to_paper, number) if number else partial(self.model.closeness, title)
            )
        numbers = similar.to_text(title, abstract, size=DEPTH + 1, source=self.reader, closeness=closeness)
        return [name for number in numbers if (name := self.names[number]) != query][:DEPTH]


GRID = ((0.0, 0.3, 0.6, 1.0), (0.0, 0.2, 0.4), (0.0, 0.2, 0.4), (0.0, 0.5))


def tune(collections: list[Collection]) -> None:
    """Two-fold cross-validation: the weights best on one half of every set, scored on the other halves. What is
    best is so by the mean of the sets, however many questions each has."""
    table = []
    for title, own, phrase, told in product(*GRID):
        weights, blend = Weights(title=title, own=own), replace(BLEND, phrase=phrase, told=told)
        scores = [
            [
                mean_scores(partial(one.search, weights=weights, blend=blend), one.asked[half::2], one.qrels)[0]
                for one in collections
            ]
            for half in (0, 1)
        ]
        table.append((scores, (title, own, phrase, told)))
    for learn, test in ((0, 1), (1, 0)):
        scores, chosen = max(table, key=lambda row: fmean(row[0][learn]))
        print(f"best on half {learn}: {chosen}", *(f"{mean:.4f}" for mean in scores[learn]), end=" ")
        print("on the other", *(f"{mean:.4f}" for mean in scores[test]))
    print("title own phrase told   ndcg10 of each set")
    for scores, chosen in sorted(table, key=lambda row: -fmean(map(fmean, row[0])))[:40]:
        print(*chosen, " ", *(f"{fmean(both):.4f}" for both in zip(*scores, strict=True)))


def scored(collection: Collection, *, is_similar: bool) -> dict[str, float]:
    search = collection.similar if is_similar else collection.search
    means = mean_scores(search, collection.asked, collection.qrels)
    named = zip(("ndcg10", "recall100", "mrr10"), means, strict=True)
    return {"queries": len(collection.asked)} | {name: round(mean, 4) for name, mean in named}


def with_model(sets: list[Collection], vectors: Path | None, *, is_similar: bool) -> list[dict[str, float]]:
    """The same scores with meaning; none where there is no model."""
    absent = [] if os.environ.get("MODEL_DIR") else packages.missing()
    if absent:
        print(f"no model: {', '.join(absent)} missing, and MODEL_DIR is not set", flush=True)
        return []
    from tests.bench.relevance_model import LazyMeaning

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("MODEL_DIR") or packages.make_folder(Path(scratch) / "model"))
        model = LazyMeaning(folder, ["\n".join(text) for text in sets[0].papers.values()], vectors)
        for one in sets:
            one.model = model
        found = [scored(one, is_similar=is_similar) for one in sets]
        model.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=JUDGED)
    parser.add_argument("--similar", action="store_true")
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    is_own = JUDGED in (options.folder, *options.folder.parents)
    papers = read_shared(options.data) if is_own else read_corpus(options.folder)
    folders = [options.folder, JUDGED / "long"] if options.folder == JUDGED else [options.folder]
    with tempfile.TemporaryDirectory() as scratch:
        reader = build(papers, Path(scratch) / "index")
        sets = [Collection(papers, read_queries(folder), read_qrels(folder), reader) for folder in folders]
        if options.tune:
            tune(sets)
        found = [scored(one, is_similar=options.similar) for one in sets]
        meant = with_model(sets, options.vectors, is_similar=options.similar)
    print(json.dumps(_named(found) | ({"with_model": _named(meant)} if meant else {})))


def _named(found: list[dict[str, float]]) -> dict[str, Any]:
    return found[0] | ({"long": found[1]} if len(found) > 1 else {})


if __name__ == "__main__":
    main()
