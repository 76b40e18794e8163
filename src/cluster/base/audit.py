"""
The audit log: who did or looked at what, written in the transaction that does it.

Entries hold identifiers and facts, never a person's data, so that erasing a person leaves the log as it is. PostgreSQL
lets nobody change or delete them. ``seal`` chains them by digest, so that an entry changed, added or taken out behind
PostgreSQL's back is found by ``verify``; the digests also go to a file, which a database administrator cannot reach.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope, system_scope

SEAL_MAX = 10_000
"""Entries under one seal."""
FIRST = bytes(32)
"""What stands before a cluster's first seal."""


async def record(
    db: Connection,
    scope: Scope,
    action: str,
    subject_kind: str,
    subject_id: UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """
    Adds one entry about what ``scope`` does.

    Parameters
    ----------
    action
        Noun and past participle, such as ``member.suspended`` or ``list_shipments.read``.
    subject_kind
        Identifier prefix of what it is about, such as ``mem``.
    detail
        Further facts: codes, counts, identifiers; no names, addresses or secrets.
    """
    await db.execute(
        """
        INSERT INTO audit_log (cluster_id, entry_id, role, key_id, user_id, actor_member, action, subject_kind,
                               subject_id, detail)
        VALUES ($1, $2, app_role(), $3, $4, $5, $6, $7, $8, $9)
        """,
        scope.cluster,
        ids.new(),
        scope.key_id,
        scope.user_id,
        scope.member_id,
        action,
        subject_kind,
        subject_id,
        dict(detail or {}),
    )


class Seal(Struct, frozen=True, kw_only=True):
    """One link of the chain: the digest of ``before`` and of the entries under it."""

    cluster_id: UUID
    seal_no: int
    entries: int
    before: bytes
    digest: bytes


class Verdict(Struct, frozen=True, kw_only=True):
    """
    What verifying the chain found.

    ``fault`` says at which seal the log differs from what was sealed, None where it is whole. Entries written since the
    last seal are counted in ``unsealed`` and vouched for by nothing yet.
    """

    seals: int
    entries: int
    unsealed: int
    digest: str
    fault: str | None


def chained(before: bytes, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The digest of a link: SHA-256 over what stands before it and the entries' canonical JSON, one a line."""
    sha = hashlib.sha256(before)
    for row in rows:
        sha.update(msgspec.json.encode([str(row[name]) for name in NAMES] + [row["detail"]], order="sorted"))
        sha.update(b"\n")
    return sha.digest()


NAMES = (
    *("cluster_id", "entry_id", "at", "role", "key_id", "user_id", "actor_member"),
    *("action", "subject_kind", "subject_id"),
)


async def unsealed_clusters(db: Connection) -> list[UUID]:
    """Clusters with entries under no seal."""
    # any-cluster: the sealer serves all clusters
    rows = await db.fetch("SELECT DISTINCT cluster_id FROM audit_log WHERE seal_no IS NULL ORDER BY cluster_id")
    return [row["cluster_id"] for row in rows]


async def sealed_clusters(db: Connection) -> list[UUID]:
    """Clusters with entries, sealed or not."""
    # any-cluster: the check of the whole platform
    rows = await db.fetch("SELECT DISTINCT cluster_id FROM audit_log ORDER BY cluster_id")
    return [row["cluster_id"] for row in rows]


async def seal(db: Connection, cluster_id: UUID) -> Seal | None:
    """
    Puts the next seal on a cluster's entries; None when there is nothing to seal yet.

    Only entries older than every transaction still running are taken, so that none can appear under a seal afterwards.
    """
    scope = system_scope(cluster_id)
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", str(cluster_id))
    rows = await db.fetch(
        """
        SELECT cluster_id, entry_id, at, role, key_id, user_id, actor_member, action, subject_kind, subject_id, detail
          FROM audit_log
         WHERE cluster_id = $1 AND seal_no IS NULL AND written_by < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY entry_id LIMIT $2
        """,
        scope.cluster,
        SEAL_MAX,
    )
    if not rows:
        return None
    last = await db.fetchrow(
        "SELECT seal_no, digest FROM audit_seals WHERE cluster_id = $1 ORDER BY seal_no DESC LIMIT 1", scope.cluster
    )
    before = FIRST if last is None else last["digest"]
    made = Seal(
        cluster_id=cluster_id,
        seal_no=1 if last is None else last["seal_no"] + 1,
        entries=len(rows),
        before=before,
        digest=chained(before, rows),
    )
    await db.execute(
        "INSERT INTO audit_seals (cluster_id, seal_no, entries, before, digest) VALUES ($1, $2, $3, $4, $5)",
        made.cluster_id,
        made.seal_no,
        made.entries,
        made.before,
        made.digest,
    )
    await db.execute(
        "UPDATE audit_log SET seal_no = $2 WHERE cluster_id = $1 AND entry_id = ANY($3)",
        cluster_id,
        made.seal_no,
        [row["entry_id"] for row in rows],
    )
    return made


async def verify(db: Connection, scope: Scope, kept: Mapping[int, str] | None = None) -> Verdict:
    """
    Computes the whole chain again and compares it with the seals.

    Parameters
    ----------
    kept
        Digests in hexadecimal by seal number that were kept elsewhere; each must still be there.
    """
    seals = await db.fetch(
        "SELECT seal_no, entries, before, digest FROM audit_seals WHERE cluster_id = $1 ORDER BY seal_no", scope.cluster
    )
    before, fault, entries = FIRST, None, 0
    for expected, link in enumerate(seals, start=1):
        rows = await _under(db, scope, link["seal_no"])
        entries += len(rows)
        fault = _fault(expected, link, before, rows, (kept or {}).get(expected))
        if fault is not None:
            break
        before = link["digest"]
    missing = max(kept, default=0) if kept else 0
    if fault is None and missing > len(seals):
        fault = f"seals {len(seals) + 1} to {missing} are gone"
    unsealed = await db.fetchval(
        "SELECT count(*) FROM audit_log WHERE cluster_id = $1 AND seal_no IS NULL", scope.cluster
    )
    return Verdict(seals=len(seals), entries=entries, unsealed=unsealed, digest=before.hex(), fault=fault)


async def _under(db: Connection, scope: Scope, seal_no: int) -> list[Any]:
    rows: list[Any] = await db.fetch(
        """
        SELECT cluster_id, entry_id, at, role, key_id, user_id, actor_member, action, subject_kind, subject_id, detail
          FROM audit_log WHERE cluster_id = $1 AND seal_no = $2 ORDER BY entry_id
        """,
        scope.cluster,
        seal_no,
    )
    return rows


def _fault(
    expected: int, link: Mapping[str, Any], before: bytes, rows: Sequence[Mapping[str, Any]], kept: str | None
) -> str | None:
    """What is wrong with one link; None when nothing is."""
    if link["seal_no"] != expected:
        return f"seal {expected} is gone"
    if link["before"] != before:
        return f"seal {expected} does not follow the one before it"
    if len(rows) != link["entries"]:
        return f"{link['entries']} entries were under seal {expected}, {len(rows)} are"
    if chained(before, rows) != link["digest"]:
        return f"an entry under seal {expected} was changed"
    if kept is not None and kept != link["digest"].hex():
        return f"seal {expected} is another than the one kept elsewhere"
    return None


class ReadNote:
    """One entry for one request that looks: written with its first transaction, once."""

    def __init__(self, operation: str, subject_kind: str, subject_id: UUID | None) -> None:
        self._operation = operation
        self._kind = subject_kind
        self._subject = subject_id
        self._written = False

    async def write(self, db: Connection, scope: Scope) -> None:
        """Adds the entry, unless an earlier transaction of this request did."""
        if not self._written:
            await record(db, scope, f"{self._operation}.read", self._kind, self._subject)
            self._written = True
