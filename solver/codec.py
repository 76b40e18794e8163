"""JSON in and out: what is asked, what is answered, and the schemas of both."""

from collections.abc import Callable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from solver.faults import Fault, ProblemError
from solver.loads import Fit, Load, Packing, PackProblem
from solver.matrix import Matrix, decode_matrix, encode_matrix, matrix_schema
from solver.plan import Plan, Result
from solver.problem import Problem
from solver.spaces import Allocation, SpaceProblem

T = TypeVar("T")

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def problem_from_json(raw: bytes) -> Problem:
    """
    A problem from JSON.

    Raises
    ------
    ProblemError
        With every fault: malformed JSON alone; else every value of a wrong type, every unknown or missing field; and
        where there are none of these, everything that ``solver.validate`` finds.
    """
    return value_from_json(raw, Problem)


def plan_from_json(raw: bytes) -> Plan:
    """A plan from JSON; whether it is true to a problem is for ``solver.check``. Raises ProblemError."""
    return value_from_json(raw, Plan)


def result_from_json(raw: bytes) -> Result:
    """A result from JSON. Raises ProblemError."""
    return value_from_json(raw, Result)


def problem_to_json(problem: Problem, indent: int = 0) -> bytes:
    """A problem as JSON, on one line or with ``indent`` spaces a level."""
    return _to_json(problem, indent)


def plan_to_json(plan: Plan, indent: int = 0) -> bytes:
    """A plan as JSON, on one line or with ``indent`` spaces a level."""
    return _to_json(plan, indent)


def result_to_json(result: Result, indent: int = 0) -> bytes:
    """A result as JSON, on one line or with ``indent`` spaces a level."""
    return _to_json(result, indent)


Kind = Literal["problem", "plan", "pack", "packing", "load", "fit", "space", "allocation"]
KINDS: dict[Kind, type[msgspec.Struct]] = {
    "problem": Problem,
    "plan": Plan,
    "pack": PackProblem,
    "packing": Packing,
    "load": Load,
    "fit": Fit,
    "space": SpaceProblem,
    "allocation": Allocation,
}
"""What there are schemas of: the questions of routing, loading and shared space, and their answers."""


def schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a question or an answer."""
    return {"$schema": JSON_SCHEMA, **msgspec.json.schema(KINDS[kind], schema_hook=matrix_schema)}


def _to_json(value: Any, indent: int) -> bytes:
    raw = msgspec.json.encode(value, enc_hook=encode_matrix)
    return msgspec.json.format(raw, indent=indent) if indent else raw


def value_from_json(raw: bytes, kind: type[T]) -> T:
    """A value of any struct from JSON, every fault of its form at once. Raises ProblemError."""
    try:
        value = msgspec.json.decode(raw)
    except (ValueError, RecursionError) as error:
        cause = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ProblemError([_malformed(cause)]) from None
    try:
        return msgspec.convert(value, kind, dec_hook=decode_matrix)
    except msgspec.ValidationError as error:
        faults = list(_type_faults(value, kind, ""))
        # What no single value explains is still said, in the decoder's words.
        raise ProblemError(faults or [_wrong_type("$", str(error))]) from None


def _malformed(cause: str) -> Fault:
    cure = "give one JSON document in UTF-8; NaN and Infinity are no JSON"
    return Fault(code="malformed_json", where="$", cause=cause, cure=cure)


def _wrong_type(where: str, cause: str) -> Fault:
    return Fault(code="type_wrong", where=where or "$", cause=cause, cure="give a value of the type in the schema")


def _type_faults(value: Any, kind: Any, where: str) -> Iterator[Fault]:
    """
    Every place inside a value where it departs from its type.

    The decoder stops at the first; so what it refuses is taken apart here, and each part tried by itself.
    """
    try:
        # Parts of a problem are tried, never a whole one: that would be validated before its types are right.
        if kind is not Problem:
            msgspec.convert(value, kind, dec_hook=decode_matrix)
            return
    except msgspec.ValidationError as error:
        cause = str(error).partition(" - at `")[0]
    else:
        cause = "Expected `object`"
    descend = _descent(value, kind)
    if descend is None:
        yield _matrix_fault(where, cause) if _plain(kind) is Matrix else _wrong_type(where, cause)
    else:
        yield from descend(value, _plain(kind), where)


Descent = Callable[[Any, Any, str], Iterator[Fault]]


def _descent(value: Any, kind: Any) -> Descent | None:
    """How to take a value apart; None where it has no parts, or none that could be to blame."""
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if isinstance(value, dict):
            return _fields
        return _items if isinstance(value, list) and kind.__struct_config__.array_like else None
    if get_origin(kind) is tuple and isinstance(value, list):
        return _elements
    return _entries if get_origin(kind) is dict and isinstance(value, dict) else None


def _plain(kind: Any) -> Any:
    """A type without its annotations and without ``| None``."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        rest = [part for part in get_args(kind) if part is not NoneType]
        return _plain(rest[0]) if len(rest) == 1 else kind
    return kind


def _matrix_fault(where: str, cause: str) -> Fault:
    cure = "give a square table: as many rows as places, each with as many whole numbers"
    return Fault(code="matrix_malformed", where=where, cause=cause, cure=cure)


def _fields(value: dict[str, Any], kind: Any, where: str) -> Iterator[Fault]:
    """An object: unknown fields, missing fields, and the faults of each field."""
    hints = get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    prefix = f"{where}." if where else ""
    for name in sorted(value.keys() - fields.keys()):
        cure = f"leave it out; the fields are {', '.join(sorted(fields))}"
        yield Fault(code="field_unknown", where=f"{prefix}{name}", cause=f"there is no field {name!r}", cure=cure)
    for name, field in fields.items():
        if name in value:
            yield from _type_faults(value[name], hints[field.name], f"{prefix}{name}")
        elif field.required:
            cause = f"the field {name!r} is missing"
            yield Fault(code="field_missing", where=f"{prefix}{name}", cause=cause, cure="give it")


def _items(value: list[Any], kind: Any, where: str) -> Iterator[Fault]:
    """A struct written as an array: its length, and the faults of each item."""
    fields = msgspec.structs.fields(kind)
    if len(value) != len(fields):
        names = ", ".join(field.name for field in fields)
        yield _wrong_type(where, f"it has {len(value)} items, not {len(fields)} ({names})")
        return
    hints = get_type_hints(kind, include_extras=True)
    for number, (item, field) in enumerate(zip(value, fields, strict=True)):
        yield from _type_faults(item, hints[field.name], f"{where}[{number}]")


def _elements(value: list[Any], kind: Any, where: str) -> Iterator[Fault]:
    """An array: the faults of each element."""
    for number, element in enumerate(value):
        yield from _type_faults(element, get_args(kind)[0], f"{where}[{number}]")


def _entries(value: dict[str, Any], kind: Any, where: str) -> Iterator[Fault]:
    """An object with free names: the faults of each entry."""
    for name, entry in value.items():
        yield from _type_faults(entry, get_args(kind)[1], f"{where}.{name}")
