"""
What must be read again but not by whoever reads the database: sealed with AES-GCM under a key of the settings.

A sealed value begins with the name of its key, so that keys can be changed: the first seals, all of them open.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cluster.base.settings import Settings

KEY_FILE = "secret.key"
KEY_BYTES = 32
_NAME_BYTES = 4
_NONCE_BYTES = 12


class SealBroken(ValueError):
    """Sealed with a key that is no longer known, for another place, or tampered with."""


class Vault:
    """
    Seals, opens and signs.

    Parameters
    ----------
    keys
        Secrets of at least 32 characters, the one in use first.
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._ciphers = {_name(key): AESGCM(_derived(key, b"seal")) for key in keys}
        self._first = _name(keys[0])
        self._signing = _derived(keys[0], b"sign")

    def __repr__(self) -> str:
        return f"Vault({len(self._ciphers)} keys)"

    def seal(self, plain: bytes, context: str) -> bytes:
        """``plain`` made unreadable; it opens again for the same ``context`` alone, such as table and row."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """
        What was sealed.

        Raises
        ------
        SealBroken
            When it cannot be.
        """
        cipher = self._ciphers.get(sealed[:_NAME_BYTES])
        if cipher is None:
            raise SealBroken("sealed with a key that is not among those of the settings")
        body = sealed[_NAME_BYTES:]
        try:
            return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            raise SealBroken("not what was sealed here") from None

    def sign(self, text: str, purpose: str) -> str:
        """A signature over ``text`` for one purpose, 43 characters that go into headers and cookies."""
        made = hmac.new(self._signing, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()

    def signed(self, text: str, purpose: str, signature: str) -> bool:
        """Whether the signature is that of ``text``."""
        return hmac.compare_digest(self.sign(text, purpose).encode(), signature.encode())


def vault_of(settings: Settings) -> Vault:
    """
    The vault of this installation: of ``CLUSTER_SECRET_KEY``, else of a file in the data folder made at first use.

    Raises
    ------
    OSError
        When there is no setting, and the file can be neither read nor made.
    """
    if settings.secret_key is not None:
        return Vault(tuple(key.strip() for key in settings.secret_key.split(",") if key.strip()))
    return Vault((_kept(settings.data_dir / KEY_FILE),))


def _kept(path: Path) -> str:
    """The secret in a file that only this user reads; whoever comes first makes it, whole or not at all."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip()


def _name(key: str) -> bytes:
    return hashlib.sha256(b"name\0" + key.encode()).digest()[:_NAME_BYTES]


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"cluster " + purpose).derive(key.encode())
