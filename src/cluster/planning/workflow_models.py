"""Words of the planning workflow: approving, publishing, and what happened to plans."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct


class LogAction(StrEnum):
    """What happened to a plan."""

    STARTED = "started"
    STOPPED = "stopped"
    SOLVED = "solved"
    FAILED = "failed"
    ABORTED = "aborted"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"
    REVISED = "revised"
    DRAFTED = "drafted"
    EDITED = "edited"
    UNDONE = "undone"
    REDONE = "redone"
    FINISHED = "finished"
    REOPTIMISED = "reoptimised"
    DISPATCHED = "dispatched"


class ApprovePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Consent to a plan, with a note for whoever looks later."""

    note: Annotated[str, Meta(max_length=1000)] = ""


class LogEntry(Struct, frozen=True, kw_only=True):
    """
    One thing that happened to a plan of a window.

    ``by`` is the key or person; null where the platform did it by itself, as when a plan publishes itself.
    """

    id: str
    plan_id: str
    version: int
    label: str
    action: LogAction
    by: str | None
    at: datetime
    facts: dict[str, Any]
