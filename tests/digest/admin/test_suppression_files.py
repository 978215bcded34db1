"""Suppressions in files that staff bring."""

import pytest
from django.test import Client

from accounts.models import Deed
from digest import tokens
from digest.models import Suppression
from tests.exchanged import go_on, look, out, reasons

pytestmark = pytest.mark.django_db


def test_suppressions_come_in_as_addresses_and_stay_as_they_are(curator_client: Client) -> None:
    old = Suppression.objects.create(address_hash=tokens.address_hash("old@example.org"), reason="A complaint.")
    other = tokens.address_hash("other@example.org")
    rows = f"address,address_hash,reason\nNew@Example.org,,They wrote.\nold@example.org,,Other.\n,{other},By hash.\n"

    page = look(curator_client, "digest_suppression", rows)
    assert "2 new, 0 changed, 1 the same" in page.content.decode()
    assert Suppression.objects.count() == 1
    go_on(curator_client, "digest_suppression", page)

    held = dict(Suppression.objects.values_list("address_hash", "reason"))
    assert held == {
        old.address_hash: "A complaint.", tokens.address_hash("new@example.org"): "They wrote.", other: "By hash.",
    }  # fmt: skip
    assert not Deed.objects.filter(object_repr__contains="@").exists()
    assert not Deed.objects.filter(said__contains="@").exists()
    written = out(curator_client, "digest_suppression").decode()
    assert written.count("\r\n") == 4
    assert "the same" in look(curator_client, "digest_suppression", written).content.decode()
    assert Deed.objects.filter(said="Exported as CSV.").exists()


BAD_SUPPRESSIONS = {
    "nobody,They wrote.": "address: Enter a valid email address.",
    "a@example.org,": "reason: This field is required.",
    "a@example.org,a@example.org asked": "reason: Leave the address out",
    "a@example.org," + "r" * 200: "reason: Ensure this value has at most 150",
    ",They wrote.": "It has neither an address nor the hash of one.",
    "B@example.org,Again.": "The same address stands in line 2 already.",
}


def test_suppressions_that_their_form_would_refuse_are_refused(curator_client: Client) -> None:
    rows = "\n".join(["address,reason", "b@example.org,They wrote.", *BAD_SUPPRESSIONS])

    page = look(curator_client, "digest_suppression", rows)

    for (said,), expected in zip(reasons(page), BAD_SUPPRESSIONS.values(), strict=True):
        assert said.startswith(expected)
    assert not Suppression.objects.exists()
