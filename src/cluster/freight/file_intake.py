"""Use case: a carrier's invoice whose lines come as a file."""

from datetime import date
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.base.errors import Invalid
from cluster.carriers import firms
from cluster.freight import fact_queries, intake, invoice_files
from cluster.freight.intake import Taken
from cluster.freight.invoice_files import Head, Table
from cluster.members.platform import platform


async def receive(
    db: Connection,
    scope: Scope,
    carrier_id: UUID,
    table: Table,
    *,
    number: str,
    issued_on: date,
    total_minor: int | None,
) -> Taken:
    """
    Takes in an invoice whose lines a table tells; the rest is as with any other.

    Raises
    ------
    NotFound, Conflict
        As for an invoice sent by the API.
    Invalid
        With every fault, at ``/lines/<number of the line>/<column>``.
    """
    await firms.carrier(db, scope, carrier_id)
    async with platform(db, scope) as acting:
        currency = await fact_queries.currency(db, acting)
        of_carrier = carrier_id if scope.carrier_id is not None else None
        tours = await fact_queries.tours_coded(db, acting, of_carrier, sorted(table.codes))
    head = Head(number=number, issued_on=issued_on, currency=currency, total_minor=total_minor)
    body = invoice_files.invoice_of(table, head, tours)
    try:
        return await intake.receive(db, scope, carrier_id, body)
    except Invalid as refused:
        raise Invalid([invoice_files.placed(fault, table) for fault in refused.errors]) from None
