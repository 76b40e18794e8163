"""
Use cases of drafts: open one, edit it, undo and redo, ask for alternatives.

No transaction is open while the helper works: what it was given is compared with what is there when it is done.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import Conflict
from cluster.base.etags import Outdated, must_match
from cluster.desk import asked, draft_queries, draft_views, hands, whole
from cluster.desk.asked import Subject
from cluster.desk.bench import Bench
from cluster.desk.draft_models import DraftAlternatives, DraftState, EditPlan
from cluster.desk.draft_queries import NewEdit, Standing
from cluster.desk.hands import Drawn
from cluster.desk.why_models import Stored
from cluster.planning import service as planning
from cluster.planning.models import ANSWERED, Origin, Plan, PlanStatus, Routes
from cluster.planning.workflow_models import LogAction


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A plan to be copied, opened by the helper."""

    base: Plan
    digest: bytes
    drawn: Drawn


async def readied(database: Database, scope: Scope, bench: Bench, plan_id: UUID) -> Ready:
    """
    A plan in the helper's hands, before anything is stored.

    Raises
    ------
    Conflict
        ``plan_not_solved``: the plan has no answer that could be edited; ``plan_dispatched``: it is a replan.
    """
    async with database.unit(scope) as db:
        base = await planning.plan(db, scope, plan_id)
        question, answer = await planning.question(db, scope, plan_id), await planning.answer(db, scope, plan_id)
    if base.status not in ANSWERED or question is None or answer is None:
        raise Conflict("plan_not_solved", f"This plan is {base.status}: only one with an answer can be edited.")
    if base.origin is Origin.REPLAN:  # its question holds what happened, by which no split can be made
        raise Conflict("plan_dispatched", "This plan holds what has happened on the road: replan instead of editing.")
    digest, packed = question
    drawn = await bench.ask(digest, _given(packed), hands.opened, answer)
    return Ready(base=base, digest=digest, drawn=drawn)


async def open_draft(db: Connection, scope: Scope, ready: Ready) -> Plan:
    """A working copy of a plan."""
    base = ready.base
    base_id = ids.parse("plan", base.id)
    run = await planning.run_like(db, scope, base_id)
    run = structs.replace(run, origin=Origin.EDIT, base_plan_id=base_id, problem_sha256=ready.digest)
    draft = await planning.new_plan(
        db, scope, ids.parse("win", base.pool_window_id), run, job=None, action=LogAction.DRAFTED
    )
    await draft_queries.begin(db, scope, ids.parse("plan", draft.id), ready.digest, _start(ready.drawn))
    return draft


async def look(database: Database, scope: Scope, bench: Bench, plan_id: UUID) -> DraftState:
    """A draft as it stands, with the routes that differ from its base plan."""
    standing = await _standing(database, scope, bench, plan_id)
    drawn = await bench.ask(
        standing.problem_sha256, _stored(database, scope, plan_id), hands.drawn, standing.base, standing.state
    )
    async with database.unit(scope) as db:
        return await draft_views.state(db, scope, plan_id, standing, drawn)


async def routes(database: Database, scope: Scope, bench: Bench, plan_id: UUID) -> Routes:
    """All routes of a draft."""
    standing = await _standing(database, scope, bench, plan_id)
    touched = await bench.ask(
        standing.problem_sha256, _stored(database, scope, plan_id), hands.all_routes, standing.state
    )
    async with database.unit(scope) as db:
        found = await draft_views.routes(db, scope, touched, standing)
        return Routes(plan_id=ids.show("plan", plan_id), routes=found)


async def subject(database: Database, scope: Scope, bench: Bench, plan_id: UUID) -> Subject:
    """A draft as it stands, to be explained: whatever it breaks, and with nothing proven about it."""
    standing = await _standing(database, scope, bench, plan_id)
    found = await bench.ask(standing.problem_sha256, _stored(database, scope, plan_id), whole.whole, standing.state)
    problem = await _stored(database, scope, plan_id)()
    async with database.unit(scope) as db:
        base = standing.base_plan_id
        return Subject(
            plan_id=plan_id,
            currency=found.currency,
            cost_minor=found.cost_minor,
            bound_minor=0,
            distance_m=found.distance_m,
            duration_s=found.duration_s,
            stored=Stored(digest=standing.problem_sha256, problem=problem, answer=found.answer),
            routes=await draft_views.routes(db, scope, found.touched, standing),
            reasons={} if base is None else await asked.reasons_of(db, scope, base),
            draft=True,
        )


async def edit(
    database: Database, scope: Scope, bench: Bench, plan_id: UUID, if_match: str | None, body: EditPlan
) -> DraftState:
    """
    One edit of a draft.

    Raises
    ------
    Outdated, VersionMissing
        When the draft is not the one that the asker saw.
    Conflict
        ``edit_locked``, ``edit_unknown``, ``edit_impossible``: why the edit is refused.
    """
    standing = await _standing(database, scope, bench, plan_id)
    must_match(if_match, standing.version)
    wanted = hands.edit_of(body)
    drawn = await bench.ask(
        standing.problem_sha256,
        _stored(database, scope, plan_id),
        hands.edited,
        standing.base,
        standing.state,
        wanted,
    )
    new = NewEdit(
        edit_id=ids.new(),
        kind=body.kind.value,
        body=msgspec.to_builtins(body),
        state=drawn.state,
        cost_minor=drawn.cost_minor,
        violations=len(drawn.violations),
    )
    async with database.unit(scope) as db:
        if not await draft_queries.append(db, scope, plan_id, standing, new):
            raise Outdated
        await _still_draft(db, scope, plan_id)  # behind the lock that finishing takes too
        await planning.note(db, scope, plan_id, LogAction.EDITED, {"kind": body.kind.value})
        return await _told(db, scope, plan_id, drawn)


async def undo(database: Database, scope: Scope, bench: Bench, plan_id: UUID, if_match: str | None) -> DraftState:
    """
    Takes the last edit back.

    Raises
    ------
    Conflict
        ``nothing_to_undo``.
    """
    standing = await _standing(database, scope, bench, plan_id)
    if standing.parent_no is None:
        raise Conflict("nothing_to_undo", "The draft stands at its beginning.")
    return await _step(database, scope, bench, plan_id, standing, standing.parent_no, if_match, LogAction.UNDONE)


async def redo(database: Database, scope: Scope, bench: Bench, plan_id: UUID, if_match: str | None) -> DraftState:
    """
    Does again what was undone last.

    Raises
    ------
    Conflict
        ``nothing_to_redo``.
    """
    standing = await _standing(database, scope, bench, plan_id)
    if standing.redo_no is None:
        raise Conflict("nothing_to_redo", "Nothing was undone here.")
    return await _step(database, scope, bench, plan_id, standing, standing.redo_no, if_match, LogAction.REDONE)


async def alternatives(
    database: Database, scope: Scope, bench: Bench, plan_id: UUID, shipment_id: str
) -> DraftAlternatives:
    """Every way to serve a shipment that breaks nothing, with what it costs."""
    ids.parse("shp", shipment_id)
    standing = await _standing(database, scope, bench, plan_id)
    ways = await bench.ask(
        standing.problem_sha256, _stored(database, scope, plan_id), hands.alternatives, standing.state, shipment_id
    )
    async with database.unit(scope) as db:
        named = await draft_views.kinds(db, scope, standing)
    return DraftAlternatives(
        plan_id=ids.show("plan", plan_id),
        shipment_id=shipment_id,
        alternatives=[draft_views.alternative(way, named, standing.day_start) for way in ways],
    )


async def _step(
    database: Database,
    scope: Scope,
    bench: Bench,
    plan_id: UUID,
    standing: Standing,
    edit_no: int,
    if_match: str | None,
    action: LogAction,
) -> DraftState:
    must_match(if_match, standing.version)
    async with database.unit(scope) as db:
        state = await draft_queries.state_at(db, scope, plan_id, edit_no)
    drawn = await bench.ask(
        standing.problem_sha256, _stored(database, scope, plan_id), hands.drawn, standing.base, state, standing.state
    )
    async with database.unit(scope) as db:
        if not await draft_queries.stand_at(db, scope, plan_id, standing.version, edit_no):
            raise Outdated
        await _still_draft(db, scope, plan_id)  # behind the lock that finishing takes too
        await planning.note(db, scope, plan_id, action, {"edit_no": edit_no})
        return await _told(db, scope, plan_id, drawn)


async def _told(db: Connection, scope: Scope, plan_id: UUID, drawn: Drawn) -> DraftState:
    now = await draft_queries.standing(db, scope, plan_id)
    if now is None:
        raise LookupError("a draft that was just changed is there")
    return await draft_views.state(db, scope, plan_id, now, drawn)


async def _standing(database: Database, scope: Scope, bench: Bench, plan_id: UUID) -> Standing:
    """How a draft stands; one that nobody has touched yet is opened from its base plan."""
    async with database.unit(scope) as db:
        plan = await _still_draft(db, scope, plan_id)
        found = await draft_queries.standing(db, scope, plan_id)
        if found is not None:
            return found
        question = await planning.question(db, scope, plan_id)
        base = None if plan.base_plan_id is None else ids.parse("plan", plan.base_plan_id)
        answer = None if base is None else await planning.answer(db, scope, base)
    if question is None or answer is None:
        raise Conflict("plan_not_solved", "What the draft was made of has no answer that could be edited.")
    digest, packed = question
    drawn = await bench.ask(digest, _given(packed), hands.opened, answer)
    async with database.unit(scope) as db:
        await draft_queries.begin(db, scope, plan_id, digest, _start(drawn))
        found = await draft_queries.standing(db, scope, plan_id)
    if found is None:
        raise LookupError("a draft that was just opened is there")
    return found


async def _still_draft(db: Connection, scope: Scope, plan_id: UUID) -> Plan:
    plan = await planning.plan(db, scope, plan_id)
    if plan.status is not PlanStatus.DRAFT:
        raise Conflict("plan_not_draft", f"This plan is {plan.status}; make a draft of it to edit it.")
    return plan


def _start(drawn: Drawn) -> NewEdit:
    return NewEdit(
        edit_id=ids.new(),
        kind="start",
        body={},
        state=drawn.state,
        cost_minor=drawn.cost_minor,
        violations=len(drawn.violations),
    )


def _given(packed: bytes) -> Callable[[], Awaitable[bytes]]:
    async def give() -> bytes:
        return packed

    return give


def _stored(database: Database, scope: Scope, plan_id: UUID) -> Callable[[], Awaitable[bytes]]:
    """The problem from the database, for a helper that does not have it."""

    async def fetch() -> bytes:
        async with database.unit(scope) as db:
            found = await planning.question(db, scope, plan_id)
        if found is None:
            raise LookupError("a draft has a problem")
        return found[1]

    return fetch
