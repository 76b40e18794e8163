"""The outermost door: what holds for every request before anything knows which operation it asks for."""

from typing import Any

from litestar import Litestar, Request
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from cluster.base.errors import Packed
from cluster.base.http import SECURE_HEADERS, problem
from cluster.base.methods import allowed


class Edge:
    """
    Answers OPTIONS, answers HEAD as GET without its body, and refuses packed bodies.

    A body that is packed (``Content-Encoding``) could unfold to any size; there is no need for it here.
    """

    def __init__(self, app: Litestar, inner: ASGIApp) -> None:
        self._app = app
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what it does not answer itself."""
        if scope["type"] == ScopeType.HTTP:
            await self._http(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _http(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        packed = [value for name, value in scope["headers"] if name == b"content-encoding"]
        if any(value.strip().lower() not in {b"", b"identity"} for value in packed):
            request = Request[Any, Any, Any](scope)
            answer = problem(request, Packed("Send the body as it is, without Content-Encoding."))
            await answer.to_asgi_response(app=None, request=request)(scope, receive, send)
        elif scope["method"] == "OPTIONS" and (methods := allowed(self._app, scope["path"])):
            await _say_methods(methods, send)
        elif scope["method"] == "HEAD":
            scope["method"] = HttpMethod.GET
            head = _Head(receive, send)
            await self._inner(scope, head.receive, head.send)
        else:
            await self._inner(scope, receive, send)


async def _say_methods(methods: str, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in SECURE_HEADERS.items()]
    headers += [(b"allow", methods.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Head:
    """A connection that wants no body: once the headers are out, it looks closed, so that streams end at once."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._over = False

    async def receive(self) -> Any:
        """What comes in; after the headers are out, that the asker has gone."""
        return {"type": "http.disconnect"} if self._over else await self._receive()

    async def send(self, message: Message) -> None:
        """Lets the headers out, and nothing behind them."""
        if message["type"] == "http.response.start":
            await self._send(message)
        elif not self._over:
            self._over = True
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
