"""A passkey in software: it makes a key and signs challenges as a device would, for pages that ask for one."""

import json
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from django.test import Client
from django.utils.http import int_to_base36
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

SITE = "testserver"
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def digest(data: bytes) -> bytes:
    hashed = Hash(SHA256())
    hashed.update(data)
    return hashed.finalize()


class SoftPasskey:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = token_bytes(16)

    def registered(self, options: Any) -> str:
        """The answer to a page that adds a passkey, as its form's field holds it."""
        key = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, key)
        data = AuthenticatorData.create(digest(SITE.encode()), FLAGS | AuthenticatorData.FLAG.AT, 0, credential)
        collected = self._collected(CollectedClientData.TYPE.CREATE, options["creation_options"])
        return self._answer(collected, attestationObject=AttestationObject.create("none", data, {}))

    def proved(self, options: Any, user_pk: int | None = None) -> str:
        """The answer to a page that asks for the passkey; the user's number where the page does not know them."""
        data = AuthenticatorData.create(digest(SITE.encode()), FLAGS, 1)
        collected = self._collected(CollectedClientData.TYPE.GET, options["request_options"])
        signature = self.key.sign(data + digest(collected), ec.ECDSA(SHA256()))
        handle = {} if user_pk is None else {"userHandle": int_to_base36(user_pk).encode()}
        return self._answer(collected, authenticatorData=data, signature=signature, **handle)

    def add(self, client: Client) -> Any:
        """Sets it up on the page for that, in a session that is proved."""
        options = client.get("/accounts/2fa/webauthn/add/").context["js_data"]
        fields = {"name": "My passkey", "credential": self.registered(options)}
        return client.post("/accounts/2fa/webauthn/add/", fields)

    def _collected(self, kind: Any, options: Any) -> bytes:
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], f"https://{SITE}")

    def _answer(self, collected: bytes, **response: bytes) -> str:
        encoded = {name: websafe_encode(value) for name, value in response.items()}
        named = websafe_encode(self.credential_id)
        return json.dumps(
            {"id": named, "rawId": named, "type": "public-key", "clientExtensionResults": {},
             "response": encoded | {"clientDataJSON": websafe_encode(collected)}}
        )  # fmt: skip
