"""Solution files: ``Route #k: ...`` lines with node numbers, and a stated cost."""

import re
from collections import Counter, defaultdict

from msgspec import Struct

from solver.assemble import assemble
from solver.compiled import Compiled
from solver.formats.reading import Reading
from solver.formats.text import Faults, lines_of, number_of, quoted, refuse, text_of
from solver.plan import Plan, Reason, Violation
from solver.schedule import Blocked, timetable

_ROUTE = re.compile(r"Route\s*#?\s*(\d{1,9})\s*:\s*(.*)", re.IGNORECASE)
_COST = re.compile(r"Cost\s*:?\s*(\S+)", re.IGNORECASE)
_REMARK = re.compile(r"([A-Za-z][A-Za-z ]{0,39}?)\s*:\s*(.*)")
NODE_DIGITS_MAX = 9

RouteKey = tuple[int, tuple[int, ...]]

BROKEN = {
    Reason.CAPACITY: "capacity_exceeded",
    Reason.TIME_WINDOW: "window_missed",
    Reason.RELEASE: "window_missed",
    Reason.BREAK: "window_missed",
    Reason.SKILL: "skill_missing",
    Reason.REACHABLE: "no_way",
    Reason.HUB: "hub_wrong",
    Reason.MAX_DISTANCE: "distance_exceeded",
    Reason.MAX_DURATION: "duration_exceeded",
}
"""What the checker calls a route that the timetable finds impossible."""


class Solution(Struct, frozen=True, kw_only=True):
    """
    What a solution file says.

    Attributes
    ----------
    routes
        Node numbers by route number.
    cost
        As it is stated, None where it is not; ``decimals`` is how many digits behind the point it has.
    remarks
        Other lines of the form ``name: value``, such as ``Optimal: True``.
    """

    routes: dict[int, tuple[int, ...]]
    cost: float | None = None
    decimals: int = 0
    remarks: dict[str, str] = {}


def read_solution(raw: bytes) -> Solution:
    """
    The routes and the cost of a solution file.

    Raises
    ------
    ProblemError
        With every line that is neither a route, nor the cost, nor a remark.
    """
    faults = Faults()
    routes: dict[int, tuple[int, ...]] = {}
    costs: list[str] = []
    remarks: dict[str, str] = {}
    for number, line in lines_of(text_of(raw)):
        where = f"line {number}"
        if (found := _ROUTE.fullmatch(line)) is not None:
            _take_route(found, routes, where, faults)
        elif (found := _COST.fullmatch(line)) is not None:
            _take_cost(found.group(1), costs, where, faults)
        elif (found := _REMARK.fullmatch(line)) is not None:
            remarks[found.group(1)] = found.group(2)
        elif line.lower() != "solution":
            cause = f"{quoted(line)} is neither a route, nor the cost, nor a remark"
            faults.add("text_misplaced", where, cause, "write 'Route #1: 4 7 2', 'Cost: 123' or 'Name: remark'")
    if not routes and not faults.found:
        refuse("solution_empty", "line 1", "there are no routes", "give at least one line 'Route #1: ...'")
    faults.stop_if_any()
    stated = costs[0] if costs else ""
    decimals = len(stated.partition(".")[2]) if "e" not in stated.lower() else 0
    cost = number_of(stated) if costs else None
    return Solution(routes=routes, cost=cost, decimals=decimals, remarks=remarks)


def _take_route(found: re.Match[str], routes: dict[int, tuple[int, ...]], where: str, faults: Faults) -> None:
    number, tokens = int(found.group(1)), found.group(2).split()
    wrong = [token for token in tokens if not (token.isascii() and token.isdigit() and len(token) <= NODE_DIGITS_MAX)]
    if wrong:
        faults.add("number_malformed", where, f"{quoted(wrong[0])} is no node's number", "give whole numbers from 0")
    elif number in routes:
        faults.add("given_twice", where, f"there is a route {number} already", "number every route once")
    else:
        routes[number] = tuple(int(token) for token in tokens)


def _take_cost(token: str, costs: list[str], where: str, faults: Faults) -> None:
    if number_of(token) is None:
        faults.add("number_malformed", where, f"{quoted(token)} is no cost", "give a number")
    elif costs:
        faults.add("given_twice", where, "the cost is stated already", "state it once")
    else:
        costs.append(token)


def write_solution(reading: Reading, plan: Plan) -> bytes:
    """
    A plan as a solution file.

    Where the vehicles of the instance differ, ``Route #k`` is what vehicle k drives, and vehicles that stay have an
    empty line; otherwise routes are numbered as they come. Reloads are written as the depot's number.
    """
    orders = {order.id: index for index, order in enumerate(reading.problem.orders)}
    depots = {place: number for number, place in reading.depots.items()}
    by_type: dict[str, list[list[int]]] = defaultdict(list)
    sequence: list[list[int]] = []
    for route in plan.routes:
        nodes: list[int] = []
        for stop in route.stops:
            nodes += [depots[stop.place]] if stop.reload else []
            nodes += [reading.numbers[2 * orders[v.order] + (v.action == "delivery")] for v in stop.visits]
        by_type[route.vehicle_type].append(nodes)
        sequence.append(nodes)
    if reading.vehicles:
        waiting = {type_: iter(routes) for type_, routes in by_type.items()}
        sequence = [next(waiting.get(type_, iter(())), []) for type_ in reading.vehicles]
    lines = [f"Route #{k}: {' '.join(map(str, nodes))}".rstrip() for k, nodes in enumerate(sequence, start=1)]
    objective = reading.objective_of(plan)
    cost = f"{objective:.{reading.convention.decimals}f}"
    return "\n".join([*lines, f"Cost: {cost}", ""]).encode()


def keys_of(reading: Reading, solution: Solution) -> tuple[list[RouteKey], list[Violation]]:
    """
    The routes of a solution as the search writes them, and those of its vehicles that the instance does not have.

    Raises
    ------
    ProblemError
        For numbers that are no node of the instance.
    """
    faults, found, violations = Faults(), list[RouteKey](), list[Violation]()
    visit_of = {node: visit for visit, node in enumerate(reading.numbers) if node >= 0}
    place_of = {place.id: index for index, place in enumerate(reading.problem.places)}
    types = {vehicle.id: index for index, vehicle in enumerate(reading.problem.vehicle_types)}
    for number, nodes in sorted(solution.routes.items()):
        inner = _inner(nodes, reading.depots)
        unknown = [node for node in inner if node not in visit_of and node not in reading.depots]
        if unknown:
            cause = f"{unknown[0]} is no node of the instance"
            faults.add("node_unknown", f"Route #{number}", cause, "give nodes as the instance numbers them, less one")
        elif inner and reading.vehicles and not 1 <= number <= len(reading.vehicles):
            detail = f"the instance has vehicles 1 to {len(reading.vehicles)}"
            violations.append(Violation(code="vehicle_number", where=f"Route #{number}", detail=detail))
        elif inner:
            type_ = types[reading.vehicles[number - 1]] if reading.vehicles else 0
            visits = tuple(visit_of[n] if n in visit_of else ~place_of[reading.depots[n]] for n in inner)
            found.append((type_, visits))
    faults.stop_if_any()
    return found, violations


def _inner(nodes: tuple[int, ...], depots: dict[int, str]) -> tuple[int, ...]:
    """Nodes without a depot at both ends: some write where routes begin and end."""
    first, last = 0, len(nodes)
    while first < last and nodes[first] in depots:
        first += 1
    while last > first and nodes[last - 1] in depots:
        last -= 1
    return nodes[first:last]


def plan_of(reading: Reading, solution: Solution) -> tuple[Plan | None, list[Violation]]:
    """
    The plan that drives a solution's routes as early and short as they can be; or what stands against it.

    Returns
    -------
    plan
        None where there are violations that no timetable can heal.
    violations
        Routes that cannot be driven, nodes served twice or not at all. What ``solver.check`` says of the plan is not
        in it.

    Raises
    ------
    ProblemError
        For numbers that are no node of the instance.
    """
    return plan_of_keys(reading, *keys_of(reading, solution))


def plan_of_keys(
    reading: Reading, keys: list[RouteKey], violations: list[Violation]
) -> tuple[Plan | None, list[Violation]]:
    """The same for routes as the search writes them, with violations that were found before."""
    compiled = Compiled(reading.problem)
    violations = [*violations, *_coverage(reading, keys)]
    used = Counter(type_ for type_, _ in keys)
    for type_, vehicle in enumerate(reading.problem.vehicle_types):
        if vehicle.count is not None and used[type_] > vehicle.count:
            detail = f"{used[type_]} routes for {vehicle.count} vehicles of type {vehicle.id!r}"
            violations.append(Violation(code="vehicle_number", where="routes", detail=detail))
    for number, (type_, visits) in enumerate(keys, start=1):
        violations += _impossible(reading, compiled, type_, visits, f"route {number}")
    return (None if violations else assemble(compiled, keys)), violations


def _impossible(
    reading: Reading, compiled: Compiled, type_: int, visits: tuple[int, ...], where: str
) -> list[Violation]:
    """Why a route cannot be driven: pairs torn apart, or what the timetable says."""
    torn = [v for v in visits if v >= 0 and reading.numbers[v ^ 1] >= 0 and v ^ 1 not in visits]
    if torn:
        detail = f"node {reading.numbers[torn[0]]} is served, its partner {reading.numbers[torn[0] ^ 1]} is not"
        return [Violation(code="order_on_two_routes", where=where, detail=detail)]
    late = [v for v in visits if v >= 0 and v & 1 and v ^ 1 in visits and visits.index(v ^ 1) > visits.index(v)]
    if late:
        detail = f"node {reading.numbers[late[0]]} is served before its pickup {reading.numbers[late[0] ^ 1]}"
        return [Violation(code="order_reversed", where=where, detail=detail)]
    times = timetable(compiled, type_, visits)
    if not isinstance(times, Blocked):
        return []
    visit = visits[min(times.position, len(visits) - 1)]
    at = f"at node {reading.numbers[visit]}" if visit >= 0 else "at a reload"
    code = BROKEN.get(times.reason, "window_missed")
    return [Violation(code=code, where=where, detail=f"{times.reason} {at}, visit {times.position + 1} of the route")]


def _coverage(reading: Reading, keys: list[RouteKey]) -> list[Violation]:
    """Nodes served twice; mandatory ones that are not served."""
    served = Counter(visit for _, visits in keys for visit in visits if visit >= 0)
    found = [
        Violation(code="order_repeated", where=f"node {reading.numbers[visit]}", detail=f"is served {times} times")
        for visit, times in sorted(served.items())
        if times > 1
    ]
    for number, order in enumerate(reading.problem.orders):
        missing = served[2 * number] + served[2 * number + 1] == 0
        if missing and order.outside_milli is None:
            found.append(Violation(code="order_missing", where=f"node {order.id}", detail="is not served"))
    return found


def cost_differs(reading: Reading, solution: Solution, plan: Plan) -> Violation | None:
    """The stated cost against that of the plan, to the last digit that is stated; None where they agree."""
    if solution.cost is None:
        return None
    right = reading.objective_of(plan)
    digits = min(solution.decimals, reading.convention.decimals)
    room = 0.0 if reading.convention.decimals == 0 else 1.001 * 0.1**digits
    if abs(solution.cost - right) <= room:
        return None
    return Violation(code="plan_cost_wrong", where="Cost", detail=f"stated as {solution.cost:.15g}, is {right:.15g}")
