"""
What an invoice says against what is owed: pure, in minor units, every difference explained.

What is owed for a tour is its tariff's price of the tour as driven, less what earlier invoices billed for it. Where a
price was agreed for the tour, that takes the place of all lines of the tariff. The differences of all findings add up
to what is invoiced above what is owed, exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from cluster.carriers.tariff_prices import PriceLine
from cluster.freight.models import UNITS, AuditFinding, Cause, ChargeKind, FindingCode

ON_THE_ROAD = (ChargeKind.WAITING, ChargeKind.TOLL, ChargeKind.OTHER)
"""What no tariff and no agreed price holds."""
NEVER_TOLERATED = frozenset(
    {FindingCode.TOUR_OF_ANOTHER, FindingCode.TOUR_NOT_DRIVEN, FindingCode.BILLED_TWICE, FindingCode.NOT_IN_TARIFF}
)
PERMILLE = 1000


class Charge(Struct, frozen=True, kw_only=True):
    """A line of an invoice; of a credit note with its amount below zero."""

    tour_id: str
    kind: ChargeKind
    amount_minor: int
    quantity: int | None = None
    rate_minor: int | None = None
    credit: bool = False


class Ground(Struct, frozen=True, kw_only=True):
    """
    What is known of a tour: its price as planned and as driven, line by line.

    ``own``: it is of the carrier that bills it. ``driven``: it is over. ``priced`` are the kinds that its tariff has
    prices for, ``billed`` what earlier invoices say of which kinds.
    """

    tour_id: str
    own: bool
    driven: bool
    planned: Sequence[PriceLine]
    owed: Sequence[PriceLine]
    priced: frozenset[ChargeKind]
    agreed_minor: int | None = None
    billed: Mapping[ChargeKind, int] = {}


class Tolerance(Struct, frozen=True, kw_only=True):
    """How far off an amount may be: so many thousandths of what is expected, or so much, whichever is more."""

    permille: int = 0
    minor: int = 0

    def covers(self, expected_minor: int, difference_minor: int) -> bool:
        """Whether a difference is small enough."""
        off = abs(difference_minor)
        return off <= self.minor or off * PERMILLE <= self.permille * max(expected_minor, 0)


class Audited(Struct, frozen=True, kw_only=True):
    """What an audit finds."""

    findings: list[AuditFinding]
    invoiced_minor: int
    expected_minor: int
    matched: bool


def audit(charges: Iterable[Charge], grounds: Mapping[str, Ground], tolerance: Tolerance) -> Audited:
    """
    Compares charges with what is owed for their tours.

    Parameters
    ----------
    grounds
        By tour, one for every tour that is charged.
    """
    by_tour: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        by_tour[charge.tour_id].append(charge)
    findings = [
        _tolerated(finding, tolerance)
        for tour_id, of_tour in by_tour.items()
        for finding in _findings(grounds[tour_id], of_tour)
    ]
    invoiced = sum(finding.invoiced_minor for finding in findings)
    expected = sum(finding.expected_minor for finding in findings)
    fine = {FindingCode.AS_AGREED, FindingCode.WITHIN_TOLERANCE}
    return Audited(
        findings=findings,
        invoiced_minor=invoiced,
        expected_minor=expected,
        matched=all(finding.code in fine for finding in findings) and tolerance.covers(expected, invoiced - expected),
    )


def _findings(ground: Ground, charges: Sequence[Charge]) -> Iterator[AuditFinding]:
    by_kind: dict[ChargeKind, list[Charge]] = defaultdict(list)
    for charge in charges:
        by_kind[charge.kind].append(charge)
    if not ground.own or not ground.driven:
        code = FindingCode.TOUR_OF_ANOTHER if not ground.own else FindingCode.TOUR_NOT_DRIVEN
        for kind, charged in by_kind.items():
            yield _finding(ground, kind, charged, 0, [(code, _sum(charged))])
        return
    kinds = [kind for kind in ChargeKind if by_kind.get(kind) or _of(ground.owed, kind)]
    if ground.agreed_minor is not None:
        yield from _agreed(ground, ground.agreed_minor, [one for one in charges if one.kind not in ON_THE_ROAD])
        kinds = [kind for kind in ON_THE_ROAD if by_kind.get(kind)]
    for kind in kinds:
        if by_kind.get(kind) or kind not in ground.billed:
            yield _compared(ground, kind, by_kind.get(kind, []))


def _agreed(ground: Ground, agreed_minor: int, charged: list[Charge]) -> Iterator[AuditFinding]:
    """The price that was agreed for the whole tour, against all that its tariff would say."""
    earlier = [amount for kind, amount in ground.billed.items() if kind not in ON_THE_ROAD]
    if not charged and earlier:
        return
    expected = max(0, agreed_minor - sum(earlier))
    difference = _sum(charged) - expected
    code = FindingCode.AGREED_PRICE_DIFFERS if charged else FindingCode.MISSING_LINE
    if earlier and difference > 0:
        code = FindingCode.BILLED_TWICE
    yield _finding(ground, None, charged, expected, [(code, difference)])


def _compared(ground: Ground, kind: ChargeKind, charged: list[Charge]) -> AuditFinding:
    owed = sum(line.amount_minor for line in _of(ground.owed, kind))
    earlier = ground.billed.get(kind)
    expected = owed if earlier is None else max(0, owed - earlier)
    difference = _sum(charged) - expected
    if not charged:
        code = FindingCode.MINIMUM_MISSED if kind is ChargeKind.MINIMUM else FindingCode.MISSING_LINE
        parts = [(code, difference)]
    elif earlier is not None:
        code = FindingCode.BILLED_TWICE if difference > 0 else FindingCode.AMOUNT_DIFFERS
        parts = [(code, difference)]
    elif kind not in ground.priced:
        parts = [(FindingCode.NOT_IN_TARIFF, difference)]
    elif kind is ChargeKind.MINIMUM:
        parts = [(_minimum(owed, difference), difference)]
    else:
        parts = _split(_of(ground.owed, kind), charged, expected, difference)
    return _finding(ground, kind, charged, expected, parts)


def _minimum(owed: int, difference: int) -> FindingCode:
    if owed == 0:
        return FindingCode.MINIMUM_NOT_DUE
    return FindingCode.MINIMUM_MISSED if difference < 0 else FindingCode.RATE_DIFFERS


def _split(
    owed: Sequence[PriceLine], charged: Sequence[Charge], expected: int, difference: int
) -> list[tuple[FindingCode, int]]:
    """Which part of a difference comes from the quantity, priced as the tariff has it, and which from the rate."""
    driven = sum(line.quantity for line in owed)
    invoiced, rate = _quantity(charged), _rate(charged)
    tariff_rate = _one(line.rate_minor for line in owed)
    if any(charge.credit for charge in charged) or (invoiced is None and rate in (None, tariff_rate)):
        return [(FindingCode.AMOUNT_DIFFERS, difference)]
    if invoiced is None:
        return [(FindingCode.RATE_DIFFERS, difference)]
    if invoiced == driven:
        code = FindingCode.AMOUNT_DIFFERS if rate is not None and rate == tariff_rate else FindingCode.RATE_DIFFERS
        return [(code, difference)]
    if driven == 0 or (rate is not None and rate == tariff_rate):
        return [(FindingCode.QUANTITY_DIFFERS, difference)]
    by_quantity = (2 * expected * invoiced + driven) // (2 * driven) - expected
    return [(FindingCode.QUANTITY_DIFFERS, by_quantity), (FindingCode.RATE_DIFFERS, difference - by_quantity)]


def _finding(
    ground: Ground,
    kind: ChargeKind | None,
    charged: Sequence[Charge],
    expected: int,
    parts: Sequence[tuple[FindingCode, int]],
) -> AuditFinding:
    planned, owed = _of(ground.planned, kind), _of(ground.owed, kind)
    causes = [Cause(code=code, amount_minor=amount) for code, amount in parts if amount]
    invoiced = _sum(charged)
    return AuditFinding(
        tour_id=ground.tour_id,
        kind=kind,
        code=max(causes, key=lambda cause: abs(cause.amount_minor)).code if causes else FindingCode.AS_AGREED,
        causes=causes,
        unit=owed[0].unit if owed and kind else UNITS.get(kind, ("",))[0] if kind else "",
        planned_quantity=sum(line.quantity for line in planned) if planned and kind else None,
        driven_quantity=sum(line.quantity for line in owed) if owed and kind else None,
        invoiced_quantity=_quantity(charged) if kind else None,
        tariff_rate_minor=_one(line.rate_minor for line in owed) if kind else None,
        invoiced_rate_minor=_rate(charged) if kind else None,
        planned_minor=sum(line.amount_minor for line in planned),
        expected_minor=expected,
        invoiced_minor=invoiced,
        difference_minor=invoiced - expected,
    )


def _tolerated(finding: AuditFinding, tolerance: Tolerance) -> AuditFinding:
    """A finding whose difference is small enough says so; its causes still say what it comes from."""
    codes = {cause.code for cause in finding.causes}
    if finding.kind is ChargeKind.ROUNDING:
        codes -= {FindingCode.NOT_IN_TARIFF}
    if finding.code is FindingCode.AS_AGREED or codes & NEVER_TOLERATED:
        return finding
    if not tolerance.covers(finding.expected_minor, finding.difference_minor):
        return finding
    return structs.replace(finding, code=FindingCode.WITHIN_TOLERANCE)


def _of(lines: Sequence[PriceLine], kind: ChargeKind | None) -> list[PriceLine]:
    return [line for line in lines if kind is None or line.kind.value == kind.value]


def _sum(charged: Sequence[Charge]) -> int:
    return sum(charge.amount_minor for charge in charged)


def _quantity(charged: Sequence[Charge]) -> int | None:
    """What is billed in all, where every line says how much."""
    known = [charge.quantity for charge in charged if not charge.credit]
    return sum(entry for entry in known if entry is not None) if known and None not in known else None


def _rate(charged: Sequence[Charge]) -> int | None:
    return _one(charge.rate_minor for charge in charged if not charge.credit)


def _one(rates: Iterable[int | None]) -> int | None:
    """The rate, where there is one for all."""
    found = set(rates)
    return found.pop() if len(found) == 1 else None
