"""
One look at one order: it is placed, cancelled or asked after, once, whatever dies in between.

Before the system is asked to do something, the row says so; what it answers is written down afterwards. An order that
was asked for and has no answer is looked for by its reference. A system that cannot be asked leaves it unclear, and
nobody places it again by himself.
"""

import logging
import random
from collections.abc import Callable

from msgspec import structs

from cluster.base import ids, outbox
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, Invalid, NotFound
from cluster.gateways import consigning, order_queries, queries, service
from cluster.gateways.adapting import Adapter, CannotTell, GatewayAway, GatewayRefused, Placed, Tracked
from cluster.gateways.models import OrderState
from cluster.gateways.order_queries import Change, Kept
from cluster.gateways.queries import Held
from cluster.gateways.service import Desk

log = logging.getLogger("cluster.gateways")

POLL_S = 600.0
AGAIN_S, AGAIN_MAX_S = 30.0, 3600.0
TRIES_MAX = 8
"""An order that nobody could be asked to take is given up after so many tries, some two hours."""
CANCEL_REFUSED = "cancel_refused"
State = OrderState


class Turn:
    """A claimed order."""

    def __init__(self, database: Database, desk: Desk, kept: Kept) -> None:
        self._database = database
        self._desk = desk
        self._kept = kept
        self._scope: Scope = system_scope(kept.cluster_id)

    async def run(self) -> None:
        """Does what the order's state asks for, and keeps what became of it."""
        async with self._database.unit(self._scope) as db:
            found = await queries.gateways(db, self._scope, service.FIRST, 1, self._kept.gateway_id)
        held = found[0] if found else None
        try:
            if held is None:
                raise GatewayRefused("gateway_removed")
            change = await self._step(held, service.open_adapter(self._desk, held))
        except Conflict as closed:  # switched off meanwhile: it is looked at again when it may be on
            change = self._later(GatewayAway(closed.code, reached=False))
        except (NotFound, Invalid) as gone:  # the shipment is no longer what it was, and nobody was asked yet
            cause = gone.errors[0].cause if gone.errors else gone.detail
            change = self._no(GatewayRefused(gone.code, cause))
        except GatewayRefused as no:
            change = self._no(no)
        except GatewayAway as away:
            change = self._later(away)
        if change is not None:
            await self._keep(held, change)

    async def _step(self, held: Held, adapter: Adapter) -> Change | None:
        if self._kept.state is State.PLACING:
            return await self._place(held, adapter)
        if self._kept.state is State.UNCLEAR:
            return await self._hinted(adapter) or Change(
                state=State.UNCLEAR, due_s=None, error=self._kept.error, detail=self._kept.detail
            )
        if self._kept.state is State.CANCELLING and self._kept.external_id is not None:
            await adapter.cancel(self._kept.external_id)
            return Change(state=State.CANCELLED, due_s=None)
        return await self._track(held, adapter)

    async def _place(self, held: Held, adapter: Adapter) -> Change | None:
        kept, reference = self._kept, ids.show("gor", self._kept.order_id)
        if kept.asked_at is not None:
            try:
                found = await adapter.find(reference)
            except CannotTell:
                unclear = Change(state=State.UNCLEAR, due_s=None, error="answer_lost")
                return await self._hinted(adapter) or unclear
            except GatewayRefused as no:  # a search that is refused says nothing of the order
                raise GatewayAway(no.code, no.detail) from None
            if found is not None:
                return _placed(found)
        async with self._database.unit(self._scope) as db:
            what = await consigning.consignment(
                db,
                self._scope,
                kept.shipment_id,
                held.settings,
                reference=reference,
                service=kept.service,
                options=kept.options,
                price_max_minor=kept.price_max_minor,
            )
            if not await order_queries.about_to_ask(db, self._scope, kept):
                return None  # cancelled meanwhile, or somebody else's by now
        return _placed(await adapter.place(what))

    async def _hinted(self, adapter: Adapter) -> Change | None:
        """An order whose answer was lost, if the system told of one that has our reference."""
        reference = ids.show("gor", self._kept.order_id)
        for external_id in self._kept.hints:
            try:
                tracked = await adapter.track(external_id, None)
            except GatewayRefused:
                continue
            if tracked.reference == reference:
                return _placed(tracked.placed)
        return None

    async def _track(self, held: Held, adapter: Adapter) -> Change:
        kept = self._kept
        assert kept.external_id is not None
        tracked = await adapter.track(kept.external_id, kept.tracking_number)
        fresh = consigning.fresh(tracked.events, kept.foreign_code, kept.foreign_at)
        odd = None
        if fresh:
            async with self._database.unit(self._scope) as db:
                try:
                    odd = await consigning.report(db, self._scope, kept.shipment_id, held.kind, fresh)
                except NotFound:
                    odd = "shipment_gone"
        change = _tracked(tracked, odd)
        if change.error is None and kept.error == CANCEL_REFUSED:  # said until it is over
            change = structs.replace(change, error=kept.error, detail=kept.detail)
        return change

    def _no(self, no: GatewayRefused) -> Change:
        """What a refusal leaves: an order that is not there, or one that goes on."""
        kept = self._kept
        if kept.state is State.CANCELLING:
            return Change(state=State.PLACED, due_s=POLL_S, error=CANCEL_REFUSED, detail=no.detail or no.code)
        if kept.state is State.PLACING:
            return Change(state=State.REFUSED, due_s=None, error=no.code, detail=no.detail or None, not_asked=True)
        due_s = None if no.code == "gateway_removed" else _pause_s(kept.failures)
        return Change(state=kept.state, due_s=due_s, error=no.code, detail=no.detail or None, failed=True)

    def _later(self, away: GatewayAway) -> Change:
        """Another try later; given up where it is sure that nothing was done, and it was tried often."""
        kept = self._kept
        reached = kept.asked_at is not None or away.reached
        placing = kept.state is State.PLACING
        if placing and not reached and kept.failures + 1 >= TRIES_MAX:
            return Change(state=State.REFUSED, due_s=None, error=away.code, detail=away.detail or None, not_asked=True)
        if placing and reached and kept.failures + 1 >= TRIES_MAX:
            return Change(state=State.UNCLEAR, due_s=None, error=away.code, detail=away.detail or None)
        return Change(
            state=kept.state,
            due_s=_pause_s(kept.failures),
            error=away.code,
            detail=away.detail or None,
            # What did not leave this machine was not asked; what was asked by an earlier look may have been done.
            not_asked=placing and not away.reached and kept.asked_at is None,
            failed=True,
        )

    async def _keep(self, held: Held | None, change: Change) -> None:
        async with self._database.unit(self._scope) as db:
            if not await order_queries.note(db, self._scope, self._kept, change):
                log.info("order %s is no longer ours", self._kept.order_id)
                return
            await self._tell(db, held, change)

    async def _tell(self, db: Connection, held: Held | None, change: Change) -> None:
        if change.state is self._kept.state or change.state not in TOLD:
            return
        topic = f"gateway_order.{change.state}"
        payload = {"shipment_id": ids.show("shp", self._kept.shipment_id), "error": change.error}
        await outbox.emit(db, self._scope, self._kept.order_id, topic, payload, member_id=self._kept.member_id)


TOLD = frozenset({State.PLACED, State.REFUSED, State.UNCLEAR, State.CANCELLED, State.DONE})


def _placed(placed: Placed) -> Change:
    """Soon asked after: what it costs and where it is may be known by then."""
    return Change(state=State.PLACED, due_s=POLL_S, placed=placed)


def _tracked(tracked: Tracked, odd: str | None) -> Change:
    last = tracked.events[-1] if tracked.events else None
    state = State.PLACED
    if tracked.over:
        state = State.CANCELLED if tracked.cancelled else State.DONE
    return Change(
        state=state,
        due_s=None if tracked.over else POLL_S,
        error="cancelled_by_carrier" if tracked.cancelled else odd,
        placed=tracked.placed,
        foreign_code=None if last is None else last.code[:100],
        foreign_at=None if last is None else last.at,
    )


def _pause_s(failures: int) -> float:
    """Longer each time."""
    return min(AGAIN_S * 2.0 ** min(failures, 10), AGAIN_MAX_S) * random.uniform(0.8, 1.2)  # noqa: S311  (no secret)


async def step(database: Database, desk: Callable[[], Desk]) -> bool:
    """
    One look at one order; False when none is due.

    Parameters
    ----------
    desk
        Makes what orders are seen to with; asked when one is due.
    """
    async with database.unit(system_scope()) as db:
        kept = await order_queries.claim(db)
    if kept is None:
        return False
    await Turn(database, desk(), kept).run()
    return True
