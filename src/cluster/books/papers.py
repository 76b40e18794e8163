"""Statements as files: lines as CSV, and a paper set by typst."""

import functools
import threading
from importlib import resources
from typing import Any

import msgspec
import typst

from cluster.base.money import money
from cluster.books.models import StatementDocument, WholeStatement
from cluster.books.words import words
from cluster.dispatch.typesetting import families, folders, sets_han
from cluster.imports.writing.cells import csv_text

HEADER = (
    *("booked_on", "occurred_on", "kind", "reason", "source", "amount", "currency"),
    *("tax_category", "tax_percent", "balance", "memo"),
)
_one_at_a_time = threading.Lock()


def as_csv(found: WholeStatement) -> bytes:
    """Its lines with the balance after each, from the opening one on; amounts in whole units of the currency."""
    document = found.document
    balance, rows = document.opening_minor, [list(HEADER)]
    rows.append(
        [str(document.starts_on), "", "opening", "", "", *_money(0, document), "", "", _amount(balance, document), ""]
    )
    for line in document.lines:
        balance += line.amount_minor
        on = [str(line.booked_on), str(line.occurred_on), line.kind, line.reason, line.source]
        tax = "" if line.tax_permille is None else f"{line.tax_permille / 10:g}"
        rows.append(
            [*on, *_money(line.amount_minor, document), line.tax_category, tax, _amount(balance, document), line.memo]
        )
    return csv_text(rows, first=True).encode()


def _money(amount_minor: int, document: StatementDocument) -> tuple[str, str]:
    return _amount(amount_minor, document), document.currency


def _amount(amount_minor: int, document: StatementDocument) -> str:
    return money(amount_minor, document.currency).amount


def as_pdf(found: WholeStatement, language: str) -> bytes:
    """The paper, in the language or in English where no font here has its letters; holds the machine for a while."""
    spoken = language if language != "zh" or sets_han() else "en"
    data = _told(found, words(spoken)) | {"fonts": families(), "lang": spoken}
    with _one_at_a_time:
        made = typst.compile(
            _template(), font_paths=_fonts(), sys_inputs={"data": msgspec.json.encode(data).decode()}, timestamp=0
        )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


def _told(found: WholeStatement, say: dict[str, str]) -> dict[str, Any]:
    """What fills the template."""
    document, statement = found.document, found.statement

    def amount(minor: int) -> str:
        whole, dot, rest = _amount(abs(minor), document).partition(".")
        grouped = f"{int(whole):,}".replace(",", "\u202f")
        return f"{'-' if minor < 0 else ''}{grouped}{dot}{rest}"

    sums = [(say["opening"], document.opening_minor), (say["turnover"], statement.turnover_minor)]
    sums += [(say["closing"], document.closing_minor), (say["alone"], document.stand_alone_minor)]
    sums += [(say["share"], document.share_minor), (say["saving"], document.saving_minor)]
    told = [[name, f"{amount(minor)} {document.currency}"] for name, minor in sums]
    if document.emissions_g is not None:
        told.append([say["emissions"], f"{document.emissions_g / 1000:,.1f}"])
    lines = [
        [str(line.booked_on), line.kind, line.reason, line.source, _rate(line.tax_permille), amount(line.amount_minor)]
        for line in document.lines
    ]
    plans = [
        [str(plan.service_date), plan.rule, plan.shipments or "", amount(plan.stand_alone_minor),
         amount(plan.share_minor), amount(plan.saving_minor)]
        for plan in document.plans
    ]  # fmt: skip
    taxes = [
        [tax.category, tax.source, _rate(tax.permille), amount(tax.net_minor), amount(tax.tax_minor)]
        for tax in document.taxes
    ]
    return {
        "title": f"{say['title']} · {document.member_name}",
        "span": f"{document.cluster_name} · {document.starts_on} – {document.ends_on}",
        "digest": statement.digest,
        "sums": told,
        "tables": [
            _table(say, "plans", 2, ("day", "rule", "shipments", "alone", "share", "saving"), plans),
            _table(say, "lines", 4, ("day", "kind", "reason", "source", "rate", "amount"), lines),
            _table(say, "taxes", 2, ("kind", "where", "rate", "net", "tax"), taxes),
        ],
    }


def _table(say: dict[str, str], title: str, left: int, header: tuple[str, ...], rows: list[Any]) -> dict[str, Any]:
    cells = [[str(cell) for cell in row] for row in rows]
    return {"title": say[title], "left": left, "header": [say[name] for name in header], "rows": cells}


def _rate(permille: int | None) -> str:
    return "" if permille is None else f"{permille / 10:g}"


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=folders())


@functools.cache
def _template() -> bytes:
    return resources.files("cluster.books").joinpath("papers", "statement.typ").read_bytes()
