"""Which adapter a gateway has, and what is sealed for it."""

import hashlib
import hmac
import secrets
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base.secrets import SealBroken, Vault
from cluster.channels.shop_calls import ShopCalls
from cluster.gateways.adapting import Adapter, GatewayAway
from cluster.gateways.ghn import Ghn
from cluster.gateways.karrio import Karrio
from cluster.gateways.lalamove import Lalamove
from cluster.gateways.models import GatewayCredentials, GatewayKind, GatewaySettings


class Sealed(Struct, frozen=True, kw_only=True):
    """What is kept encrypted of a gateway; ``token`` is the unguessable part of the inlet's address."""

    credentials: GatewayCredentials
    token: str

    def __repr__(self) -> str:
        return "Sealed(***)"

    @classmethod
    def make(cls, credentials: GatewayCredentials) -> "Sealed":
        """With a fresh random token."""
        return cls(credentials=credentials, token=secrets.token_urlsafe(32))

    @property
    def token_digest(self) -> bytes:
        """What is kept in clear of the token."""
        return hashlib.sha256(self.token.encode()).digest()


def seal(vault: Vault, gateway_id: UUID, what: Sealed) -> bytes:
    """Encrypted for one gateway."""
    return vault.seal(msgspec.json.encode(what), f"gateways:{gateway_id}")


def unseal(vault: Vault, gateway_id: UUID, sealed: bytes) -> Sealed:
    """
    What was sealed for a gateway.

    Raises
    ------
    GatewayAway
        When the key of the settings is another one.
    """
    try:
        return msgspec.json.decode(vault.open(sealed, f"gateways:{gateway_id}"), type=Sealed)
    except SealBroken:
        detail = "the platform cannot read its credentials; enter them again"
        raise GatewayAway("secret_unreadable", detail, reached=False) from None


def token_fits(token: str, digest: bytes) -> bool:
    """Whether a token is the one with this digest."""
    return hmac.compare_digest(hashlib.sha256(token.encode()).digest(), digest)


def adapter(
    calls: ShopCalls, kind: GatewayKind, base_url: str | None, settings: GatewaySettings, opened: Sealed
) -> Adapter:
    """
    The adapter of a gateway that takes orders.

    Raises
    ------
    LookupError
        For one that exchanges files.
    """
    key, secret = opened.credentials.key or "", opened.credentials.secret or ""
    if kind is GatewayKind.KARRIO:
        return Karrio(calls, base_url or "", key)
    if kind is GatewayKind.LALAMOVE:
        return Lalamove(calls, base_url, key, secret, settings)
    if kind is GatewayKind.GHN:
        return Ghn(calls, base_url, key, settings)
    raise LookupError(f"a gateway of {kind} takes no orders")
