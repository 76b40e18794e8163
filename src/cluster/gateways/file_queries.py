"""SQL of files that were exchanged with a carrier."""

from collections.abc import Sequence
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.gateways.models import GatewayFile


async def known(db: Connection, scope: Scope, gateway_id: UUID, direction: str, names: Sequence[str]) -> set[str]:
    """Which of these names went out before."""
    rows = await db.fetch(
        """
        SELECT DISTINCT name FROM gateway_files
         WHERE cluster_id = $1 AND gateway_id = $2 AND direction = $3 AND name = ANY($4)
        """,
        scope.cluster,
        gateway_id,
        direction,
        names,
    )
    return {row["name"] for row in rows}


async def keep(
    db: Connection,
    scope: Scope,
    gateway_id: UUID,
    direction: str,
    name: str,
    digest: bytes,
    lines: int,
    refused: int,
) -> None:
    """A file that went out, or came in; the same again changes nothing."""
    await db.execute(
        """
        INSERT INTO gateway_files (cluster_id, file_id, gateway_id, direction, name, digest, lines, refused)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (cluster_id, gateway_id, direction, name, digest) DO NOTHING
        """,
        scope.cluster,
        ids.new(),
        gateway_id,
        direction,
        name,
        digest,
        lines,
        refused,
    )


async def files(db: Connection, scope: Scope, gateway_id: UUID, after: UUID, limit: int) -> list[GatewayFile]:
    """Files that were exchanged, oldest first."""
    rows = await db.fetch(
        """
        SELECT file_id, direction, name, lines, refused, created_at FROM gateway_files
         WHERE cluster_id = $1 AND gateway_id = $2 AND file_id > $3 ORDER BY file_id LIMIT $4
        """,
        scope.cluster,
        gateway_id,
        after,
        limit,
    )
    return [
        GatewayFile(
            id=ids.show("gfl", row["file_id"]),
            direction=row["direction"],
            name=row["name"],
            lines=row["lines"],
            refused=row["refused"],
            created_at=row["created_at"],
        )
        for row in rows
    ]
