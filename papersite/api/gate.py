"""What stands around every answer for programs: tokens, rates, CORS, and errors in the program's own words.

Below ``/api/v1/`` errors are problems (RFC 9457); below the rest of ``/api/``, which has Hugging Face's shape, they
are what its client reads. Nobody is signed in here by a cookie, and so no other site can use one. Reads that are the
same for all go on to the shared pages without anything of their stranger, and get ETag and 304 there.
"""

import re
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from papersite.api import huggingface_errors, problems
from papersite.api.problems import Problem
from papersite.cache import Away
from papersite.web import limits
from papersite.web.shared_pages import policy_of

V1 = "/api/v1/"
PRIVATE = "/api/v1/me"
TOKEN_PARAMETERS = {"token", "access_token", "api_key", "bearer"}
# In bytes: a note, a search and a schedule are far from it.
LONGEST_BODY = 100_000
WITH_BODY = {"POST", "PUT", "PATCH"}
# What a page of another site may see of an answer beside its body.
EXPOSED = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Error-Message"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}

Speaks = Callable[..., HttpResponse]


class Gate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith("/api/") or path == "/api/":
            return self.get_response(request)
        is_v1 = path.startswith(V1)
        is_private = _is_private(path)
        is_head = request.method == "HEAD"
        request.META.pop("HTTP_COOKIE", None)
        speaks: Speaks = problems.answer if is_v1 else huggingface_errors.answer
        rates: dict[str, str] = {}
        try:
            response = self._answer(request, is_v1=is_v1, rates=rates)
        except Problem as problem:
            response = speaks(problem.status, problem.detail, headers=problem.headers, **problem.more)
        response = _in_kind(response, speaks)
        for name, value in rates.items():
            response.headers[name] = value
        if not is_private:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["X-Robots-Tag"] = "noindex"
        return _without_body(response) if is_head else response

    def _answer(self, request: HttpRequest, *, is_v1: bool, rates: dict[str, str]) -> HttpResponseBase:
        if request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META:
            return HttpResponse(status=204, headers=PREFLIGHT)
        _refuse_odd(request, is_v1=is_v1)
        token = _token(request) if is_v1 else None
        request.api_token = token  # type: ignore[attr-defined]
        _spend(request, token, rates)
        if request.method == "HEAD":
            request.method = request.META["REQUEST_METHOD"] = "GET"
        # Shared pages take the former for a stranger's, and the latter for a machine's that wants words of its own.
        request.META.pop("HTTP_AUTHORIZATION", None)
        request.META.pop("HTTP_ACCEPT", None)
        if not _is_plain(request):
            request.META["HTTP_ACCEPT"] = "application/json"
        return self.get_response(request)


def _refuse_odd(request: HttpRequest, *, is_v1: bool) -> None:
    # Before any token is looked at: it would say that another token might do.
    if request.method not in METHODS:
        raise Problem(405, "No address here takes this method.", {"Allow": ", ".join(METHODS)})
    query = request.META.get("QUERY_STRING", "")
    if "\x00" in request.path_info or "%00" in query or "\x00" in query:
        raise Problem(400, "There is a NUL in the address, which no text has.")
    if "\ufffd" in request.path_info or (query and any("\ufffd" in told for _, told in _pairs(request))):
        raise Problem(400, "The address is not in UTF-8.")
    if is_v1 and query and TOKEN_PARAMETERS.intersection(request.GET):
        raise Problem(
            400, "Addresses are logged everywhere: send the token as “Authorization: Bearer …”, and renew it."
        )
    written = str(request.META.get("CONTENT_LENGTH") or "0")
    length = int(written) if written.isascii() and written.isdigit() else 0
    if length > LONGEST_BODY:
        raise Problem(413)
    is_written = length and request.method in WITH_BODY and _is_private(request.path_info)
    if is_written and request.content_type != "application/json":
        raise Problem(415)


def _is_private(path: str) -> bool:
    return path == PRIVATE or path.startswith(f"{PRIVATE}/")


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, told) for name, every in request.GET.lists() for told in (name, *every)]


def _token(request: HttpRequest) -> ApiToken | None:
    """The reader's token that a request brings, if it brings one. Raises Problem where it opens nothing (RFC 6750)."""
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        found = tokens.find(secret.strip(), timezone.now())
    except tokens.Expired as error:
        raise _unknown(str(error)) from None
    if found is None:
        raise _unknown("This token opens nothing: it was revoked, or is none.")
    return found


def _unknown(words: str) -> Problem:
    return Problem(401, words, {"WWW-Authenticate": 'Bearer realm="papersite", error="invalid_token"'})


def _spend(request: HttpRequest, token: ApiToken | None, rates: dict[str, str]) -> None:
    """Counts the request for its token's account, else for its network; tells what is left in ``rates``
    (draft-ietf-httpapi-ratelimit-headers-10). Where nobody can count, the catalogue goes on."""
    by_network, by_account = settings.LIMITS["api"]
    try:
        if token is not None:
            name, budgets = "account", limits.spend("api:account", str(token.user_id), by_account)
        else:
            address = get_adapter(request).get_client_ip(request)
            name, budgets = "network", limits.spend("api:network", address, by_network)
    except Away:
        return
    if budgets:
        told = [(f'"{name}-{one.rate.seconds}s"', one) for one in budgets]
        rates["RateLimit-Policy"] = ", ".join(
            f"{label};q={one.rate.amount};w={one.rate.seconds}" for label, one in told
        )
        rates["RateLimit"] = ", ".join(f"{label};r={one.left};t={one.seconds}" for label, one in told)
        if budgets[-1].is_over:
            raise Problem(429, headers={"Retry-After": str(budgets[-1].seconds)})


def _is_plain(request: HttpRequest) -> bool:
    """Whether a read is one of those that are the same for all, asked for in the one way that names it."""
    if policy_of(request.path_info) is None:
        return False
    return not request.META.get("QUERY_STRING") or all(len(every) == 1 and every[0] for _, every in request.GET.lists())


def _in_kind(response: HttpResponseBase, speaks: Speaks) -> HttpResponseBase:
    """What a part of the site that speaks to people said of an error, for a program."""
    if response.status_code < 400 or response.headers.get("X-Error-Message"):
        return response
    if response.headers.get("Content-Type", "").startswith(problems.TYPE):
        return response
    kept = ("Allow", "Retry-After", "WWW-Authenticate")
    headers = {name: response.headers[name] for name in kept if name in response.headers}
    # Whatever is read is asked for its headers as well.
    if re.search(r"\bGET\b", allowed := headers.get("Allow", "")) and "HEAD" not in allowed:
        headers["Allow"] = re.sub(r"\bGET\b", "GET, HEAD", allowed)
    return speaks(response.status_code, headers=headers)


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, HttpResponse) and response.content:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response
