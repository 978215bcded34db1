"""The site's own API: the routers of the apps, put together under one description and one form of errors."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from digest.api import editions, following, mails, reader
from papersite.api import problems
from papersite.api.problems import Problem
from papersite.catalogue.api import finding, papers, saved
from papersite.web.missing import Missing
from papersite.web.shared_pages import Policy

PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "What was wrong with single parts of the request.",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["where", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
DESCRIPTION = (
    "Papers, topics and what is trending, for programs; and with a token, what its reader follows, saves and is mailed."
)


ROOT = "/api/v1/"


class Api(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """With the errors that every operation may answer, and without what only this library knows."""
        schema = super().get_openapi_schema(**{"path_prefix": ROOT} | kwargs)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        told = {"$ref": "#/components/schemas/Problem"}
        error = {"description": "What went wrong", "content": {problems.TYPE: {"schema": told}}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = error
        return schema


def _api() -> Api:
    found = Api(title="Papersite", version="1", description=DESCRIPTION, urls_namespace="api", docs_url=None)
    for prefix, router in (
        ("", papers.router),
        ("", finding.router),
        ("", editions.router),
        ("/me", reader.router),
        ("/me", saved.router),
        ("/me", following.router),
        ("/me", mails.router),
    ):
        found.add_router(prefix, router)
    return found


api = _api()


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.answer


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.answer(404, error.words if isinstance(error, Missing) else "There is no such thing here.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [{"where": ".".join(str(part) for part in one["loc"]), "detail": one["msg"]} for one in error.errors]
    return problems.answer(422, "The request is not as described.", errors=told)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.answer(error.status_code, "The body is no JSON." if error.status_code == 400 else "")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problems.answer(404)


nothing_here.csrf_exempt = True  # type: ignore[attr-defined]


def patterns() -> list[Any]:
    """The addresses below ``/api/v1/``. Reads that are the same for all are marked as shared pages."""
    # What ninja puts at the root says no more than that nothing is there.
    found: list[Any] = [one for one in api.urls[0] if str(one.pattern)]
    known = dict(_shared(api.get_openapi_schema(path_prefix="")))
    for one in found:
        address = "/" + re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", str(one.pattern))
        if address in known:
            one.callback.shared_policy = Policy(known[address], has_pieces=False)
    return [*found, path("<path:rest>", nothing_here), path("", nothing_here)]


def _shared(schema: OpenAPISchema) -> Iterator[tuple[str, frozenset[str]]]:
    """The addresses of reads that take no token, each with the parameters it knows."""
    yield api.openapi_url or "", frozenset()
    for address, operations in schema["paths"].items():
        if (told := operations.get("get")) and "security" not in told:
            yield address, frozenset(one["name"] for one in told["parameters"] if one["in"] == "query")
