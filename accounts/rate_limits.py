"""How many mails strangers may order: to one address, from one network, and from the whole site.

All counts are of what was asked for, so that they are the same for known and unknown addresses.
"""

import logging

from allauth.core import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

# One line in the log for each so many seconds of a flood.
WARN_AGAIN_AFTER = 600


def consume(request: HttpRequest, address: str, *, purpose: str) -> None:
    """Counts one mail to an address; refuses with a sentence for the reader where that is too many.

    The whole site's count is kept for each purpose: a flood of sign-ups locks no reader out.
    """
    if not ratelimit.consume(request, action="mail_to_address", key=address):
        raise _refusal("address")
    if not ratelimit.consume(request, action="mail_from_network"):
        raise _refusal("network")
    if not ratelimit.consume(request, action="mail_overall", key=purpose):
        if cache.add(f"accounts:overall-limit-told:{purpose}", True, timeout=WARN_AGAIN_AFTER):
            logger.warning("accounts.overall_limit_reached purpose=%s", purpose)
        raise _refusal("overall")


def _refusal(kind: str) -> ValidationError:
    return ValidationError(render_to_string("accounts/too_many_mails.txt", {"kind": kind}).strip(), code="too_many")
