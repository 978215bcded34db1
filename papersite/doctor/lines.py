"""One thing that was looked at, as a line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    said: str
    """What was found, and where it is not well what to do."""
    is_well: bool = True

    def __str__(self) -> str:
        return f"{'ok   ' if self.is_well else 'WRONG'}  {self.name:<18}{self.said}"


def wrong(name: str, said: str) -> Line:
    return Line(name, said, is_well=False)
