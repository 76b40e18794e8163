"""Every operation of the API as its own document and its own guards tell it: what isolation is tested on."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from cluster.app import build
from cluster.base.auth import For
from cluster.base.settings import Settings
from tests.cluster.side_by_side import SECRET_KEY

NAMES_SOMETHING = re.compile(r"(^|_)id$|_ids$")
"""Names of parameters and fields whose value is an identifier of a thing."""
NO_THINGS = {
    "tax_id": "a firm's number at its tax office",
    "id": "an axle within the body itself",
    "shop_id": "a shop at a carrier's system",
    "from_district_id": "a district at a carrier's system",
    "to_district_id": "a district at a carrier's system",
    "external_id": "an order at a carrier's system",
}
"""Fields with such a name that name nothing of ours."""


class Operation(NamedTuple):
    """One operation; ``roles`` is None where no guard stands before it."""

    name: str
    roles: frozenset[str] | None
    open: bool
    personal: bool
    query: tuple[str, ...]
    fields: tuple[str, ...]
    headers: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where it is, with ``{}`` for what it names."""
        return self.name.partition(" ")[2]

    @property
    def names_things(self) -> bool:
        """Whether its path holds an identifier."""
        return bool(re.search(r"_id\}", self.name))

    @property
    def short(self) -> str:
        """Its name without those of parameters."""
        return re.sub("{[^}]*}", "{}", self.name)


@cache
def operations() -> tuple[Operation, ...]:
    """All operations."""
    settings = Settings(data_dir=Path("/nonexistent"), database_url="postgresql://nowhere", secret_key=SECRET_KEY)
    app = build(settings)
    document: dict[str, Any] = app.openapi_schema.to_schema()
    guards = dict(_guards(app))
    found = []
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            name = f"{method.upper()} {path}"
            parameters = described.get("parameters", [])
            fields = {
                field
                for content in described.get("requestBody", {}).get("content", {}).values()
                for field in _fields(document, content["schema"], "", ())
            }
            found.append(
                Operation(
                    name,
                    guards.get(name),
                    described.get("security") == [{}],
                    all("session" in way for way in described.get("security", [{}])),
                    tuple(entry["name"] for entry in parameters if entry["in"] == "query"),
                    tuple(sorted(fields)),
                    tuple(entry["name"] for entry in parameters if entry["in"] == "header"),
                )
            )
    return tuple(found)


def _guards(app: Any) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Who may call which operation, from the guards themselves."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                asked = [getattr(guard, "func", guard) for guard in handler.resolve_guards()]
                roles = [guard.roles for guard in asked if isinstance(guard, For)]
                for method in handler.http_methods:
                    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
                    yield f"{method} {path}", frozenset(roles[0]) if roles else None


def _fields(document: Any, schema: Any, where: str, above: tuple[int, ...]) -> Iterator[str]:
    """Places in a body that hold identifiers, such as ``delivery.site_id``."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if id(schema) in above:
        return
    above = (*above, id(schema))
    for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _fields(document, part, where, above)
    if "items" in schema:
        yield from _fields(document, schema["items"], f"{where}[]", above)
    for name, inner in schema.get("properties", {}).items():
        place = f"{where}.{name}".removeprefix(".")
        if NAMES_SOMETHING.search(name) and name not in NO_THINGS:
            yield place
        yield from _fields(document, inner, place, above)
