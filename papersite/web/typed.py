"""What somebody typed, or a program made up, where a page expects something plain."""


def number(text: str, most_digits: int = 9) -> int | None:
    """A number in plain digits, and no more of them than said; None where it is none.

    "²" is a digit too, and one that no number is made of.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None
