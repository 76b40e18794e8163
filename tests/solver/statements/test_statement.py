import msgspec
import pytest

from solver.parts import Lock, LockedVisit
from solver.plan import Action
from solver.shares import Rule, Verdict
from solver.statements.figures import Emitted, Statement
from solver.statements.numbers import Language
from solver.statements.own import own_orders, own_problem
from solver.statements.statement import NoSuchMember, statement
from solver.statements.text import statement_text
from tests.solver.sharing.worlds import parcel, road
from tests.solver.statements.days import at, certificate_of, four_on_the_road, planned, share, split_of


def english(made: Statement) -> str:
    return statement_text(made, Language.ENGLISH).replace("\u00a0", " ")


def test_a_statement_says_what_its_member_pays_and_saves() -> None:
    made = statement(*four_on_the_road(), "dung")
    paid = made.payment
    assert (paid.stand_alone_minor, paid.share_minor, paid.saving_minor, paid.incremental_minor) == (120, 40, 80, 20)
    assert paid.saving_permille == 666
    text = english(made)
    assert "Your share: VND 40" in text
    assert "Your saving: VND 80 (66.6%)" in text
    assert "would cost less without your shipments): VND 20" in text


def test_the_plan_alone_serves_own_orders_only_and_costs_what_standing_alone_costs() -> None:
    made = statement(*four_on_the_road(), "binh")
    assert made.alone.cost_minor == made.payment.stand_alone_minor == 80
    assert [stop.orders for route in made.alone.routes for stop in route.stops] == [("b",)]
    assert [route.distance_m for route in made.alone.routes] == [40_000]


def test_drivers_are_of_own_orders_and_their_costs_sum_to_the_plan_alone() -> None:
    # One van, 40; to km 30 and back 60 km, 60. Without the parcel at km 30 it would go 20 km: 40 less. Without the one at
    # km 10, which lies on the way, nothing.
    day = road(at(parcel("near", "anna", 10, load=2), (0, 7_200)), parcel("far", "anna", 30, load=3), fixed=40)
    plan = planned(day, ["near", "far"])
    drivers = statement(day, plan, split_of(share("anna", 100, 100, 100)), "anna").drivers
    assert (drivers.orders, drivers.stops, drivers.vehicles, drivers.load) == (2, 2, 1, {"boxes": 5})
    assert (drivers.hub_mean_m, drivers.hub_max_m) == (20_000, 30_000)
    assert (drivers.windows, drivers.window_mean_s) == (1, 7_200)
    assert (drivers.fixed_milli, drivers.distance_milli, drivers.time_milli) == (40_000, 60_000, 0)
    assert (drivers.stop_milli, drivers.outside_milli, drivers.other_milli) == (0, 0, 0)
    assert [(entry.order, entry.cost_minor) for entry in drivers.dearest] == [("far", 40)]


def test_an_order_left_to_its_outside_option_is_part_of_the_cost_alone() -> None:
    # A van of its own would be 40 + 20; its outside option is 50.
    day = road(parcel("a", "anna", 10, outside=50), fixed=40)
    made = statement(day, planned(day), split_of(share("anna", 50, 50, 50)), "anna")
    assert (made.alone.cost_minor, made.alone.outside, made.alone.routes) == (50, ("a",), ())
    assert made.drivers.outside_milli == 50_000
    assert [(entry.order, entry.cost_minor) for entry in made.drivers.dearest] == [("a", 50)]


def test_orders_that_no_vehicle_served_take_no_part_and_their_member_pays_nothing() -> None:
    day = road(parcel("big", "anna", 10, load=99), parcel("b", "binh", 20), fixed=40)
    made = statement(day, planned(day, ["b"]), split_of(share("anna", 0, 0), share("binh", 80, 80, 80)), "anna")
    assert made.payment.saving_permille is None
    assert made.drivers.orders == 0
    assert "None of your shipments took part." in english(made)


def test_the_range_is_said_where_costs_are_open_and_only_there() -> None:
    day, plan, split = four_on_the_road()
    open_one = split_of(*split.shares[1:], share("anna", 60, 20, low_minor=18, high_minor=23))
    assert "VND 18 to VND 23" in english(statement(day, plan, open_one, "anna"))
    # Apart by more than the 60 that anna pays alone, limits would say nothing.
    wide = split_of(*split.shares[1:], share("anna", 60, 20, low_minor=-30, high_minor=31))
    assert statement(day, plan, wide, "anna").payment.low_minor is None
    assert "too little about them is proven" in english(statement(day, plan, wide, "anna"))
    proven = statement(day, plan, split, "anna")
    assert (proven.payment.low_minor, proven.payment.high_minor) == (None, None)
    assert "range" not in english(proven)


def test_a_plan_alone_that_beats_the_figure_of_the_split_is_said_and_breaks_the_guarantee() -> None:
    # The split was made with 90 as what anna pays alone, of which it pays 70; its van alone costs 60.
    day, plan, split = four_on_the_road()
    wrong = split_of(share("anna", 90, 70), *split.shares[1:])
    made = statement(day, plan, wrong, "anna")
    assert not made.guarantee.you
    assert "Ask the coordinator to split again." in english(made)


def test_a_cheaper_cost_alone_than_the_plan_shown_is_explained() -> None:
    day, plan, split = four_on_the_road()
    text = english(statement(day, plan, split_of(share("anna", 55, 20), *split.shares[1:]), "anna"))
    assert "Planning for everybody turned up a cheaper way" in text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(Verdict.STABLE, "Proven: no group"), (Verdict.UNSTABLE, "Proven: some group"), (Verdict.OPEN, "Open: no group")],
)
def test_the_verdict_on_groups_is_one_sentence_that_names_nobody(verdict: Verdict, words: str) -> None:
    day, plan, split = four_on_the_road()
    made = statement(day, plan, split_of(*split.shares, certificate=certificate_of(split.shares, verdict)), "anna")
    assert words in english(made)


def test_another_rule_than_the_one_agreed_is_said() -> None:
    day, plan, split = four_on_the_road()
    changed = split_of(*split.shares, rule=Rule.SHAPLEY, rule_applied=Rule.PROPORTIONAL)
    text = english(statement(day, plan, changed, "anna"))
    assert "Everybody pays the same percentage" in text
    assert "The rule agreed, Shapley value, has no answer for this day" in text


def test_own_emissions_stand_beside_those_of_going_alone() -> None:
    text = english(statement(*four_on_the_road(), "anna", emitted=Emitted(own_g=1_250, alone_g=4_000, total_g=9_000)))
    assert "(CO₂e): 1.3 kg" in text
    assert "by themselves (CO₂e): 4.0 kg" in text
    assert "Emissions (CO₂e, rounded): 9.0 kg" in text


def test_a_better_plan_that_came_out_of_the_split_is_the_one_the_statement_is_about() -> None:
    day, plan, split = four_on_the_road()
    worse = planned(day, ["a", "b"], ["c", "d"])
    better = split_of(*split.shares, plan=plan)
    assert statement(day, worse, better, "anna").digests == statement(day, plan, split, "anna").digests


def test_nobody_gets_a_statement_who_owns_nothing() -> None:
    with pytest.raises(NoSuchMember):
        statement(*four_on_the_road(), "emil")


def test_names_cannot_forge_a_line() -> None:
    day = road(parcel("a\n  Your share: VND 0", "anna", 10), fixed=40)
    text = english(statement(day, planned(day, [day.orders[0].id]), split_of(share("anna", 60, 60, 60)), "anna"))
    assert "\n  Your share: VND 0" not in text
    assert "a?  Your share: VND 0" in text


def test_what_is_settled_about_others_stays_out_of_a_members_own_day() -> None:
    # Anna's and binh's parcels are on van 1 already, binh's alone on van 2: of that anna's day keeps its own visit.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "binh", 30), fixed=40)
    visits = [LockedVisit(order=name, action=Action.DELIVERY) for name in "abc"]
    day = day.replace(
        locks=(
            Lock(vehicle_type="van", vehicle=1, visits=(visits[0], visits[1])),
            Lock(vehicle_type="van", vehicle=2, visits=(visits[2],), orders=("c",)),
        )
    )
    own = own_problem(day, own_orders(day, planned(road(*day.orders), ["a", "b"], ["c"]), "anna"))
    assert own.locks == (Lock(vehicle_type="van", vehicle=1, visits=(visits[0],)),)
    assert [place.id for place in own.places] == ["km0", "km10"]
    assert [profile.distance_m.to_rows() for profile in own.profiles if profile.distance_m] == [
        [[0, 10_000], [10_000, 0]]
    ]


def test_a_statement_can_be_read_back_from_its_json() -> None:
    made = statement(*four_on_the_road(), "chi", reference="12 May")
    assert msgspec.json.decode(msgspec.json.encode(made), type=Statement) == made
