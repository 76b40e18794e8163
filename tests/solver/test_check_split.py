import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check_split import check_certificate
from solver.shares import Certificate, Gain, Rule, Verdict
from solver.sharing.certify import certificate
from solver.sharing.game import Game
from solver.sharing.rules import split
from tests.solver.sharing.intervals import intervals

FAULTS = Path(__file__).parents[2] / "docs" / "faults.md"


def even() -> Certificate:
    """Alone 60 each, two 80, all 90, each pays 30; binh and chi might get by with 75."""
    cost = [0, 60, 60, 80, 60, 80, 80, 90]
    return certificate(Game(["anna", "binh", "chi"], cost, [*cost[:6], 75, 90]), [30, 30, 30])


def changed(certificate_: Certificate, **fields: object) -> Certificate:
    """With other fields, and the digest that belongs to them: a forger would not forget it."""
    forged = msgspec.structs.replace(certificate_, **fields)
    if "digest" in fields:
        return forged
    tables = [forged.players, forged.cost_minor, forged.shares_minor, forged.lower_minor, forged.upper_minor]
    text = json.dumps(tables, separators=(",", ":"), ensure_ascii=False)
    return msgspec.structs.replace(forged, digest=sha256(text.encode()).hexdigest())


def put(table: tuple[int, ...], place: int, value: int) -> tuple[int, ...]:
    return (*table[:place], value, *table[place + 1 :])


FORGERIES: dict[str, tuple[Callable[[Certificate], dict[str, object]], str]] = {
    "a name twice": (lambda c: {"players": ("anna", "anna", "chi")}, "players_wrong"),
    "a share too many": (lambda c: {"shares_minor": (30, 30, 30, 0)}, "table_wrong"),
    "a coalition without a bound": (lambda c: {"lower_minor": c.lower_minor[:-1]}, "table_wrong"),
    "no amount": (lambda c: {"upper_minor": put(c.upper_minor, 3, 2**60)}, "amount_wrong"),
    "a fraction": (lambda c: {"upper_minor": put(c.upper_minor, 3, 80.0)}, "amount_wrong"),
    "another bill": (lambda c: {"cost_minor": 91}, "bill_wrong"),
    "shares beyond the bill": (lambda c: {"shares_minor": (30, 30, 31)}, "sum_wrong"),
    "nobody pays": (lambda c: {"upper_minor": put(c.upper_minor, 0, 1)}, "nobody_costs"),
    "a bound above a plan": (lambda c: {"lower_minor": put(c.lower_minor, 4, 61)}, "bounds_crossed"),
    "two cheaper than one": (lambda c: {"upper_minor": put(c.upper_minor, 6, 59)}, "not_monotone"),
    "two dearer than apart": (lambda c: {"upper_minor": put(c.upper_minor, 6, 121)}, "not_sub_additive"),
    "another coalition": (
        lambda c: {"excess_max": Gain(players=("anna", "chi"), gain_minor=-20)},
        "excess_wrong",
    ),
    "a smaller gain": (lambda c: {"gain_max": Gain(players=("binh", "chi"), gain_minor=-16)}, "excess_wrong"),
    "more slack": (lambda c: {"slack_minor": 2}, "slack_wrong"),
    "another verdict": (lambda c: {"verdict": Verdict.OPEN}, "verdict_wrong"),
    "everybody as witness": (lambda c: {"weights": ((7, 1),)}, "weight_wrong"),
    "a negative weight": (lambda c: {"weights": ((1, -1), (3, 2), (5, 2), (6, 1))}, "weight_wrong"),
    "a coalition twice": (lambda c: {"weights": ((3, 1), (3, 1), (5, 2), (6, 2))}, "weight_wrong"),
    "weights out of balance": (lambda c: {"weights": ((3, 1), (5, 1), (6, 2))}, "weights_unbalanced"),
    "no witness": (lambda c: {"weights": (), "excess_least_minor": None}, "weights_unbalanced"),
    "a better least": (lambda c: {"excess_least_minor": -21}, "least_wrong"),
    "a worse witness with the same least": (lambda c: {"weights": ((1, 1), (2, 1), (4, 1))}, "least_wrong"),
    "no least": (lambda c: {"excess_least_minor": None}, "least_wrong"),
    "another digest": (lambda c: {"digest": "0" * 64}, "digest_wrong"),
}


def test_a_true_certificate_passes() -> None:
    assert check_certificate(even()) == ()


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_caught_by_name(name: str) -> None:
    forge, code = FORGERIES[name]
    assert code in {violation.code for violation in check_certificate(changed(even(), **forge(even())))}


@pytest.mark.parametrize("code", sorted({code for _, code in FORGERIES.values()}))
def test_every_code_is_explained(code: str) -> None:
    assert f"`{code}`" in FAULTS.read_text(encoding="utf-8")


def test_everything_wrong_is_said_at_once() -> None:
    wrong = changed(even(), cost_minor=91, verdict=Verdict.UNSTABLE, slack_minor=5, excess_least_minor=0)
    codes = [violation.code for violation in check_certificate(wrong)]
    assert codes == ["bill_wrong", "sum_wrong", "slack_wrong", "verdict_wrong", "least_wrong"]


def test_a_day_that_was_cheaper_apart_has_a_right_certificate_that_says_unstable() -> None:
    # Together 150, apart 60 and 80: the bill stands, and whoever pays it, somebody pays too much.
    game = Game(["anna", "binh", "chi"], [0, 60, 60, 80, 60, 80, 80, 150])
    found = certificate(game, [50, 50, 50])
    assert check_certificate(found) == ()
    assert found.verdict is Verdict.UNSTABLE


def test_a_certificate_survives_its_journey_as_json() -> None:
    assert check_certificate(msgspec.json.decode(msgspec.json.encode(even()), type=Certificate)) == ()


def test_sub_additivity_is_checked_beyond_one_block_of_players() -> None:
    # 12 players at 10 for a van of any size; the two in the last block cost 21 together, 20 apart.
    n = 12
    cost = [0] + [10] * (2**n - 1)
    pair = 1 << 10 | 1 << 11
    for mask in range(2**n):
        if mask & pair == pair:
            cost[mask] = 21
    found = certificate(Game([f"p{k}" for k in range(n)], cost), [*[1] * 9, 4, 4, 4])
    assert {violation.code for violation in check_certificate(found)} == {"not_sub_additive"}


def numbers(certificate_: Certificate) -> list[tuple[str, int]]:
    """Every number in it: the field, and the place in the field."""
    tables = [
        (field, k)
        for field in ("shares_minor", "lower_minor", "upper_minor")
        for k in range(len(getattr(certificate_, field)))
    ]
    single = [(field, 0) for field in ("cost_minor", "excess_max", "gain_max", "slack_minor", "excess_least_minor")]
    return tables + single + [("weights", k) for k in range(len(certificate_.weights))]


def moved(certificate_: Certificate, field: str, place: int, by: int) -> Certificate:
    """One number is another one, all else as it was."""
    value = getattr(certificate_, field)
    if isinstance(value, Gain):
        value = msgspec.structs.replace(value, gain_minor=value.gain_minor + by)
    elif field == "weights":
        mask, weight = value[place]
        value = (*value[:place], (mask, weight + by), *value[place + 1 :])
    elif isinstance(value, tuple):
        value = put(value, place, value[place] + by)
    else:
        value = (value or 0) + by
    return msgspec.structs.replace(certificate_, **{field: value})


@settings(max_examples=150, deadline=None)
@given(intervals(players_max=4), st.sampled_from([Rule.NUCLEOLUS, Rule.SHAPLEY, Rule.ACAM]), st.data())
def test_any_other_number_verdict_or_coalition_is_caught(game: Game, rule: Rule, data: st.DataObject) -> None:
    right = certificate(game, split(game, rule).minor)
    assert check_certificate(right) == ()
    field, place = data.draw(st.sampled_from(numbers(right)))
    assert check_certificate(moved(right, field, place, data.draw(st.sampled_from((-7, -1, 1, 7)))))
    other = data.draw(st.sampled_from([verdict for verdict in Verdict if verdict != right.verdict]))
    assert check_certificate(msgspec.structs.replace(right, verdict=other))
    for said in ("excess_max", "gain_max"):
        gain = msgspec.structs.replace(getattr(right, said), players=(*getattr(right, said).players, "stranger"))
        assert check_certificate(msgspec.structs.replace(right, **{said: gain}))
