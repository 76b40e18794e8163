"""What goes out comes in again, and no cell of it is a formula."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from cluster.imports.columns import bookings, headers, lines, values
from cluster.imports.columns.values import Marks
from cluster.imports.writing.cells import csv_text, safe
from cluster.imports.writing.shipments import header, rows
from cluster.shipments.goods import HandlingUnit
from cluster.shipments.models import BookShipment, Service, Shipment, ShipmentStatus
from cluster.shipments.parties import ShipmentStop
from tests.cluster.imports.files import Shop, checked, line, shipments_of, working

pytestmark = pytest.mark.anyio
printable = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=30)
visible = printable.filter(lambda text: bool(text.strip()))
NOON = datetime(2027, 3, 4, 5, tzinfo=UTC)
AROUND = bookings.Surroundings(
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    sites={},
    windows={"win_x1": date(2027, 3, 4)},
    days={},
    next_day=None,
    reference="x",
)
stops = st.builds(
    ShipmentStop,
    site_id=st.none(),
    name=visible,
    address_line1=visible,
    instructions=st.none() | visible,
    lat=st.floats(-90, 90, allow_subnormal=False).map(lambda value: round(value, 12)),
    lon=st.floats(-180, 180).map(lambda value: round(value, 7)),
    window_start=st.just(NOON),
    window_end=st.integers(1, 500).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    service_s=st.integers(0, 86_400),
)
units = st.builds(
    HandlingUnit,
    units=st.integers(1, 10_000),
    weight_g=st.integers(1, 10**8),
    length_mm=st.integers(1, 30_000),
    width_mm=st.integers(1, 30_000),
    height_mm=st.integers(1, 30_000),
    sscc=st.none() | st.from_regex("[0-9]{18}", fullmatch=True),
    bearing_max_g=st.none() | st.integers(0, 10**8),
)
booked = st.builds(
    Shipment,
    id=st.just("shp_x"),
    member_id=st.just("mem_x"),
    pool_window_id=st.just("win_x1"),
    client_ref=visible,
    service=st.just(Service.DELIVERY),
    status=st.just(ShipmentStatus.POOLED),
    pickup=st.none(),
    delivery=stops,
    hub_site_id=st.none(),
    weight_g=st.just(0),
    volume_cm3=st.just(0),
    pallet_places=st.just(0),
    outside_minor=st.none() | st.integers(0, 10**13),
    skills=st.lists(st.sampled_from(["tail-lift", "fridge"]), max_size=2, unique=True),
    handling_units=st.lists(units, min_size=1, max_size=4),
    created_at=st.just(NOON),
    updated_at=st.just(NOON),
)


@settings(max_examples=150, deadline=None)
@given(booked, st.sampled_from(["VND", "EUR"]))
def test_an_exported_shipment_reads_back_as_it_was(shipment: Shipment, currency: str) -> None:
    text = csv_text([header(), *rows(shipment, {}, currency)], first=True)
    table = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    matched = headers.match("shipments", table[0])
    plan = lines.plan_of("shipments", matched.sources, table[0], Marks(decimal="."), 0 if currency == "VND" else 2)
    read = [lines.read_line(plan, number, row) for number, row in enumerate(table[1:], start=2)]
    made = bookings.booking(read, bookings.titles_of(plan.columns), AROUND)
    assert made.faults == []
    body = msgspec.json.decode(made.entry or b"", type=BookShipment)
    assert body.handling_units == shipment.handling_units
    assert (body.client_ref, body.outside_minor, body.skills) == (
        shipment.client_ref,
        shipment.outside_minor,
        shipment.skills,
    )
    assert body.delivery is not None
    for name in ("name", "address_line1", "instructions", "lat", "lon", "window_start", "window_end", "service_s"):
        assert getattr(body.delivery, name) == getattr(shipment.delivery, name)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20) | st.sampled_from(["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "'=x", "＝1", " =1"]))
def test_no_text_is_written_as_a_formula_and_all_of_it_comes_back(text: str) -> None:
    written = str(safe(text))
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert values.text(written) == text.replace("\x00", "\ufffd")


async def test_an_exported_file_is_booked_by_somebody_else(shop: Shop) -> None:
    formula = '=HYPERLINK("http://x")'
    booking: dict[str, Any] = shop.world.delivery(client_ref="+1-EXPORT")
    booking["delivery"] |= {"name": formula, "lat": 10.123}
    await shop.caller.made("/v1/shipments", booking)
    exported = await shop.caller.get("/v1/shipments/export?format=csv")
    assert exported.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert exported.status_code == 200, exported.text
    assert f"'{formula}".replace('"', '""') in exported.text
    _, other = await shop.world.admit(f"other-{shop.member_id[-6:].lower()}")
    async with working(shop.world):
        found = await checked(other, exported.content)
        assert (found["counts"]["good"], found["counts"]["faulty"]) == (1, 0)
        answer = await other.post(f"/v1/imports/{found['id']}/commit", {})
        assert answer.status_code == 202
        from tests.cluster.imports.files import rested

        await rested(other, found["id"])
    (mine,), (theirs,) = await shipments_of(shop.caller), await shipments_of(other)
    for name in ("client_ref", "delivery", "handling_units", "pool_window_id", "weight_g"):
        assert mine[name] == theirs[name]


async def test_faulty_lines_come_as_a_workbook_without_formulas(shop: Shop) -> None:
    async with working(shop.world):
        from tests.cluster.imports.files import csv_file

        found = await checked(shop.caller, csv_file([line("=1+1", _7="heavy"), line("A-2")]))
    answer = await shop.caller.get(f"/v1/imports/{found['id']}/faults?format=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    (titles, row) = book.get_sheet_by_index(0).to_python()
    assert (titles[-1], row[0]) == ("faults", "'=1+1")
    assert str(row[-1]).startswith("line 2: Weight (kg): 'heavy' is not a number")
    # Only the faulty line is in it, and as text it says the same.
    text = (await shop.caller.get(f"/v1/imports/{found['id']}/faults?format=csv")).text
    assert "A-2" not in text
    assert "'=1+1" in text


async def test_templates_in_four_languages_are_read_without_a_question(shop: Shop) -> None:
    async with working(shop.world):
        for language in ("en", "vi", "de", "zh"):
            for form in ("csv", "xlsx"):
                query = f"format={form}&language={language}"
                template = await shop.caller.get(f"/v1/imports/template?{query}")
                found = await checked(shop.caller, template.content)
                # The example names a site that nobody has; every other column is understood.
                assert (found["status"], found["reading"]["unknown"]) == ("checked", [])
