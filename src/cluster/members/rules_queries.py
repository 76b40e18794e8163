"""SQL of a cluster's rules and agreements."""

from uuid import UUID

import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.models import Cluster
from cluster.members.rules_models import Acceptance, Agreement, ClusterChange, PublishAgreement
from cluster.members.tokens import NewToken

RULES = (
    *("name", "sharing_rule", "privacy_min_members", "size_standard", "applications_open", "agreement_required"),
    *("admit_countries", "admit_size_classes", "evidence_required", "four_eyes"),
)
"""Columns of a cluster that its coordinator may change."""


async def change(db: Connection, scope: Scope, seen: int, to: Cluster) -> bool:
    """Puts new rules in place of those of version ``seen``; False when they are no longer that version."""
    done = await db.fetchval(
        """
        UPDATE clusters SET name = $3, sharing_rule = $4, privacy_min_members = $5, size_standard = $6,
                            applications_open = $7, agreement_required = $8, admit_countries = $9,
                            admit_size_classes = $10, evidence_required = $11, four_eyes = $12,
                            version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND version = $2 RETURNING true
        """,
        scope.cluster,
        seen,
        *(getattr(to, name) for name in RULES),
    )
    return bool(done)


async def note_change(db: Connection, scope: Scope, cluster: Cluster, changed: dict[str, list[object]]) -> None:
    """Keeps the cluster's rules as they are now in its history."""
    await db.execute(
        "INSERT INTO cluster_changes (cluster_id, version, changed, settings) VALUES ($1, $2, $3, $4)",
        scope.cluster,
        cluster.version,
        changed,
        {name: getattr(cluster, name) for name in RULES},
    )


async def changes(db: Connection, scope: Scope, after: int, limit: int) -> list[ClusterChange]:
    """The history of the cluster's rules, oldest first, behind version ``after``."""
    rows = await db.fetch(
        """
        SELECT version, effective_at, changed, settings FROM cluster_changes
         WHERE cluster_id = $1 AND version > $2 ORDER BY version LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
    )
    return [ClusterChange(id=str(row["version"]), **dict(row)) for row in rows]


async def insert_code(db: Connection, scope: Scope, code_id: UUID, token: NewToken) -> None:
    """A new application code; the newest is the one that opens."""
    await db.execute(
        "INSERT INTO application_codes (cluster_id, code_id, digest) VALUES ($1, $2, $3)",
        scope.cluster,
        code_id,
        token.digest,
    )


async def insert_agreement(db: Connection, scope: Scope, agreement_id: UUID, body: PublishAgreement) -> bool:
    """A new version, numbered one above the last; False when somebody else just took that number."""
    done = await db.fetchval(
        """
        INSERT INTO agreements (cluster_id, agreement_id, version, url, text_sha256, effective_from, grace_days)
        SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 FROM agreements WHERE cluster_id = $1
        ON CONFLICT (cluster_id, version) DO NOTHING RETURNING true
        """,
        scope.cluster,
        agreement_id,
        body.url,
        body.text_sha256,
        body.effective_from,
        body.grace_days,
    )
    return bool(done)


async def agreements(
    db: Connection, scope: Scope, after: UUID, limit: int, only: UUID | None = None
) -> list[Agreement]:
    """Versions of the agreement, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT agreement_id, version, url, text_sha256, effective_from, grace_days, created_at FROM agreements
         WHERE cluster_id = $1 AND agreement_id > $2 AND ($4::uuid IS NULL OR agreement_id = $4)
         ORDER BY agreement_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        only,
    )
    found = [dict(row) for row in rows]
    return [Agreement(id=ids.show("agr", fields.pop("agreement_id")), **fields) for fields in found]


async def newest_agreement(db: Connection, scope: Scope) -> Agreement | None:
    """The newest version, in force or announced; None where nothing was published."""
    row = await db.fetchrow(
        """
        SELECT agreement_id, version, url, text_sha256, effective_from, grace_days, created_at FROM agreements
         WHERE cluster_id = $1 ORDER BY version DESC LIMIT 1
        """,
        scope.cluster,
    )
    if row is None:
        return None
    fields = dict(row)
    return Agreement(id=ids.show("agr", fields.pop("agreement_id")), **fields)


async def accept(db: Connection, scope: Scope, member_id: UUID, agreement_id: UUID, text_sha256: str) -> None:
    """Notes that a firm accepts a version; the first acceptance is the one that counts."""
    await db.execute(
        """
        INSERT INTO agreement_acceptances (cluster_id, acceptance_id, member_id, agreement_id, text_sha256, key_id,
                                           user_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (cluster_id, member_id, agreement_id) DO NOTHING
        """,
        scope.cluster,
        ids.new(),
        member_id,
        agreement_id,
        text_sha256,
        scope.key_id,
        scope.user_id,
    )


async def acceptances(
    db: Connection, scope: Scope, after: UUID, limit: int, agreement_id: UUID | None = None
) -> list[Acceptance]:
    """Who accepted what, as far as the caller may see; of one version where it is named."""
    rows = await db.fetch(
        """
        SELECT acceptance_id, member_id, agreement_id, text_sha256, key_id, user_id, accepted_at
          FROM agreement_acceptances
         WHERE cluster_id = $1 AND acceptance_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
           AND ($5::uuid IS NULL OR agreement_id = $5)
         ORDER BY acceptance_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
        agreement_id,
    )
    prefixes = {"acceptance_id": "acc", "member_id": "mem", "agreement_id": "agr", "key_id": "key", "user_id": "usr"}
    found = []
    for row in rows:
        fields = dict(row)
        shown = {
            name: None if fields[name] is None else ids.show(prefix, fields[name]) for name, prefix in prefixes.items()
        }
        fields |= shown
        found.append(msgspec.convert({"id": fields.pop("acceptance_id")} | fields, Acceptance))
    return found
