"""
Checks messages of the platform's webhooks (Standard Webhooks 1.0.0), with the secret ``whsec_...``.

Signed is ``id.timestamp.body`` with HMAC-SHA256. The header carries a signature for each secret that is in force, so
that secrets change without a gap.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from cluster_client.errors import NotAuthentic

TOLERANCE_S = 300
SECRET_PREFIX = "whsec_"  # noqa: S105  (what a secret begins with)


class Message(Struct, frozen=True, kw_only=True):
    """
    A message that is from the platform.

    Attributes
    ----------
    id
        The event's identifier, the same at every try: what was seen before is passed over.
    type
        What happened, such as ``shipment.booked``.
    timestamp
        When it happened, RFC 3339 in UTC.
    data
        What it is about: ``object``, ``id``, ``seq`` (without gaps for each thing), ``link``.
    """

    id: str = ""
    type: str
    timestamp: str
    data: dict[str, Any] = {}


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Iterable[str],
    *,
    now: float | None = None,
    tolerance_s: int = TOLERANCE_S,
) -> Message:
    """
    The message, if one of the secrets signed exactly these bytes within the last five minutes.

    Parameters
    ----------
    body
        The request's bytes as they came, before anything read them.
    headers
        The request's headers, in any case.
    secrets
        One secret, or the old and the new while they change.

    Raises
    ------
    NotAuthentic
        When it is not, or a header is missing.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, sent, given = (lower[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        sent_at = int(sent)
    except (KeyError, ValueError) as error:
        raise NotAuthentic(f"no webhook of the platform: {error}") from None
    if abs((time.time() if now is None else now) - sent_at) > tolerance_s:
        raise NotAuthentic(f"sent more than {tolerance_s} s from now")
    signed = f"{message_id}.{sent_at}.".encode() + body
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    expected = [_signature(secret, signed) for secret in known]
    offered = [entry.removeprefix("v1,").encode() for entry in given.split() if entry.startswith("v1,")]
    if not any(hmac.compare_digest(one, other) for one in expected for other in offered):
        raise NotAuthentic("no signature is right")
    try:
        return msgspec.structs.replace(msgspec.json.decode(body, type=Message), id=message_id)
    except msgspec.DecodeError as error:
        raise NotAuthentic(f"signed, but no event: {error}") from None


def _signature(secret: str, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a secret is whsec_ and base64") from None
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
