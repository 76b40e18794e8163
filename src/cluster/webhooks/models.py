"""Words of webhooks: endpoints, event types, deliveries."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE, PublicId

ENDPOINTS_MAX = 20
"""Endpoints of one member, of one carrier, or of the coordinator."""
TYPES_MAX = 50
OVERLAP_HOURS_MAX = 168
REPLAY_MAX = 10_000
ALL = "*"

Instant = Annotated[datetime, Meta(tz=True)]
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
Description = Annotated[str, Meta(max_length=200, pattern=PRINTABLE)]
Pattern = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^(\*|[a-z_]+\.(\*|[a-z_]+))$")]
"""An event type such as ``shipment.booked``, all of a noun as ``shipment.*``, or ``*``."""
Patterns = Annotated[list[Pattern], Meta(min_length=1, max_length=TYPES_MAX)]


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class DisabledReason(StrEnum):
    """Why nothing is sent to an endpoint."""

    OWNER = "owner"
    """Its owner said so."""
    GONE = "gone"
    """It answered 410."""
    FAILING = "failing"
    """It has answered nothing well for days."""
    LEFT = "left"
    """Its member is not active any more."""


class AddWebhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An endpoint to be added; ``ed25519`` asks for a second signature that needs no shared secret to check."""

    url: Url
    event_types: Patterns = field(default_factory=lambda: [ALL])
    description: Description = ""
    ed25519: bool = False


class ChangeWebhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of an endpoint; what is left out stays."""

    url: Url | UnsetType = UNSET
    event_types: Patterns | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    ed25519: bool | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class Webhook(Struct, frozen=True, kw_only=True):
    """
    An endpoint without its secret.

    ``failures`` counts tries in a row that were not answered with success; ``paused_until`` is when the next is made.
    """

    id: str
    url: str
    description: str
    event_types: list[str]
    ed25519: bool
    public_key: str | None
    disabled: bool
    disabled_reason: DisabledReason | None
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    previous_secret_until: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class WebhookWithSecret(Struct, frozen=True, kw_only=True):
    """An endpoint with its secret, shown this once."""

    id: str
    secret: str
    webhook: Webhook


class RotateSecret(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the old secret signs along, hours."""

    overlap_hours: Annotated[int, Meta(ge=0, le=OVERLAP_HOURS_MAX)] = 24


class Replay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What to send again: one event, or those of a time, ``until`` not in it.

    ``failed_only`` leaves out all but those whose tries have run out.
    """

    event_id: PublicId | None = None
    since: Instant | None = None
    until: Instant | None = None
    failed_only: bool = False

    def faults(self) -> Iterator[FieldFault]:
        """One event or a time, and a time that is one."""
        if (self.event_id is None) == (self.since is None):
            cure = "give event_id for one event, or since for those of a time"
            yield FieldFault(pointer="/since", code="event_or_time", cause="one of both is needed", cure=cure)
        if self.since is not None and self.until is not None and self.until <= self.since:
            cure = "let until be later than since"
            yield FieldFault(pointer="/until", code="window_reversed", cause="not later than since", cure=cure)


class Replayed(Struct, frozen=True, kw_only=True):
    """How many events are on their way again; ``more`` tells that there are others than these."""

    events: int
    more: bool


class Pinged(Struct, frozen=True, kw_only=True):
    """The event that was made to try an endpoint; look for it among the deliveries."""

    event_id: str


class Delivery(Struct, frozen=True, kw_only=True):
    """
    One event on its way to one endpoint; ``id`` is the event's, as in ``webhook-id``.

    ``next_try_at`` is null unless it waits. What the endpoint answered in its body is kept nowhere.
    """

    id: str
    event_type: str
    status: DeliveryStatus
    tries: int
    response_status: int | None
    error: str | None
    duration_ms: int | None
    tried_at: datetime | None
    next_try_at: datetime | None
    created_at: datetime


class EventBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    An event as it is sent: ``data`` holds ``object``, ``id``, ``seq``, ``link`` and what the type says.

    ``test`` stands there in a sandbox alone.
    """

    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]
    test: bool = False


class EventType(Struct, frozen=True, kw_only=True):
    """One type of event: what it says, of which resource, and an example of its body."""

    name: str
    object: str
    description: str
    for_members: bool
    for_carriers: bool
    example: dict[str, Any]


class EventTypes(Struct, frozen=True, kw_only=True):
    """All types that the caller may hear of."""

    data: list[EventType]


class Endpoint(Struct, frozen=True, kw_only=True):
    """A stored endpoint."""

    cluster_id: UUID
    endpoint_id: UUID
    member_id: UUID | None
    url: str
    description: str
    event_types: list[str]
    ed25519: bool
    public_key: str
    sealed: bytes
    previous_until: datetime | None
    version: int
    disabled_at: datetime | None
    disabled_reason: str | None
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    created_at: datetime
    updated_at: datetime


class Dispatch(Struct, frozen=True, kw_only=True):
    """A delivery claimed for sending, with all that sending needs; ``fence`` proves the claim."""

    cluster_id: UUID
    endpoint_id: UUID
    event_id: UUID
    fence: int
    tries: int
    url: str
    ed25519: bool
    sealed: bytes
    sandbox: bool
    previous_sealed: bytes | None
    event_type: str
    resource_id: UUID
    seq: int
    member_id: UUID | None
    carrier_id: UUID | None
    payload: dict[str, Any]
    created_at: datetime


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of one try: an answer's status, or in ``error`` why there was none."""

    status: int | None
    error: str | None
    duration_ms: int

    @property
    def delivered(self) -> bool:
        """Whether the endpoint has it."""
        return self.error is None


class Result(Struct, frozen=True, kw_only=True):
    """The outcome of a claimed delivery; ``retry_s`` is None after success and after the last try."""

    dispatch: Dispatch
    outcome: Outcome
    retry_s: float | None
