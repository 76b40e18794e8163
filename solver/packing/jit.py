"""Compiled functions: typed for mypy, cached on disk, free of the interpreter's lock."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with numba; it runs without the interpreter's lock."""
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def leaf(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that neither makes nor returns arrays: who else holds those it reads is not counted."""
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return compiled
