"""Good requests about the books."""

from collections.abc import Callable

from benchmarks.fuzzing.world import Good, Json, World, unique

CORRECTIONS = "/v1/ledger/corrections"
PERIODS = "/v1/settlement-periods"
MONTH = {"starts_on": "2089-01-01", "ends_on": "2089-01-31"}
NOTHING = "0" * 26
ON_PERIOD = ("get_settlement_period", "propose_settlement_period", "close_settlement_period")


def correction(world: World) -> Json:
    """A credit to a member."""
    member = {"holder": "member", "holder_id": world.things["mem"][0], "amount_minor": -5}
    return {"reason": "A credit", "lines": [member, {"holder": "cluster", "purpose": "reserve", "amount_minor": 5}]}


def period(world: World) -> Json:
    """The first period; there is one after the other."""
    known = world.coordinator.get(f"{PERIODS}?limit=500")["data"]
    return {"period_id": known[0]["id"] if known else world.coordinator.post(PERIODS, MONTH)["id"]}


def first(world: World, path: str, prefix: str) -> str:
    """The first of a list, or an identifier of nothing: a period needs two people to be closed."""
    known = world.manager.get(path)["data"]
    return str(known[0]["id"]) if known else f"{prefix}_{NOTHING}"


def statement(world: World) -> Json:
    """A statement of the fuzzed firm's."""
    return {"statement_id": first(world, "/v1/statements", "stm")}


def dispute(world: World) -> Json:
    """A dispute of the fuzzed firm's."""
    return {"dispute_id": first(world, "/v1/disputes", "dsp")}


def payment(world: World) -> Json:
    """A payment."""
    return {"payment_id": first(world, "/v1/settlement-payments", "pay")}


def undertaking(world: World) -> Json:
    """A joint cost that the fuzzed firm is to carry with another."""
    other = world.coordinator.post("/v1/members", {"code": unique(), "name": "Fresh"})["id"]
    return {"undertaking_id": world.coordinator.post("/v1/undertakings", forklift(world.member_id, other))["id"]}


def forklift(*members: str) -> Json:
    """A cost to be carried together."""
    parts = [{"member_id": member} for member in members]
    body = {"title": "A forklift", "amount_minor": 1_000, "rule": "equal", "occurred_on": "2026-10-01"}
    return body | {"parts": parts}


BOOKS: dict[str, Callable[[World], Good]] = {
    "post_correction": lambda w: Good(correction(w)),
    "open_settlement_period": lambda _: Good(MONTH),
    **{name: (lambda w: Good(path=period(w))) for name in ON_PERIOD},
    "get_statement": lambda w: Good(path=statement(w)),
    "get_statement_lines": lambda w: Good(path=statement(w)),
    "get_statement_paper": lambda w: Good(path=statement(w)),
    "dispute_statement": lambda w: Good({"reason": "Too much"}, statement(w)),
    "get_dispute": lambda w: Good(path=dispute(w)),
    "withdraw_dispute": lambda w: Good(path=dispute(w)),
    "decide_dispute": lambda w: Good({"accept": False, "answer": "No"}, dispute(w)),
    "pay_settlement_payment": lambda w: Good({"paid_on": "2026-01-01"}, payment(w)),
    "propose_undertaking": lambda w: Good(forklift(*w.things["mem"][:2])),
    "get_undertaking": lambda w: Good(path=undertaking(w)),
    "answer_undertaking": lambda w: Good({"agree": True}, undertaking(w)),
    "withdraw_undertaking": lambda w: Good(path=undertaking(w)),
    "get_ledger_entry": lambda w: Good(path={"entry_id": w.coordinator.post(CORRECTIONS, correction(w))["id"]}),
}
"""How each operation is asked well, by its name."""
