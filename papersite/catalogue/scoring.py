"""Keeps each paper's stored heat in step with its signals."""

from collections.abc import Mapping

from papersite.catalogue import trending
from papersite.catalogue.models import Paper, SignalWeight


def weights() -> dict[str, float]:
    """Hours for each doubling of a signal, as curators set them."""
    stored = dict(SignalWeight.objects.values_list("signal", "hours"))
    return {name: stored.get(name, hours) for name, hours in trending.DEFAULT_WEIGHTS.items()}


def signals_of(paper: Paper) -> dict[str, int | None]:
    return {name: getattr(paper, name) for name in trending.DEFAULT_WEIGHTS}


def heat_of(paper: Paper, by_weight: Mapping[str, float]) -> float:
    return trending.heat(paper.announced_at, signals_of(paper), by_weight, paper.boost)


def parts_of(paper: Paper) -> list[trending.Part]:
    """What a paper's place is made of, besides its age."""
    return [part for part in trending.parts(signals_of(paper), weights()) if part.count]


def rescore(batch: int = 2000) -> tuple[int, int]:
    """Scores every paper again; how many there are and how many moved."""
    by_weight = weights()
    seen = moved = 0
    changed: list[Paper] = []
    fields = ("pk", "announced_at", "boost", "heat", *trending.DEFAULT_WEIGHTS)
    for paper in Paper.objects.only(*fields[1:]).iterator(chunk_size=batch):
        seen += 1
        heat = heat_of(paper, by_weight)
        if heat != paper.heat:
            paper.heat = heat
            changed.append(paper)
        if len(changed) == batch:
            moved += Paper.objects.bulk_update(changed, ["heat"])
            changed.clear()
    return seen, moved + (Paper.objects.bulk_update(changed, ["heat"]) if changed else 0)
