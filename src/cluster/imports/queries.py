"""SQL of imports."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope, hashed
from cluster.imports.models import Book, Counts, Fault, Import, ImportKind, ImportLine, ImportStatus, Mapping, Reading


async def insert(
    db: Connection,
    scope: Scope,
    import_id: UUID,
    *,
    kind: str,
    filename: str,
    form: str,
    size_bytes: int,
    digest: bytes,
    options: dict[str, Any],
) -> None:
    """A file that has come in."""
    await db.execute(
        """
        INSERT INTO imports (cluster_id, import_id, member_id, kind, status, filename, format, size_bytes, digest,
                             options, key_id, user_id)
        VALUES ($1, $2, $3, $4, 'uploaded', $5, $6, $7, $8, $9, $10, $11)
        """,
        scope.cluster,
        import_id,
        scope.member_id,
        kind,
        filename,
        form,
        size_bytes,
        digest,
        options,
        scope.key_id,
        scope.user_id,
    )


async def add_piece(db: Connection, scope: Scope, import_id: UUID, piece_no: int, content: bytes) -> None:
    """A piece of a file."""
    await db.execute(
        "INSERT INTO import_pieces (cluster_id, import_id, member_id, piece_no, content) VALUES ($1, $2, $3, $4, $5)",
        scope.cluster,
        import_id,
        scope.member_id,
        piece_no,
        content,
    )


async def piece(db: Connection, scope: Scope, import_id: UUID, piece_no: int) -> bytes | None:
    """A piece of a file, None after the last."""
    found: bytes | None = await db.fetchval(
        "SELECT content FROM import_pieces WHERE cluster_id = $1 AND import_id = $2 AND piece_no = $3",
        scope.cluster,
        import_id,
        piece_no,
    )
    return found


async def drop_pieces(db: Connection, scope: Scope, import_id: UUID) -> None:
    """The file is not needed any more: its lines are there."""
    await db.execute("DELETE FROM import_pieces WHERE cluster_id = $1 AND import_id = $2", scope.cluster, import_id)


async def imports(db: Connection, scope: Scope, after: UUID, limit: int, import_id: UUID | None) -> list[Import]:
    """Imports of the calling member, oldest first; or the one asked for."""
    rows = await db.fetch(
        """
        SELECT import_id, kind, status, filename, format, size_bytes, digest, reading, mapping, book, lines, checked_to,
               booked_to, error_code, error_detail, created_at, updated_at
          FROM imports
         WHERE cluster_id = $1 AND import_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
           AND ($4::uuid IS NULL OR import_id = $4)
         ORDER BY import_id LIMIT $5
        """,
        scope.cluster,
        after,
        scope.member_id,
        import_id,
        limit,
    )
    counts = await _counts(db, scope, [row["import_id"] for row in rows])
    return [_import(row, counts) for row in rows]


def _import(row: Any, counts: dict[UUID, dict[str, int]]) -> Import:
    by_state = counts.get(row["import_id"], {})
    return Import(
        id=ids.show("imp", row["import_id"]),
        kind=ImportKind(row["kind"]),
        status=ImportStatus(row["status"]),
        filename=row["filename"],
        format=row["format"],
        size_bytes=row["size_bytes"],
        sha256=row["digest"].hex(),
        reading=None if row["reading"] is None else msgspec.convert(row["reading"], Reading),
        mapping=None if row["mapping"] is None else msgspec.convert(row["mapping"], Mapping),
        book=None if row["book"] is None else Book(row["book"]),
        counts=Counts(lines=row["lines"], **by_state),
        checked_to=row["checked_to"],
        booked_to=row["booked_to"],
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


async def _counts(db: Connection, scope: Scope, import_ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    rows = await db.fetch(
        """
        SELECT import_id, count(*) FILTER (WHERE state = 'skipped') AS skipped,
               count(*) FILTER (WHERE state = 'good') AS good, count(*) FILTER (WHERE state = 'faulty') AS faulty,
               count(*) FILTER (WHERE state = 'booked') AS booked, count(becomes) AS shipments
          FROM import_lines WHERE cluster_id = $1 AND import_id = ANY($2) GROUP BY import_id
        """,
        scope.cluster,
        import_ids,
    )
    return {row["import_id"]: {name: value for name, value in row.items() if name != "import_id"} for row in rows}


async def locked(db: Connection, scope: Scope, import_id: UUID) -> Any:
    """What work on an import needs, its row locked; None when there is none."""
    return await db.fetchrow(
        """
        SELECT member_id, kind, status, format, digest, options, reading, mapping, book, lines, checked_to, booked_to,
               key_id, user_id, header_digest
          FROM imports WHERE cluster_id = $1 AND import_id = $2 AND ($3::uuid IS NULL OR member_id = $3) FOR UPDATE
        """,
        scope.cluster,
        import_id,
        scope.member_id,
    )


async def set_status(
    db: Connection,
    scope: Scope,
    import_id: UUID,
    status: ImportStatus,
    error_code: str | None = None,
    error_detail: str | None = None,
) -> None:
    """Moves an import on."""
    await db.execute(
        """
        UPDATE imports SET status = $3, error_code = $4, error_detail = $5, updated_at = now()
         WHERE cluster_id = $1 AND import_id = $2
        """,
        scope.cluster,
        import_id,
        status,
        error_code,
        error_detail,
    )


async def set_read(db: Connection, scope: Scope, import_id: UUID, reading: Reading, digest: bytes, lines: int) -> None:
    """What was found out about a file, all of whose lines are stored."""
    await db.execute(
        """
        UPDATE imports SET status = 'read', reading = $3, header_digest = $4, lines = $5, updated_at = now()
         WHERE cluster_id = $1 AND import_id = $2
        """,
        scope.cluster,
        import_id,
        reading,
        digest,
        lines,
    )


async def set_mapping(
    db: Connection, scope: Scope, import_id: UUID, reading: Reading, mapping: Mapping, status: ImportStatus
) -> None:
    """How columns are to be understood; checking begins anew."""
    await db.execute(
        """
        UPDATE imports SET status = $3, reading = $4, mapping = $5, checked_to = 0, updated_at = now()
         WHERE cluster_id = $1 AND import_id = $2
        """,
        scope.cluster,
        import_id,
        status,
        reading,
        mapping,
    )


async def set_book(db: Connection, scope: Scope, import_id: UUID, book: Book) -> None:
    """What is to be booked, and who asked for it."""
    await db.execute(
        """
        UPDATE imports SET status = 'booking', book = $3, key_id = $4, user_id = $5, updated_at = now()
         WHERE cluster_id = $1 AND import_id = $2
        """,
        scope.cluster,
        import_id,
        book,
        scope.key_id,
        scope.user_id,
    )


async def set_checked_to(db: Connection, scope: Scope, import_id: UUID, line_no: int) -> None:
    """How far checking has come."""
    await db.execute(
        "UPDATE imports SET checked_to = $3, updated_at = now() WHERE cluster_id = $1 AND import_id = $2",
        scope.cluster,
        import_id,
        line_no,
    )


async def set_booked_to(db: Connection, scope: Scope, import_id: UUID, line_no: int) -> None:
    """How far booking has come."""
    await db.execute(
        "UPDATE imports SET booked_to = $3, updated_at = now() WHERE cluster_id = $1 AND import_id = $2",
        scope.cluster,
        import_id,
        line_no,
    )


async def add_lines(
    db: Connection, scope: Scope, import_id: UUID, member_id: UUID, lines: Sequence[tuple[int, str]]
) -> None:
    """Lines with their cells; those that are there already stay as they are."""
    await db.execute(
        """
        INSERT INTO import_lines (cluster_id, import_id, member_id, line_no, cells)
        SELECT $1, $2, $3, new.line_no, new.cells FROM unnest($4::int[], $5::text[]) AS new (line_no, cells)
        ON CONFLICT DO NOTHING
        """,
        scope.cluster,
        import_id,
        member_id,
        [line_no for line_no, _ in lines],
        [cells for _, cells in lines],
    )


async def cells(db: Connection, scope: Scope, import_id: UUID, after: int, limit: int) -> list[tuple[int, str]]:
    """Lines as they were read, in their order."""
    rows = await db.fetch(
        """
        SELECT line_no, cells FROM import_lines
         WHERE cluster_id = $1 AND import_id = $2 AND line_no > $3 ORDER BY line_no LIMIT $4
        """,
        scope.cluster,
        import_id,
        after,
        limit,
    )
    return [(row["line_no"], row["cells"]) for row in rows]


async def cells_of(db: Connection, scope: Scope, import_id: UUID, line_nos: list[int]) -> list[tuple[int, str]]:
    """Some lines as they were read."""
    rows = await db.fetch(
        """
        SELECT line_no, cells FROM import_lines
         WHERE cluster_id = $1 AND import_id = $2 AND line_no = ANY($3) ORDER BY line_no
        """,
        scope.cluster,
        import_id,
        line_nos,
    )
    return [(row["line_no"], row["cells"]) for row in rows]


async def set_lines(
    db: Connection, scope: Scope, import_id: UUID, lines: Sequence[tuple[int, str, int | None, str | None, str | None]]
) -> None:
    """Number, state, first line of its shipment, entry and faults (JSON) of lines that were checked or refused."""
    async with hashed(db):
        await db.execute(
            """
            UPDATE import_lines SET state = new.state, first_line = new.first_line, becomes = new.becomes,
                                    faults = new.faults::jsonb
              FROM unnest($3::int[], $4::text[], $5::int[], $6::text[], $7::text[])
                   AS new (line_no, state, first_line, becomes, faults)
             WHERE import_lines.cluster_id = $1 AND import_id = $2 AND import_lines.line_no = new.line_no
            """,
            scope.cluster,
            import_id,
            *[list(column) for column in zip(*lines, strict=True)],
        )


async def entries(db: Connection, scope: Scope, import_id: UUID, after: int, limit: int) -> list[tuple[int, bytes]]:
    """What good lines are to become, by their first lines."""
    rows = await db.fetch(
        """
        SELECT line_no, becomes FROM import_lines
         WHERE cluster_id = $1 AND import_id = $2 AND line_no > $3 AND becomes IS NOT NULL AND state = 'good'
         ORDER BY line_no LIMIT $4
        """,
        scope.cluster,
        import_id,
        after,
        limit,
    )
    return [(row["line_no"], row["becomes"].encode()) for row in rows]


async def set_booked(db: Connection, scope: Scope, import_id: UUID, booked: Sequence[tuple[int, UUID | None]]) -> None:
    """Lines whose entry is booked, by first line, with the shipment that they became."""
    async with hashed(db):
        await db.execute(
            """
            UPDATE import_lines SET state = 'booked', shipment_id = new.shipment_id
              FROM unnest($3::int[], $4::uuid[]) AS new (first_line, shipment_id)
             WHERE import_lines.cluster_id = $1 AND import_id = $2 AND import_lines.first_line = new.first_line
            """,
            scope.cluster,
            import_id,
            [line_no for line_no, _ in booked],
            [shipment_id for _, shipment_id in booked],
        )


async def refuse(db: Connection, scope: Scope, import_id: UUID, first_line: int, faults: str) -> None:
    """Lines of one entry that turned out to be faulty while they were booked."""
    await db.execute(
        """
        UPDATE import_lines SET state = 'faulty', becomes = NULL,
                                faults = CASE WHEN line_no = first_line THEN $4::jsonb ELSE faults END
         WHERE cluster_id = $1 AND import_id = $2 AND first_line = $3
        """,
        scope.cluster,
        import_id,
        first_line,
        msgspec.json.decode(faults),
    )


async def lines(
    db: Connection, scope: Scope, import_id: UUID, after: int, limit: int, state: str | None
) -> list[ImportLine]:
    """Lines with what is wrong in them, in their order; those of one state if asked."""
    rows = await db.fetch(
        """
        SELECT line_no, state, cells, faults, shipment_id FROM import_lines
         WHERE cluster_id = $1 AND import_id = $2 AND line_no > $3 AND ($4::uuid IS NULL OR member_id = $4)
           AND ($5::text IS NULL OR state = $5)
         ORDER BY line_no LIMIT $6
        """,
        scope.cluster,
        import_id,
        after,
        scope.member_id,
        state,
        limit,
    )
    return [
        ImportLine(
            id=str(row["line_no"]),
            state=row["state"],
            cells=msgspec.json.decode(row["cells"]),
            faults=msgspec.convert(row["faults"] or [], list[Fault]),
            shipment_id=None if row["shipment_id"] is None else ids.show("shp", row["shipment_id"]),
        )
        for row in rows
    ]


async def remember(db: Connection, scope: Scope, member_id: UUID, kind: str, digest: bytes, mapping: Mapping) -> None:
    """The mapping for files with this header from now on."""
    await db.execute(
        """
        INSERT INTO import_mappings (cluster_id, member_id, kind, header_digest, mapping) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (cluster_id, member_id, kind, header_digest) DO UPDATE SET mapping = $5, updated_at = now()
        """,
        scope.cluster,
        member_id,
        kind,
        digest,
        mapping,
    )


async def remembered(db: Connection, scope: Scope, member_id: UUID, kind: str, digest: bytes) -> Mapping | None:
    """How files with this header were understood before."""
    found = await db.fetchval(
        """
        SELECT mapping FROM import_mappings
         WHERE cluster_id = $1 AND member_id = $2 AND kind = $3 AND header_digest = $4
        """,
        scope.cluster,
        member_id,
        kind,
        digest,
    )
    return None if found is None else msgspec.convert(found, Mapping)


async def forget_old(db: Connection, days: int) -> int:
    """Drops lines and files of imports that have been over, or left lying, for so many days; returns how many lines."""
    # any-cluster: housekeeping of the whole platform
    await db.execute(
        """
        DELETE FROM import_pieces USING imports
         WHERE imports.cluster_id = import_pieces.cluster_id AND imports.import_id = import_pieces.import_id
           AND imports.updated_at < now() - make_interval(days => $1)
        """,
        days,
    )
    # any-cluster: housekeeping of the whole platform
    done = await db.execute(
        """
        DELETE FROM import_lines USING imports
         WHERE imports.cluster_id = import_lines.cluster_id AND imports.import_id = import_lines.import_id
           AND imports.updated_at < now() - make_interval(days => $1)
        """,
        days,
    )
    return int(done.rpartition(" ")[2])


async def forget_member(
    db: Connection, scope: Scope, member_id: UUID, over: Sequence[ImportStatus], until: date | None
) -> int:
    """Drops files and lines of one member, all or those over by a day; returns how many lines."""
    await db.execute(
        """
        DELETE FROM import_pieces USING imports
         WHERE import_pieces.cluster_id = $1 AND import_pieces.member_id = $2
           AND imports.cluster_id = $1 AND imports.import_id = import_pieces.import_id
           AND ($4::date IS NULL OR (imports.status = ANY($3) AND imports.updated_at::date <= $4))
        """,
        scope.cluster,
        member_id,
        over,
        until,
    )
    done = await db.execute(
        """
        DELETE FROM import_lines USING imports
         WHERE import_lines.cluster_id = $1 AND import_lines.member_id = $2
           AND imports.cluster_id = $1 AND imports.import_id = import_lines.import_id
           AND ($4::date IS NULL OR (imports.status = ANY($3) AND imports.updated_at::date <= $4))
        """,
        scope.cluster,
        member_id,
        over,
        until,
    )
    return int(done.rpartition(" ")[2])
