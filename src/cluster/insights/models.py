"""What the dashboard shows at a glance."""

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
