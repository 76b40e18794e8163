"""HTTP of the API reference."""

from typing import Any

import msgspec
from litestar import Request, Router, get
from litestar.exceptions import NotFoundException
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.params import FromPath
from litestar.response import Response

from cluster.base.http import SECURE_HEADERS
from cluster.base.reference import page
from cluster.base.reference.document import Json, document


class Completed(JsonRenderPlugin):
    """The document with what the framework does not know."""

    def render(self, request: Request, _: Json) -> bytes:  # type: ignore[type-arg]
        """As JSON."""
        return msgspec.json.encode(document(request.app))


class Index(OpenAPIRenderPlugin):
    """All operations, as a page."""

    def render(self, request: Request, _: Json) -> bytes:  # type: ignore[type-arg]
        """As HTML."""
        return page.index(document(request.app)).encode()


@get("/operations/{name:str}", media_type="text/html")
async def reference_operation(request: Request[Any, Any, Any], name: FromPath[str]) -> str:
    """One operation, as a page."""
    found = page.one(document(request.app), name)
    if found is None:
        raise NotFoundException("There is no such operation.")
    return found


@get("/reference.css", media_type="text/css")
async def reference_style() -> str:
    """How the pages look."""
    return page.STYLE


async def _strict(response: Response[Any]) -> Response[Any]:
    response.headers["Content-Security-Policy"] = page.POLICY
    response.headers.update(SECURE_HEADERS)
    return response


PLUGINS = (Completed(path="/openapi.json"), Index(path="/"))


def pages() -> Router:
    """Where the reference is served: plain pages that need nothing from elsewhere."""
    handlers = [reference_operation, reference_style]
    return Router("/schema", route_handlers=handlers, include_in_schema=False, after_request=_strict)
