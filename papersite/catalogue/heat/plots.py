"""How a paper's signals grew, as the points of a small drawing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 600, 120
SPARK = (100, 20)


@dataclass(frozen=True, slots=True)
class Line:
    """One signal's line: its points in a box of WIDTH by HEIGHT, as SVG writes them, and its ends in words."""

    signal: str
    label: str
    points: str
    first: tuple[date, int]
    last: tuple[date, int]


def lines(series: Iterable[tuple[str, str, tuple[tuple[date, int], ...]]], until: date) -> list[Line]:
    """A line for each signal, from the first day of all to ``until``; none where nothing was seen to grow.

    Each has a scale of its own, from 0 at the bottom to its highest value at the top, since ten
    votes and ten thousand stars do not fit one. A value lasts until the next one is known.
    """
    told = [one for one in series if one[2]]
    if all(len(points) < 2 for _, _, points in told):
        return []
    first = min(points[0][0] for _, _, points in told)
    days = max((until - first).days, 1)
    return [Line(name, label, _placed(points, first, days), points[0], points[-1]) for name, label, points in told]


def _placed(points: tuple[tuple[date, int], ...], first: date, days: int) -> str:
    """Points as steps, from the first day on, as SVG writes them."""
    top = max(value for _, value in points) or 1
    placed: list[tuple[float, float]] = []
    for day, value in points:
        across = WIDTH * min((day - first).days / days, 1)
        if placed:
            placed.append((across, placed[-1][1]))
        placed.append((across, HEIGHT - HEIGHT * value / top))
    placed.append((WIDTH, placed[-1][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)


def bar(parts: Iterable[tuple[str, float]]) -> list[tuple[str, float, float]]:
    """Parts that are more than nothing, side by side in a bar of WIDTH: a name, where it begins, how wide it is."""
    told = [(name, value) for name, value in parts if value > 0]
    whole = sum(value for _, value in told)
    placed, begin = [], 0.0
    for name, value in told:
        width = WIDTH * value / whole
        placed.append((name, round(begin, 1), round(width, 1)))
        begin += width
    return placed


def spark(values: Sequence[int]) -> str:
    """Values from left to right in a box of SPARK, the highest at the top, as the points of SVG's polyline."""
    across, high = SPARK
    top = max(values, default=0) or 1
    step = across / max(len(values) - 1, 1)
    return " ".join(f"{step * place:.0f},{high - high * value / top:.0f}" for place, value in enumerate(values))
