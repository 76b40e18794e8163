"""Invoices whose lines come as a file, CSV or a workbook: taken in whole, or every fault told by its line."""

import io
from typing import Any

import httpx
import pytest
import xlsxwriter

from tests.cluster.api import Caller
from tests.cluster.freight.billed import Billed

pytestmark = pytest.mark.anyio
HEADER = "tour,kind,quantity,unit,rate_minor,amount_minor,text"
ASKED = "number=F-1&issued_on=2026-11-30"


async def sent(caller: Caller, path: str, content: bytes | str) -> httpx.Response:
    """A file of lines."""
    raw = content.encode() if isinstance(content, str) else content
    return await caller.send("POST", path, raw)


async def code_of(billed: Billed) -> str:
    """The tour's code, as people know it."""
    return str((await billed.swift.get(f"/v1/carrier/tours/{billed.tour_id}")).json()["tour"]["code"])


def lines_of(billed: Billed, code: str) -> list[list[Any]]:
    """What is owed, line by line."""
    return [
        [code, "fixed", 1, "vehicle", 300_000, 300_000, None],
        [billed.tour_id, "distance", billed.distance_m, "m", 9_000, billed.km_minor, None],
        [code, "time", 3300, "s", 60_000, 55_000, None],
        [code, "stops", 2, "stop", 5_000, 10_000, "two shops"],
    ]


def csv_of(lines: list[list[Any]]) -> str:
    """As text."""
    return "\n".join([HEADER, *(",".join("" if cell is None else str(cell) for cell in line) for line in lines)])


async def test_a_carrier_sends_its_lines_as_text_and_the_audit_agrees(billed: Billed) -> None:
    lines = lines_of(billed, await code_of(billed))
    answer = await sent(billed.swift, f"/v1/carrier/invoices/file?{ASKED}", csv_of(lines))
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["invoice"]["number"], found["invoice"]["total_minor"]) == ("F-1", billed.owed_minor)
    assert {line["tour_id"] for line in found["lines"]} == {billed.tour_id}
    seen = await billed.look(found["id"])
    assert (seen["invoice"]["status"], seen["audit"]["difference_minor"]) == ("matched", 0)
    again = await sent(billed.swift, f"/v1/carrier/invoices/file?{ASKED}", csv_of(lines))
    assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (found["id"], "true")


async def test_the_coordinator_enters_a_workbook(billed: Billed) -> None:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate([HEADER.split(","), *lines_of(billed, await code_of(billed))]):
            sheet.write_row(row, 0, line)
    path = f"/v1/carriers/{billed.swift_id}/invoices/file?{ASKED}&total_minor={billed.owed_minor}"
    answer = await sent(billed.world.coordinator, path, raw.getvalue())
    assert answer.status_code == 201, answer.text
    assert answer.json()["invoice"]["status"] == "matched"


async def test_every_fault_is_told_by_its_line_and_nothing_is_stored(billed: Billed) -> None:
    code = await code_of(billed)
    lines = [
        [code, "fixed", 1, "vehicle", 300_000, 300_000, None],
        ["no-such-tour", "toll", None, None, None, 5_000, None],
        [code, "parking", None, None, None, "much", None],
        [None, "toll", None, None, None, 1, None],
    ]
    answer = await sent(billed.swift, f"/v1/carrier/invoices/file?{ASKED}", csv_of(lines))
    assert answer.status_code == 422
    told = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert told == {
        ("/lines/3/tour", "no_such_tour"),
        ("/lines/4/kind", "out_of_range"),
        ("/lines/4/amount_minor", "wrong_type"),
        ("/lines/5/tour", "missing"),
    }
    # What only the tours tell is told by line too.
    lines = [[code, "distance", 1, "km", 9_000, 9_000, None], ["tor_" + "0" * 26, "toll", None, None, None, 1, None]]
    answer = await sent(billed.swift, f"/v1/carrier/invoices/file?{ASKED}", csv_of(lines))
    told = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert told == {("/lines/2/unit", "unit_wrong"), ("/lines/3/tour", "no_such_tour")}
    for content in ("a,b\n1,2\n", HEADER):
        assert (await sent(billed.swift, f"/v1/carrier/invoices/file?{ASKED}", content)).status_code == 422
    assert (await billed.swift.get("/v1/carrier/invoices")).json()["data"] == []


async def test_a_carrier_names_no_tour_of_anothers(billed: Billed) -> None:
    lines = [[await code_of(billed), "toll", None, None, None, 5_000, None]]
    answer = await sent(billed.slow, f"/v1/carrier/invoices/file?{ASKED}", csv_of(lines))
    assert [fault["code"] for fault in answer.json()["errors"]] == ["no_such_tour"]


async def test_the_template_has_the_columns_that_are_read(billed: Billed) -> None:
    for asker, path in (
        (billed.swift, "/v1/carrier/invoices/template"),
        (billed.world.coordinator, "/v1/carrier-invoice-template"),
    ):
        text = await asker.get(f"{path}?format=csv")
        assert text.text.lstrip("\ufeff").splitlines()[0] == HEADER
        assert (await asker.get(f"{path}?format=xlsx")).content.startswith(b"PK")
