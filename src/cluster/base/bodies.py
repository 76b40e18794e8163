"""What a JSON body must be before anything of it is believed."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from cluster.base.errors import FieldFault, Invalid

FAULTS_MAX = 1000


class _Twice(dict[str, Any]):
    """An object with a name that stands in it twice."""

    names: frozenset[str] = frozenset()


def refuse_duplicate_keys(raw: bytes) -> None:
    """
    Refuses objects in which a name stands twice.

    Readers differ in which of the two they take (RFC 8259, section 4): one program checks what another does not do. A
    body that is no JSON passes; whoever decodes it says why it cannot be read.

    Raises
    ------
    Invalid
        With every such name.
    """
    found: list[_Twice] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole = dict(pairs)
        if len(whole) == len(pairs):
            return whole
        twice = _Twice(whole)
        counts = Counter(name for name, _ in pairs)
        twice.names = frozenset(name for name, count in counts.items() if count > 1)
        found.append(twice)
        return twice

    try:
        body = json.loads(raw, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return
    if found:
        raise Invalid(list(islice(_faults(body, ""), FAULTS_MAX)))


def _faults(value: Any, pointer: str) -> Iterator[FieldFault]:
    if isinstance(value, _Twice):
        for name in sorted(value.names):
            place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            yield FieldFault(
                pointer=place, code="duplicate_key", cause="stands twice in one object", cure="send it once"
            )
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _faults(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _faults(inner, f"{pointer}/{index}")
