"""Which addresses this site takes: those that every mail server carries in an envelope as they are."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db.models import BooleanField, Func
from django.utils.deconstruct import deconstructible

# RFC 5322, section 3.2.3: a dot-atom. What needs quotation marks is allowed by the standard and hardly anywhere else.
LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+"
PATTERN = rf"^{LOCAL}@[^@\s\"<>(),:;\\\u0001-\u001f\u007f]+\Z"
"""As the database holds it, in words that PostgreSQL and Python both read."""
# The last of Unicode's spaces is U+3000: each process that starts would look through a million signs for no other.
SPACES = "".join(one for one in map(chr, range(1, 0x3001)) if one.isspace())
# SQLite knows no regular expressions by itself. What must not stand in either part, as GLOB has it.
NOT_LOCAL = "*[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]*"
NOT_DOMAIN = f'*[@"<>(),:;\\\u0001-\u001f\u007f{SPACES}]*'
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


@deconstructible(path="accounts.addresses.CanBeMailed")
class CanBeMailed(Func):
    """Whether an address matches PATTERN, in words that each database knows by itself: Django's own for SQLite
    are a function of Python, without which no other program could check or copy the file."""

    output_field = BooleanField()
    arity = 1

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        address, values = compiler.compile(self.source_expressions[0])
        return f"({address} ~ %s)", [*values, PATTERN]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        address, values = compiler.compile(self.source_expressions[0])
        parts = (
            (f"{address} GLOB %s", "?*@?*"),
            (f"substr({address}, 1, instr({address}, '@') - 1) NOT GLOB %s", NOT_LOCAL),
            (f"substr({address}, instr({address}, '@') + 1) NOT GLOB %s", NOT_DOMAIN),
            # GLOB looks no further than to a zero byte.
            (f"instr(CAST({address} AS BLOB), %s) = 0", b"\0"),
        )
        given = [value for sql, value in parts for value in (*list(values) * sql.count(address), value)]
        return f"({' AND '.join(sql for sql, _ in parts)})", given
