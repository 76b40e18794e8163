"""
Version and hashes: what pins a statement to the pool, the plan and the certificate that it was made from.

A plain digest of data with few unknowns can be undone by trying them all: with one rival, a certificate's digest and
one's own figures are enough to find the rival's cost. So digests go out under a seal (a secret that the coordinator
keeps for this split, at least 16 random bytes: HMAC, RFC 2104), and plain ones only where enough others took part.
Whoever is later shown the sealed thing and the seal can compare (``digest``).
"""

import hmac
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import msgspec

from solver.matrix import encode_matrix
from solver.plan import Plan
from solver.shares import Certificate
from solver.statements.figures import Digests

DISTRIBUTION = "cluster-logistics"
SEAL_BYTES_MIN = 16


def canonical_json(value: Any) -> bytes:
    """One and only one JSON text for a value: UTF-8, names sorted, no spaces."""
    return msgspec.json.encode(value, order="sorted", enc_hook=encode_matrix)


def digest(value: Any, seal: bytes | None = None) -> str:
    """
    SHA-256 in hex of the canonical JSON; with a seal HMAC-SHA256 under it.

    Raises
    ------
    ValueError
        When the seal is shorter than ``SEAL_BYTES_MIN``.
    """
    raw = canonical_json(value)
    if seal is None:
        return sha256(raw).hexdigest()
    if len(seal) < SEAL_BYTES_MIN:
        raise ValueError(f"a seal needs at least {SEAL_BYTES_MIN} bytes")
    return hmac.new(seal, raw, sha256).hexdigest()


def digests(pool_digest: str, plan: Plan, certificate: Certificate, *, seal: bytes | None, enough: bool) -> Digests:
    """
    All that a member gets to see.

    Parameters
    ----------
    pool_digest, plan, certificate
        Of the split.
    seal
        The coordinator's secret for this split; None for plain digests.
    enough
        Whether enough others took part for plain digests.
    """
    shown = enough or seal is not None
    return Digests(
        version=version(DISTRIBUTION),
        pool=None if not shown else pool_digest if seal is None else digest(pool_digest, seal),
        plan=digest(plan, seal) if shown else None,
        certificate=None if not shown else certificate.digest if seal is None else digest(certificate, seal),
        sealed=seal is not None,
    )
