"""One's data: all that the site holds of a person, as a zip of JSON and CSV.

Other apps register what they hold with ``contribute``, since this one does not know them.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey, Model, QuerySet
from django.template.loader import render_to_string

from accounts.models import ApiToken, User
from papersite import links

Row = dict[str, Any]
Table = tuple[str, Iterable[Row]]
Contributor = Callable[[User], Iterable[Table]]

_contributors: dict[str, Contributor] = {}


def contribute(app_label: str, tables: Contributor) -> None:
    """Registers what an app holds of a person; called once, when the apps are ready."""
    _contributors[app_label] = tables


def tables_of(user: User) -> Iterator[Table]:
    yield "profile", [_profile(user)]
    yield "addresses", rows(EmailAddress.objects.filter(user=user), without={"user"})
    # What opens the account is no data to hand out: keys and codes stay where they are.
    yield "keys", rows(Authenticator.objects.filter(user=user), without={"user", "data"})
    yield "other_sites", rows(SocialAccount.objects.filter(user=user), without={"user"})
    yield "tokens", rows(ApiToken.objects.filter(user=user), without={"user"})
    for tables in _contributors.values():
        yield from tables(user)


def belonging(app_label: str, owner: Model) -> Iterator[Table]:
    """Every table of an app with rows that point at the owner, also one that is added later."""
    for model in apps.get_app_config(app_label).get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and isinstance(owner, field.related_model):
                found = model._default_manager.filter(**{field.name: owner}).order_by("pk")
                yield str(model._meta.verbose_name_plural).replace(" ", "_"), rows(found, without={field.name})


def rows(found: QuerySet[Any], *, without: set[str]) -> Iterator[Row]:
    """Each row in plain words: what it points at by name and address, the site's own marks left out."""
    fields = [
        field
        for field in found.model._meta.concrete_fields
        if field.name not in without and (field.editable or isinstance(field, ForeignKey)) and not field.primary_key
    ]
    pointers = [field.name for field in fields if isinstance(field, ForeignKey)]
    if pointers:
        found = found.select_related(*pointers)
    for row in found.iterator(chunk_size=500):
        plain: Row = {}
        for field in fields:
            value = getattr(row, field.name)
            plain[field.name] = str(value) if isinstance(value, Model) else value
            if isinstance(value, Model) and hasattr(value, "get_absolute_url"):
                plain[f"{field.name}_url"] = links.absolute(value.get_absolute_url())
        yield plain


def archive(user: User, *, now: datetime, with_links: bool = True) -> IO[bytes]:
    """The zip as an open file without a name, which is gone when it is closed.

    Some links open what is the person's own, such as their mails: who takes it for them gets it without any.
    """
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        names = []
        for name, found in tables_of(user):
            held = list(found) if with_links else [_without_links(row) for row in found]
            names.append((name, len(held)))
            packed.writestr(f"{name}.json", json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
            packed.writestr(f"{name}.csv", as_csv(held))
        about = render_to_string("accounts/export_readme.txt", {"user": user, "now": now, "tables": names})
        packed.writestr("README.txt", about)
    file.seek(0)
    return file


def _without_links(row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.endswith("_url")}


def as_csv(held: list[Row]) -> str:
    columns = list(dict.fromkeys(name for row in held for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in held)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """A value for a spreadsheet, which would take a title that begins with = for a formula."""
    if isinstance(value, list | dict):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _profile(user: User) -> Row:
    return {
        "address": user.email,
        "name": user.name,
        "joined_at": user.joined_at,
        "last_signed_in_at": user.last_login,
        "has_password": user.has_usable_password(),
        "is_curator": user.is_staff,
    }
