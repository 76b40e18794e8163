"""
How the search's memory is laid out: arrays with a row for each node, route, type, order, and columns by name.

Nodes are numbered: visits ``2 * order + action`` (orders counted within the search), then a start and an end for each
route slot, then reloads. Times are seconds, distances metres, money thousandths in floats that hold integers.
"""

FAR = 2_000_000_000
"""Metres or seconds of a leg without a way: above every limit of a problem."""
NEVER = 2**53
ABOARD = 2
"""Entry of ``State.suits`` for goods that lie on a vehicle that has left."""

# columns of State.node
(PLACE, NEXT, PREV, ROUTE, SERVICE, OPEN, CLOSE, LATEST) = range(8)
(PREFIX_D, PREFIX_E, PREFIX_L, SUFFIX_D, SUFFIX_E, PAUSE, TRIP, DEPART) = range(8, 16)
(ORDER, KIND, MATE, WINDOW, WINDOWS, HUB, FIXED, DONE_START, DONE_END, RELEASE, ENDS_AT) = range(16, 27)
NODE_WIDTH = 27
# kinds of nodes
(FROM, TO, BRING, COLLECT, START, END, RELOAD) = range(7)

# columns of State.route
(TYPE, COUNT, DISTANCE, DURATION, IDLE, STOPS, TRIPS, LAST_FIXED, SAVED_AT, NEAR, BARRED, ACTIVE_AT, HELD) = range(13)
ROUTE_WIDTH = 13

# columns of State.kind (vehicle types)
(PROFILE, BEGIN, FINISH, SHIFT_OPEN, SHIFT_CLOSE, DURATION_MAX, DISTANCE_MAX, STOPS_MAX, OVERTIME_AFTER) = range(9)
(LIMIT, BASE, RELOADS, RELOAD_S, RELOADS_MAX, BREAK, BREAKS, LEFT, CLOSED, TIMED, USED, USE_MIN) = range(9, 21)
(USED_BASE, HELD_SLOT, BARRED_TYPE, HAS_HOLD) = range(21, 25)
KIND_WIDTH = 25
# columns of State.price (vehicle types)
(P_FIXED, P_KM, P_HOUR, P_STOP, P_TRIP, P_OVERTIME, P_UNUSED, P_METRE, P_SECOND, P_LATE_SECOND) = range(10)
PRICE_WIDTH = 10

# columns of State.order
(FIRST, SECOND, O_RELEASE, BOUND, STATE, ABSENT_AT, MISSED, MANDATORY, TRIED, SIZE, REACH, SPAN, SOON, LATE) = range(14)
ORDER_WIDTH = 14
(ABSENT, SERVED, SETTLED) = range(3)

# rows of State.load for a node
(LOAD, PEAK, REST, TAKEN, GIVEN, LOADED) = range(6)
LOAD_ROWS = 6

# columns of State.flag
(ORDERS, VISITS, SLOTS, NODES, DIMENSIONS, TYPES, WORDS, LIST, ADJACENT) = range(9)
(MANY_WINDOWS, COLLECTIONS, RELOADING, FILTER, CHANGES, ACTIVE, ABSENTS, FREE_SLOTS, FREE_RELOADS) = range(9, 18)
(ROUND, TOUCHED, JOURNAL, BLINK, KNOWN, ROUTES_MAX, BEST_ROUTES, BEST_LENGTH, HARVESTED) = range(18, 27)
(MODE, ITERATION, PLAN_TERMS, IMPROVED, BEST_MISSING, MISSING, CANDIDATES, CHOSEN_I, CHOSEN_J, CHOSEN_HOW) = range(
    27, 37
)
(CHOSEN_PLACE, CHOSEN_ROUTE, CHOSEN_OPEN, CHOSEN_CLOSE, OPENED, FLOW, WRONG, ABSENT_SAVED) = range(37, 45)
(HARVEST_AT, MISSES, PAUSING, ASK, HALT, PURPOSE, HOPE, HOPED, REFUSALS, BY_COST) = range(45, 55)
FLAG_WIDTH = 56

# columns of State.money
(TOTAL, BEST_TOTAL, LONGEST_HOUR, LONGEST_NOW, HEAT, COOLING, ROUTES_TOTAL, SPARE, ALLOWED) = range(9)
MONEY_WIDTH = 12
