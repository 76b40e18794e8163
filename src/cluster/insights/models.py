"""What the dashboard shows at a glance."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from cluster.planning.models import Plan
from cluster.shipments.models import PoolWindow


class PoolOverview(Struct, frozen=True, kw_only=True):
    """
    A pool window at a glance.

    Counts and loads cover the shipments that the caller may see. ``members`` is null for a member, who is not told how
    many others take part. ``latest_plan`` is the newest that the caller may see, ``current_plan_id`` the one that
    applies.
    """

    window: PoolWindow
    shipments: int
    optional_shipments: int
    weight_g: int
    volume_cm3: int
    members: int | None
    latest_plan: Plan | None
    current_plan_id: str | None


class Overview(Struct, frozen=True, kw_only=True):
    """Pool windows of the last and next days, the latest service day first."""

    windows: list[PoolOverview]
    tile_url: str | None
    """Template of the configured map tiles, null for a map without tiles."""


class AuditEntry(Struct, frozen=True, kw_only=True):
    """
    Who did or looked at what.

    ``action`` ends in ``.read`` where a coordinator looked at what may be a member's. ``subject_id`` is null where the
    whole cluster is meant, ``seal_no`` until the entry is sealed, a few seconds after it was written.
    """

    id: str
    at: datetime
    role: str
    key_id: str | None
    user_id: str | None
    member_id: str | None
    action: str
    subject_id: str | None
    detail: dict[str, Any]
    seal_no: int | None


class AuditVerdict(Struct, frozen=True, kw_only=True):
    """
    Whether the log is what was sealed: ``whole``, or ``fault`` says where it differs.

    ``digest`` is that of the last seal; compare it with the one kept in the platform's file of seals, or with
    the one you noted last time. ``unsealed`` entries are of the last seconds.
    """

    whole: bool
    fault: str | None
    seals: int
    entries: int
    unsealed: int
    digest: str
