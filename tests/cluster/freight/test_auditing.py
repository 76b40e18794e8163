"""Laws of an audit, whatever is billed."""

from hypothesis import given
from hypothesis import strategies as st

from cluster.carriers.tariff_prices import LineKind, PriceLine
from cluster.freight.auditing import ON_THE_ROAD, Charge, Ground, Tolerance, audit
from cluster.freight.models import ChargeKind, FindingCode

TOURS = ("first", "second")
SMALL = st.integers(0, 200)


@st.composite
def price_lines(draw: st.DrawFn) -> list[PriceLine]:
    kinds = draw(st.lists(st.sampled_from(["fixed", "distance", "time", "stops", "zone", "minimum"]), unique=True))
    return [
        PriceLine(
            kind=LineKind(kind),
            searched=True,
            quantity=draw(SMALL),
            unit="x",
            rate_minor=draw(SMALL),
            amount_minor=draw(SMALL),
        )
        for kind in kinds
    ]


@st.composite
def grounds(draw: st.DrawFn, tour_id: str) -> Ground:
    return Ground(
        tour_id=tour_id,
        own=draw(st.booleans()),
        driven=draw(st.booleans()),
        planned=draw(price_lines()),
        owed=draw(price_lines()),
        priced=draw(st.frozensets(st.sampled_from(ChargeKind))),
        agreed_minor=draw(st.none() | SMALL),
        billed=draw(st.dictionaries(st.sampled_from(ChargeKind), st.integers(-50, 200), max_size=4)),
    )


@st.composite
def charges(draw: st.DrawFn) -> Charge:
    credit = draw(st.booleans())
    return Charge(
        tour_id=draw(st.sampled_from(TOURS)),
        kind=draw(st.sampled_from(ChargeKind)),
        amount_minor=-draw(SMALL) if credit else draw(SMALL),
        quantity=draw(st.none() | SMALL),
        rate_minor=draw(st.none() | SMALL),
        credit=credit,
    )


BILLED = st.lists(charges(), max_size=12)
KNOWN = st.fixed_dictionaries({tour: grounds(tour) for tour in TOURS})
ALLOWED = st.builds(Tolerance, permille=st.integers(0, 1000), minor=SMALL)


@given(BILLED, KNOWN, ALLOWED)
def test_differences_sum_exactly_to_what_is_invoiced_above_what_is_expected(
    billed: list[Charge], known: dict[str, Ground], allowed: Tolerance
) -> None:
    found = audit(billed, known, allowed)
    assert found.invoiced_minor == sum(charge.amount_minor for charge in billed)
    assert found.expected_minor == sum(finding.expected_minor for finding in found.findings)
    difference = found.invoiced_minor - found.expected_minor
    assert sum(finding.difference_minor for finding in found.findings) == difference
    for finding in found.findings:
        assert finding.difference_minor == finding.invoiced_minor - finding.expected_minor
        assert sum(cause.amount_minor for cause in finding.causes) == finding.difference_minor


@given(BILLED, KNOWN, ALLOWED)
def test_what_matches_is_off_by_no_more_than_the_tolerance(
    billed: list[Charge], known: dict[str, Ground], allowed: Tolerance
) -> None:
    found = audit(billed, known, allowed)
    if found.matched:
        assert allowed.covers(found.expected_minor, found.invoiced_minor - found.expected_minor)
    strict = audit(billed, known, Tolerance())
    assert strict.expected_minor == found.expected_minor
    assert not strict.matched or found.matched  # a wider tolerance refuses nothing that a narrow one lets through


@given(BILLED, KNOWN)
def test_without_tolerance_only_what_is_owed_to_the_last_unit_matches(
    billed: list[Charge], known: dict[str, Ground]
) -> None:
    found = audit(billed, known, Tolerance())
    if found.matched:
        assert found.invoiced_minor == found.expected_minor


@given(price_lines(), st.none() | SMALL)
def test_a_bill_of_exactly_what_is_owed_is_as_agreed(owed: list[PriceLine], agreed: int | None) -> None:
    ground = Ground(
        tour_id="first",
        own=True,
        driven=True,
        planned=owed,
        owed=owed,
        priced=frozenset(ChargeKind(line.kind) for line in owed),
        agreed_minor=agreed,
    )
    billed = [
        Charge(
            tour_id="first",
            kind=ChargeKind(line.kind),
            amount_minor=line.amount_minor,
            quantity=line.quantity,
            rate_minor=line.rate_minor,
        )
        for line in owed
    ]
    if agreed is not None:
        billed = [Charge(tour_id="first", kind=ChargeKind.FIXED, amount_minor=agreed)]
    found = audit(billed, {"first": ground}, Tolerance())
    assert found.matched
    assert {finding.code for finding in found.findings} <= {FindingCode.AS_AGREED}


@given(BILLED, KNOWN)
def test_an_agreed_price_leaves_one_finding_for_all_that_a_tariff_would_say(
    billed: list[Charge], known: dict[str, Ground]
) -> None:
    found = audit(billed, known, Tolerance())
    for tour_id, ground in known.items():
        if ground.agreed_minor is not None and ground.own and ground.driven:
            kinds = [finding.kind for finding in found.findings if finding.tour_id == tour_id]
            assert set(kinds) <= {None, *ON_THE_ROAD}
            assert len(kinds) == len(set(kinds))


def test_an_agreed_price_that_is_not_billed_differs() -> None:
    ground = Ground(tour_id="first", own=True, driven=True, planned=[], owed=[], priced=frozenset(), agreed_minor=500)
    billed = [Charge(tour_id="first", kind=ChargeKind.DISTANCE, amount_minor=520)]
    [found] = audit(billed, {"first": ground}, Tolerance()).findings
    assert (found.kind, found.code, found.difference_minor) == (None, FindingCode.AGREED_PRICE_DIFFERS, 20)


def test_a_tour_of_another_is_never_tolerated() -> None:
    ground = Ground(tour_id="first", own=False, driven=True, planned=[], owed=[], priced=frozenset())
    billed = [Charge(tour_id="first", kind=ChargeKind.FIXED, amount_minor=1)]
    found = audit(billed, {"first": ground}, Tolerance(permille=1000, minor=1000))
    assert (found.matched, found.findings[0].code) == (False, FindingCode.TOUR_OF_ANOTHER)
