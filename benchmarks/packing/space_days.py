"""
Bookings into shared space: worth in per cent of the linear program's bound, and how long one booking's answer takes.

Worlds after a shared warehouse of three temperature zones over 90 days: bookings of log-normal size and length, a slack
of up to a week, some that may stand in either of two zones, a fifth more asked for than there is.
"""

from collections.abc import Iterator
from random import Random
from time import process_time

from benchmarks.packing.figures import Clock, Figure
from solver.check_space import check_space
from solver.space.allocate import allocate
from solver.space.model import Model, model_of
from solver.space.occupancy import occupancy_of
from solver.space.warm import warm
from solver.spaces import Allocation, Booking, Offer, SpaceProblem

DAYS, SLACK_MAX, ASKED = 90, 7, 1.18
NEED_MAX = 30
DIMENSION = "pallet_places"
KINDS = {
    "ambient": (("ambient",), 50, 1.0),
    "cool": (("ambient", "chilled"), 15, 1.0),
    "chilled": (("chilled",), 15, 1.6),
    "frozen": (("frozen",), 10, 2.2),
    "cold": (("chilled", "frozen"), 10, 1.8),
}
"""Accepted classes, how often, and what a place is worth."""
ZONES = {"ambient": 0.6, "chilled": 0.24, "frozen": 0.16}
"""Parts of the capacity."""
PLACE_DAY_MILLI = 5_000_000
SIZES = (500, 1000, 2000)
STEPS_A_SECOND = {200: 40_000, 500: 28_000, 1000: 15_000, 2000: 9_000}
"""Steps of the search that a second of one core allows, also where others are at work beside it."""
WANTED = {3: 95.0, 10: 97.0}
ANSWER_MS = 5.0


def world(bookings: int, seed: int) -> SpaceProblem:
    """A problem of that many bookings; the same seed gives the same one."""
    random = Random(seed)
    made = [_booking(random, number) for number in range(bookings)]
    asked = sum(booking.need[DIMENSION] * booking.days for booking in made)
    places = asked / ASKED / DAYS
    offers = tuple(
        Offer(
            id=zone,
            site="hub",
            zone=zone,
            temperature=zone,
            capacity={DIMENSION: max(NEED_MAX, int(places * part))},
            last_day=DAYS - 1,
        )
        for zone, part in ZONES.items()
    )
    return SpaceProblem(offers=offers, bookings=tuple(made))


def _booking(random: Random, number: int) -> Booking:
    kind = random.choices(list(KINDS), [often for _, often, _ in KINDS.values()])[0]
    classes, _, worth = KINDS[kind]
    days = min(60, max(1, int(random.lognormvariate(2.3, 0.7))))
    earliest = random.randrange(0, DAYS - days - SLACK_MAX)
    need = min(NEED_MAX, max(1, int(random.lognormvariate(1.6, 0.8))))
    rate = random.uniform(0.6, 1.6) * worth
    return Booking(
        id=f"booking {number}",
        owner=f"member {number % 15}",
        need={DIMENSION: need},
        temperatures=classes,
        earliest_day=earliest,
        latest_day=earliest + random.randint(0, SLACK_MAX),
        days=days,
        value_milli=int(rate * need * days * PLACE_DAY_MILLI),
    )


def figures(*, full: bool) -> Iterator[Figure]:
    """One row a size and budget, and one for a single answer; the budget is CPU seconds turned into steps."""
    warm()
    for bookings in SIZES if full else SIZES[:1]:
        problem = world(bookings, bookings)
        most = linear_bound_milli(model_of(problem))
        for seconds, wanted in WANTED.items() if full else ((1, 93.0),):
            yield _quality(problem, seconds, wanted, most)
        yield _answers(problem)


def _quality(problem: SpaceProblem, seconds: int, wanted: float, most: float) -> Figure:
    bookings, clock = len(problem.bookings), Clock()
    with clock.running():
        allocation = allocate(problem, seconds=None, work=seconds * STEPS_A_SECOND[bookings])
    note = f"{clock.seconds:.1f} CPU s; own bound {100 * allocation.bound_milli / most - 100:.2f} % above the program's"
    found: float | None = 100 * allocation.weighted_milli / most
    violations = check_space(problem, allocation)
    if violations:
        found, note = None, f"{len(violations)} violations, first {violations[0].detail}"
    name = f"space {bookings} in {seconds} s"
    return Figure(name, "% of the linear bound", found, wanted, more=True, note=note)


def _answers(problem: SpaceProblem) -> Figure:
    """A tenth of the bookings asked again, one by one, beside everything that is allocated."""
    allocation: Allocation = allocate(problem, seconds=None, work=0)
    asked = problem.bookings[::10]
    clock = process_time()
    occupancy = occupancy_of(problem, allocation)
    for booking in asked:
        occupancy.answer(booking)
    found = 1000 * (process_time() - clock) / len(asked)
    return Figure(f"space_answer_ms {len(problem.bookings)}", "ms a booking, with the nearest yes", found, ANSWER_MS)


def linear_bound_milli(model: Model) -> float:
    """The linear program over (booking, offer, start), by GLOP."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    rows = {
        (offer, row, day): solver.Constraint(0.0, float(model.free[offer, row, day]))
        for offer in range(model.free.shape[0])
        for row in range(model.free.shape[1])
        for day in range(model.horizon)
    }
    objective = solver.Objective()
    objective.SetMaximization()
    for booking in range(len(model.days)):
        once = solver.Constraint(0.0, 1.0)
        for way in range(model.first[booking], model.first[booking + 1]):
            offer, low, high = (int(value) for value in model.ways[way])
            for start in range(low, high + 1):
                chosen = solver.NumVar(0.0, 1.0, "")
                once.SetCoefficient(chosen, 1.0)
                objective.SetCoefficient(chosen, float(model.gain[way]) / 1e6)
                for row in range(model.free.shape[1]):
                    for day in range(start, start + int(model.days[booking])):
                        rows[offer, row, day].SetCoefficient(chosen, float(model.need[booking, row]))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise ArithmeticError("the linear program was not solved")
    return float(objective.Value()) * 1e6


def main() -> None:
    """Print all figures."""
    for figure in figures(full=True):
        met = {True: "met", False: "NOT met", None: ""}[figure.met]
        print(f"{figure.name}: {figure.found:.2f} {figure.what} (wanted {figure.wanted}: {met}) {figure.note}")


if __name__ == "__main__":
    main()
