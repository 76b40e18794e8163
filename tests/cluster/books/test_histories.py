"""
Random histories of the books beside a pure model: after every step everything sums to zero and is what the model says.

``BOOK_HISTORIES`` says how many; each is taken back at its end.
"""

import os
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.books import periods, settling
from cluster.books.models import OpenPeriod
from cluster.ledger.checking import read_books
from cluster.ledger.models import NewEntry, NewLine, Purpose, of_cluster, of_member
from cluster.ledger.service import post, reversal
from tests.cluster.api import World
from tests.cluster.ledger.books import NOWHERE, unit

pytestmark = pytest.mark.anyio
HISTORIES = int(os.environ.get("BOOK_HISTORIES", "15"))
FIRST_DAY = date(2025, 1, 1)
AMOUNTS = st.integers(-(10**9), 10**9)
DAYS = st.integers(0, 120)
STEPS = st.one_of(
    st.tuples(st.just("share"), AMOUNTS, AMOUNTS, DAYS),
    st.tuples(st.just("again"), st.integers(0, 30)),
    st.tuples(st.just("reverse"), st.integers(0, 30)),
    st.tuples(st.just("settle"), st.integers(5, 40), st.booleans()),
    st.tuples(st.just("pay"), st.integers(0, 10)),
)


class Model:
    """What the books should say: movements by day of booking, and nothing clever."""

    def __init__(self, members: tuple[UUID, UUID]) -> None:
        self.members = members
        self.moves: list[tuple[date, dict[UUID, int]]] = []
        self.entries: list[tuple[NewEntry, dict[UUID, int]]] = []
        self.reversed: set[int] = set()
        self.open_from = FIRST_DAY
        self.statements: list[tuple[UUID, dict[UUID, tuple[int, int]]]] = []
        self.paid: set[str] = set()

    def book(self, day: date, amounts: dict[UUID, int]) -> None:
        self.moves.append((max(day, self.open_from), amounts))

    def balance(self, member: UUID, until: date = date.max) -> int:
        return sum(amounts.get(member, 0) for day, amounts in self.moves if day <= until)


def shared(number: int, model: Model, an: int, binh: int, day: date) -> NewEntry:
    """A cost of both, or a credit, or one of each."""
    lines = [NewLine(of_member(member, "VND"), part) for member, part in zip(model.members, (an, binh), strict=True)]
    return NewEntry(
        kind="estimate",
        source_kind="plan",
        source_id=uuid5(NOWHERE, str(number)),
        occurred_on=day,
        currency="VND",
        lines=(*lines, NewLine(of_cluster(Purpose.FREIGHT, "VND"), -an - binh)),
    )


async def step(db: Connection, scope: Scope, model: Model, told: tuple[Any, ...]) -> None:
    """One step in the books, and in the model."""
    what, *given_ = told
    if what == "share":
        an, binh, day = given_[0], given_[1], FIRST_DAY + timedelta(days=given_[2])
        entry, amounts = (
            shared(len(model.entries), model, an, binh, day),
            dict(zip(model.members, given_, strict=False)),
        )
        await post(db, scope, [entry])
        model.entries.append((entry, amounts))
        model.book(day, amounts)
    elif what == "again" and model.entries:
        assert await post(db, scope, [model.entries[given_[0] % len(model.entries)][0]]) == []
    elif what == "reverse" and model.entries:
        await take_back(db, scope, model, given_[0] % len(model.entries))
    elif what == "settle":
        await settle(db, scope, model, given_[0], taxed=given_[1])
    elif what == "pay":
        await pay(db, scope, model, given_[0])


async def take_back(db: Connection, scope: Scope, model: Model, number: int) -> None:
    """An entry is taken back once, whatever is asked; one without amounts is none."""
    entry, amounts = model.entries[number]
    if not any(line.amount_minor for line in entry.lines):
        return
    back = await reversal(db, scope, entry.id_in(scope.cluster), entry.occurred_on)
    fresh = await post(db, scope, [back])
    assert len(fresh) == (number not in model.reversed)
    if fresh:
        model.reversed.add(number)
        model.book(entry.occurred_on, {member: -amount for member, amount in amounts.items()})


async def settle(db: Connection, scope: Scope, model: Model, days: int, *, taxed: bool) -> None:
    """The next days are settled by two; statements are those of the model."""
    start, end = model.open_from, model.open_from + timedelta(days=days)
    period = await periods.open_period(db, scope, OpenPeriod(starts_on=start, ends_on=end, taxed=taxed))
    period_id = ids.parse("per", period.id)
    await periods.propose(db, scope, period_id)
    await periods.close(db, structs.replace(scope, key_id=UUID(int=2)), period_id)
    rows = {
        ids.parse("mem", found.member_id): await settling.statement(db, scope, ids.parse("stm", found.id))
        for found in (await settling.list_statements(db, scope, UUID(int=0), 10, period_id)).data
    }
    for member, whole in rows.items():
        document = whole.document
        assert document.opening_minor == model.balance(member, start - timedelta(days=1))
        untaxed = sum(line.amount_minor for line in document.lines if line.kind != "tax")
        assert untaxed == model.balance(member, end) - document.opening_minor
        tax = sum(line.amount_minor for line in document.lines if line.kind == "tax")
        assert tax == sum(entry.tax_minor for entry in document.taxes)
        assert document.closing_minor == document.opening_minor + untaxed + tax
        model.moves.append((end, {member: tax}))
    model.open_from = end + timedelta(days=1)


async def pay(db: Connection, scope: Scope, model: Model, number: int) -> None:
    """A payment that was asked for is made."""
    due = [
        found for found in (await settling.list_payments(db, scope, UUID(int=0), 100, None)).data if not found.paid_on
    ]
    if not due:
        return
    chosen = due[number % len(due)]
    await settling.pay(db, scope, ids.parse("pay", chosen.id), FIRST_DAY)
    for holder, amount in ((chosen.payer_id, -chosen.amount_minor), (chosen.payee_id, chosen.amount_minor)):
        if holder is not None:
            model.book(FIRST_DAY, {ids.parse("mem", holder): amount})


@given(st.lists(STEPS, min_size=3, max_size=14))
@settings(
    max_examples=HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_happens_the_books_are_whole_and_say_what_happened(
    world: World, history: list[tuple[Any, ...]]
) -> None:
    members = (ids.parse("mem", world.an_id), ids.parse("mem", world.binh_id))
    async with unit(world) as (db, platform):
        scope, model, history_ = structs.replace(platform, key_id=UUID(int=1)), Model(members), db.transaction()
        await history_.start()
        for told in history:
            await step(db, scope, model, told)
            found = await db.fetch("SELECT member_id, sum(amount_minor) AS amount FROM ledger_lines GROUP BY member_id")
            assert sum(row["amount"] for row in found) == 0
            stands = {row["member_id"]: row["amount"] for row in found if row["member_id"] is not None}
            assert {member: stands.get(member, 0) for member in members} == {
                member: model.balance(member) for member in members
            }
        assert (await read_books(db, scope)).faults == []
        await history_.rollback()
