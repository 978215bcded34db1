"""The points of a small drawing."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.heat.plots import HEIGHT, WIDTH, bar, lines, spark

FIRST = date(2026, 11, 1)


def test_lines_go_up_in_steps_from_the_first_day_to_today() -> None:
    (line,) = lines([("votes", "votes here", ((FIRST, 1), (FIRST + timedelta(days=5), 4)))], FIRST + timedelta(days=10))

    assert line.points == "0.0,90.0 300.0,90.0 300.0,0.0 600.0,0.0"
    assert (line.first, line.last) == ((FIRST, 1), (FIRST + timedelta(days=5), 4))


def test_one_point_is_no_growth() -> None:
    assert lines([("votes", "votes here", ((FIRST, 1),))], FIRST) == []
    assert lines([], FIRST) == []


series = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 10**6)), min_size=2, max_size=9, unique_by=lambda point: point[0]
)


@given(st.lists(series, min_size=1, max_size=3), st.integers(0, 80))
def test_every_point_lies_in_the_box(told: list[list[tuple[int, int]]], until: int) -> None:
    named = [
        (str(number), "x", tuple((FIRST + timedelta(days=day), value) for day, value in sorted(points)))
        for number, points in enumerate(told)
    ]

    for line in lines(named, FIRST + timedelta(days=until)):
        places = [tuple(map(float, place.split(","))) for place in line.points.split()]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
        assert [x for x, _ in places] == sorted(x for x, _ in places)


def test_bar_puts_parts_side_by_side() -> None:
    assert bar([("a", 3.0), ("none", 0.0), ("b", 1.0)]) == [("a", 0.0, 450.0), ("b", 450.0, 150.0)]
    assert bar([]) == []


def test_spark_has_the_highest_at_the_top() -> None:
    assert spark([0, 2, 1]) == "0,20 50,0 100,10"
    assert spark([0]) == "0,20"
