"""
The audit log: who did or looked at what, written in the transaction that does it.

Entries hold identifiers and facts, never a person's data, so that erasing a person leaves the log as it is. PostgreSQL
lets nobody change or delete them.
"""

from collections.abc import Mapping
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope


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
        Noun and past participle, such as ``member.suspended`` or ``shipments.read``.
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
