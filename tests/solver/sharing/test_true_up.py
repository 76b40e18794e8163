import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.faults import ProblemError
from solver.sharing.apportion import apportioned
from solver.sharing.delivered import Account, BillLine, Cause, CausedBy, Confirmed, EntryReason, TrueUp
from solver.sharing.true_up import true_up

# Anna 500, Binh 300, Chi 200: planned and confirmed at 1000.
ANNA, BINH, CHI = (
    Confirmed(member=name, share_minor=share) for name, share in (("anna", 500), ("binh", 300), ("chi", 200))
)
EVERYBODY = (ANNA, BINH, CHI)
PLANNED = BillLine(id="0", carrier="x", amount_minor=1000, cause=Cause.AS_PLANNED)


def line(
    amount: int, cause: Cause, by: str | None = None, *, member: str | None = None, part: int | None = None
) -> BillLine:
    """A line by carrier x; ``by`` is a member's name, "carrier" or nobody."""
    caused_by = CausedBy.NOBODY if by is None else CausedBy.CARRIER if by == "carrier" else CausedBy.MEMBER
    named = by if caused_by is CausedBy.MEMBER else member
    return BillLine(
        id=f"{cause}{amount}",
        carrier="x",
        amount_minor=amount,
        cause=cause,
        caused_by=caused_by,
        member=named,
        part_minor=part,
    )


def paid(outcome: TrueUp) -> dict[str, int]:
    return {entry.member: entry.payable_minor for entry in outcome.payables}


def test_a_bill_as_planned_needs_no_entry() -> None:
    outcome = true_up(EVERYBODY, [PLANNED])
    assert outcome.entries == ()
    assert paid(outcome) == {"anna": 500, "binh": 300, "chi": 200}


@pytest.mark.parametrize(
    "cause", [Cause.WAITING, Cause.REFUSED, Cause.EXTRA_STOP, Cause.WRONG_WEIGHT, Cause.FAILED_DELIVERY]
)
def test_what_a_member_caused_goes_to_it_alone(cause: Cause) -> None:
    outcome = true_up(EVERYBODY, [PLANNED, line(45, cause, "binh")])
    assert paid(outcome) == {"anna": 500, "binh": 345, "chi": 200}
    assert [(e.account, e.holder, e.reason, e.amount_minor) for e in outcome.entries] == [
        (Account.MEMBER, "binh", EntryReason.CAUSED, 45)
    ]


def test_what_the_carrier_caused_is_claimed_from_the_carrier() -> None:
    outcome = true_up(EVERYBODY, [PLANNED, line(80, Cause.FAILED_DELIVERY, "carrier", member="chi")])
    assert paid(outcome) == {"anna": 500, "binh": 300, "chi": 200}
    assert outcome.carrier_minor == 80
    assert [(e.holder, e.reason) for e in outcome.entries] == [("x", EntryReason.CLAIM)]


def test_a_remittance_for_goods_not_carried_goes_to_their_member_up_to_its_share() -> None:
    # 260 remitted, Chi's share is 200: the other 60 is common among Anna and Binh, 5 to 3: 37.5 and 22.5.
    outcome = true_up(EVERYBODY, [PLANNED, line(-260, Cause.OTHER, "carrier", member="chi")])
    assert paid(outcome) == {"anna": 462, "binh": 278, "chi": 0}


def test_who_cancels_late_pays_what_could_not_be_avoided() -> None:
    # Of Binh's 300 the carrier waives 120: Binh still pays 180, the others what was confirmed.
    outcome = true_up(EVERYBODY, [PLANNED, line(-120, Cause.CANCELLED_LATE, "binh")])
    assert paid(outcome) == {"anna": 500, "binh": 180, "chi": 200}


def test_a_late_cancellation_costs_at_most_the_share_and_the_cluster_bears_the_fee() -> None:
    outcome = true_up(EVERYBODY, [PLANNED, line(30, Cause.CANCELLED_LATE, "binh")])
    assert paid(outcome) == {"anna": 500, "binh": 300, "chi": 200}
    assert outcome.cluster_minor == 30


def test_what_a_late_cancellation_avoids_beyond_the_share_is_everybody_elses() -> None:
    # 370 waived: Binh pays nothing, 70 is shared by Anna and Chi, 5 to 2: 50 and 20.
    outcome = true_up(EVERYBODY, [PLANNED, line(-370, Cause.CANCELLED_LATE, "binh")])
    assert paid(outcome) == {"anna": 450, "binh": 0, "chi": 180}


def test_who_cancels_in_time_pays_nothing_and_nobody_pays_for_it() -> None:
    # 250 of Binh's 300 is not billed; the shortfall of 50 is not passed on to Anna and Chi.
    outcome = true_up(EVERYBODY, [PLANNED, line(-250, Cause.CANCELLED_IN_TIME, "binh")])
    assert paid(outcome) == {"anna": 500, "binh": 0, "chi": 200}
    assert outcome.cluster_minor == 50


def test_a_cancelled_part_leaves_the_rest_of_the_share() -> None:
    outcome = true_up(EVERYBODY, [PLANNED, line(-100, Cause.CANCELLED_IN_TIME, "binh", part=100)])
    assert paid(outcome) == {"anna": 500, "binh": 200, "chi": 200}


def test_a_no_show_pays_its_full_share_whatever_the_carrier_remits() -> None:
    # The 40 remitted is common: 20, 12, 8.
    outcome = true_up(EVERYBODY, [PLANNED, line(-40, Cause.NO_SHOW, "chi")])
    assert paid(outcome) == {"anna": 480, "binh": 288, "chi": 192}


def test_common_costs_beyond_the_confirmed_statement_go_to_the_clusters_account() -> None:
    outcome = true_up(EVERYBODY, [PLANNED, line(100, Cause.TRAFFIC)])
    assert paid(outcome) == {"anna": 500, "binh": 300, "chi": 200}
    cluster = [entry for entry in outcome.entries if entry.account is Account.CLUSTER]
    assert [(entry.reason, entry.amount_minor) for entry in cluster] == [
        (EntryReason.ABOVE_CONFIRMED, 50),
        (EntryReason.ABOVE_CONFIRMED, 30),
        (EntryReason.ABOVE_CONFIRMED, 20),
    ]


def test_a_statement_with_a_margin_lets_common_costs_through_up_to_it() -> None:
    # Traffic 100 by share: 50, 30, 20; Anna's statement allows 530.
    anna = Confirmed(member="anna", share_minor=500, at_most_minor=530)
    outcome = true_up([anna, BINH, CHI], [PLANNED, line(100, Cause.TRAFFIC)])
    assert paid(outcome) == {"anna": 530, "binh": 300, "chi": 200}
    assert outcome.cluster_minor == 70


def test_common_savings_and_costs_are_netted_before_the_cap() -> None:
    # Toll 40 dearer, fuel 60 cheaper: 20 less in all.
    outcome = true_up(EVERYBODY, [PLANNED, line(40, Cause.TOLL), line(-60, Cause.FUEL)])
    assert paid(outcome) == {"anna": 490, "binh": 294, "chi": 196}
    assert outcome.cluster_minor == 0


def test_a_planned_bill_that_differs_from_what_was_confirmed_is_common() -> None:
    cheaper = BillLine(id="0", carrier="x", amount_minor=990, cause=Cause.AS_PLANNED)
    outcome = true_up(EVERYBODY, [cheaper])
    assert paid(outcome) == {"anna": 495, "binh": 297, "chi": 198}
    assert {entry.reason for entry in outcome.entries} == {EntryReason.PLANNED_DIFFERS}


def test_where_everybody_cancelled_the_cluster_bears_what_is_left() -> None:
    bill = [PLANNED, line(-900, Cause.CANCELLED_IN_TIME, "anna")]
    outcome = true_up([Confirmed(member="anna", share_minor=1000)], bill)
    assert paid(outcome) == {"anna": 0}
    assert outcome.cluster_minor == 100


WRONG = {
    "a member twice": ([ANNA, ANNA], [PLANNED], "id_duplicate"),
    "a line twice": (EVERYBODY, [PLANNED, PLANNED], "id_duplicate"),
    "a negative share": ([Confirmed(member="a", share_minor=-1)], [], "number_negative"),
    "a maximum below the share": ([Confirmed(member="a", share_minor=5, at_most_minor=4)], [], "number_too_small"),
    "a stranger": (EVERYBODY, [line(5, Cause.WAITING, "dung")], "member_unknown"),
    "an amount beyond all bounds": (EVERYBODY, [line(10**16, Cause.TOLL)], "number_too_large"),
    "a member's line without the member": (
        EVERYBODY,
        [BillLine(id="1", carrier="x", amount_minor=5, cause=Cause.WAITING, caused_by=CausedBy.MEMBER)],
        "member_missing",
    ),
    "traffic caused by a member": (EVERYBODY, [line(5, Cause.TRAFFIC, "anna")], "cause_contradiction"),
    "a cancellation caused by nobody": (EVERYBODY, [line(5, Cause.CANCELLED_LATE)], "cause_contradiction"),
    "cancelled twice": (
        EVERYBODY,
        [line(-5, Cause.CANCELLED_LATE, "anna"), line(-5, Cause.CANCELLED_IN_TIME, "anna", part=1)],
        "part_beyond_share",
    ),
    "a line without a name": (EVERYBODY, [BillLine(id="", carrier="x", amount_minor=0, cause=Cause.TOLL)], "id_length"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_bill_is_refused(case: str) -> None:
    confirmed, bill, code = WRONG[case]
    with pytest.raises(ProblemError) as refused:
        true_up(confirmed, bill)
    assert code in {fault.code for fault in refused.value.faults}


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ProblemError) as refused:
        true_up([ANNA, ANNA], [line(5, Cause.TRAFFIC, "anna"), line(5, Cause.WAITING, "dung")])
    assert {fault.code for fault in refused.value.faults} == {"id_duplicate", "cause_contradiction", "member_unknown"}


NAMES = ["anna", "binh", "chi", "dung"]
AMOUNTS = st.integers(-2_000, 2_000)


@st.composite
def settlements(draw: st.DrawFn) -> tuple[list[Confirmed], list[BillLine]]:
    """Up to four members, some with a margin; lines of every kind, each member cancelling or let down at most once."""
    names = NAMES[: draw(st.integers(1, 4))]
    shares = {name: draw(st.integers(0, 1_000)) for name in names}
    confirmed = [
        Confirmed(member=n, share_minor=s, at_most_minor=draw(st.one_of(st.none(), st.integers(s, s + 100))))
        for n, s in shares.items()
    ]
    bill = [
        BillLine(
            id="p", carrier="x", amount_minor=sum(shares.values()) + draw(st.integers(-9, 9)), cause=Cause.AS_PLANNED
        )
    ]
    for at, cause in enumerate(draw(st.lists(st.sampled_from(list(Cause)[3:]), max_size=6))):
        kinds = [CausedBy.NOBODY] if cause in (Cause.TRAFFIC, Cause.TOLL, Cause.FUEL) else [CausedBy.MEMBER]
        kinds += [CausedBy.CARRIER, CausedBy.NOBODY] if cause in list(Cause)[4:9] else []
        by, amount = draw(st.sampled_from(kinds)), draw(AMOUNTS)
        member = draw(st.sampled_from(names)) if by is CausedBy.MEMBER else None
        bill.append(BillLine(id=str(at), carrier="x", amount_minor=amount, cause=cause, caused_by=by, member=member))
    for name in draw(st.lists(st.sampled_from(names), unique=True)):
        cause, by = draw(
            st.sampled_from(
                [
                    (Cause.CANCELLED_IN_TIME, CausedBy.MEMBER),
                    (Cause.CANCELLED_LATE, CausedBy.MEMBER),
                    (Cause.OTHER, CausedBy.CARRIER),
                ]
            )
        )
        part = draw(st.one_of(st.none(), st.integers(0, shares[name])))
        bill.append(
            BillLine(
                id=name,
                carrier="y",
                amount_minor=draw(AMOUNTS),
                cause=cause,
                caused_by=by,
                member=name,
                part_minor=part,
            )
        )
    return confirmed, bill


@given(settlements())
def test_payables_carriers_and_cluster_together_are_the_bill_to_the_unit(
    case: tuple[list[Confirmed], list[BillLine]],
) -> None:
    confirmed, bill = case
    outcome = true_up(confirmed, bill)
    assert outcome.bill_minor == sum(entry.amount_minor for entry in bill)
    paid_minor = sum(entry.payable_minor for entry in outcome.payables)
    assert paid_minor + outcome.carrier_minor + outcome.cluster_minor == outcome.bill_minor
    entered = sum(entry.amount_minor for entry in outcome.entries)
    assert entered == outcome.bill_minor - sum(entry.share_minor for entry in confirmed)
    assert all(entry.amount_minor for entry in outcome.entries)


@given(settlements())
def test_nobody_pays_more_than_its_statement_but_for_what_it_caused(
    case: tuple[list[Confirmed], list[BillLine]],
) -> None:
    confirmed, bill = case
    outcome = true_up(confirmed, bill)
    most = {e.member: e.share_minor if e.at_most_minor is None else e.at_most_minor for e in confirmed}
    for entry in outcome.payables:
        assert entry.payable_minor - entry.caused_minor <= most[entry.member]
        assert entry.credited_minor <= 0
        assert entry.share_minor + entry.credited_minor >= 0


@given(settlements())
def test_the_carrier_bears_exactly_what_it_caused_and_billed(case: tuple[list[Confirmed], list[BillLine]]) -> None:
    confirmed, bill = case
    wanted = sum(max(e.amount_minor, 0) for e in bill if e.caused_by is CausedBy.CARRIER)
    assert true_up(confirmed, bill).carrier_minor == wanted


@given(settlements())
def test_what_members_pay_does_not_depend_on_the_order_of_members(case: tuple[list[Confirmed], list[BillLine]]) -> None:
    confirmed, bill = case
    assert true_up(confirmed[::-1], bill) == true_up(confirmed, bill)


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any),
    st.integers(-(10**9), 10**9),
)
def test_apportioned_amounts_sum_exactly_and_stay_within_a_unit(weights: list[int], amount: int) -> None:
    names = [f"m{i}" for i in range(len(weights))]
    parts = apportioned(names, weights, amount)
    assert sum(parts) == amount
    assert all(
        abs(part * sum(weights) - amount * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )
    assert apportioned(names, weights, -amount) == [-part for part in parts]


def test_an_amount_that_nobody_bears_is_refused() -> None:
    with pytest.raises(ValueError, match="somebody"):
        apportioned(["a"], [0], 1)
