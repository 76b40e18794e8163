"""The last word before a plan is written: every route has places for its units, or gives way to routes that have."""

from collections.abc import Iterable

from solver.locks import first_routes
from solver.routing.construct import insert_missing
from solver.routing.features import RouteKey
from solver.routing.session import Session
from solver.stowing import Stowing, stowing_of

ROUNDS = 5
"""How often what was inserted anew is looked at again; then it is left out."""


def standing(session: Session) -> list[RouteKey]:
    """
    The best plan's routes, those without places for their units taken apart and their orders inserted elsewhere.

    A test may accept what cannot be found again, or what the checker refuses. From then on such a load counts as not
    found, so that no route with it is made again. Orders that have no place elsewhere are left out.
    """
    stowing, routes = stowing_of(session.compiled), session.keys()
    if stowing is None:
        return routes
    kept = _kept(session, stowing, routes)
    for _ in range(ROUNDS):
        if kept == routes:
            return routes
        served = _served(session, kept)
        left = sorted(session.alone.servable - served)
        routes = insert_missing(session.compiled, session.alone, kept, left)
        kept = _kept(session, stowing, routes)
    return kept


def _kept(session: Session, stowing: Stowing, routes: Iterable[RouteKey]) -> list[RouteKey]:
    """Routes that stand; of a locked vehicle's that does not, what is locked."""
    first = dict(first_routes(session.compiled))
    kept = []
    for type_, visits in routes:
        if stowing.stands(type_, visits):
            kept.append((type_, visits))
        elif type_ in first:
            kept.append((type_, first[type_]))
    return kept


def _served(session: Session, routes: Iterable[RouteKey]) -> frozenset[int]:
    return frozenset[int]().union(*(session.compiled.orders_of(visits) for _, visits in routes))
