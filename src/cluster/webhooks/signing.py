"""
Signatures of the Standard Webhooks specification 1.0.0.

``v1`` is HMAC-SHA256 with the shared secret (``whsec_``), ``v1a`` Ed25519 with our private key, checked with the
public one (``whpk_``). Signed is ``id.timestamp.body``. The header carries several signatures, apart by spaces; a
receiver takes the message if one of those that it knows is right, which is how secrets are changed without a gap.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

SECRET_PREFIX = "whsec_"  # noqa: S105  (what a secret begins with)
PUBLIC_PREFIX = "whpk_"
SECRET_BYTES = 32


class Material(Struct, frozen=True):
    """What signs for one endpoint: the shared secret, and the seed of the private key that never leaves."""

    secret: bytes
    seed: bytes

    def __repr__(self) -> str:
        return "Material(***)"

    @classmethod
    def make(cls) -> "Material":
        """Fresh random material."""
        return cls(os.urandom(SECRET_BYTES), os.urandom(SECRET_BYTES))

    @classmethod
    def unpack(cls, packed: bytes) -> "Material":
        """The opposite of ``pack``."""
        return cls(packed[:SECRET_BYTES], packed[SECRET_BYTES:])

    def pack(self) -> bytes:
        """Both in one, to be sealed."""
        return self.secret + self.seed

    @property
    def shown(self) -> str:
        """The secret as the receiver is told it."""
        return SECRET_PREFIX + base64.b64encode(self.secret).decode()

    @property
    def public_key(self) -> str:
        """What checks ``v1a`` signatures."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return PUBLIC_PREFIX + base64.b64encode(public.public_bytes_raw()).decode()


def signature(materials: Sequence[Material], message_id: str, timestamp: int, body: bytes, *, ed25519: bool) -> str:
    """The value of ``webhook-signature``, a ``v1`` for each material and then, if asked for, a ``v1a`` for each."""
    signed = b"%s.%d." % (message_id.encode(), timestamp) + body
    parts = [b"v1," + base64.b64encode(hmac.digest(entry.secret, signed, hashlib.sha256)) for entry in materials]
    if ed25519:
        keys = [Ed25519PrivateKey.from_private_bytes(entry.seed) for entry in materials]
        parts += [b"v1a," + base64.b64encode(key.sign(signed)) for key in keys]
    return b" ".join(parts).decode()
