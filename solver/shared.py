"""
Large read-only arrays that child processes see without a copy of their own.

On Linux such an array lies in anonymous memory (``memfd_create``) from its birth. Child processes map the same memory
by way of the parent's entry in ``/proc``: nothing is copied, nothing lies in a folder, and the system frees it when the
last process that uses it is gone, however that process ended. Where the system has no such memory the arrays are
plain ones, and children get copies.
"""

import mmap
import os
import pickle
from collections.abc import Sequence
from io import BytesIO
from itertools import count
from typing import Any
from weakref import WeakValueDictionary, finalize

import numpy as np
from numpy.typing import DTypeLike, NDArray

LEAST_BYTES = 1 << 22
"""Smaller arrays are cheaper to copy than to map."""

_serials = count()
_mapped: "WeakValueDictionary[tuple[int, int], _Block]" = WeakValueDictionary()


class _Block(mmap.mmap):
    """Memory with a name: ``(process, serial, descriptor)`` of who made it."""

    name: tuple[int, int, int]


def empty(shape: Sequence[int], dtype: DTypeLike) -> NDArray[Any]:
    """
    An array to be filled, C-ordered, that children can map if it is large.

    Parameters
    ----------
    shape, dtype
        As for ``numpy.empty``.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < LEAST_BYTES or not hasattr(os, "memfd_create"):
        return np.empty(shape, dtype)
    file = os.memfd_create("solver")
    os.ftruncate(file, size)
    block = _Block(file, size)
    block.name = os.getpid(), next(_serials), file
    finalize(block, os.close, file)
    return np.ndarray(shape, dtype, buffer=block)


def dumps(value: Any) -> bytes:
    """
    Pickle for a child process of this one, alive while this process keeps the value.

    Arrays of ``empty`` travel as references, everything else by value.
    """
    out = BytesIO()
    _Pickler(out, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def loads(data: bytes) -> Any:
    """
    What ``dumps`` of the parent process pickled; arrays that it only refers to are read-only.

    Raises
    ------
    OSError
        When the parent, or its arrays, are gone.
    """
    return _Unpickler(BytesIO(data)).load()


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: Any) -> Any:
        """Where a shared array lies; None for everything else."""
        if not isinstance(obj, np.ndarray) or not obj.flags.c_contiguous:
            return None
        base: Any = obj
        while isinstance(base, np.ndarray):
            base = base.base
        if not isinstance(base, _Block):
            return None
        whole = np.frombuffer(base, dtype=np.uint8)
        return base.name, obj.ctypes.data - whole.ctypes.data, obj.shape, obj.dtype.str


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> NDArray[Any]:
        """A view of the memory that the reference names."""
        name, offset, shape, dtype = pid
        return np.ndarray(shape, np.dtype(dtype), buffer=_mapping(name), offset=offset)


def _mapping(name: tuple[int, int, int]) -> _Block:
    """The block of that name, mapped once a process."""
    process, serial, descriptor = name
    known = _mapped.get((process, serial))
    if known is not None:
        return known
    file = os.open(f"/proc/{process}/fd/{descriptor}", os.O_RDONLY)
    try:
        block = _Block(file, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(file)
    block.name = name
    _mapped[process, serial] = block
    return block
