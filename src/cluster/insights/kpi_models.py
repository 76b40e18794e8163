"""Words of figures over time: what the cluster's days come to, and what one member's part of them does."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class By(StrEnum):
    """How long a period is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Figures(Struct, frozen=True, kw_only=True):
    """
    What the published plans of a period come to; the coordinator's eyes only.

    ``days`` counts plans: one a pool window. ``vehicles`` counts a vehicle for each day that it is used. ``weight_g``
    and ``volume_cm3`` are of the shipments planned. ``fill_weight`` and ``fill_volume`` are parts of the room offered,
    weighted by load and distance: gram-metres carried over gram-metres that the same vehicles could have carried on the
    same way. ``visits`` are services with a window, ``on_time`` those that begin in it: as ``happened`` where somebody
    reported it, as planned elsewhere. ``stand_alone_minor`` is what all members together would pay alone, over the
    ``shared_days`` whose cost was split; ``saving_minor`` is that less what those days cost. ``emissions_g`` (CO2e) is
    of the ``emissions_days`` for which it is known. ``space_use`` is the part of the warehouse space on offer on the
    period's days that was booked, a square metre counted as one pallet place. Rates are null where there is nothing to
    divide by.
    """

    days: int
    shipments: int
    planned: int
    unplanned: int
    cost_minor: int
    minor_per_shipment: float | None
    minor_per_km: float | None
    minor_per_kg: float | None
    distance_m: int
    duration_s: int
    vehicles: int
    weight_g: int
    volume_cm3: int
    fill_weight: float | None
    fill_volume: float | None
    visits: int
    on_time: int
    happened: int
    on_time_part: float | None
    shared_days: int
    stand_alone_minor: int | None
    saving_minor: int | None
    saving_part: float | None
    emissions_days: int
    emissions_g: int | None
    space_use: float | None = None


class OwnFigures(Struct, frozen=True, kw_only=True):
    """
    One member's part: its shipments, its share, what it saves against going alone.

    ``emissions_g`` is its part of the CO2e of the ``emissions_days`` of which it is told: those for which emissions are
    known, at least three others took part and none of them dominates; the first two digits of each day, added up. See
    ``Figures`` for the rest.
    """

    days: int
    shipments: int
    planned: int
    unplanned: int
    share_minor: int | None
    minor_per_shipment: float | None
    minor_per_kg: float | None
    weight_g: int
    volume_cm3: int
    visits: int
    on_time: int
    happened: int
    on_time_part: float | None
    stand_alone_minor: int | None
    saving_minor: int | None
    saving_part: float | None
    emissions_days: int
    emissions_g: int | None


class ClusterTotals(Struct, frozen=True, kw_only=True):
    """
    What a member is told of the whole cluster: of whole calendar months that are over, the first two digits.

    Told once, and never changed afterwards; not at all where too few others took part, one of them dominates, or a
    single firm came or went since the month before.
    """

    shipments: int
    distance_m: int
    saving_minor: int
    emissions_g: int | None


class Period(Struct, frozen=True, kw_only=True):
    """
    A period: from ``start`` to ``end``, both days included, as far as they were asked for.

    ``figures`` for the coordinator, ``own`` and (by month) ``cluster`` for a member.
    """

    start: date
    end: date
    figures: Figures | None = None
    own: OwnFigures | None = None
    cluster: ClusterTotals | None = None


class Kpis(Struct, frozen=True, kw_only=True):
    """
    Figures of service days in the cluster's zone, by period; periods without any plan are left out.

    ``total`` is over all that was asked for. ``pending`` plans were published a moment ago and are not counted yet
    (null for a member).
    """

    start: date
    end: date
    by: By
    currency: str
    time_zone: str
    periods: list[Period]
    total: Period
    pending: int | None
