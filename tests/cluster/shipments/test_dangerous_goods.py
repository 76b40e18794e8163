"""Which dangerous goods share a vehicle: read off ADR 2025, 7.5.2 and 7.5.4, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.shipments.dangerous_goods import FOOD, DangerousGoods, apart, at_odds, kind, pairs_apart
from tests.cluster.api import World

KINDS = ["1.1D", "1.3G", "1.4G", "1.4S", "1.1L", "4.1+1", "5.2+1", "lq", "toxic", "other", FOOD]


def of(hazard_class: str, *labels: str, limited: bool = False) -> str:
    """The kind of some goods."""
    found = kind(
        DangerousGoods(un_number="0000", hazard_class=hazard_class, labels=list(labels), limited_quantity=limited)
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "separate"),
    [
        (of("3"), of("5.1"), False),  # 7.5.2.1: an X in the table
        (of("8"), of("4.3"), False),
        (of("1.1D"), of("3"), True),
        (of("1.4G"), of("9"), True),
        (of("1.4S"), of("2.1"), False),  # note a
        (of("4.1", "1"), of("3"), True),
        (of("5.2", "1"), of("5.2"), True),
        (of("4.1", "1"), of("4.1", "1"), False),
        (of("1.1B"), of("1.1D"), True),  # 7.5.2.2
        (of("1.1C"), of("1.3G"), False),
        (of("1.2L"), of("1.2L"), True),
        (of("1.4S"), of("1.1B"), False),
        (of("1.1A"), of("1.4S"), True),
        (of("3", limited=True), of("1.1D"), True),  # 7.5.2.4
        (of("3", limited=True), of("1.4G"), False),
        (of("6.1"), FOOD, True),  # 7.5.4
        (of("3", "6.1"), FOOD, True),
        (of("6.1", limited=True), FOOD, False),
        (of("8"), FOOD, False),
    ],
)
def test_goods_share_a_vehicle_as_adr_lets_them(one: str, other: str, separate: bool) -> None:
    assert apart(one, other) is apart(other, one) is separate


@given(st.sets(st.sampled_from(KINDS)))
def test_pairs_apart_are_those_and_no_others(kinds: set[str]) -> None:
    pairs = pairs_apart(kinds)
    assert {frozenset(pair) for pair in pairs} == {frozenset({a, b}) for a in kinds for b in kinds if apart(a, b)}
    assert len(pairs) == len({frozenset(pair) for pair in pairs})
    assert (at_odds(kinds) is None) is all(a == b for a, b in pairs)


@pytest.mark.anyio
async def test_goods_that_never_share_a_vehicle_are_no_one_shipment(world: World) -> None:
    box = {"weight_g": 1000, "length_mm": 100, "width_mm": 100, "height_mm": 100}
    petrol = box | {"dangerous_goods": {"un_number": "1203", "hazard_class": "3", "packing_group": "II"}}
    fireworks = box | {"dangerous_goods": {"un_number": "0335", "hazard_class": "1.3G"}}
    answer = await world.an.post("/v1/shipments", world.delivery(handling_units=[petrol, fireworks]))
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/handling_units", "goods_at_odds")
    kept = await world.an.made("/v1/shipments", world.delivery(handling_units=[petrol]))
    [unit] = (await world.an.get(f"/v1/shipments/{kept['id']}")).json()["handling_units"]
    assert unit["dangerous_goods"] == petrol["dangerous_goods"] | {"labels": [], "limited_quantity": False}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("hazard", "field"),
    [
        ({"un_number": "12", "hazard_class": "3"}, "un_number"),
        ({"un_number": "1203", "hazard_class": "10"}, "hazard_class"),
        ({"un_number": "1203", "hazard_class": "1.1"}, "hazard_class"),
        ({"un_number": "1203", "hazard_class": "3", "packing_group": "IV"}, "packing_group"),
        ({"un_number": "0335", "hazard_class": "1.3G", "limited_quantity": True}, "limited_quantity"),
    ],
)
async def test_hazards_that_there_are_not_are_refused(world: World, hazard: dict[str, object], field: str) -> None:
    box = {"weight_g": 1000, "length_mm": 100, "width_mm": 100, "height_mm": 100, "dangerous_goods": hazard}
    answer = await world.an.post("/v1/shipments", world.delivery(handling_units=[box]))
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/handling_units/0/dangerous_goods/{field}"]
