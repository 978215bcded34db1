"""A line that an operator reads."""

from papersite.doctor.lines import Line, wrong


def test_a_line_says_whether_it_is_well() -> None:
    assert str(Line("disk", "80 GB free")) == "ok     disk              80 GB free"
    assert str(wrong("disk", "full: make room")) == "WRONG  disk              full: make room"
