"""Files from upload to bookings, with a real worker and a real child process that reads them."""

from typing import Any

import pytest

from tests.cluster.imports.files import (
    HEADER,
    Shop,
    booked,
    checked,
    csv_file,
    faults_of,
    line,
    rested,
    send,
    shipments_of,
    working,
    xlsx_file,
)

pytestmark = pytest.mark.anyio


async def test_a_file_is_checked_first_and_booked_when_committed(shop: Shop) -> None:
    async with working(shop.world):
        found = await checked(shop.caller, csv_file([line("A-1"), line("A-2"), line("A-1", _7="3")]))
        assert found["status"] == "checked"
        # Three lines, two references: two shipments.
        assert found["counts"] == {"lines": 3, "skipped": 0, "good": 3, "faulty": 0, "booked": 0, "shipments": 2}
        assert await shipments_of(shop.caller) == []
        done = await booked(shop.caller, found["id"])
    assert (done["status"], done["counts"]["booked"]) == ("booked", 3)
    found = {entry["client_ref"]: entry for entry in await shipments_of(shop.caller)}
    assert set(found) == {"A-1", "A-2"}
    # 12.5 kg and 3 kg: lines 2 and 4 are handling units of one shipment though line 3 stands between.
    assert [unit["weight_g"] for unit in found["A-1"]["handling_units"]] == [12_500, 3_000]
    assert found["A-1"]["weight_g"] == 15_500
    assert found["A-2"]["delivery"]["window_start"].startswith(
        f"{shop.world.day}T01:00:00"
    )  # 08:00 in Ho Chi Minh City


async def test_faulty_lines_are_told_by_line_and_column_and_the_good_ones_can_be_booked(shop: Shop) -> None:
    rows = [line("A-1"), line("A-2", _7="-5"), line("A-3", _5="18:00"), line("A-4", _9="much"), line("A-5", _3="")]
    async with working(shop.world):
        found = await checked(shop.caller, csv_file(rows))
        assert (found["counts"]["good"], found["counts"]["faulty"]) == (1, 4)
        codes = await faults_of(shop.caller, found["id"])
        assert codes == {3: {"out_of_range"}, 4: {"window_reversed"}, 5: {"not_a_number"}, 6: {"missing"}}
        lines = (await shop.caller.get(f"/v1/imports/{found['id']}/lines?state=faulty")).json()["data"]
        assert lines[0]["faults"][0]["column"] == "Weight (kg)"
        refused = await shop.caller.post(f"/v1/imports/{found['id']}/commit", {"book": "all_or_nothing"})
        assert (refused.status_code, refused.json()["code"]) == (409, "import_has_faults")
        done = await booked(shop.caller, found["id"], "good_lines")
    assert done["status"] == "partly_booked"
    assert [entry["client_ref"] for entry in await shipments_of(shop.caller)] == ["A-1"]


async def test_the_same_file_books_nothing_twice(shop: Shop) -> None:
    file = csv_file([line("A-1"), line("A-2")])
    async with working(shop.world):
        await booked(shop.caller, (await checked(shop.caller, file))["id"])
        again = await checked(shop.caller, file)
        assert await faults_of(shop.caller, again["id"]) == {2: {"client_ref_taken"}, 3: {"client_ref_taken"}}
        refused = await shop.caller.post(f"/v1/imports/{again['id']}/commit", {"book": "good_lines"})
    assert refused.json()["code"] == "nothing_to_book"
    assert len(await shipments_of(shop.caller)) == 2


async def test_the_same_file_without_references_books_nothing_twice_either(shop: Shop) -> None:
    file = csv_file([line("")[1:], line("")[1:]], HEADER[1:])
    async with working(shop.world):
        await booked(shop.caller, (await checked(shop.caller, file))["id"])
        again = await checked(shop.caller, file)
    assert again["counts"]["faulty"] == 2
    assert len(await shipments_of(shop.caller)) == 2


async def test_a_workbook_is_read_like_text(shop: Shop) -> None:
    row: list[Any] = [1001, "Chợ Bến Thành", "Lê Lợi", 10.81, 106.65, "08:00", 0.5, 12.5, 60, 40, 40, 2]
    async with working(shop.world):
        found = await checked(shop.caller, xlsx_file([row]))
        assert found["counts"]["good"] == 1, await faults_of(shop.caller, found["id"])
        await booked(shop.caller, found["id"])
    (shipment,) = await shipments_of(shop.caller)
    assert (shipment["client_ref"], shipment["weight_g"]) == ("1001", 25_000)
    assert shipment["delivery"]["window_end"].startswith(f"{shop.world.day}T05:00:00")  # half a day is 12:00


async def test_columns_that_nobody_knows_are_mapped_and_remembered(shop: Shop) -> None:
    header = ["Zeug", "Wer", "Wo", "Y", "X", "W", "L", "B", "H"]
    row = ["A-1", "Corner shop", "12 River Street", "10.81", "106.65", "12.5", "60", "40", "40"]
    fields = ["client_ref", "delivery_name", "delivery_address_line1", "delivery_lat", "delivery_lon"]
    sizes = [("weight", "kg"), ("length", "cm"), ("width", "cm"), ("height", "cm")]
    columns: list[dict[str, Any]] = [{"field": name, "column_no": no} for no, name in enumerate(fields, start=1)]
    columns += [{"field": name, "column_no": no, "unit": unit} for no, (name, unit) in enumerate(sizes, start=6)]
    async with working(shop.world):
        found = await checked(shop.caller, csv_file([row], header))
        assert found["status"] == "mapping_needed"
        assert "delivery_address_line1" in found["reading"]["missing"]
        without = [{name: value for name, value in column.items() if name != "unit"} for column in columns]
        refused = await shop.caller.send("PUT", f"/v1/imports/{found['id']}/mapping", {"columns": without})
        assert {fault["code"] for fault in refused.json()["errors"]} == {"unit_missing"}
        mapped = await shop.caller.send("PUT", f"/v1/imports/{found['id']}/mapping", {"columns": columns})
        assert mapped.status_code == 200, mapped.text
        assert (await rested(shop.caller, found["id"]))["counts"]["good"] == 1
        again = await checked(shop.caller, csv_file([["A-2", *row[1:]]], header))
    assert (again["status"], again["reading"]["remembered"], again["counts"]["good"]) == ("checked", True, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'a,b\n1,"never closed\n2,3\n', "quote_wrong"),
        (b"\n\n\n", "no_header"),
        (b"Order,Recipient\n", "no_lines"),
        (b"a," * 1_000_000, "line_too_long"),
        (b"a,b\n" + b"1," * 300 + b"\n", "too_many_columns"),
        (b"a,b\n1," + b"x" * 100_000 + b"\n", "cell_too_long"),
        (b"PK\x03\x04 no workbook at all", "not_a_workbook"),
    ],
    ids=["quote", "empty lines", "header alone", "one line", "columns", "cell", "workbook"],
)
async def test_what_is_no_table_fails_and_says_why(shop: Shop, content: bytes, code: str) -> None:
    async with working(shop.world):
        found = await checked(shop.caller, content)
    assert (found["status"], found["error_code"]) == ("failed", code)


async def test_an_empty_file_an_old_workbook_and_a_wrong_encoding_are_refused_at_the_door(shop: Shop) -> None:
    for content, query, code in (
        (b"", "", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "", "format_unknown"),
        (b"a,b", "encoding=klingon", "invalid_parameter"),
    ):
        refused = await send(shop.caller, content, query)
        assert refused.status_code == 422
        assert [fault["code"] for fault in refused.json()["errors"]] == [code]


async def test_an_upload_repeated_with_its_key_is_one_import(shop: Shop) -> None:
    file = csv_file([line("A-1")])
    first = await send(shop.caller, file, Idempotency_Key="once")
    again = await send(shop.caller, file, Idempotency_Key="once")
    other = await send(shop.caller, file + b"\n", Idempotency_Key="once")
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert len((await shop.caller.get("/v1/imports")).json()["data"]) == 1


async def test_a_form_with_a_file_is_an_upload_too(shop: Shop) -> None:
    answer = await shop.world.client.post(
        "/v1/imports",
        files={"file": ("../../etc/orders.csv", csv_file([line("A-1")]), "text/csv")},
        headers={"Authorization": f"Bearer {shop.caller.key}", "Idempotency-Key": "form"},
    )
    assert answer.status_code == 202, answer.text
    assert answer.json()["filename"] == "orders.csv"
    refused = await shop.world.client.post(
        "/v1/imports",
        files={"document": ("orders.csv", b"a,b", "text/csv")},
        headers={"Authorization": f"Bearer {shop.caller.key}", "Idempotency-Key": "form 2"},
    )
    assert refused.status_code == 422


async def test_a_discarded_import_books_nothing_any_more(shop: Shop) -> None:
    async with working(shop.world):
        found = await checked(shop.caller, csv_file([line("A-1")]))
    assert (await shop.caller.post(f"/v1/imports/{found['id']}/discard", {})).json()["status"] == "discarded"
    assert (await shop.caller.post(f"/v1/imports/{found['id']}/discard", {})).status_code == 200
    refused = await shop.caller.post(f"/v1/imports/{found['id']}/commit", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "import_not_ready")


async def test_a_rivals_import_does_not_exist(shop: Shop) -> None:
    found = (await send(shop.world.binh, csv_file([line("B-1")]))).json()["id"]
    for path in ("", "/lines", "/faults", "/events"):
        assert (await shop.caller.get(f"/v1/imports/{found}{path}")).status_code == 404
    assert (await shop.caller.post(f"/v1/imports/{found}/commit", {})).status_code == 404
    assert (await shop.caller.get("/v1/imports")).json()["data"] == []
    assert (await shop.world.coordinator.get(f"/v1/imports/{found}")).status_code == 403
