"""Glances for the dashboard."""

from uuid import UUID

import msgspec

from cluster.base import audit, ids
from cluster.base.db import Connection, Scope
from cluster.base.pages import Page, page
from cluster.insights import queries
from cluster.insights.models import AuditEntry, AuditVerdict, Overview, PoolOverview
from cluster.members import settings
from cluster.planning import service as planning
from cluster.shipments.window_models import LatePolicy, PoolWindow

WINDOWS_SHOWN = 14
WINDOW_FIELDS = (
    *("service_date", "opens_at", "cut_off_at", "accepts_bookings", "created_at"),
    *("label", "late_until_at"),
)


async def overview(db: Connection, scope: Scope, tile_url: str | None) -> Overview:
    """Pool windows at a glance, as the caller may see them."""
    rows = await queries.pools(db, scope, WINDOWS_SHOWN)
    plans = {plan_id: await planning.plan(db, scope, plan_id) for plan_id in queries.latest_ids(rows)}
    windows = []
    for row in rows:
        latest = plans.get(row["latest_id"])
        windows.append(
            PoolOverview(
                window=PoolWindow(
                    id=ids.show("win", row["pool_window_id"]),
                    schedule_id=None if row["schedule_id"] is None else ids.show("sch", row["schedule_id"]),
                    late_policy=LatePolicy(row["late_policy"]),
                    version=row["version"] if scope.neutral else None,
                    **{name: row[name] for name in WINDOW_FIELDS},
                ),
                shipments=row["shipments"],
                optional_shipments=row["optional_shipments"],
                weight_g=row["weight_g"],
                volume_cm3=row["volume_cm3"],
                members=row["members"] if scope.neutral else None,
                latest_plan=None if latest is None else msgspec.structs.replace(latest, progress=[]),
                current_plan_id=None if row["current_id"] is None else ids.show("plan", row["current_id"]),
            )
        )
    chosen = await settings.map_of(db, scope)
    return Overview(windows=windows, tile_url=chosen.tile_url or tile_url)


async def audit_log(db: Connection, scope: Scope, after: UUID, limit: int, subject_id: UUID | None) -> Page[AuditEntry]:
    """The audit log: whole for the coordinator, what its own people did for a firm's admin."""
    return page(await queries.audit_entries(db, scope, after, limit + 1, subject_id), limit)


async def audit_verdict(db: Connection, scope: Scope) -> AuditVerdict:
    """The chain of seals computed again."""
    found = await audit.verify(db, scope)
    return AuditVerdict(
        whole=found.fault is None,
        fault=found.fault,
        seals=found.seals,
        entries=found.entries,
        unsealed=found.unsealed,
        digest=found.digest,
    )
