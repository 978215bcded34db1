"""Searches for what is meant: the papers closest to a question, whatever words they have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from papersite.catalogue.meaning.site import Meaning as Model
from papersite.catalogue.search import language
from papersite.catalogue.search.language import All, AnyOf, Meaning, Node, Not, Query

# So many papers are the answer to one; others are looked through where filters leave fewer.
FOUND = 100
LOOKED_THROUGH = 3000
NO_MODEL = "This site looks at words alone: “meaning:” found what has these words."


def resolved(query: Query, model: Model | None) -> Query:
    """The same search with the papers that it means; with its words where there is no model."""
    if not any(True for _ in _asked(query.node)):
        return query
    # Filters are asked of many, and what they leave is cut to the closest.
    size = FOUND if isinstance(query.node, Meaning) else LOOKED_THROUGH
    node, is_known = _resolved(query.node, model, size)
    return replace(query, node=node, problems=query.problems if is_known else (*query.problems, NO_MODEL))


def closest_first(node: Node | None) -> Sequence[int]:
    """The papers that a search means, in the order in which it wants them; none where it only asks for words."""
    return next((one.paper_ids for one in _asked(node) if one.paper_ids), ())


def _asked(node: Node | None) -> Iterator[Meaning]:
    match node:
        case Meaning():
            yield node
        case All(nodes) | AnyOf(nodes):
            for inner in nodes:
                yield from _asked(inner)
        case Not(inner):
            yield from _asked(inner)


def _resolved(node: Node | None, model: Model | None, size: int) -> tuple[Node | None, bool]:
    match node:
        case Meaning(text):
            found = model.closest(text, size) if model is not None else []
            if not found:
                return language.parse(text).node, False
            return replace(node, paper_ids=tuple(paper for paper, _ in found)), True
        case All(nodes) | AnyOf(nodes):
            pairs = [_resolved(inner, model, size) for inner in nodes]
            kept = tuple(inner for inner, _ in pairs if inner is not None)
            return (type(node)(kept) if kept else None), all(is_known for _, is_known in pairs)
        case Not(inner):
            other, is_known = _resolved(inner, model, FOUND)
            return (Not(other) if other is not None else None), is_known
    return node, True


def reordered(scores: Mapping[int, float], closeness: Mapping[int, float], weight: float) -> dict[int, float]:
    """Scores of words, of which the best is made 1, and closeness together. A paper without a vector counts as
    one in the middle of those that have one."""
    if not closeness or not weight or not scores:
        return dict(scores)
    best = max(scores.values()) or 1.0
    middle = sorted(closeness.values())[len(closeness) // 2]
    return {paper: score / best + weight * closeness.get(paper, middle) for paper, score in scores.items()}
