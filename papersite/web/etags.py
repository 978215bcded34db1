"""Whether who asks has an answer already. Pure."""

from django.http import HttpRequest
from django.utils.http import parse_etags


def is_known(request: HttpRequest, etag: str) -> bool:
    """By the tags that a request names, weak or strong; a star stands for whatever there is (RFC 9110, 13.1.2)."""
    told = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return told == ["*"] or etag in (one.removeprefix("W/") for one in told)
