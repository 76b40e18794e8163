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


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that others call in their inmost loops: it becomes part of them."""
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)
    return compiled
