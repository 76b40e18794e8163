"""
Words of outside options: what moving a shipment without the pool would cost its member, and how that is known.

A member's own tariff is a table of zones with weight breaks, as parcel and groupage carriers publish them. The price of
a shipment is that of its chargeable weight in its zone, at least the minimum, and the surcharges that apply.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, MinorUnits, PublicId, Reference, Text
from cluster.shipments.parties import Instant

KG_G = 1000
PERMILLE = 1000
TARIFF_MIN_YEAR, TARIFF_MAX_YEAR = 2000, 2100


class OutsideKind(StrEnum):
    """Where the amount of an outside option comes from."""

    GIVEN = "given"
    TARIFF = "tariff"
    CARRIER_QUOTE = "carrier_quote"


class When(StrEnum):
    """Which shipments a surcharge is for."""

    ALWAYS = "always"
    EXPRESS = "express"
    COD = "cod"
    TEMPERATURE = "temperature"
    DANGEROUS_GOODS = "dangerous_goods"
    PALLET = "pallet"


class CarrierQuote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a carrier offered for a shipment."""

    amount_minor: MinorUnits
    carrier_name: Text
    valid_until: Instant | None = None
    reference: Reference | None = None


class WeightBreak(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The price up to ``weight_max_g`` (null: any weight), above the break before.

    ``base_minor``, and ``step_minor`` for each begun ``step_g`` above the break before.
    """

    weight_max_g: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    base_minor: MinorUnits
    step_g: Annotated[int, Meta(ge=1, le=10**7)] = KG_G
    step_minor: MinorUnits = 0


class Zone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where one row of prices holds: in wards or provinces, up to a distance, or (with none of them) everywhere else.

    Wards go before provinces, provinces before distances, the shorter distance before the longer. Distances are great
    circles, from the hub or from the pickup of a transport.
    """

    code: Code
    ward_codes: Annotated[list[Code], Meta(max_length=5000)] = []
    province_codes: Annotated[list[Code], Meta(max_length=500)] = []
    distance_max_m: Annotated[int, Meta(ge=1, le=40_000_000)] | None = None
    breaks: Annotated[list[WeightBreak], Meta(min_length=1, max_length=100)]

    def faults(self) -> Iterator[FieldFault]:
        """Breaks go up; only the last is open."""
        last = 0
        for index, entry in enumerate(self.breaks):
            most = entry.weight_max_g
            if most is None and index < len(self.breaks) - 1:
                cause, cure = "open, but not the last", "give weight_max_g, or move it to the end"
                yield FieldFault(pointer=f"/breaks/{index}/weight_max_g", code="breaks_wrong", cause=cause, cure=cure)
            if most is not None and most <= last:
                cause, cure = "not above the break before", "sort breaks by weight_max_g"
                yield FieldFault(pointer=f"/breaks/{index}/weight_max_g", code="breaks_wrong", cause=cause, cure=cure)
            last = most or last


class Surcharge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes on top: an amount, and so many thousandths of the price so far (for ``cod``: of what is collected)."""

    code: Code
    when: When = When.ALWAYS
    amount_minor: MinorUnits = 0
    permille: Annotated[int, Meta(ge=0, le=10_000)] = 0


class AddOutsideTariff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A tariff of your own carrier; one with a code that exists takes its place from ``valid_from`` on.

    With ``volumetric_cm3_per_kg`` (often 5000 or 6000) a shipment weighs at least its volume divided by it.
    """

    code: Code
    name: Text
    valid_from: date
    zones: Annotated[list[Zone], Meta(min_length=1, max_length=500)]
    minimum_minor: MinorUnits = 0
    volumetric_cm3_per_kg: Annotated[int, Meta(ge=100, le=100_000)] | None = None
    surcharges: Annotated[list[Surcharge], Meta(max_length=50)] = []

    def faults(self) -> Iterator[FieldFault]:
        """Codes of zones differ, years are of this century."""
        if not TARIFF_MIN_YEAR <= self.valid_from.year <= TARIFF_MAX_YEAR:
            cause, cure = f"in the year {self.valid_from.year}", "a year from 2000 to 2100"
            yield FieldFault(pointer="/valid_from", code="out_of_range", cause=cause, cure=cure)
        seen: set[str] = set()
        for index, zone in enumerate(self.zones):
            if zone.code in seen:
                cause, cure = "a zone before it has the code", "give every zone a code of its own"
                yield FieldFault(pointer=f"/zones/{index}/code", code="zone_twice", cause=cause, cure=cure)
            seen.add(zone.code)


class OutsideTariff(Struct, frozen=True, kw_only=True):
    """One version of a member's tariff."""

    id: str
    member_id: str
    code: str
    name: str
    valid_from: date
    zones: list[Zone]
    minimum_minor: int
    volumetric_cm3_per_kg: int | None
    surcharges: list[Surcharge]
    created_at: datetime


class PriceLine(Struct, frozen=True, kw_only=True):
    """One line of how a price came about: ``zone``, ``minimum``, or the code of a surcharge."""

    what: str
    amount_minor: int


class OutsideBasis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How ``outside_minor`` is known: given, from which version of a tariff, or from which carrier's quote."""

    kind: OutsideKind
    tariff_id: PublicId | None = None
    tariff_code: str | None = None
    valid_from: date | None = None
    zone: str | None = None
    chargeable_g: int | None = None
    lines: list[PriceLine] = []
    carrier_name: str | None = None
    valid_until: datetime | None = None
    reference: str | None = None


class Facts(Struct, frozen=True, kw_only=True):
    """What a tariff asks about a shipment; ``distance_m`` is None where nothing says from where."""

    weight_g: int
    volume_cm3: int
    ward_code: str | None = None
    province_code: str | None = None
    distance_m: int | None = None
    cod_minor: int = 0
    applies: frozenset[When] = frozenset({When.ALWAYS})


def zone_of(zones: list[Zone], facts: Facts) -> Zone | None:
    """The zone that a shipment goes to; None where the tariff has none for it."""
    for zone in zones:
        if facts.ward_code is not None and facts.ward_code in zone.ward_codes:
            return zone
    for zone in zones:
        if facts.province_code is not None and facts.province_code in zone.province_codes:
            return zone
    if facts.distance_m is not None:
        near = [zone for zone in zones if (zone.distance_max_m or 0) >= facts.distance_m]
        if near:
            return min(near, key=lambda zone: zone.distance_max_m or 0)
    return next((zone for zone in zones if _elsewhere(zone)), None)


def _elsewhere(zone: Zone) -> bool:
    return not zone.ward_codes and not zone.province_codes and zone.distance_max_m is None


def chargeable_g(facts: Facts, volumetric_cm3_per_kg: int | None) -> int:
    """What a shipment weighs for its carrier, grams: its weight, or its volume if that counts for more."""
    if volumetric_cm3_per_kg is None:
        return facts.weight_g
    return max(facts.weight_g, -(-facts.volume_cm3 * KG_G // volumetric_cm3_per_kg))


def priced(tariff: OutsideTariff, facts: Facts) -> tuple[int, OutsideBasis] | None:
    """What a shipment costs by a tariff, minor units, and how that comes about; None where the tariff does not say."""
    zone = zone_of(tariff.zones, facts)
    weight_g = chargeable_g(facts, tariff.volumetric_cm3_per_kg)
    base = None if zone is None else _of_weight(zone.breaks, weight_g)
    if zone is None or base is None:
        return None
    lines = [PriceLine(what="zone", amount_minor=base)]
    if base < tariff.minimum_minor:
        lines.append(PriceLine(what="minimum", amount_minor=tariff.minimum_minor - base))
    total = max(base, tariff.minimum_minor)
    for entry in tariff.surcharges:
        if entry.when in facts.applies:
            of = facts.cod_minor if entry.when is When.COD else total
            amount = entry.amount_minor + -(-of * entry.permille // PERMILLE)
            lines.append(PriceLine(what=entry.code, amount_minor=amount))
            total += amount
    basis = OutsideBasis(
        kind=OutsideKind.TARIFF,
        tariff_id=tariff.id,
        tariff_code=tariff.code,
        valid_from=tariff.valid_from,
        zone=zone.code,
        chargeable_g=weight_g,
        lines=lines,
    )
    return total, basis


def _of_weight(breaks: list[WeightBreak], weight_g: int) -> int | None:
    """The price of a weight in a zone; None above the last break."""
    above = 0
    for entry in breaks:
        if entry.weight_max_g is None or weight_g <= entry.weight_max_g:
            return entry.base_minor + -(-max(weight_g - above, 0) // entry.step_g) * entry.step_minor
        above = entry.weight_max_g
    return None
