"""Which addresses this site takes: those that every mail server carries in an envelope as they are."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

# RFC 5322, section 3.2.3: a dot-atom. What needs quotation marks is allowed by the standard and hardly anywhere else.
LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+"
PATTERN = rf"^{LOCAL}@[^@\s\"<>(),:;\\\u0001-\u001f\u007f]+\Z"
"""As the database holds it, in words that PostgreSQL and Python both read."""
_is_email = EmailValidator()


def validate_address(value: str) -> None:
    """Raises ``ValidationError`` with words for whoever typed it."""
    if any(not one.isprintable() or one.isspace() for one in value):
        raise ValidationError("An address has no spaces and no invisible characters.", code="invalid")
    if '"' in value or "\\" in value:
        raise ValidationError("An address in quotation marks is not taken here.", code="invalid")
    _is_email(value)
    if not re.search(PATTERN, value):
        raise ValidationError("A mail server would not take this address.", code="invalid")
