"""Bytes to cells to values: encodings, delimiters, numbers, days, marketplaces, hostile workbooks. No database."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from cluster.imports.columns import lines, values
from cluster.imports.columns.values import GRAMS, Marks, Unreadable
from cluster.imports.marketplaces import recognise
from cluster.imports.reading import csv_lines, encodings, xlsx_lines
from cluster.imports.reading.found import FileFault, ReadOptions
from tests.cluster.imports.files import xlsx_file

TEXTS = {
    "utf-8": "Mã,Người nhận\n1,Chợ Bến Thành\n",
    "utf-16": "Mã,Người nhận\n1,Chợ Bến Thành\n",
    "gb18030": "订单号,收货人\n1,北京市海淀区中关村大街\n",
    "windows-1252": "Auftrag,Empfänger\n1,Müller & Söhne, Köln\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_encodings_are_found_out(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(TEXTS[name].encode({"windows-1252": "cp1252"}.get(name, name)))
    assert encodings.detect(path) == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out_though_cells_hold_the_others(delimiter: str) -> None:
    assert (
        csv_lines.sniff(delimiter.join(["a", "b", "c"]) + "\n" + delimiter.join(['"1,5"', '"x;y"', '"p\nq"']) + "\n")
        == delimiter
    )


def test_numbers_have_either_mark_and_are_never_guessed() -> None:
    point, comma, unknown = Marks(decimal="."), Marks(decimal=","), Marks()
    assert values.number("1,234.5", point) == Decimal("1234.5") == values.number("1.234,5", comma)
    assert values.number("1 234,5", unknown) == Decimal("1234.5")
    assert values.decimal_mark(["1,234", "7"]) is None
    assert values.decimal_mark(["1,234", "1,25"]) == ","
    with pytest.raises(Unreadable, match="may be thousands or decimals"):
        values.number("1,234", unknown)
    for nonsense in ("NaN", "inf", "1e999", "--1", "1.2.3", "", "9" * 40):
        with pytest.raises(Unreadable):
            values.number(nonsense, point)
    assert values.amount("1.5 kg", point, GRAMS, "g") == 1_500
    assert values.amount("2", point, GRAMS, "lb") == 907  # 907.18474 g


def test_days_are_read_as_the_file_has_them() -> None:
    assert values.day("31/01/2027", Marks()) == values.day("2027-01-31", Marks()) == values.day(46_418, Marks())
    assert values.day_order(["03/04/2027", "01/31/2027"], "dmy") == "mdy"
    assert (
        values.moment("8h30", Marks())
        == values.moment("08:30", Marks())
        == "08:30"
        == values.moment("8:30 am", Marks())
    )
    for nonsense in ("31/02/2027", "9999-01-01", "soon"):
        with pytest.raises(Unreadable):
            values.day(nonsense, Marks())


def test_a_cell_in_the_last_corner_is_refused_before_the_table_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(io.BytesIO(xlsx_file([])), "r") as good, zipfile.ZipFile(path, "w") as bad:
        for entry in good.infolist():
            content = good.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                content = content.replace(b'r="B1"', b'r="XFD1048576"')
            bad.writestr(entry, content)
    with pytest.raises(FileFault, match="column XFD"):
        list(xlsx_lines.lines(path, ReadOptions()))


def test_a_workbook_that_unpacks_to_more_than_memory_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(FileFault, match="unpacked"):
        list(xlsx_lines.lines(path, ReadOptions()))


ORDERS = {
    "amazon": ("order-id,order-item-id,sku,quantity-to-ship,recipient-name,ship-address-1,ship-address-2,ship-city",
               "058-3563777-5518068,1,TEA,2,Ann,1 Road,,Kyoto", "058-3563777-5518068,1,TEA,0,Ann,1 Road,,Kyoto"),
    "ebay": ("Sales Record Number,Order Number,Ship To Name,Ship To Address 1,Ship To City,Custom Label,Quantity",
             "7,12-34567-89012,Ann,1 Road,Leeds,TEA,2", "3,record(s) downloaded,,,,,"),
    "lazada": ("orderItemId,orderNumber,sellerSku,shippingName,shippingAddress,shippingCity,status",
               "1,300012345678,TEA,Ann,1 Road,Cebu,pending", "1,300012345678,TEA,Ann,1 Road,Cebu,canceled"),
    "shopee": ("Order ID,Order Status,SKU Reference No.,Quantity,Receiver Name,Delivery Address",
               "2401AB,To ship,TEA,2,Ann,1 Road", "2401AB,Cancelled,TEA,2,Ann,1 Road"),
    "tiktok_shop": ("Order ID,Order Status,Seller SKU,Quantity,Recipient,Province,Detail Address",
                    "576461413038785752,To ship,TEA,2,Ann,Hue,1 Road", "Platform unique order ID.,,,,,,"),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_file_of_a_marketplace_is_recognised(name: str) -> None:
    head, order, no_order = (line.split(",") for line in ORDERS[name])
    found = recognise(head)
    assert found is not None
    assert found.marketplace.name == name
    plan = lines.plan_of("shipments", found.matched.sources, head, Marks(), 0)._replace(skips=found.skips)
    read = lines.read_line(plan, 2, order)
    assert read.faults == []
    assert read.values["client_ref"] in order
    assert (read.values["delivery_name"], read.values["sku"]) == ("Ann", "TEA")
    assert str(read.values["delivery_address_line1"]).startswith("1 Road")
    assert (lines.is_skipped(plan, order), lines.is_skipped(plan, no_order)) == (False, True)


def test_a_file_of_nobody_is_no_marketplaces() -> None:
    assert recognise(["Order ID", "Recipient", "Weight"]) is None
