import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.assemble import assemble
from solver.codec import (
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
    result_from_json,
    result_to_json,
    schema,
)
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.plan import Budget, Leg, Plan, Result
from solver.problem import Problem
from tests.solver import tiny
from tests.solver.worlds import four_in_the_city, mixed_freight, one_parcel, one_van_too_few, road


def found(raw: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ProblemError) as caught:
        problem_from_json(raw)
    return [(fault.code, fault.where) for fault in caught.value.faults]


def plain() -> Any:
    """A right problem as plain lists and objects, to be spoilt."""
    return json.loads(problem_to_json(mixed_freight()))


def spoilt(value: Any) -> list[tuple[str, str]]:
    return found(json.dumps(value).encode())


def a_plan() -> Plan:
    return assemble(Compiled(mixed_freight()), [(0, (1, 2, 3))])


@pytest.mark.parametrize("world", [mixed_freight, one_parcel, four_in_the_city, one_van_too_few, road])
@pytest.mark.parametrize("indent", [0, 2])
def test_a_problem_comes_back_as_it_was(world: Any, indent: int) -> None:
    assert problem_from_json(problem_to_json(world(), indent)) == world()


@settings(max_examples=50, deadline=None)
@given(tiny.problems())
def test_any_problem_comes_back_as_it_was(problem: Problem) -> None:
    assert problem_from_json(problem_to_json(problem)) == problem


def test_a_plan_and_a_result_come_back_as_they_were() -> None:
    plan = a_plan()
    assert plan_from_json(plan_to_json(plan)) == plan
    assert plan_from_json(plan_to_json(plan, 2)) == plan
    leg = Leg(engine="any", seconds=0.5, cost_milli=None, routes_found=3)
    result = Result(plan=plan, bound_milli=1, gap=0.5, seconds=1.5, seed=7, budget=Budget(), trace=(leg,))
    assert result_from_json(result_to_json(result)) == result


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"places": [NaN]}',
        b'{"places": [Infinity]}',
        b'{"places": [1e400]}',
        b"{} {}",
        b'{"currency": "\xff"}',
        b'{"currency": "\\ud800"}',
        b"[" * 200_000,
        b"9" * 5_000,
    ],
    ids=[
        "nothing",
        "half",
        "nan",
        "infinity",
        "huge float",
        "two",
        "not utf-8",
        "lone surrogate",
        "deep",
        "long number",
    ],
)
def test_what_is_no_json_is_one_fault(raw: bytes) -> None:
    assert found(raw) == [("malformed_json", "$")]


@pytest.mark.parametrize("raw", [b"[]", b"null", b"1", b'"x"'])
def test_json_that_is_no_object_is_one_fault(raw: bytes) -> None:
    assert found(raw) == [("type_wrong", "$")]


def test_missing_fields_are_named() -> None:
    assert found(b"{}") == [("field_missing", name) for name in ("places", "vehicle_types", "orders")]


def test_every_wrong_type_is_found_wherever_it_stands() -> None:
    value = plain()
    value["colour"] = "red"
    value["currency"] = 5
    value["places"][1] = None
    value["profiles"][0]["distance_m"] = [[1, 2], [3]]
    value["vehicle_types"][0]["shift"] = [0, 1, 2]
    value["vehicle_types"][0]["capacity"]["boxes"] = "many"
    value["orders"][0]["id"] = ""
    value["orders"][0]["delivery"]["windows"] = [[0, 1], [0, "x"], 7]
    del value["orders"][1]["owner"]
    value["orders"][2]["pickup"]["colour"] = "red"
    value["orders"][2]["skills"] = "cold"
    assert sorted(spoilt(value)) == [
        ("field_missing", "orders[1].owner"),
        ("field_unknown", "colour"),
        ("field_unknown", "orders[2].pickup.colour"),
        ("matrix_malformed", "profiles[0].distance_m"),
        ("type_wrong", "currency"),
        ("type_wrong", "orders[0].delivery.windows[1][1]"),
        ("type_wrong", "orders[0].delivery.windows[2]"),
        ("type_wrong", "orders[0].id"),
        ("type_wrong", "orders[2].skills"),
        ("type_wrong", "places[1]"),
        ("type_wrong", "vehicle_types[0].capacity.boxes"),
        ("type_wrong", "vehicle_types[0].shift"),
    ]


def test_two_hundred_faults_come_back_as_two_hundred() -> None:
    value = plain()
    value["orders"] = [{**value["orders"][0], "id": str(k), "load": {"boxes": "x"}} for k in range(200)]
    assert spoilt(value) == [("type_wrong", f"orders[{k}].load.boxes") for k in range(200)]
    value["orders"] = [{**order, "load": {"boxes": -1}} for order in value["orders"]]
    assert spoilt(value) == [("number_negative", f"orders[{k}].load.boxes") for k in range(200)]


def test_numbers_beyond_any_machine_are_faults() -> None:
    value = plain()
    value["orders"][0]["load"]["boxes"] = 10**300
    value["orders"][1]["load"]["boxes"] = -(10**30)
    assert spoilt(value) == [("number_too_large", "orders[0].load.boxes"), ("number_negative", "orders[1].load.boxes")]
    value["profiles"][0]["distance_m"][0][1] = 10**30
    assert spoilt(value) == [("matrix_malformed", "profiles[0].distance_m")]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_stands_in_place_of_a_value_a_problem_or_faults_come_back(data: st.DataObject) -> None:
    value = plain()
    holders = list(parts(value))
    holder, key = data.draw(st.sampled_from(holders))
    junk = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    )
    holder[key] = data.draw(junk)
    problem = problem_or_none(json.dumps(value).encode())
    assert problem is None or problem_from_json(problem_to_json(problem)) == problem


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_random_bytes_are_faults(raw: bytes) -> None:
    assert found(raw)


def problem_or_none(raw: bytes) -> Problem | None:
    """The problem, or None for faults; anything else that is raised fails the test."""
    try:
        return problem_from_json(raw)
    except ProblemError:
        return None


def parts(value: Any) -> Any:
    """Every value inside nested lists and objects, by what holds it and its key there."""
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(entry, dict | list):
            yield from parts(entry)


def test_a_plan_of_wrong_types_is_refused_with_all_faults() -> None:
    value = json.loads(plan_to_json(a_plan()))
    value["cost_milli"] = "dear"
    value["routes"][0]["stops"][0]["visits"][0]["action"] = "throw"
    with pytest.raises(ProblemError) as caught:
        plan_from_json(json.dumps(value).encode())
    assert {fault.where for fault in caught.value.faults} == {"cost_milli", "routes[0].stops[0].visits[0].action"}


def test_the_schemas_are_valid_and_admit_what_we_write() -> None:
    for kind, raw in (("problem", problem_to_json(mixed_freight())), ("plan", plan_to_json(a_plan()))):
        document = schema(kind)  # type: ignore[arg-type]
        jsonschema.Draft202012Validator.check_schema(document)
        jsonschema.Draft202012Validator(document).validate(json.loads(raw))


def test_the_schema_refuses_unknown_fields_and_a_matrix_of_words() -> None:
    validator = jsonschema.Draft202012Validator(schema("problem"))
    value = plain()
    value["colour"] = "red"
    assert not validator.is_valid(value)
    value = plain()
    value["profiles"][0]["distance_m"] = [["far"]]
    assert not validator.is_valid(value)
