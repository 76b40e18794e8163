"""The edge: requests in, answers and problem details (RFC 9457) out. Nothing here knows the trade."""

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter
from msgspec import Struct

from cluster.base import idempotency, ids
from cluster.base.bodies import refuse_duplicate_keys
from cluster.base.browser import SignedIn
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import Busy, ClusterError, FieldFault, Invalid, Malformed, NotFound, NotJson, TooMany
from cluster.base.etags import etag
from cluster.base.languages import LANGUAGES, best_of
from cluster.base.methods import allowed
from cluster.base.titles import told
from cluster.base.validation import explain, judge

log = logging.getLogger("cluster.http")
PROBLEM_JSON = "application/problem+json"
JSON = "application/json"
SECURE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
DOCS = "https://cluster-logistics.example/problems/"

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name=idempotency.HEADER,
        min_length=1,
        max_length=idempotency.KEY_LENGTH_MAX,
        description="Unique to this creation, such as a UUID. Sent again, it gets the first answer again.",
    ),
]

Db: TypeAlias = NamedDependency[Database]
"""The connection pool, as handlers name it."""


class ApiRequest(Request[SignedIn | None, Scope, Any]):
    """A request whose body is decoded strictly, with every fault told at once."""

    async def json(self) -> Any:
        """
        The body as the handler's ``data`` parameter has it, its rules judged.

        Raises
        ------
        NotJson, Malformed or Invalid
            When it is not said to be JSON or is none, does not fit the type, or breaks a rule.
        """
        field = self.route_handler.parsed_fn_signature.parameters.get("data")
        if field is None:
            return await super().json()
        raw = await self.body()
        if raw and self.content_type[0].lower() != JSON:
            raise NotJson(f"Send the body with 'Content-Type: {JSON}'.")
        refuse_duplicate_keys(raw)
        try:
            body = msgspec.json.decode(raw, type=field.annotation)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise explain(raw, field.annotation) from None
        judge(body)
        return body


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457): why a request was refused, and every fault in it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[FieldFault] = []


class _Made(Struct, frozen=True):
    """What of an answer its headers repeat."""

    id: str | None = None
    version: Any = None


async def created(
    request: ApiRequest,
    database: Database,
    key: str,
    do: Callable[[Connection], Awaitable[object]],
    location: str | None = None,
    status: int = 201,
) -> Response[Any]:
    """
    Creates something once: one transaction with the idempotency row, the effect and the answer.

    ``Idempotent-Replayed`` says whether the answer was given before.
    """
    raw = await request.body()
    operation = f"{request.method} {request.url.path}"
    async with database.unit(request.auth) as db:
        answer = await idempotency.once(
            db,
            request.auth,
            key=key,
            operation=operation,
            request=raw,
            do=lambda: do(db),
            status=status,
        )
    headers = {"Idempotent-Replayed": "true" if answer.replayed else "false"}
    made = msgspec.json.decode(answer.body, type=_Made)
    if location is not None and made.id is not None:
        headers["Location"] = location.format(id=made.id)
    if isinstance(made.version, int):
        headers["ETag"] = etag(made.version)
    return Response(content=answer.body, status_code=answer.status, media_type="application/json", headers=headers)


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """For the API reference: which refusals an operation may answer, all of them problem details."""
    words = {400: "Unreadable", 401: "Not signed in", 403: "Not for this role", 404: "Not found",
             409: "Not possible now", 412: "Changed meanwhile", 413: "Body too large", 415: "Not JSON",
             422: "Faults in the request",
             428: "If-Match is missing", 429: "Limit of requests reached", 503: "Busy"}  # fmt: skip
    return {
        status: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            description=words[status],
            media_type="application/problem+json",
        )
        for status in statuses
    }


def problem(request: Request[Any, Any, Any], error: ClusterError) -> Response[bytes]:
    """A refusal as problem details, in the asker's language as far as there are words for it."""
    language = best_of(request.headers.get("Accept-Language"), LANGUAGES, "en")
    words = told(language, error.title, error.detail, error.errors)
    body = Problem(
        type=DOCS + error.code,
        title=words.title,
        status=error.status,
        code=error.code,
        detail=words.detail,
        request_id=ids.show("req", ids.new()),
        errors=list(error.errors),
    )
    headers = SECURE_HEADERS | {"Cache-Control": "no-store"}
    headers |= {"Content-Language": words.languages, "Vary": "Accept-Language"}
    if isinstance(error, Busy | TooMany):
        headers["Retry-After"] = str(error.retry_after_s)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if error.status >= 500:
        log.warning("%s %s: %s (%s)", request.method, _path(request), error.detail, body.request_id)
    return Response(msgspec.json.encode(body), status_code=error.status, media_type=PROBLEM_JSON, headers=headers)


def _path(request: Request[Any, Any, Any]) -> str:
    """The path as logs may hold it: without the token that opens something to whoever has it."""
    token = request.scope.get("path_params", {}).get("token")
    return request.url.path.replace(str(token), "...") if token else request.url.path


def on_refusal(request: Request[Any, Any, Any], error: ClusterError) -> Response[bytes]:
    """For expected refusals."""
    return problem(request, error)


def on_misfit(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """For parameters that do not fit their types, and bodies left out."""
    faults = [
        FieldFault(
            pointer=_parameter(entry),
            code="invalid_parameter",
            cause=str(entry.get("message", error.detail)),
            cure="see the API reference",
        )
        for entry in (error.extra if isinstance(error.extra, list) else [])
    ]
    return problem(request, Invalid(faults) if faults else Malformed(error.detail))


def _parameter(entry: dict[str, Any]) -> str:
    """Where a parameter stands, by the name that the client knows; the framework tells handlers' names of headers."""
    source, name = entry.get("source", "query"), str(entry.get("key", ""))
    where = str(getattr(source, "value", source))
    return f"#{where}/{name.replace('_', '-').title() if where == 'header' else name}"


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """For what the framework refuses: unknown path, method not allowed, body too large."""
    refusal = ClusterError(error.detail)
    refusal.status = error.status_code
    refusal.title = NotFound.title if error.status_code == 404 else error.detail
    refusal.code = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 400: "malformed_request"}.get(
        error.status_code, "http_error"
    )
    answer = problem(request, refusal)
    if error.status_code == 405:
        answer.headers["Allow"] = allowed(request.app, request.scope["path"])
    return answer


def on_database_refusal(request: Request[Any, Any, Any], error: asyncpg.PostgresError) -> Response[bytes]:
    """Text that PostgreSQL cannot hold is the asker's; locks and restarts are a matter of waiting."""
    if isinstance(error, asyncpg.DataError):
        return problem(
            request, Malformed("A value cannot be stored: it is out of range or holds forbidden characters.")
        )
    if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
        return problem(request, Busy("Somebody else is changing the same thing."))
    if isinstance(error, asyncpg.PostgresConnectionError | asyncpg.AdminShutdownError):
        return problem(request, Busy("The database went away."))
    return on_surprise(request, error)


def on_recursion(request: Request[Any, Any, Any], _: RecursionError) -> Response[bytes]:
    """For bodies nested deeper than anything that is asked for here."""
    return problem(request, Malformed("The body is nested too deeply."))


def on_surprise(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """For bugs: logged with their trace, told as an apology without details."""
    log.error("%s %s failed", request.method, _path(request), exc_info=error)
    return problem(request, ClusterError("An unexpected error; it has been logged."))


EXCEPTION_HANDLERS: dict[Any, Any] = {
    ClusterError: on_refusal,
    ValidationException: on_misfit,
    HTTPException: on_http_exception,
    asyncpg.PostgresError: on_database_refusal,
    RecursionError: on_recursion,
    Exception: on_surprise,
}
