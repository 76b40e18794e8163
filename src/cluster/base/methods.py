"""Which methods a path has."""

from collections import defaultdict

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute


def allowed(app: Litestar, path: str) -> str:
    """
    The methods of a path, as the header ``Allow`` lists them (RFC 9110, section 10.2.1).

    Several controllers may serve one path, so the framework's own answer knows a part of them only. What can be looked
    up can also be asked about with HEAD. Empty for a path that leads nowhere.
    """
    try:
        *_, template = app.asgi_router.handle_routing(path=path.rstrip("/") or "/", method="OPTIONS")
    except HTTPException:
        return ""
    methods = methods_of(app).get(template, frozenset())
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def methods_of(app: Litestar) -> dict[str, frozenset[str]]:
    """The methods of every path; worked out once an application."""
    if "methods" not in app.state:
        found: dict[str, set[str]] = defaultdict(set)
        for route in app.routes:
            if isinstance(route, HTTPRoute):
                found[route.path_format or "/"] |= set(route.methods)
        app.state.methods = {path: frozenset(methods) for path, methods in found.items()}
    known: dict[str, frozenset[str]] = app.state.methods
    return known
