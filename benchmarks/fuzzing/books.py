"""Good requests about the books."""

from collections.abc import Callable

from benchmarks.fuzzing.world import Good, Json, World

CORRECTIONS = "/v1/ledger/corrections"


def correction(world: World) -> Json:
    """A credit to a member."""
    member = {"holder": "member", "holder_id": world.things["mem"][0], "amount_minor": -5}
    return {"reason": "A credit", "lines": [member, {"holder": "cluster", "purpose": "reserve", "amount_minor": 5}]}


BOOKS: dict[str, Callable[[World], Good]] = {
    "post_correction": lambda w: Good(correction(w)),
    "get_ledger_entry": lambda w: Good(path={"entry_id": w.coordinator.post(CORRECTIONS, correction(w))["id"]}),
}
"""How each operation is asked well, by its name."""
