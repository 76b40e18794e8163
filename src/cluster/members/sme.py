"""How large a firm is, under the standard that its cluster goes by."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault, Invalid
from cluster.base.fields import MinorUnits
from cluster.members import sme_cn, sme_eu, sme_vn
from cluster.members.models import SizeClass, SizeStandard
from cluster.members.sme_tables import Rule, Table, Threshold

TABLES: tuple[Table, ...] = (*sme_eu.TABLES, *sme_vn.TABLES, *sme_cn.TABLES)
ANY_SECTOR = "any"

Employees = Annotated[int, Meta(ge=0, le=10_000_000)]
Year = Annotated[int, Meta(ge=1900, le=2200)]
Sector = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z_]+$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class SizeFigures(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A firm's figures of one year, in minor units of ``currency``.

    Where a standard asks it (EU annex, article 3 and 6), they include partner and linked enterprises. Balance sheet
    total and total capital are both given as ``assets_minor``.
    """

    sector: Sector
    employees: Employees
    revenue_minor: MinorUnits | None = None
    assets_minor: MinorUnits | None = None
    currency: Currency
    fiscal_year: Year


class SizeResult(Struct, frozen=True, kw_only=True):
    """A class, and the table that says so."""

    size_class: SizeClass
    table: Table


def size_class(standard: SizeStandard, figures: SizeFigures) -> SizeResult:
    """
    How large a firm is.

    The EU's rule that a class changes only after two years (annex, article 4) needs two years' figures and is left to
    whoever reviews them.

    Raises
    ------
    Invalid
        When the standard knows no such sector, was not in force in that year, counts in another currency, or asks for
        a figure that is missing; all of these at once.
    """
    tables = [table for table in TABLES if table.standard is standard]
    table = next((t for t in tables if figures.sector in t.sectors or t.sectors == (ANY_SECTOR,)), None)
    faults = list(_faults(tables, table, figures))
    if faults or table is None:
        raise Invalid(faults)
    return SizeResult(size_class=_class_of(table, figures), table=table)


def _class_of(table: Table, figures: SizeFigures) -> SizeClass:
    if table.rule is Rule.HEADCOUNT_AND_EITHER:
        within = (row.size_class for row in table.thresholds if _within(row, figures))
        return next(within, SizeClass.LARGE)
    return next(row.size_class for row in reversed(table.thresholds) if _reached(row, figures))


def _within(row: Threshold, figures: SizeFigures) -> bool:
    kept = (
        (figures.revenue_minor, row.revenue_max_minor),
        (figures.assets_minor, row.assets_max_minor),
    )
    either = any(have is not None and most is not None and have <= most for have, most in kept)
    return row.employees_max is not None and figures.employees <= row.employees_max and either


def _reached(row: Threshold, figures: SizeFigures) -> bool:
    floors = (
        (figures.employees, row.employees_min),
        (figures.revenue_minor, row.revenue_min_minor),
        (figures.assets_minor, row.assets_min_minor),
    )
    return all(least is None or (have is not None and have >= least) for have, least in floors)


def _faults(tables: list[Table], table: Table | None, figures: SizeFigures) -> Iterator[FieldFault]:
    if figures.currency != tables[0].currency:
        cause, cure = f"the standard counts in {tables[0].currency}", f"convert the figures to {tables[0].currency}"
        yield FieldFault(pointer="/currency", code="currency_of_standard", cause=cause, cure=cure)
    if figures.fiscal_year < tables[0].in_force_from.year:
        cause = f"the standard is in force since {tables[0].in_force_from}"
        yield FieldFault(pointer="/fiscal_year", code="year_before_standard", cause=cause, cure="a later year")
    if table is None:
        known = ", ".join(sector for entry in tables for sector in entry.sectors)
        yield FieldFault(pointer="/sector", code="unknown_sector", cause="not of this standard", cure=f"one of {known}")
    else:
        yield from _missing(table, figures)


def _missing(table: Table, figures: SizeFigures) -> Iterator[FieldFault]:
    largest = table.thresholds[-1]
    given = {"revenue_minor": figures.revenue_minor, "assets_minor": figures.assets_minor}
    asked = {
        "revenue_minor": largest.revenue_max_minor or largest.revenue_min_minor,
        "assets_minor": largest.assets_max_minor or largest.assets_min_minor,
    }
    absent = [name for name, bound in asked.items() if bound is not None and given[name] is None]
    if table.rule is Rule.HEADCOUNT_AND_EITHER:
        absent = absent[:1] if len(absent) == len(asked) else []
    for name in absent:
        cause = "the standard goes by it"
        yield FieldFault(pointer=f"/{name}", code="figure_missing", cause=cause, cure="add it")
