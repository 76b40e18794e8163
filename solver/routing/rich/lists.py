"""Which visits lie near each other: rows for the search's insertions and removals."""

import numpy as np
from numpy.typing import NDArray

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State

WAIT_SHARE = 0.2
"""Seconds of waiting count so much of a second's travel."""


def near_rows(state: State, visits: int, width: int) -> NDArray[np.int32]:
    """By visit the visits that can best stand next to it in a route, by travel and waiting; -1 fills up."""
    there = np.flatnonzero(state.node[:visits, c.ORDER] >= 0)
    rows = np.full((visits, width), -1, dtype=np.int32)
    opens, closes, service = _times(state, there)
    table, places = state.way[0, :, :, 1], state.node[there, c.PLACE]
    for index, visit in enumerate(there):
        place = places[index]
        after = _arc(
            table[place, places].astype(np.float64), opens[index] + service[index], closes[index], opens, closes
        )
        seconds = table[places, place].astype(np.float64)
        before = _arc(seconds, opens + service, closes, opens[index], closes[index])
        score = np.minimum(after, before)
        score[index] = np.inf
        rows[visit] = _nearest(score, there, width)
    return rows


def adjacent_rows(state: State, visits: int, width: int) -> NDArray[np.int32]:
    """By visit the nearest visits by travel alone."""
    there = np.flatnonzero(state.node[:visits, c.ORDER] >= 0)
    rows = np.full((visits, width), -1, dtype=np.int32)
    table, places = state.way[0, :, :, 1], state.node[there, c.PLACE]
    metres = state.way[0, :, :, 0]
    for index, visit in enumerate(there):
        place = places[index]
        score = np.minimum(table[place, places], table[places, place]).astype(np.float64)
        score += 1e-3 * np.minimum(metres[place, places], metres[places, place])
        score[index] = np.inf
        rows[visit] = _nearest(score, there, width)
    return rows


def _times(state: State, there: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Earliest and latest begin, and service, of visits."""
    first = state.node[there, c.WINDOW]
    last = first + state.node[there, c.WINDOWS] - 1
    closes = np.where(last >= first, state.window[last, 1], -1)
    opens = state.window[np.minimum(first, len(state.window) - 1), 0]
    return opens, closes, state.node[there, c.SERVICE]


def _arc(
    seconds: NDArray[np.float64],
    ready: NDArray[np.int64],
    closes: NDArray[np.int64],
    then_opens: NDArray[np.int64],
    then_closes: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Travel plus a share of the waiting that cannot be avoided; infinite where the second comes too late."""
    wait = np.maximum(0, then_opens - closes - seconds)
    score = seconds + WAIT_SHARE * wait
    score[(ready + seconds > then_closes) | (seconds >= c.FAR)] = np.inf
    return score


def _nearest(score: NDArray[np.float64], there: NDArray[np.intp], width: int) -> NDArray[np.int32]:
    """The visits of the smallest finite scores, in order."""
    count = min(width, len(score))
    picked = np.argpartition(score, count - 1)[:count]
    picked = picked[np.argsort(score[picked], kind="stable")]
    picked = picked[np.isfinite(score[picked])]
    row = np.full(width, -1, dtype=np.int32)
    row[: len(picked)] = there[picked]
    return row
