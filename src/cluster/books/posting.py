"""
What happened becomes entries: shares of published plans, accepted freight, cash on delivery, and the true-up.

Each step reads what there is, and posts what the books lack of it, in one transaction that holds the books: whoever
comes second, or after a crash, finds nothing to do.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.books import source_queries as queries
from cluster.books.delivered import Account as Side
from cluster.books.delivered import Miss, Missed, TourCost, trued_up
from cluster.dispatch.reasons import MEANINGS, Fault, Reason
from cluster.ledger import service as ledger
from cluster.ledger.models import Account, Holder, NewEntry, NewLine, Purpose, of_carrier, of_cluster, of_member

AT_ONCE = 500
WINDOWS_AT_ONCE = 50


async def tend(database: Database) -> int:
    """The worker's part, cluster by cluster: posts what is not in the books; returns how many sources there were."""
    async with database.unit(system_scope()) as db:
        clusters = await queries.clusters(db)
    done = 0
    for cluster_id in clusters:
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            done += await post_due(db, scope)
    return done


async def post_due(db: Connection, scope: Scope) -> int:
    """Posts what one cluster's books lack; for the neutral side. Holds the books if there is anything."""
    currency = await ledger.currency(db, scope)
    done = len(await _post_freight(db, scope)) + len(await _post_own_tours(db, scope, currency))
    done += await _post_cash(db, scope, currency)
    if await queries.windows_due(db, scope, 1):
        await ledger.hold(db, scope)
        windows = await queries.windows_due(
            db, scope, WINDOWS_AT_ONCE
        )  # again: what is read before the lock may be old
        for window in windows:
            await _post_window(db, scope, window, currency)
        done += len(windows)
    return done


async def _post_freight(db: Connection, scope: Scope) -> list[UUID]:
    entries = [
        NewEntry(
            kind="freight",
            source_kind="civ",
            source_id=row["invoice_id"],
            part=f"{row['tour_id']} {row['entry_no']}",
            occurred_on=row["occurred_on"],
            currency=row["currency"],
            memo=row["number"],
            lines=_two_sides(
                of_carrier(row["carrier_id"], row["currency"]),
                of_cluster(Purpose.FREIGHT, row["currency"]),
                -row["amount_minor"],
                "accepted" if row["amount_minor"] > 0 else "credited",
                row["tour_id"],
            ),
        )
        for row in await queries.freight(db, scope, AT_ONCE)
    ]
    return await ledger.post(db, scope, entries)


async def _post_own_tours(db: Connection, scope: Scope, currency: str) -> list[UUID]:
    """What the cluster's own vehicles cost is what was planned: nobody bills it."""
    entries = [
        NewEntry(
            kind="own_tour",
            source_kind="tor",
            source_id=row["tour_id"],
            occurred_on=row["service_date"],
            currency=currency,
            lines=_two_sides(
                of_cluster(Purpose.PAYMENTS, currency),
                of_cluster(Purpose.FREIGHT, currency),
                -row["cost_minor"],
                "as_planned",
                row["tour_id"],
            ),
        )
        for row in await queries.own_tours(db, scope, AT_ONCE)
    ]
    return await ledger.post(db, scope, entries)


def _two_sides(
    one: Account, other: Account, amount_minor: int, reason: str, about_id: UUID | None
) -> tuple[NewLine, ...]:
    return NewLine(one, amount_minor, reason, about_id), NewLine(other, -amount_minor, reason, about_id)


async def _post_cash(db: Connection, scope: Scope, currency: str) -> int:
    """Cash that was collected is owed by whoever drove, to the member; taken back if it was not delivered after all."""
    if not await queries.cash(db, scope, 1):
        return 0
    await ledger.hold(db, scope)
    rows = await queries.cash(db, scope, AT_ONCE)
    entries = []
    for row in rows:
        if row["posted"] is not None:
            day = await ledger.today(db, scope)
            entries.append(await ledger.reversal(db, scope, row["posted"], day, "not delivered after all"))
            continue
        carrier = row["carrier_id"]
        holder = of_cluster(Purpose.CASH, currency) if carrier is None else of_carrier(carrier, currency)
        entries.append(
            NewEntry(
                kind="cash_on_delivery",
                source_kind="shp",
                source_id=row["shipment_id"],
                part=str(row["turns"] + 1),
                occurred_on=row["occurred_on"],
                currency=currency,
                lines=_two_sides(
                    holder, of_member(row["member_id"], currency), row["cod_minor"], "collected", row["tour_id"]
                ),
            )
        )
    await ledger.post(db, scope, entries)
    return len(rows)


async def _post_window(db: Connection, scope: Scope, window: asyncpg.Record, currency: str) -> None:
    """Brings a window's shares to what its published plan says, and trues them up once everything is billed."""
    window_id, plan_id = window["pool_window_id"], window["plan_id"]
    stands = await queries.standing(db, scope, window_id)
    wanted = await _confirmed(db, scope, window, stands)
    changes = {member: wanted.get(member, 0) - stands.get(member, 0) for member in wanted.keys() | stands.keys()}
    lines = [
        NewLine(of_member(member, currency), amount, "share") for member, amount in sorted(changes.items()) if amount
    ]
    lines.append(NewLine(of_cluster(Purpose.FREIGHT, currency), -sum(changes.values()), "shares"))
    part = str(window["mark_no"] + 1)
    estimate = NewEntry(
        kind="estimate",
        source_kind="plan",
        source_id=plan_id,
        part=part,
        occurred_on=window["service_date"],
        currency=currency,
        lines=tuple(lines),
    )
    await ledger.post(db, scope, [estimate])
    settled = window["tours"] > 0 and window["running"] == 0 and window["unbilled"] == 0
    if settled:
        await _true_up(db, scope, window, wanted, currency, part)
    await queries.mark(db, scope, window_id, plan_id, window["seen"], settled=settled)


async def _confirmed(
    db: Connection, scope: Scope, window: asyncpg.Record, stands: Mapping[UUID, int]
) -> dict[UUID, int]:
    """
    What members were told that they pay: the published plan's shares.

    A replan is made because of what happened on the road. It changes what a member pays only where that member's own
    shipments in it are other ones.
    """
    shares = await queries.shares(db, scope, window["plan_id"])
    if window["origin"] != "replan" or window["posted_plan_id"] is None:
        return shares
    before, now = [await _shipments(db, scope, plan) for plan in (window["posted_plan_id"], window["plan_id"])]
    return {
        member: stands[member]
        if member in stands and before.get(member, {}).keys() == now.get(member, {}).keys()
        else shares.get(member, 0)
        for member in shares.keys() | stands.keys()
    }


async def _shipments(db: Connection, scope: Scope, plan_id: UUID) -> dict[UUID, dict[str, int]]:
    """Each member's shipments in a plan, with their weights."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for row in await queries.planned(db, scope, plan_id):
        found[row["member_id"]][str(row["shipment_id"])] = row["weight_g"]
    return found


async def _true_up(
    db: Connection, scope: Scope, window: asyncpg.Record, shares: Mapping[UUID, int], currency: str, part: str
) -> None:
    """Posts what the true-up says beyond what was posted of it before."""
    window_id = window["pool_window_id"]
    tours = [
        TourCost(
            tour=str(row["tour_id"]),
            carrier="own" if row["carrier_id"] is None else str(row["carrier_id"]),
            planned_minor=row["planned_minor"],
            accepted_minor=row["planned_minor"] if row["carrier_id"] is None else row["accepted_minor"],
        )
        for row in await queries.tours(db, scope, window_id)
    ]
    weights = await _shipments(db, scope, window["plan_id"])
    entries = trued_up(
        {str(member): share for member, share in shares.items()},
        {str(member): own for member, own in weights.items()},
        tours,
        await _missed(db, scope, window),
    )
    wanted: dict[tuple[Account, str], int] = defaultdict(int)
    for entry in entries:
        wanted[_account(entry.account, entry.holder, currency), entry.reason] += entry.amount_minor
    wanted[of_cluster(Purpose.FREIGHT, currency), "true_up"] -= sum(entry.amount_minor for entry in entries)
    posted = await queries.true_ups(db, scope, window_id)
    known = {account.id_in(scope.cluster): account for account in await ledger.accounts_of(db, scope, posted)}
    for (account_id, reason), amount in posted.items():
        wanted[known[account_id], reason] -= amount
    await ledger.post(db, scope, [_difference(window_id, window["service_date"], currency, part, wanted)])


def _difference(
    window_id: UUID, day: date, currency: str, part: str, amounts: Mapping[tuple[Account, str], int]
) -> NewEntry:
    ordered = sorted(amounts.items(), key=lambda entry: (entry[0][0].holder, str(entry[0][0]), entry[0][1]))
    return NewEntry(
        kind="true_up",
        source_kind="win",
        source_id=window_id,
        part=part,
        occurred_on=day,
        currency=currency,
        lines=tuple(NewLine(account, amount, reason) for (account, reason), amount in ordered),
    )


def _account(side: Side, holder: str, currency: str) -> Account:
    if side is Side.CLUSTER:
        return of_cluster(Purpose.RESERVE, currency)
    return Account(Holder.MEMBER if side is Side.MEMBER else Holder.CARRIER, UUID(holder), currency)


async def _missed(db: Connection, scope: Scope, window: asyncpg.Record) -> list[Missed]:
    """Planned shipments that were called off or not carried, each once; what a member's side caused is no reason."""
    found = {}
    for row in await queries.failed(db, scope, window["pool_window_id"]):
        if row["reason"] is not None and MEANINGS[Reason(row["reason"])].fault is Fault.CARRIER:
            found[row["shipment_id"]] = _one(row, Miss.CARRIER)
    for row in await queries.called_off(db, scope, window["plan_id"]):
        theirs = row["caused_by"] in {"member", "consignee"}
        found[row["shipment_id"]] = _one(
            row, (Miss.LATE if row["after_cut_off"] else Miss.IN_TIME) if theirs else Miss.CARRIER
        )
    return list(found.values())


def _one(row: asyncpg.Record, why: Miss) -> Missed:
    return Missed(
        shipment=str(row["shipment_id"]),
        member=str(row["member_id"]),
        tour=None if row["tour_id"] is None else str(row["tour_id"]),
        why=why,
    )
