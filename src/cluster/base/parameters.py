"""Query parameters: as with bodies, what an operation does not know is refused, not ignored."""

from functools import lru_cache
from urllib.parse import parse_qsl

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from cluster.base.errors import FieldFault, Invalid, Malformed

FIELDS_MAX = 100


async def known_parameters(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """
    Guard: refuses unknown and repeated query parameters.

    A filter that is misspelt would otherwise answer with everything. Where nobody has to sign in, others may have
    added what they like (an identity provider does).

    Raises
    ------
    Invalid
        With every parameter that does not belong there.
    Malformed
        For more parameters than any operation has.
    """
    query: bytes = connection.scope["query_string"]
    if not query or connection.scope.get("auth") is None:
        return
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        raise Malformed(f"More than {FIELDS_MAX} query parameters.") from None
    known, seen, faults = parameters_of(handler), set(), []
    for name, _ in pairs:
        if name not in known:
            cure = f"leave it out; known are {', '.join(sorted(known))}" if known else "leave it out; there are none"
            faults.append(_fault(name, code="unknown_parameter", cause="not a parameter here", cure=cure))
        elif name in seen and name not in lists_of(handler):
            faults.append(
                _fault(name, code="parameter_twice", cause="stands there more than once", cure="send it once")
            )
        seen.add(name)
    if faults:
        raise Invalid(faults)


def _fault(name: str, *, code: str, cause: str, cure: str) -> FieldFault:
    return FieldFault(pointer=f"#query/{name[:100]}", code=code, cause=cause, cure=cure)


@lru_cache(maxsize=1000)
def lists_of(handler: BaseRouteHandler) -> frozenset[str]:
    """Names of an operation's query parameters that may stand several times."""
    return frozenset(
        definition.name or name
        for name, field in handler.parsed_fn_signature.parameters.items()
        if isinstance(definition := field.kwarg_definition, QueryParameter)
        and any(kind.is_non_string_sequence for kind in (field, *field.inner_types))
    )


@lru_cache(maxsize=1000)
def parameters_of(handler: BaseRouteHandler) -> frozenset[str]:
    """Names of an operation's query parameters."""
    return frozenset(
        definition.name or name
        for name, field in handler.parsed_fn_signature.parameters.items()
        if isinstance(definition := field.kwarg_definition, QueryParameter)
    )
