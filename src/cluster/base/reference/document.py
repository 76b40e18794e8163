"""
What the framework cannot know of the API, added to its OpenAPI document.

Who may call an operation, the header that browsers owe, headers of answers, and examples: recorded from real exchanges
by ``python -m tests.recording``.
"""

import inspect
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from cluster.base.auth import For, ForPeople
from cluster.base.browser import CSRF_HEADER, SAFE_METHODS

BODY_REFUSALS = ("413", "415")
OTHER_MEDIA_TYPES = "other_media_types"
"""Handler option: what else its answer may be, beside the media type that the framework knows of."""
CSRF = {
    "type": "apiKey",
    "in": "header",
    "name": CSRF_HEADER,
    "description": "The `csrf_token` of `GET /v1/session`; with a session, for whatever is not a GET. Keys need none.",
}
HEADERS: dict[str, Any] = {
    "ETag": "The version, for `If-Match` of an edit.",
    "Location": "Where the thing is from now on.",
    "Idempotent-Replayed": "`true` when the same request was answered before, with this answer.",
    "Retry-After": "After so many seconds the same request may succeed.",
    "WWW-Authenticate": "How to sign in.",
}
SENTENCE = re.compile(r"(?<=[.;:]) ")
WORDS = {"200": "Done", "201": "Created", "202": "Taken on; a worker does it", "204": "Done, nothing to say"}
Json = dict[str, Any]


def document(app: Litestar) -> Json:
    """The OpenAPI document as it is served; worked out once an application."""
    if "document" not in app.state:
        found: Json = json.loads(msgspec.json.encode(app.openapi_schema.to_schema()))
        found["components"]["securitySchemes"]["csrf"] = CSRF
        found["components"]["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in HEADERS.items()
        }
        handlers = handlers_of(app)
        edited = {
            path for path, entry in found["paths"].items() if any(_takes(one, "If-Match") for one in entry.values())
        }
        for path, method, operation in operations(found):
            _complete(operation, method, handlers[operation["operationId"]], editable=path in edited)
        for schema in found["components"]["schemas"].values():
            _any_number(schema)
            if "description" in schema:
                schema["description"] = inspect.cleandoc(schema["description"])
        app.state.document = found
    known: Json = app.state.document
    return known


def operations(found: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and operation of all."""
    for path, entry in found["paths"].items():
        for method, operation in entry.items():
            yield path, method.upper(), operation


def handlers_of(app: Litestar) -> dict[str, HTTPRouteHandler]:
    """Handlers by the name of their operation."""
    routes = (route for route in app.routes if isinstance(route, HTTPRoute))
    return {str(handler.operation_id): handler for route in routes for handler in route.route_handlers}


def guards_of(handler: HTTPRouteHandler) -> list[For]:
    """Guards that ask for a role; the framework's own list has them wrapped."""
    layers = [layer.guards or () for layer in handler.ownership_layers]
    return [guard for layer in layers for guard in layer if isinstance(guard, For)]


def roles_of(handler: HTTPRouteHandler) -> list[str] | None:
    """Which roles may call it; None where nobody has to sign in, or everybody may."""
    found = guards_of(handler)
    return sorted(role.value for role in frozenset.intersection(*(guard.roles for guard in found))) if found else None


@lru_cache(maxsize=1)
def examples() -> Json:
    """One exchange of each operation that has been recorded."""
    source = files(__package__).joinpath("examples.json")
    known: Json = json.loads(source.read_text("utf-8")) if source.is_file() else {}
    return known


def _takes(operation: Json, header: str) -> bool:
    return any(entry["name"] == header for entry in operation.get("parameters", []))


def _complete(operation: Json, method: str, handler: HTTPRouteHandler, *, editable: bool) -> None:
    text = inspect.cleandoc(operation.get("description", ""))
    operation["summary"] = SENTENCE.split(text.partition("\n\n")[0].replace("\n", " "), maxsplit=1)[0].rstrip(".;:")
    roles = roles_of(handler)
    if roles is not None:
        people = any(isinstance(guard, ForPeople) for guard in guards_of(handler))
        text += f"\n\nFor: {', '.join(roles)}.{' People alone, not keys.' if people else ''}"
        operation["x-roles"] = roles
    operation["description"] = text
    if method not in SAFE_METHODS:
        keys = operation.get("security", [{"api_key": []}, {"session": []}])
        operation["security"] = [one | {"csrf": []} if "session" in one else one for one in keys]
    if "requestBody" not in operation:
        for status in BODY_REFUSALS:
            operation["responses"].pop(status, None)
    for media_type in handler.opt.get(OTHER_MEDIA_TYPES, ()):
        content = operation["responses"]["200"]["content"]
        content.setdefault(media_type, next(iter(content.values())))
    operation["responses"].get("204", {}).pop("content", None)
    for status, response in operation["responses"].items():
        response["description"] = WORDS.get(status, response["description"])
        names = list(_headers(status, operation, editable=editable))
        if names:
            headers = response.setdefault("headers", {})
            headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in names if name not in headers}
    _show(operation)


def _any_number(schema: Any) -> None:
    """A whole number is also a number: where both may be, one of them fits and not just one."""
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _any_number(inner)
    ways = schema.get("oneOf", ()) if isinstance(schema, dict) else ()
    if {"type": "number"} in ways and {"type": "integer"} in ways:
        schema["anyOf"] = schema.pop("oneOf")


def _headers(status: str, operation: Json, *, editable: bool) -> Iterator[str]:
    if status in {"429", "503"}:
        yield "Retry-After"
    if status == "401":
        yield "WWW-Authenticate"
    if status in {"200", "201", "202"}:
        if editable:
            yield "ETag"
        if _takes(operation, "Idempotency-Key"):
            yield from ("Idempotent-Replayed", "Location")


def _show(operation: Json) -> None:
    """Puts the recorded exchange to its operation."""
    found = examples().get(operation["operationId"])
    if found is None:
        return
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and found["request"] is not None:
        body["examples"] = {"recorded": {"value": found["request"]}}
    answer = operation["responses"].get(str(found["status"]), {}).get("content", {}).get("application/json")
    if answer is not None and found["response"] is not None:
        answer["examples"] = {"recorded": {"value": found["response"]}}
