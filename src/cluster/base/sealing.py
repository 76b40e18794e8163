"""Sealing the audit log: every few seconds, in the database and in a file that the database cannot reach."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base import audit
from cluster.base.db import Database, system_scope

log = logging.getLogger("cluster.sealing")

EVERY_S = 10.0
FILE = "audit-seals.jsonl"


class KeptSeal(Struct, frozen=True, kw_only=True):
    """One line of the file."""

    cluster_id: UUID
    seal_no: int
    entries: int
    digest: str


async def seal_all(database: Database, folder: Path) -> int:
    """
    Seals what there is to seal in every cluster, and keeps the digests in ``folder``; returns how many seals.

    A seal whose line could not be written (a crash, a full disk) is in the database alone: the next one's digest covers
    it all the same.
    """
    async with database.unit(system_scope()) as db:
        clusters = await audit.unsealed_clusters(db)
    made = []
    for cluster_id in clusters:
        async with database.unit(system_scope(cluster_id)) as db:
            seal = await audit.seal(db, cluster_id)
        if seal is not None:
            made.append(
                KeptSeal(cluster_id=cluster_id, seal_no=seal.seal_no, entries=seal.entries, digest=seal.digest.hex())
            )
    if made:
        try:
            _append(folder / FILE, b"".join(msgspec.json.encode(line) + b"\n" for line in made))
        except OSError as error:
            log.warning("%s cannot be written (%s); the seals are in the database alone", folder / FILE, error)
    return len(made)


def _append(path: Path, lines: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, lines)
        os.fsync(handle)
    finally:
        os.close(handle)


def kept(path: Path) -> dict[UUID, dict[int, str]]:
    """
    Digests of a file of seals, by cluster and number.

    Raises
    ------
    msgspec.DecodeError or msgspec.ValidationError
        For a line that is not one; a last line cut short by a crash is left out.
    """
    found: dict[UUID, dict[int, str]] = {}
    for seal in _lines(path):
        found.setdefault(seal.cluster_id, {})[seal.seal_no] = seal.digest
    return found


def _lines(path: Path) -> Iterator[KeptSeal]:
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield msgspec.json.decode(line, type=KeptSeal)


async def check(database: Database, path: Path | None) -> dict[UUID, audit.Verdict]:
    """Every cluster's chain computed again, and compared with a file of seals if there is one."""
    elsewhere = {} if path is None else kept(path)
    async with database.unit(system_scope()) as db:
        clusters = set(await audit.sealed_clusters(db)) | elsewhere.keys()
    found = {}
    for cluster_id in sorted(clusters):
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            found[cluster_id] = await audit.verify(db, scope, elsewhere.get(cluster_id))
    return found
