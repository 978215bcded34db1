"""Files that staff carry out of the desk and bring back."""

import io
import re
from typing import Any

from django.test import Client
from django.urls import reverse


def address(model: str, page: str) -> str:
    return reverse(f"admin:{model}_{page}")


def look(client: Client, model: str, content: str | bytes, name: str = "rows.csv") -> Any:
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = name
    return client.post(address(model, "import"), {"file": file})


def go_on(client: Client, model: str, page: Any, **more: str) -> str:
    fields = dict(re.findall(r'name="(held|seen)" value="([^"]*)"', page.content.decode()))
    return client.post(address(model, "import"), fields | more, follow=True).content.decode()


def out(client: Client, model: str, **asked: str) -> bytes:
    return b"".join(client.get(address(model, "export"), asked).streaming_content)  # type: ignore[attr-defined]


def reasons(page: Any) -> list[list[str]]:
    return [one.problems for one in page.context["refused"]]
