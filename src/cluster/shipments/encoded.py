"""
Shipments as they were sent before, kept as bytes: showing them again takes no more than a look at their versions.

What is kept is found by what PostgreSQL says in the asker's own transaction: which shipments it shows under row-level
security, and their versions. A shipment's version goes up with whatever changes how it is shown: a trigger counts each
change of its row, edits change it along with ends, contacts and units, and so do erasures. Roles see it in three ways,
which differ in whether contacts are shown.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from cluster.base.db import Connection, Role, Scope
from cluster.shipments import read_queries
from cluster.shipments.models import Shipment
from cluster.shipments.read_queries import Seen

BYTES_MAX = 32 * 1024 * 1024
ENTRY_BYTES = 500
"""What an entry takes beside its text, about."""
MEMBER_VIEW = "member"


class Key(NamedTuple):
    """One state of one shipment as one kind of reader sees it. Two states never have version and moment in common."""

    cluster_id: UUID
    view: str
    shipment_id: UUID
    version: int
    updated_at: datetime


Kept: TypeAlias = "EncodedShipments"


class EncodedShipments:
    """The encoded shipments of one process, those asked for last up to ``bytes_max`` bytes."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._kept: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        """What was kept, None where there is nothing."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, encoded: bytes) -> None:
        """Keeps one, and drops those not asked for the longest where there is no room."""
        former = self._kept.pop(key, None)
        self._bytes += len(encoded) - (-ENTRY_BYTES if former is None else len(former))
        self._kept[key] = encoded
        while self._bytes > self._bytes_max and self._kept:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped) + ENTRY_BYTES

    def __len__(self) -> int:
        return len(self._kept)


async def encode(db: Connection, scope: Scope, seen: Iterable[Seen], kept: EncodedShipments) -> list[bytes]:
    """Shipments just seen in this transaction as JSON, in their order."""
    view = MEMBER_VIEW if scope.role in (Role.MEMBER_USER, Role.MEMBER_ADMIN) else scope.role.value
    keys = [Key(scope.cluster, view, *one) for one in seen]
    found = [kept.get(key) for key in keys]
    missing = [key for key, encoded in zip(keys, found, strict=True) if encoded is None]
    if not missing:
        return [encoded for encoded in found if encoded is not None]
    fresh = await _fresh(db, scope, missing, kept)
    parts = (encoded or fresh.get(key.shipment_id) for key, encoded in zip(keys, found, strict=True))
    return [part for part in parts if part is not None]


async def _fresh(db: Connection, scope: Scope, missing: list[Key], kept: EncodedShipments) -> Mapping[UUID, bytes]:
    """Reads shipments, encodes them, and keeps those still at the version that was seen."""
    read = await read_queries.whole(db, scope, [key.shipment_id for key in missing])
    fresh = {}
    for key in missing:
        shipment: Shipment | None = read.get(key.shipment_id)
        if shipment is not None:
            fresh[key.shipment_id] = encoded = msgspec.json.encode(shipment)
            if (shipment.version, shipment.updated_at) == (key.version, key.updated_at):
                kept.put(key, encoded)
    return fresh
