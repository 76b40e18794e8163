"""
One look at the folders of a gateway of files: what is new for the carrier goes out, what it sent is taken in.

A file goes out once for each version of a tour or offer; a crash between writing and noting it writes the same file
again, under the same name and with the same ``message_id``. What comes in may be read twice: events have keys, answers
count once. A file is moved away only when its lines have been taken and its report is written.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Database, Role, Scope, system_scope
from cluster.base.errors import ClusterError, Conflict, NotFound
from cluster.dispatch import carrier_events, carrier_tours
from cluster.dispatch.carrier_models import CarrierEvents, CarrierTakenEvent, CarrierTour, ForeignEvents, ForeignFormat
from cluster.dispatch.event_models import EventResult
from cluster.gateways import connectors, edi, file_queries, queries, storage
from cluster.gateways.adapting import GatewayAway
from cluster.gateways.edi import AnswerLine, AnswerWord, Line, Result, Unknown
from cluster.gateways.queries import Held
from cluster.gateways.service import Desk
from cluster.gateways.storage import DONE, IN, OUT, Storage
from cluster.tenders import answering
from cluster.tenders.models import AcceptOffer, CounterOffer, DeclineOffer, Offer

EVERY_S = 300
AT_ONCE = 200
BACK = timedelta(days=3)
"""Tours and offers of days longer past are nobody's work any more."""
PAUSE_S, PAUSE_MAX_S = 60.0, 3600.0
FIRST = UUID(int=0)


class Exchange:
    """A claimed gateway of files."""

    def __init__(self, database: Database, desk: Desk, held: Held) -> None:
        self._database = database
        self._desk = desk
        self._held = held
        self._work: Scope = system_scope(held.cluster_id)
        self._carrier = Scope(role=Role.CARRIER_KEY, cluster_id=held.cluster_id, carrier_id=held.carrier_id)

    async def run(self) -> None:
        """
        Looks once.

        Raises
        ------
        GatewayAway
            When the folders cannot be reached, or not be written to.
        """
        async with self._folders() as folders:
            for name in await folders.names(IN):
                await self._take(folders, name)
            for name, content in await self._new():
                await folders.write(OUT, name, content)
                await self._note(OUT, name, content, content.count(b"\n") - 1, 0)

    async def look(self) -> None:
        """Finds out whether the folders are there."""
        async with self._folders() as folders:
            await folders.names(IN)

    @asynccontextmanager
    async def _folders(self) -> AsyncIterator[Storage]:
        desk, held = self._desk, self._held
        sealed = connectors.unseal(desk.vault, held.gateway_id, held.sealed or b"")
        private = desk.calls.allow_private
        async with storage.opened(held, sealed, desk.folder, desk.resolver, private=private) as folders:
            yield folders

    async def _new(self) -> list[tuple[str, bytes]]:
        """Files of tours and offers as they are now, of those that did not go out yet."""
        since = (datetime.now(UTC) - BACK).date()
        named = {f"tour_{tour.id}_v{tour.version}.csv": tour.id async for tour in self._tours(since)}
        asked = {f"offer_{offer.id}_v{offer.version}.csv": offer async for offer in self._offers(since)}
        async with self._database.unit(self._work) as db:
            gateway_id = self._held.gateway_id
            before = await file_queries.known(db, self._work, gateway_id, OUT, [*named, *asked])
        found = [(name, edi.of_offer(offer)) for name, offer in asked.items() if name not in before]
        for name, tour_id in named.items():
            if name in before:
                continue
            async with self._database.unit(self._carrier) as db:
                try:
                    whole = await carrier_tours.whole(db, self._carrier, ids.parse("tor", tour_id))
                except NotFound:  # given to somebody else meanwhile
                    continue
            found.append((f"tour_{tour_id}_v{whole.version}.csv", edi.of_tour(whole)))
        return found

    async def _tours(self, since: date) -> AsyncIterator[CarrierTour]:
        after: UUID | None = FIRST
        while after is not None:
            async with self._database.unit(self._carrier) as db:
                found = await carrier_tours.page_since(db, self._carrier, after, AT_ONCE, since)
            for tour in found.data:
                yield tour
            after = None if found.next_cursor is None else ids.parse("tor", found.next_cursor)

    async def _offers(self, since: date) -> AsyncIterator[Offer]:
        after: UUID | None = FIRST
        while after is not None:
            async with self._database.unit(self._carrier) as db:
                found = await answering.offers(db, self._carrier, after, AT_ONCE, None)
            for offer in found.data:
                if offer.content.service_date >= since:
                    yield offer
            after = ids.parse("ofr", found.data[-1].id) if found.has_more else None

    async def _take(self, folders: Storage, name: str) -> None:
        content = await folders.read(IN, name)
        try:
            kind, system = edi.kind_of(name)
            lines = edi.read(name, content, kind)
        except Unknown as unknown:
            lines, results = [], [Result(line=0, key="", result="refused", code=unknown.code, cause=unknown.cause)]
        else:
            results = [result for line in lines for result in _faulty(line)]
            good = [line for line in lines if not line.faults]
            if kind is AnswerLine:
                results += [await self._answer(line) for line in good]
            else:
                results += await self._events(good, system)
        results.sort(key=lambda result: result.line)
        await folders.write(OUT, f"report_{name}", edi.report_of(results))
        refused = len({result.line for result in results if result.result == "refused"})
        await self._note(IN, name, content, max(len(lines), refused), refused)
        await folders.move(name, IN, DONE)

    async def _answer(self, line: Line) -> Result:
        said: AnswerLine = line.said
        body: AcceptOffer | CounterOffer | DeclineOffer = AcceptOffer(note=said.note)
        if said.answer is AnswerWord.COUNTER and said.price_minor is not None:
            body = CounterOffer(price_minor=said.price_minor, starts_at=said.starts_at, note=said.note)
        elif said.answer is AnswerWord.DECLINE and said.reason is not None:
            body = DeclineOffer(reason=said.reason, note=said.note)
        try:
            await answering.answer(self._database, self._carrier, ids.parse("ofr", said.offer_id), body)
        except (NotFound, Conflict) as no:
            return Result(line=line.number, key=line.key, result="refused", code=no.code, cause=no.detail)
        return Result(line=line.number, key=line.key, result="applied")

    async def _events(self, lines: Sequence[Line], system: ForeignFormat | None) -> list[Result]:
        results: list[Result] = []
        for begin in range(0, len(lines), AT_ONCE):
            some = lines[begin : begin + AT_ONCE]
            said = [line.said for line in some]
            async with self._database.unit(self._carrier) as db:
                if system is None:
                    taken = await carrier_events.take_many(db, self._carrier, CarrierEvents(events=said))
                else:
                    body = ForeignEvents(format=system, events=said)
                    taken = await carrier_events.take_foreign(db, self._carrier, body)
            results += [_became(line, event) for line, event in zip(some, taken.events, strict=True)]
        return results

    async def _note(self, direction: str, name: str, content: bytes, lines: int, refused: int) -> None:
        digest = hashlib.sha256(content).digest()
        async with self._database.unit(self._work) as db:
            await file_queries.keep(
                db, self._work, self._held.gateway_id, direction, name, digest, max(lines, 0), refused
            )


def _faulty(line: Line) -> list[Result]:
    return [
        Result(
            line=line.number,
            key=line.key,
            result="refused",
            code=fault.code,
            pointer=fault.pointer,
            cause=fault.cause,
            cure=fault.cure,
        )
        for fault in line.faults
    ]


def _became(line: Line, event: CarrierTakenEvent) -> Result:
    refused = event.result is EventResult.REFUSED
    return Result(line=line.number, key=line.key, result="refused" if refused else event.result, code=event.code)


async def step(database: Database, desk: Callable[[], Desk]) -> bool:
    """One look at one gateway of files; False when none is due."""
    async with database.unit(system_scope()) as db:
        held = await queries.claim(db, EVERY_S)
    if held is None:
        return False
    error = None
    try:
        await Exchange(database, desk(), held).run()
    except GatewayAway as away:
        error = str(away)
    except ClusterError as refused:
        if refused.status >= 500:
            raise
        error = refused.code
    scope = system_scope(held.cluster_id)
    async with database.unit(scope) as db:
        pause_s = min(PAUSE_S * 2.0 ** min(held.failures, 10), PAUSE_MAX_S)
        await queries.release(db, scope, held, error, pause_s)
    return True
