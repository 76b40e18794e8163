"""
All faults of a request at once.

``msgspec`` stops at the first. Only when it has refused a body is the body walked here, field by field, so that the
good case costs nothing. What types cannot say (a window that closes before it opens) stands in a struct's ``faults``
method.
"""

import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any, Protocol, runtime_checkable

import msgspec
from msgspec import Struct

from cluster.base.errors import FieldFault, Invalid, Malformed

FAULTS_MAX = 1000
NESTING_MAX = 50
SECRET_ENDS = ("password", "token", "secret", "totp", "recovery_code", "_key")
"""How fields are called whose value is said by no refusal: clients keep refusals in logs."""


@runtime_checkable
class Judged(Protocol):
    """A struct that knows rules beyond its types."""

    def faults(self) -> Iterator[FieldFault]:
        """What breaks those rules; pointers relative to the struct."""
        ...


def judge(value: object) -> None:
    """
    Checks the rules of a decoded body, and of everything in it.

    Raises
    ------
    Invalid
        With every fault found.
    """
    faults = list(_judged(value, ""))
    if faults:
        raise Invalid(faults[:FAULTS_MAX])


def explain(raw: bytes, kind: Any) -> Malformed | Invalid:
    """Why a body could not be decoded as ``kind``: not JSON at all, or every field that does not fit."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Malformed(f"The body is not valid JSON: {error}.")
    except RecursionError:
        return Malformed(f"The body is nested more than {NESTING_MAX} levels deep.")
    faults = list(_misfits(value, kind, "", 0))
    if not faults:
        faults = [FieldFault(pointer="", code="invalid", cause="does not fit", cure="see the API reference")]
    return Invalid(faults[:FAULTS_MAX])


def _misfits(value: Any, kind: Any, pointer: str, depth: int) -> Iterator[FieldFault]:
    """Every place where builtin data does not fit a type, and every broken rule where it does."""
    kind = _bare(kind, value)
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield from _struct_misfits(value, kind, pointer, depth)
        return
    inner, *limits = typing.get_args(kind) if typing.get_origin(kind) is Annotated else (kind,)
    if typing.get_origin(inner) in (list, tuple) and isinstance(value, list):
        if limits:
            yield from _leaf_misfits(value, Annotated[list[Any], *limits], pointer)
        item = typing.get_args(inner)[0]
        for index, entry in enumerate(value):
            yield from _misfits(entry, item, f"{pointer}/{index}", depth + 1)
        return
    yield from _leaf_misfits(value, kind, pointer)


def _struct_misfits(value: Any, kind: type[Struct], pointer: str, depth: int) -> Iterator[FieldFault]:
    if not isinstance(value, dict):
        yield FieldFault(pointer=pointer, code="wrong_type", cause="not an object", cure="send a JSON object")
        return
    count = 0
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value.keys() - fields.keys():
        count += 1
        cure = f"leave it out; known are {', '.join(sorted(fields))}"
        place = f"{pointer}/{_escaped(name)}"
        yield FieldFault(pointer=place, code="unknown_field", cause="not a field here", cure=cure)
    for name, field in fields.items():
        if name in value:
            for fault in _misfits(value[name], hints[field.name], f"{pointer}/{name}", depth + 1):
                count += 1
                yield fault
        elif field.required:
            count += 1
            yield FieldFault(pointer=f"{pointer}/{name}", code="missing", cause="missing", cure="add it")
    if not count and isinstance(fitting := msgspec.convert(value, kind), Judged):
        for fault in fitting.faults():
            yield msgspec.structs.replace(fault, pointer=pointer + fault.pointer)


def _escaped(name: str) -> str:
    """A client's own name within a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _leaf_misfits(value: Any, kind: Any, pointer: str) -> Iterator[FieldFault]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        cause = str(error).partition(" - at `")[0]
        code = "wrong_type" if ", got " in cause else "out_of_range"
        shown = "does not fit" if pointer.endswith(SECRET_ENDS) else f"is {_short(value)}"
        yield FieldFault(pointer=pointer, code=code, cause=f"{shown}: {cause}", cure=cause)


def _bare(kind: Any, value: Any) -> Any:
    """``X | None``, with or without ``UnsetType``, as the one that the value means."""
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        absent = (type(None), msgspec.UnsetType)
        options = [option for option in typing.get_args(kind) if option not in absent]
        if value is not None and len(options) == 1:
            return options[0]
    return kind


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 40 else text[:37] + "..."


def _judged(value: object, pointer: str) -> Iterator[FieldFault]:
    if isinstance(value, Struct):
        if isinstance(value, Judged):
            for fault in value.faults():
                yield msgspec.structs.replace(fault, pointer=pointer + fault.pointer)
        # Not msgspec.structs.fields: it works out types anew each time, which took most of a booking's checks.
        for name, shown in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            inner = getattr(value, name)
            if isinstance(inner, (Struct, list, tuple)):
                yield from _judged(inner, f"{pointer}/{shown}")
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            if isinstance(entry, (Struct, list, tuple)):
                yield from _judged(entry, f"{pointer}/{index}")
