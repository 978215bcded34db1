"""The page that tells people what programs can ask for. It is written by the server, without any script."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papersite.api.v1 import api
from papersite.markdown import html_of_line
from papersite.web.rates import Rate
from papersite.web.shared_pages import shared
from papersite.web.sheets import on_a_sheet


@shared()
@on_a_sheet
@require_safe
def for_programs(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    by_network, by_account = settings.LIMITS["api"]
    context = {
        "groups": _groups(schema),
        "shapes": _shapes(schema),
        "by_network": _words(by_network),
        "by_account": _words(by_account),
        "site_url": settings.SITE_URL,
    }
    return render(request, "for_programs.html", context)


def _groups(schema: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each tag with its operations, in the order in which they were written."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, operations in schema["paths"].items():
        for method, told in operations.items():
            groups.setdefault(told["tags"][0], []).append(_operation(method.upper(), address, told))
    return list(groups.items())


def _operation(method: str, address: str, told: Any) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        _type(content["schema"])
        for status, one in told["responses"].items()
        if status != "default"
        for content in one.get("content", {}).values()
    ]
    return {
        "method": method,
        "address": address,
        "summary": told["summary"],
        "description": html_of_line(told.get("description", "")),
        "parameters": [_field(one["name"], one["schema"], is_required=one["required"]) for one in told["parameters"]],
        "sends": _type(body) if body else "",
        "answers": answers[0] if answers else "nothing (204)",
        "takes_token": "security" in told,
        "takes_write": "security" in told and method != "GET",
    }


def _shapes(schema: Any) -> list[tuple[str, str, list[dict[str, Any]]]]:
    return [
        (
            name,
            html_of_line(told.get("description", "")),
            [_field(key, one, is_required=key in told.get("required", ())) for key, one in told["properties"].items()],
        )
        for name, told in sorted(schema["components"]["schemas"].items())
    ]


def _field(name: str, told: Any, *, is_required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "type": _type(told),
        "description": html_of_line(_description(told)),
        "is_required": is_required,
        "default": told.get("default"),
    }


def _description(told: Any) -> str:
    """Its own, or that of what it may be."""
    inside = (one.get("description", "") for one in told.get("anyOf", ()))
    return str(told.get("description") or next(filter(None, inside), ""))


def _type(told: Any) -> str:
    """A JSON Schema in a few words."""
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in told:
            return " or ".join(dict.fromkeys(_type(one) for one in told[several]))
    if "const" in told:
        return f"“{told['const']}”"
    if "enum" in told:
        return " or ".join(f"“{one}”" for one in told["enum"])
    if told.get("type") == "array":
        return f"list of {_type(told.get('items', {}))}"
    kind = str(told.get("type", "anything"))
    bounds = "" if "maximum" not in told else f", {told.get('minimum', 0)} to {told['maximum']}"
    return f"{told['format']}" if "format" in told else f"{kind}{bounds}"


def _words(rates: tuple[Rate, ...]) -> str:
    return " and ".join(f"{rate.amount} in {rate.seconds} seconds" for rate in rates)
