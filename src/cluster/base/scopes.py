"""What a key may be limited to: one scope for what an operation is about (its tag) and whether it changes anything."""

from collections.abc import Iterable

from cluster.base.browser import SAFE_METHODS

RESOURCES = {
    "Members": "members",
    "Settings": "settings",
    "Keys": "keys",
    "People": "people",
    "Places": "places",
    "Address book": "places",
    "Carriers": "carriers",
    "Shipments": "shipments",
    "Imports": "imports",
    "Channels": "channels",
    "Gateways": "gateways",
    "Quotes": "quotes",
    "Plans": "plans",
    "Space": "space",
    "Tours": "tours",
    "Tenders": "tenders",
    "Tracking": "shipments",
    "Settlement": "settlement",
    "Ledger": "settlement",
    "Insights": "insights",
    "Webhooks": "webhooks",
}
"""Tags of the API reference, and what their scopes are called. An operation with another tag is closed to keys that
are limited."""
NOT_GIVEN = frozenset({"people:write"})
"""Inviting somebody with the whole role would be a way out of any limit."""
FREE = frozenset({"me"})
"""Operations that every key may call: who it is."""
ACCESS = ("read", "write")
SCOPES = tuple(sorted({f"{name}:{access}" for name in RESOURCES.values() for access in ACCESS} - NOT_GIVEN))


def whole(scopes: Iterable[str]) -> frozenset[str]:
    """Scopes with ``places:*`` spelt out, and reading along with writing."""
    found = set()
    for scope in scopes:
        resource, _, access = scope.partition(":")
        found |= {scope} if access == "read" else {f"{resource}:{each}" for each in ACCESS}
    return frozenset(found) - NOT_GIVEN


def is_scope(text: str) -> bool:
    """Whether a key can be limited to it."""
    resource, _, access = text.partition(":")
    return text in SCOPES or (access == "*" and resource in RESOURCES.values())


def allows(held: frozenset[str] | None, operation: str, tags: Iterable[str], method: str) -> bool:
    """Whether a key with these scopes (None: the whole role) may call an operation."""
    if held is None or operation in FREE:
        return True
    access = "read" if method in SAFE_METHODS else "write"
    return any(f"{RESOURCES.get(tag)}:{access}" in held for tag in tags)
