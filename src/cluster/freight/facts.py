"""
What is owed for tours: their tariff of the service day, applied to them as planned and as driven.

As planned: all stops and shipments that a tour has had, its planned distance, and the time from its planned start to
its planned end. As driven: the stops where somebody reported an arrival or what became of a visit (one that failed is
one), the shipments visited there, the time from start to end as reported (as planned where either is not), and the
distance as planned, for nobody reports it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date
from itertools import groupby
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.carriers import tariffs
from cluster.carriers.tariff_models import TariffVersion
from cluster.carriers.tariff_prices import RouteFacts, StopFacts, arrivals, price
from cluster.dispatch.models import TourStatus
from cluster.freight import fact_queries as queries
from cluster.freight.auditing import Ground
from cluster.freight.models import ChargeKind


async def owners(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Tours that there are, and the carriers they belong to; for the neutral side."""
    return {row["tour_id"]: row["carrier_id"] for row in await queries.tours(db, scope, tour_ids)}


async def grounds(
    db: Connection, scope: Scope, carrier_id: UUID, invoice_id: UUID, tour_ids: Collection[UUID]
) -> dict[str, Ground]:
    """What is known of tours that a carrier's invoice names, by their public identifier; for the neutral side."""
    rows = await queries.tours(db, scope, tour_ids)
    rates = await _tariffs(db, scope, rows)
    stops = _by_tour(await queries.stops(db, scope, tour_ids))
    weights = _by_tour(await queries.weights(db, scope, tour_ids))
    billed: dict[UUID, dict[ChargeKind, int]] = defaultdict(dict)
    for row in await queries.billed(db, scope, carrier_id, invoice_id, tour_ids):
        billed[row["tour_id"]][ChargeKind(row["kind"])] = row["net"]
    found = {}
    for row in rows:
        tour_id, day = row["tour_id"], row["service_date"]
        tariff = rates[row["vehicle_type_id"], day]
        facts = _Tour(row, stops[tour_id], weights[tour_id])
        shown = ids.show("tor", tour_id)
        found[shown] = Ground(
            tour_id=shown,
            own=row["carrier_id"] == carrier_id,
            driven=row["status"] == TourStatus.COMPLETED,
            planned=price(tariff, day, facts.planned(), None),
            owed=price(tariff, day, facts.driven(), None),
            priced=_priced(tariff),
            agreed_minor=row["agreed_minor"],
            billed=billed[tour_id],
        )
    return found


async def _tariffs(db: Connection, scope: Scope, rows: list[asyncpg.Record]) -> dict[tuple[UUID, date], TariffVersion]:
    """The tariffs of tours' vehicle types on their service days."""
    types = defaultdict(set)
    for row in rows:
        types[row["service_date"]].add(row["vehicle_type_id"])
    return {
        (kind, day): tariff
        for day, kinds in types.items()
        for kind, tariff in (await tariffs.on(db, scope, kinds, day)).items()
    }


class _Tour:
    """A tour's rows, from which its facts are taken as planned and as driven."""

    def __init__(self, tour: asyncpg.Record, stops: list[asyncpg.Record], weights: list[asyncpg.Record]) -> None:
        self._tour, self._stops, self._weights = tour, stops, weights

    def planned(self) -> RouteFacts:
        """As the plan had it."""
        return self._facts(self._tour["planned_s"], lambda _: True)

    def driven(self) -> RouteFacts:
        """As it was reported."""
        told = self._tour["driven_s"]
        return self._facts(self._tour["planned_s"] if told is None else max(0, told), lambda row: bool(row["driven"]))

    def _facts(self, duration_s: int, counts: Callable[[asyncpg.Record], bool]) -> RouteFacts:
        stops = [_stop(row) for row in self._stops if counts(row)]
        return RouteFacts(
            distance_m=self._tour["distance_m"],
            duration_s=duration_s,
            stops_paid=arrivals(StopFacts(lat=self._tour["lat"], lon=self._tour["lon"]), stops),
            stops=stops,
            shipments_g=[row["weight_g"] for row in self._weights if counts(row)],
        )


def _stop(row: asyncpg.Record) -> StopFacts:
    return StopFacts(
        lat=row["lat"],
        lon=row["lon"],
        postal_code=row["postal_code"],
        ward_code=row["ward_code"],
        province_code=row["province_code"],
    )


def _by_tour(rows: list[asyncpg.Record]) -> dict[UUID, list[asyncpg.Record]]:
    found: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
    for tour_id, group in groupby(rows, key=lambda row: row["tour_id"]):
        found[tour_id] = list(group)
    return found


def _priced(tariff: TariffVersion) -> frozenset[ChargeKind]:
    """Kinds of charges that a tariff has prices for."""
    rates = tariff.tariff
    there = {
        ChargeKind.FIXED: rates.fixed_minor,
        ChargeKind.TRIPS: tariff.trip_minor,
        ChargeKind.DISTANCE: rates.km_minor,
        ChargeKind.FUEL: rates.km_minor and tariff.fuel,
        ChargeKind.TIME: rates.hour_minor,
        ChargeKind.STOPS: rates.stop_minor,
        ChargeKind.ZONE: tariff.zones,
        ChargeKind.WEIGHT: tariff.weight_breaks,
        ChargeKind.MINIMUM: tariff.minimum_minor,
    }
    return frozenset(kind for kind, found in there.items() if found)
