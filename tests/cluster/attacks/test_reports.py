"""Figures over time in the hands of a rival, and reports in the hands of whoever opens them."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cluster.api import World, riverside
from tests.cluster.insights.generated import publish
from tests.cluster.planning.test_plan import planned, working
from tests.databases import Database

pytestmark = pytest.mark.anyio
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=HYPERLINK(1)")


@pytest.fixture(scope="module")
async def quiet(module_database: Database) -> AsyncIterator[World]:
    """An has 4 shipments on each of two days; Binh has 1 on the first and 400 on the second, in other vans."""
    async with riverside(module_database) as found:
        await publish(found, date(2026, 3, 2), {found.an_id: 4, found.binh_id: 1})
        await publish(found, date(2026, 3, 3), {found.an_id: 4, found.binh_id: 400}, distance_m=900_000)
        yield found


async def figures(world: World, query: str) -> Any:
    answer = await world.an.get(f"/v1/kpis?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_rivals_volume_moves_nothing_in_ones_own_figures(quiet: World) -> None:
    await quiet.coordinator.get("/v1/kpis?from=2026-03-01&to=2026-03-31")
    days = (await figures(quiet, "from=2026-03-02&to=2026-03-03&by=day"))["periods"]
    assert len(days) == 2
    assert days[0]["own"] == days[1]["own"]
    assert [day["figures"] for day in days] == [day["cluster"] for day in days] == [None, None]


@pytest.mark.parametrize("by", ["day", "week", "month"])
async def test_no_cut_of_the_calendar_tells_a_member_of_all_together(quiet: World, by: str) -> None:
    start = date(2026, 3, 1)
    for length in (0, 1, 2, 29, 30, 31):
        query = f"from={start}&to={start + timedelta(days=length)}&by={by}"
        found = await figures(quiet, query)
        for period in [*found["periods"], found["total"]]:
            assert period["figures"] is None
            assert period["cluster"] is None  # two firms: whatever is told of all is told of the other
        assert "pending" not in found or found["pending"] is None


async def test_days_on_which_only_a_rival_had_goods_are_not_there(quiet: World) -> None:
    await publish(quiet, date(2026, 3, 20), {quiet.binh_id: 7})
    await quiet.coordinator.get("/v1/kpis?from=2026-03-01&to=2026-03-31")
    found = await figures(quiet, "from=2026-03-01&to=2026-03-31&by=day")
    assert [period["start"] for period in found["periods"]] == ["2026-03-02", "2026-03-03"]
    without = await figures(quiet, "")  # the days told where none are asked for
    assert without["end"] >= "2026-03-03"
    routes = await quiet.an.get("/v1/reports/routes.csv?from=2026-03-01&to=2026-03-31")
    assert routes.status_code == 403


async def test_names_are_no_formulas_in_any_file(world: World) -> None:
    for number, text in enumerate(FORMULAS):
        booking = world.delivery(client_ref=f"{text}{number}")
        booking["delivery"] |= {"name": text, "address_line1": text}
        await world.an.made("/v1/shipments", booking)
    async with working(world):
        await planned(world)
    query = f"from={world.day}&to={world.day}"
    text = (await world.coordinator.get(f"/v1/reports/shipments.csv?{query}")).text
    cells = [cell for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in line]
    assert sum(cell.startswith("'") for cell in cells) == 3 * len(FORMULAS)
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t", "\r"}]
    book = await world.coordinator.get(f"/v1/reports/shipments.xlsx?{query}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert sum(str(cell).startswith("'") for row in rows for cell in row) == 3 * len(FORMULAS)


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "kpis.exe", "kpis.csv%0d%0aSet-Cookie:%20a=b", "KPIS.CSV", "kpis.csv%00"]
)
async def test_a_report_by_another_name_is_none(world: World, name: str) -> None:
    answer = await world.coordinator.get(f"/v1/reports/{name}")
    assert answer.status_code in {404, 422}
    assert "set-cookie" not in answer.headers


async def test_a_setting_begins_today_at_the_earliest_and_a_rival_settles_none(world: World) -> None:
    body = {"sharing": {"rule": "shapley"}, "effective_from": "2020-01-01"}
    past = await world.coordinator.send("PUT", "/v1/cluster-settings/sharing", body)
    assert (past.status_code, past.json()["errors"][0]["code"]) == (422, "in_the_past")
    for path in ("/v1/cluster-settings/sharing", "/v1/cluster-settings/planning"):
        assert (await world.an.send("PUT", path, body)).status_code == 403
    assert (await world.an.get("/v1/cluster-settings/planning")).status_code == 403
