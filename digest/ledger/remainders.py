"""What did not fit into a mail, as the text that its first item carries, and back."""

import json
from collections.abc import Sequence

from digest.types import Remainder

# Made once: ``json.dumps`` would make one at each mail.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(left: Sequence[Remainder]) -> str:
    """JSON rows of kind, label, count and, where the follow had no place, for how long; without spaces."""
    rows = [one if one.waited else one[:3] for one in left]
    return _encode(rows)


def loads(text: str | None) -> list[Remainder]:
    """The same again; none of no text, as of mails from before it was kept."""
    return [Remainder(*row) for row in json.loads(text)] if text else []
