"""
The search's memory: arrays that compiled code reaches through one address.

A named tuple of as many arrays would be passed as hundreds of machine words in every call, and be compiled into every
function: it took 85 s to compile instead of a few.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array
from numpy.typing import NDArray

P = ParamSpec("P")
T = TypeVar("T")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RANK_MAX = 4
"""Most dimensions of an array of ``State``."""
FIELDS: dict[str, Any] = {
    "way": types.Array(types.int32, 4, "C"),
    "node": types.Array(types.int64, 2, "C"),
    "route": types.Array(types.int64, 2, "C"),
    "kind": types.Array(types.int64, 2, "C"),
    "price": types.Array(types.float64, 2, "C"),
    "order": types.Array(types.int64, 2, "C"),
    "flag": types.Array(types.int64, 1, "C"),
    "money": types.Array(types.float64, 1, "C"),
    "load": types.Array(types.int64, 3, "C"),
    "capacity": types.Array(types.int64, 2, "C"),
    "amount": types.Array(types.int64, 2, "C"),
    "window": types.Array(types.int64, 2, "C"),
    "reload_window": types.Array(types.int64, 2, "C"),
    "pause": types.Array(types.int64, 2, "C"),
    "reload": types.Array(types.int64, 2, "C"),
    "suits": types.Array(types.uint8, 2, "C"),
    "change": types.Array(types.float64, 2, "C"),
    "outside": types.Array(types.float64, 1, "C"),
    "group": types.Array(types.int64, 2, "C"),
    "clash": types.Array(types.int64, 2, "C"),
    "route_group": types.Array(types.int64, 2, "C"),
    "near": types.Array(types.int32, 2, "C"),
    "adjacent": types.Array(types.int32, 2, "C"),
    "alone": types.Array(types.float64, 2, "C"),
    "alone_type": types.Array(types.int64, 2, "C"),
    "cost": types.Array(types.float64, 1, "C"),
    "active": types.Array(types.int64, 1, "C"),
    "absent": types.Array(types.int64, 1, "C"),
    "absent_saved": types.Array(types.int64, 1, "C"),
    "free_slot": types.Array(types.int64, 1, "C"),
    "free_reload": types.Array(types.int64, 1, "C"),
    "touched": types.Array(types.int64, 1, "C"),
    "journal": types.Array(types.int64, 1, "C"),
    "best": types.Array(types.int64, 1, "C"),
    "harvest": types.Array(types.int64, 1, "C"),
    "known": types.Array(types.uint64, 1, "C"),
    "asked": types.Array(types.int64, 1, "C"),
    "refused": types.Array(types.int64, 2, "C"),
    "seen": types.Array(types.uint64, 1, "C"),
    "random": types.Array(types.uint64, 1, "C"),
    "carry": types.Array(types.int64, 1, "C"),
    "scratch": types.Array(types.float64, 1, "C"),
    "candidate": types.Array(types.int64, 1, "C"),
    "rank": types.Array(types.float64, 1, "C"),
}
"""Type of each array of ``State``, in the order of its address table."""


@dataclass(frozen=True)
class State:
    """
    All that the compiled search reads and writes.

    Attributes
    ----------
    way
        int32, shape (profiles, places + 1, places + 1, 2): metres and seconds; the last place is an open end.
    node, route, kind, price, order, flag, money
        Columns as named in this module.
    load
        int64, shape (nodes, LOAD_ROWS, dimensions).
    capacity, amount
        int64, shape (types, dimensions) and (orders, dimensions).
    window
        int64, shape (windows, 2), rows of a visit behind one another; ``place_window`` those of each reload place.
    pause
        int64, shape (breaks, 3): begin of window, end of window, duration.
    reload
        int64, shape (types, most reload places): places; ``reload_window`` shape (places, 2): first row and number.
    suits, change, outside
        By (type, order) whether it may, and the price of a change; by order the price of leaving it out.
    group, clash, route_group
        int64 words of bits, shape (orders, words), (orders, words), (slots, words).
    near, adjacent
        int32, by visit: other visits that are good neighbours in a route; visits by distance. -1 ends a row.
    alone, alone_type
        By order and rank: price of a route of its own, and its type, cheapest first.
    cost
        float64 by slot.
    known, asked
        Table of hashes of routes whose goods were asked about, the last two bits of each the answer; the route asked
        about.
    refused
        int64, shape (most, 4): places for the order being inserted where its goods cannot be stowed, as chosen.
    """

    way: NDArray[np.int32]
    node: Ints
    route: Ints
    kind: Ints
    price: Floats
    order: Ints
    flag: Ints
    money: Floats
    load: Ints
    capacity: Ints
    amount: Ints
    window: Ints
    reload_window: Ints
    pause: Ints
    reload: Ints
    suits: NDArray[np.uint8]
    change: Floats
    outside: Floats
    group: Ints
    clash: Ints
    route_group: Ints
    near: NDArray[np.int32]
    adjacent: NDArray[np.int32]
    alone: Floats
    alone_type: Ints
    cost: Floats
    active: Ints
    absent: Ints
    absent_saved: Ints
    free_slot: Ints
    free_reload: Ints
    touched: Ints
    journal: Ints
    best: Ints
    harvest: Ints
    known: NDArray[np.uint64]
    asked: Ints
    refused: Ints
    seen: NDArray[np.uint64]
    random: NDArray[np.uint64]
    carry: Ints
    scratch: Floats
    candidate: Ints
    rank: Floats

    def __post_init__(self) -> None:
        """Write where the arrays lie: compiled code gets the address of this table alone."""
        rows = []
        for array in (getattr(self, name) for name in FIELDS):
            assert array.flags.c_contiguous
            rows.append([array.ctypes.data, *array.shape, *[1] * (RANK_MAX - array.ndim)])
        table = np.array(rows, dtype=np.int64)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "address", table.ctypes.data)


class StateType(types.Type):
    """``State`` in compiled code: the address of its table."""

    def __init__(self) -> None:
        super().__init__(name="RichState")


STATE = StateType()


def _typeof(value: State, context: object) -> StateType:
    return STATE


@register_model(StateType)
class _StateModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.IntType(64))


@infer_getattr
class _StateAttributes(AttributeTemplate):  # type: ignore[misc]
    key = StateType

    def generic_resolve(self, kind: StateType, name: str) -> Any:
        """Type of one of the arrays."""
        return FIELDS.get(name)


def _lower(context: Any, builder: Any, kind: StateType, value: Any, name: str) -> Any:
    """Put an array together from its row of the table."""
    row = list(FIELDS).index(name) * (1 + RANK_MAX)
    array_type = FIELDS[name]
    word = ir.IntType(64)
    table = builder.inttoptr(value, word.as_pointer())

    def entry(index: int) -> Any:
        return builder.load(cgutils.gep_inbounds(builder, table, row + index))

    array = make_array(array_type)(context, builder)
    item = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    shape = [entry(1 + axis) for axis in range(array_type.ndim)]
    strides = [ir.Constant(word, item)]
    for extent in reversed(shape[1:]):
        strides.insert(0, builder.mul(extent, strides[0]))
    data = builder.inttoptr(entry(0), context.get_data_type(array_type.dtype).as_pointer())
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=ir.Constant(word, item), meminfo=None)
    return array._getvalue()


def _unbox(kind: StateType, value: Any, context: Any) -> NativeValue:
    """The address of a ``State``'s table."""
    table = context.pyapi.object_getattr_string(value, "address")
    address = context.pyapi.long_as_longlong(table)
    context.pyapi.decref(table)
    return NativeValue(address)


typeof_impl.register(State)(_typeof)
lower_getattr_generic(StateType)(_lower)
unbox(StateType)(_unbox)


def jit(function: Callable[P, T]) -> Callable[P, T]:
    """
    Compile for use within ``solver.routing.rich.run``, where all is put together and cached.

    Without reference counts, for nothing here is allocated.
    """
    compiled: Any = numba.njit(nogil=True, _nrt=False, error_model="numpy")(function)
    wrapped: Callable[P, T] = compiled
    return wrapped
