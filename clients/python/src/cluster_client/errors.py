"""What goes wrong, as exceptions: refusals of the platform with their code and every fault, and the network."""

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True):
    """
    One thing that is wrong with a request.

    ``pointer`` is a JSON pointer into the body, or begins with ``#header/``, ``#query/`` or ``#path/``.
    """

    pointer: str = ""
    code: str = ""
    cause: str = ""
    cure: str = ""


class ClientError(Exception):
    """Everything that this package raises."""


class ConnectionLost(ClientError):
    """
    No answer came: not connected, cut off, or too slow.

    Whether the platform did what was asked is not known, unless it is said that nothing was sent.
    """


class UnreadableAnswer(ClientError):
    """An answer that is not of the platform, or of a platform that this client is too old for."""


class NotAuthentic(ClientError):
    """A webhook's message that is not from the platform, was changed, or is too old."""


class ApiError(ClientError):
    """
    The platform refused a request.

    Attributes
    ----------
    status
        HTTP status.
    code
        What is the matter, for programs: stable (docs/api.md lists all).
    title, detail
        The same for people; texts may change.
    errors
        Every fault of the request at once.
    request_id
        What to tell the operator; empty if the answer came from something in between.
    retry_after_s
        After how many seconds it may go better, if the platform said so.
    """

    def __init__(self, refusal: "Refusal", retry_after_s: float | None = None) -> None:
        self.status = refusal.status
        self.code = refusal.code
        self.title = refusal.title
        self.detail = refusal.detail
        self.request_id = refusal.request_id
        self.errors = tuple(refusal.errors)
        self.retry_after_s = retry_after_s
        faults = "".join(f"\n  {fault.pointer}: {fault.cause}; {fault.cure} ({fault.code})" for fault in self.errors)
        super().__init__(f"{self.status} {self.code}: {self.detail}{faults}")

    def at(self, pointer: str) -> tuple[Fault, ...]:
        """Faults at one place of the body, such as ``/delivery/window_end``; nothing when it is right."""
        return tuple(fault for fault in self.errors if fault.pointer == pointer)


class Malformed(ApiError):
    """400: the body cannot be read."""


class Unauthenticated(ApiError):
    """401: no key, or one that opens nothing."""


class Forbidden(ApiError):
    """403: not for this key's role or scopes."""


class NotFound(ApiError):
    """404: there is no such thing, or not for this key."""


class Conflict(ApiError):
    """409: not possible as things stand; ``code`` says why."""


class Outdated(ApiError):
    """412: somebody changed it since it was read. Read it again and repeat the change."""


class TooLarge(ApiError):
    """413: more bytes than the operation takes."""


class Invalid(ApiError):
    """422: readable, but with faults; ``errors`` lists all."""


class TooManyRequests(ApiError):
    """429, after all retries."""


class Unavailable(ApiError):
    """502, 503 or 504, after all retries."""


class ServerFault(ApiError):
    """Any other status from 500 on: a bug. Tell the operator the ``request_id``."""


class Refusal(Struct, frozen=True, kw_only=True):
    """Problem details (RFC 9457) as the platform writes them."""

    status: int
    code: str
    title: str = ""
    detail: str = ""
    request_id: str = ""
    errors: list[Fault] = []


KINDS: Mapping[int, type[ApiError]] = {
    400: Malformed,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Outdated,
    413: TooLarge,
    422: Invalid,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
FROM_BETWEEN = "http_error"
"""The code where an answer is no problem details: a proxy's, or another server's."""


def refused(status: int, body: bytes, retry_after: str | None = None) -> ApiError:
    """The exception for an answer that is no success."""
    try:
        refusal = msgspec.json.decode(body, type=Refusal)
    except msgspec.DecodeError:
        text = re.sub(r"\s+", " ", body[:200].decode("utf-8", "replace"))
        refusal = Refusal(status=status, code=FROM_BETWEEN, detail=text)
    kind = KINDS.get(status, ServerFault if status >= 500 else ApiError)
    return kind(refusal, _seconds(retry_after))


def _seconds(retry_after: str | None) -> float | None:
    """Only seconds: the platform gives no dates."""
    if retry_after is None or not re.fullmatch(r"[0-9]{1,6}", retry_after.strip()):
        return None
    return float(retry_after)
