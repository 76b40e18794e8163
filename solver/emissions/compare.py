"""The shared plan beside what everybody would emit alone, by one method."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from solver.emissions.account import emissions_of
from solver.emissions.words import Emissions, Method
from solver.faults import Fault, ProblemError
from solver.plan import Plan
from solver.problem import Problem


class OwnerComparison(Struct, frozen=True, kw_only=True):
    """
    One owner's emissions (well to wheel) in the shared plan and alone.

    ``saved_mg`` (negative where alone is less) is None where the two do not carry the same orders: then
    ``only_together`` and ``only_alone`` name those that make the difference.
    """

    owner: str
    together_mg: int
    alone_mg: int
    saved_mg: int | None
    only_together: tuple[str, ...]
    only_alone: tuple[str, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """
    A shared plan beside everybody's own, by one method.

    ``owners`` holds those whose plan alone was given, sorted; ``saved_mg`` is what all of them save, None where one's
    is, or where an owner with an order on a route is not among them.
    """

    together: Emissions
    alone: dict[str, Emissions]
    owners: tuple[OwnerComparison, ...]
    saved_mg: int | None


def compared(problem: Problem, plan: Plan, alone: Mapping[str, Plan], method: Method) -> Comparison:
    """
    Emissions of a shared plan and of plans that carry one owner's orders alone.

    Parameters
    ----------
    problem, plan
        As for ``emissions_of``.
    alone
        Owner to a plan for its orders of the same problem, with the same vehicle types.
    method
        Both sides use it, and count activity in the dimension that the shared plan was counted in.

    Raises
    ------
    ProblemError
        Faults of the shared plan, or else of all the others: their ``where`` begins with ``alone.OWNER``. An owner
        without an order in the problem is ``owner_unknown``.
    """
    together = emissions_of(problem, plan, method)
    method = replace(method, quantity=together.quantity)
    faults: list[Fault] = []
    accounts: dict[str, Emissions] = {}
    for owner in sorted(alone):
        if owner not in problem.owners:
            cure = f"one of {', '.join(problem.owners)}"
            cause = f"{owner!r} has no order"
            faults.append(Fault(code="owner_unknown", where=f"alone.{owner}", cause=cause, cure=cure))
            continue
        try:
            accounts[owner] = emissions_of(problem.restricted_to(frozenset({owner})), alone[owner], method)
        except ProblemError as error:
            faults += [replace(fault, where=f"alone.{owner}.{fault.where}") for fault in error.faults]
    if faults:
        raise ProblemError(faults)
    owners = tuple(_beside(owner, together, account) for owner, account in accounts.items())
    return Comparison(together=together, alone=accounts, owners=owners, saved_mg=_saved_mg(together, owners))


def _beside(owner: str, together: Emissions, alone: Emissions) -> OwnerComparison:
    shared = [entry for entry in together.shipments if entry.owner == owner]
    both = {entry.order for entry in shared}, {entry.order for entry in alone.shipments}
    together_mg = sum(entry.wtw_mg for entry in shared)
    return OwnerComparison(
        owner=owner,
        together_mg=together_mg,
        alone_mg=alone.wtw_mg,
        saved_mg=alone.wtw_mg - together_mg if both[0] == both[1] else None,
        only_together=tuple(sorted(both[0] - both[1])),
        only_alone=tuple(sorted(both[1] - both[0])),
    )


def _saved_mg(together: Emissions, owners: tuple[OwnerComparison, ...]) -> int | None:
    """What all save, where all are there and carry the same."""
    missing = {entry.owner for entry in together.shipments} - {entry.owner for entry in owners}
    savings = [entry.saved_mg for entry in owners if entry.saved_mg is not None]
    return None if missing or len(savings) < len(owners) else sum(savings)
