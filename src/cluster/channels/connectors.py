"""Which connector a channel has, and what is sealed for it."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base.secrets import SealBroken, Vault
from cluster.channels.models import ChannelKind, Connector, Credentials, ShopAway
from cluster.channels.shop_calls import ShopCalls
from cluster.channels.shopify import Shopify
from cluster.channels.woocommerce import WooCommerce

SHOPIFY_HOST = ".myshopify.com"


class Sealed(Struct, frozen=True, kw_only=True):
    """
    What is kept encrypted of a channel.

    ``hook_secret`` is ours for signing WooCommerce's webhooks, ``token`` the unguessable part of the inlet's address.
    """

    credentials: Credentials
    hook_secret: str
    token: str

    def __repr__(self) -> str:
        return "Sealed(***)"

    @classmethod
    def make(cls, credentials: Credentials) -> "Sealed":
        """With fresh random secrets."""
        return cls(credentials=credentials, hook_secret=secrets.token_urlsafe(32), token=secrets.token_urlsafe(32))

    @property
    def token_digest(self) -> bytes:
        """What is kept in clear of the token."""
        return hashlib.sha256(self.token.encode()).digest()


def seal(vault: Vault, channel_id: UUID, what: Sealed) -> bytes:
    """Encrypted for one channel."""
    return vault.seal(msgspec.json.encode(what), f"channels:{channel_id}")


def unseal(vault: Vault, channel_id: UUID, sealed: bytes) -> Sealed:
    """
    What was sealed for a channel.

    Raises
    ------
    ShopAway
        When the key of the settings is another one.
    """
    try:
        return msgspec.json.decode(vault.open(sealed, f"channels:{channel_id}"), type=Sealed)
    except SealBroken:
        raise ShopAway("secret_unreadable", "the platform cannot read its credentials; enter them again") from None


def token_fits(token: str, digest: bytes) -> bool:
    """Whether a token is the one with this digest."""
    return hmac.compare_digest(hashlib.sha256(token.encode()).digest(), digest)


def connector(calls: ShopCalls, kind: ChannelKind, base_url: str, opened: Sealed) -> Connector:
    """The connector of a channel."""
    key, secret = opened.credentials.key, opened.credentials.secret
    if kind is ChannelKind.WOOCOMMERCE:
        return WooCommerce(calls, base_url, key, secret, opened.hook_secret)
    return Shopify(calls, base_url, key, secret, opened.credentials.access_token)


def fits_kind(kind: ChannelKind, base_url: str) -> bool:
    """Whether an address is one of this kind of shop: Shopify's are all below one name."""
    parts = urlsplit(base_url)
    return kind is not ChannelKind.SHOPIFY or (parts.hostname or "").endswith(SHOPIFY_HOST)
