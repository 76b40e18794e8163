"""
Passkeys (WebAuthn level 3): registered by who is signed in, and opening an account on their own.

Each is kept by its authenticator for this site, and used with finger, face or PIN; so it counts as two factors. What it
calls its user is cluster and user in 32 bytes: an answer says by itself whose it is.
"""

import secrets
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from cryptography.exceptions import InvalidSignature
from msgspec import Struct
from webauthn.helpers import (
    base64url_to_bytes,
    options_to_json_dict,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Scope, act_as
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound, Unauthenticated
from cluster.base.secrets import Vault
from cluster.people import factor_queries, steps
from cluster.people.factor_queries import HeldPasskey
from cluster.people.models import Credential, Passkey, PasskeyOptions, RegisterPasskey, User

NAME = "Cluster logistics"
HANDLE_BYTES = 32
REFUSED = "This passkey opens nothing here."
MISFITS = (WebAuthnException, InvalidSignature, ValueError, TypeError, KeyError, IndexError, AttributeError)
"""What the library raises over answers that somebody made up."""


class Challenge(Struct, frozen=True):
    """What a passkey is asked to sign, and where its browser stood."""

    challenge: bytes
    origin: str
    user_id: UUID | None = None

    @property
    def site(self) -> str:
        """The host that passkeys belong to."""
        return urlsplit(self.origin).hostname or "localhost"


async def ask_any(db: Connection, vault: Vault, origin: str) -> PasskeyOptions:
    """What the browser asks whatever passkeys it holds for this site. ``db`` is the authenticator's."""
    asked = Challenge(secrets.token_bytes(32), origin)
    options = webauthn.generate_authentication_options(
        rp_id=asked.site, challenge=asked.challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    token = await steps.put(db, vault, "passkey", asked)
    return PasskeyOptions(passkey_token=token, options=options_to_json_dict(options))


async def ask_new(db: Connection, scope: Scope, vault: Vault, origin: str, user: User) -> PasskeyOptions:
    """What the browser asks an authenticator for a new passkey of the caller's."""
    assert scope.user_id is not None
    asked = Challenge(secrets.token_bytes(32), origin, scope.user_id)
    options = webauthn.generate_registration_options(
        rp_id=asked.site,
        rp_name=NAME,
        user_id=scope.cluster.bytes + scope.user_id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        challenge=asked.challenge,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=known)
            for known in await factor_queries.credential_ids(db, scope, scope.user_id)
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    await act_as(db, steps.AUTHENTICATOR)
    token = await steps.put(db, vault, "registration", asked)
    return PasskeyOptions(passkey_token=token, options=options_to_json_dict(options))


async def register(db: Connection, scope: Scope, vault: Vault, body: RegisterPasskey) -> Passkey:
    """
    Keeps a new passkey of the caller's.

    Raises
    ------
    Unauthenticated
        When its challenge was answered before or is too old.
    Invalid
        When the answer is not one to that challenge.
    Conflict
        When the passkey is known already.
    """
    assert scope.user_id is not None
    await act_as(db, steps.AUTHENTICATOR)
    asked = await steps.take(db, vault, "registration", body.passkey_token, Challenge)
    await act_as(db, scope)
    if asked.user_id != scope.user_id:
        raise Unauthenticated(steps.TOO_LATE)
    try:
        made = webauthn.verify_registration_response(
            credential=body.passkey,
            expected_challenge=asked.challenge,
            expected_rp_id=asked.site,
            expected_origin=asked.origin,
            require_user_verification=True,
        )
    except MISFITS:
        cure = "register it again, from the options of the same passkey_token"
        fault = FieldFault(pointer="/passkey", code="passkey_refused", cause="not an answer to its options", cure=cure)
        raise Invalid([fault]) from None
    held = HeldPasskey(
        passkey_id=ids.new(),
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )
    shown = await factor_queries.insert_passkey(db, scope, scope.user_id, held, body.name)
    if shown is None:
        raise Conflict("passkey_exists", "This passkey is registered already.")
    await record(db, scope, "passkey.registered", "pky", held.passkey_id)
    return shown


def owner_of(answer: Credential) -> tuple[UUID, UUID]:
    """
    Cluster and user that a passkey's answer names; nothing is proved yet.

    Raises
    ------
    Unauthenticated
        When it names nobody.
    """
    try:
        handle = parse_authentication_credential_json(answer).response.user_handle or b""
    except MISFITS:
        raise Unauthenticated(REFUSED) from None
    if len(handle) != HANDLE_BYTES:
        raise Unauthenticated(REFUSED)
    return UUID(bytes=handle[:16]), UUID(bytes=handle[16:])


async def opens(db: Connection, scope: Scope, user_id: UUID, asked: Challenge, answer: Credential) -> bool:
    """Whether an answer is signed by a passkey of this user; its use is noted."""
    held = await factor_queries.held_passkey(db, scope, user_id, _credential_id(answer))
    if held is None:
        return False
    try:
        checked = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=asked.challenge,
            expected_rp_id=asked.site,
            expected_origin=asked.origin,
            credential_public_key=held.public_key,
            credential_current_sign_count=held.sign_count,
            require_user_verification=True,
        )
    except MISFITS:
        return False
    await factor_queries.use_passkey(db, scope, user_id, held.passkey_id, checked.new_sign_count)
    return True


def _credential_id(answer: dict[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(answer["rawId"])
    except MISFITS:
        return b""


async def list_passkeys(db: Connection, scope: Scope) -> list[Passkey]:
    """The caller's passkeys."""
    assert scope.user_id is not None
    return await factor_queries.passkeys(db, scope, scope.user_id)


async def remove(db: Connection, scope: Scope, passkey_id: UUID) -> None:
    """Takes one of the caller's passkeys away."""
    assert scope.user_id is not None
    if not await factor_queries.delete_passkey(db, scope, scope.user_id, passkey_id):
        raise NotFound("pky")
    await record(db, scope, "passkey.removed", "pky", passkey_id)
