"""A plan in somebody's hands: its routes as the search has them, what is locked, and what an edit is refused for."""

from msgspec import Struct
from msgspec.structs import replace

Visits = tuple[int, ...]


class Driven(Struct, frozen=True, array_like=True):
    """
    One route. ``number`` names it for as long as it lives, ``vehicle`` is its vehicle's number within the type.

    ``type_`` and ``visits`` are the search's (``solver.compiled``).
    """

    number: int
    type_: int
    vehicle: int
    visits: Visits


class Pins(Struct, frozen=True, kw_only=True):
    """
    What is locked.

    Attributes
    ----------
    routes
        Numbers of routes that stay as they are.
    sequences
        Route number and how many of its first visits stay as they are.
    orders
        Orders that stay on their vehicle.
    times
        Visit, and the second at which its service begins.
    """

    routes: tuple[int, ...] = ()
    sequences: tuple[tuple[int, int], ...] = ()
    orders: tuple[int, ...] = ()
    times: tuple[tuple[int, int], ...] = ()


class State(Struct, frozen=True, kw_only=True):
    """
    A plan between two edits; equal states are the same plan.

    ``routes`` stand by number, ``cancelled`` are orders that are asked for no more, ``last`` is the highest number that
    a route ever had.
    """

    routes: tuple[Driven, ...]
    cancelled: tuple[int, ...] = ()
    pins: Pins = Pins()
    last: int = 0

    def route(self, number: int) -> Driven:
        """
        The route with a number.

        Raises
        ------
        Refused
            When there is none.
        """
        found = next((route for route in self.routes if route.number == number), None)
        if found is None:
            raise Refused("route_unknown", f"there is no route {number}")
        return found

    def carrier(self, order: int) -> Driven | None:
        """The route that serves an order; None where none does."""
        return next((route for route in self.routes if any(visit >> 1 == order for visit in route.visits)), None)

    def with_routes(self, *changed: Driven) -> "State":
        """
        The same with some routes changed or added; those without a visit are gone, and so are locks on them.
        """
        by_number = {route.number: route for route in (*self.routes, *changed)}
        kept = tuple(route for _, route in sorted(by_number.items()) if max(route.visits, default=-1) >= 0)
        alive = {route.number for route in kept}
        pins = replace(
            self.pins,
            routes=tuple(number for number in self.pins.routes if number in alive),
            sequences=tuple(entry for entry in self.pins.sequences if entry[0] in alive),
        )
        return replace(self, routes=kept, pins=pins, last=max(self.last, *alive, 0))

    def without_pins_of(self, orders: frozenset[int]) -> "State":
        """The same with nothing locked about some orders."""
        pins = replace(
            self.pins,
            orders=tuple(order for order in self.pins.orders if order not in orders),
            times=tuple(entry for entry in self.pins.times if entry[0] >> 1 not in orders),
        )
        return replace(self, pins=pins)

    def held(self, number: int) -> int:
        """How many first visits of a route are locked."""
        return dict(self.pins.sequences).get(number, 0)


class Refused(Exception):
    """An edit that cannot be made: ``code`` for programs, ``detail`` in words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{detail} [{code}]")
        self.code, self.detail = code, detail
