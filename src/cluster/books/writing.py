"""What statements say, made of rows of the books: nothing here asks or stores anything."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import asyncpg
from msgspec import structs

from cluster.base import ids
from cluster.books.models import StatementDocument, StatementLine, StatementPlan, StatementTax
from cluster.books.taxes import OF_KIND, TaxCategory, rate_on, tax_of


def documents(
    head: Mapping[str, object],
    country: str,
    openings: Sequence[asyncpg.Record],
    lines: Sequence[asyncpg.Record],
    plans: Sequence[asyncpg.Record],
    *,
    taxed: bool,
) -> dict[UUID, StatementDocument]:
    """
    Each member's statement.

    Parameters
    ----------
    head
        Fields that all statements of the period share.
    taxed
        Whether tax is charged on lines that fall under a rate; it comes on top, as a line of its own.
    """
    own_lines: dict[UUID, list[StatementLine]] = defaultdict(list)
    for row in lines:
        own_lines[row["member_id"]].append(_line(row, country, taxed=taxed))
    own_plans: dict[UUID, list[StatementPlan]] = defaultdict(list)
    for row in plans:
        own_plans[row["member_id"]].append(_plan(row))
    return {
        row["member_id"]: _document(
            head, row, country, own_lines[row["member_id"]], own_plans[row["member_id"]], taxed=taxed
        )
        for row in openings
    }


def _document(
    head: Mapping[str, object],
    member: asyncpg.Record,
    country: str,
    lines: list[StatementLine],
    plans: list[StatementPlan],
    *,
    taxed: bool,
) -> StatementDocument:
    emissions = [plan.emissions_g for plan in plans if plan.emissions_g is not None]
    return StatementDocument(
        **head,  # type: ignore[arg-type]
        member_id=ids.show("mem", member["member_id"]),
        member_name=member["name"],
        opening_minor=member["opening_minor"],
        lines=lines,
        plans=plans,
        taxes=_taxes(lines, country) if taxed else [],
        stand_alone_minor=sum(plan.stand_alone_minor for plan in plans),
        share_minor=sum(plan.share_minor for plan in plans),
        saving_minor=sum(plan.saving_minor for plan in plans),
        emissions_g=sum(emissions) if emissions else None,
        closing_minor=member["opening_minor"] + sum(line.amount_minor for line in lines),
    )


def with_tax(document: StatementDocument, day: date, period_id: str) -> StatementDocument:
    """The statement with its taxes as lines of the last day, as they are posted."""
    lines = [
        StatementLine(
            booked_on=day,
            occurred_on=day,
            kind="tax",
            reason=reason_of(tax),
            source=period_id,
            amount_minor=tax.tax_minor,
            tax_category=TaxCategory.OUTSIDE,
            tax_permille=None,
            memo="",
        )
        for tax in document.taxes
        if tax.tax_minor
    ]
    closing = document.closing_minor + sum(line.amount_minor for line in lines)
    return structs.replace(document, lines=[*document.lines, *lines], closing_minor=closing)


def reason_of(tax: StatementTax) -> str:
    """The code of a line of tax."""
    return f"vat_{tax.category}_{tax.permille}"


def _line(row: asyncpg.Record, country: str, *, taxed: bool) -> StatementLine:
    category = OF_KIND.get(row["kind"], TaxCategory.OUTSIDE)
    rate = rate_on(country, category, row["occurred_on"]) if taxed else None
    return StatementLine(
        booked_on=row["booked_on"],
        occurred_on=row["occurred_on"],
        kind=row["kind"],
        reason=row["reason"],
        source=ids.show(row["source_kind"], row["source_id"]),
        amount_minor=row["amount_minor"],
        tax_category=category,
        tax_permille=None if rate is None else rate.permille,
        memo=row["memo"],
    )


def _taxes(lines: Sequence[StatementLine], country: str) -> list[StatementTax]:
    """Tax by category and rate: on the sum, so that it is rounded once."""
    sums: dict[tuple[TaxCategory, int, str], int] = defaultdict(int)
    for line in lines:
        rate = rate_on(country, line.tax_category, line.occurred_on)
        if rate is not None:
            sums[line.tax_category, rate.permille, rate.source] += line.amount_minor
    return [
        StatementTax(
            category=category, permille=permille, net_minor=net, tax_minor=tax_of(net, permille), source=source
        )
        for (category, permille, source), net in sorted(sums.items())
    ]


def _plan(row: asyncpg.Record) -> StatementPlan:
    return StatementPlan(
        plan_id=ids.show("plan", row["plan_id"]),
        number=row["published_no"],
        service_date=row["service_date"],
        shipments=row["shipments"],
        stand_alone_minor=row["stand_alone_minor"],
        share_minor=row["share_minor"],
        saving_minor=row["saving_minor"],
        rule=row["rule_applied"],
        emissions_g=row["emissions_g"],
    )
