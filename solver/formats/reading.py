"""What a file of another format becomes: a problem, and what is needed to speak of it in the file's own words."""

from msgspec import Struct

from solver.plan import MILLI, Plan, minor
from solver.problem import Problem


class Convention(Struct, frozen=True, kw_only=True):
    """
    How a benchmark family turns numbers of its files into whole numbers.

    Attributes
    ----------
    name
        In words, for people.
    scale
        What distances and times are multiplied by before they are made whole.
    truncate
        Whether what lies behind the point is cut off; otherwise the nearest whole number is taken, halves up.
    ceil_durations
        Whether travel times are rounded up instead: a plan that keeps its windows then keeps them in real numbers too.
    minor_scale
        How many minor units one unit of distance (at unit cost 1) or of the file's prices is worth.
    unit
        How many minor units one unit of the objective is worth, as the family states its best-known values.
    decimals
        How many digits behind the point such a value has.
    """

    name: str
    scale: int = 1
    truncate: bool = False
    ceil_durations: bool = False
    minor_scale: int = 1
    unit: int = 1
    decimals: int = 0


class Reading(Struct, frozen=True, kw_only=True):
    """
    A problem and where its parts come from.

    Attributes
    ----------
    format
        ``vrplib``, ``solomon``, ``lilim`` or ``vroom``.
    name
        The instance's own name, or empty.
    convention
        How the file's numbers were read; what one minor unit of the problem's cost means.
    numbers
        By visit (``2 * order + action``): the node's number in solution files; -1 for a visit that its order lacks.
    depots
        By node number: the place of a depot.
    vehicles
        By number of the file, from 1: the vehicle type's id. Empty where routes are numbered as they come.
    """

    problem: Problem
    format: str
    name: str
    convention: Convention
    numbers: tuple[int, ...] = ()
    depots: dict[int, str] = {}
    vehicles: tuple[str, ...] = ()

    def aside_milli(self, plan: Plan) -> int:
        """The part of a plan's cost that the format's own cost does not hold."""
        return 0

    def objective_of(self, plan: Plan) -> int | float:
        """What a plan costs in the format's own terms and unit."""
        return self.objective(plan.cost_milli - self.aside_milli(plan))

    def objective(self, cost_milli: int) -> int | float:
        """A cost of the problem in the unit of the instance's best-known values; whole where these are."""
        whole = minor(cost_milli)
        if self.convention.unit == 1:
            return whole
        return round(whole / self.convention.unit, self.convention.decimals)

    def objective_bound(self, bound_milli: int) -> int | float:
        """A lower bound in that unit, rounded down to a value that an objective can have."""
        steps: int = self.convention.unit // 10**self.convention.decimals
        whole: int = bound_milli // (MILLI * steps)
        if self.convention.unit == 1:
            return whole
        return round(whole * steps / self.convention.unit, 6)
