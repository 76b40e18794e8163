"""Reports as files: the figures that the API tells, in four languages, safe to open."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cluster.base import ids
from cluster.base.db import act_as, system_scope
from cluster.insights import report_pdf
from cluster.insights.report_words import language_of
from tests.cluster.api import Caller, World, riverside
from tests.cluster.insights.generated import cluster_of, connected, publish
from tests.databases import Database

pytestmark = pytest.mark.anyio
JANUARY = "from=2026-01-01&to=2026-01-31"


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with one day: An 4 shipments, Binh 6; 8,000 dong for 10 km, alone 10,000."""
    async with riverside(module_database) as found:
        found.plan_id = ids.show(  # type: ignore[attr-defined]
            "plan", await publish(found, date(2026, 1, 5), {found.an_id: 4, found.binh_id: 6}, emissions_g=2_500)
        )
        yield found


async def lines(caller: Caller, file: str, query: str = JANUARY, **headers: str) -> list[list[str]]:
    """A CSV report as somebody gets it."""
    answer = await caller.send("GET", f"/v1/reports/{file}?{query}", **headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def told(found: list[list[str]]) -> dict[str, str]:
    """The last line by the words of the first."""
    return dict(zip(found[0], found[-1], strict=True))


async def test_the_coordinators_table_holds_what_the_figures_say(world: World) -> None:
    found = await lines(world.coordinator, "kpis.csv")
    assert [line[:2] for line in found[1:]] == [["2026-01-05", "2026-01-05"], ["Total", ""]]
    total = told(found)
    assert (total["Cost"], total["Kilometres"], total["Weight, kg"], total["Per kg"]) == (
        "8000",
        "10.0",
        "100.0",
        "80.0",
    )
    assert (total["Saving"], total["Saving, %"], total["CO2e, kg"], total["On time, %"]) == (
        "2000",
        "20.0",
        "2.5",
        "100.0",
    )


async def test_a_members_table_has_its_share_and_no_column_of_the_cluster(world: World) -> None:
    total = told(await lines(world.an, "kpis.csv"))
    assert (total["Shipments planned"], total["Your share"], total["Saving"]) == ("4", "3200", "800")
    assert not {"Cost", "Kilometres", "Hours", "Vehicle days", "Fill by weight, %"} & set(total)


async def test_a_member_finds_its_own_shipments_with_rounded_times_and_no_routes(world: World) -> None:
    own = await lines(world.an, "shipments.csv")
    assert len(own) == 1 + 4
    assert {line[3] for line in own[1:]} == {"an"}
    assert {line[8] for line in own[1:]} == {"2026-01-05 09:30"}  # 02:30 UTC
    assert len(await lines(world.coordinator, "shipments.csv")) == 1 + 10
    assert (await world.an.get(f"/v1/reports/routes.csv?{JANUARY}")).status_code == 403
    routes = await lines(world.coordinator, "routes.csv")
    assert routes[1][:4] == ["2026-01-05", "1", "Van 1", "2026-01-05 09:00"]


async def test_the_language_is_the_one_asked_for_or_the_readers(world: World) -> None:
    asked = [
        (await lines(world.an, "kpis.csv", f"{JANUARY}&language={word}"))[0][0] for word in ("en", "vi", "de", "zh")
    ]
    assert asked == ["From", "Từ", "Von", "自"]
    assert (await lines(world.an, "kpis.csv", Accept_Language="fr, de;q=0.5, vi;q=0.9"))[0][0] == "Từ"
    assert (await world.an.get("/v1/reports/kpis.csv?language=fr")).status_code == 422


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "vi"),
        ("", "vi"),
        ("de-AT,en;q=0.9", "de"),
        ("zh;q=0,en", "en"),
        ("fr;q=x, *", "vi"),
        ("zh-Hant-TW", "zh"),
    ],
)
async def test_what_a_reader_accepts_is_weighed(accepted: str | None, language: str) -> None:
    assert language_of(None, accepted, ["en", "vi", "de", "zh"], "vi") == language


async def test_a_workbook_holds_numbers_and_no_formula(world: World) -> None:
    db = await connected(world)
    try:
        async with db.transaction():
            cluster = await cluster_of(world)
            await act_as(db, system_scope(cluster))
            await db.execute("UPDATE shipment_stops SET name = '=HYPERLINK(\"x\")' WHERE cluster_id = $1", cluster)
    finally:
        await db.close()
    answer = await world.an.get(f"/v1/reports/shipments.xlsx?{JANUARY}")
    sheet: list[list[Any]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    assert sheet[1][4] == '\'=HYPERLINK("x")'
    assert sheet[1][6] == 10.0
    assert "'=HYPERLINK" in (await world.an.get(f"/v1/reports/shipments.csv?{JANUARY}")).text


async def test_the_paper_is_a_pdf_in_every_language_with_and_without_days(world: World) -> None:
    for language in ("en", "vi", "de", "zh"):
        answer = await world.coordinator.get(f"/v1/reports/kpis.pdf?{JANUARY}&language={language}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
        assert answer.content.startswith(b"%PDF-")
    empty = await world.an.get("/v1/reports/kpis.pdf?from=2025-01-01&to=2025-01-31&by=month")
    assert empty.content.startswith(b"%PDF-")


async def test_a_chart_breaks_its_line_where_nothing_is_known_and_holds_no_markup_of_others() -> None:
    drawn = report_pdf.chart(["a<b", "c", "d"], [1.0, 0.0, 2.0], [10.0, None, 20.0], ("Cost", "Saving & more"))
    assert (drawn.count("<rect"), drawn.count("<circle"), drawn.count("stroke-width")) == (3, 2, 0)
    assert "a&lt;b" in drawn
    assert "Saving &amp; more" in drawn


async def test_there_are_no_other_reports(world: World) -> None:
    for file in ("kpis", "kpis.doc", "shipments.pdf"):
        assert not (await world.an.get(f"/v1/reports/{file}")).is_success


async def test_a_routes_price_is_told_line_by_line(world: World) -> None:
    """The van's tariff is 300,000 a day, 9,000 a kilometre, 60,000 an hour: 10 km and an hour. The plan says 8,000."""
    path = f"/v1/plans/{world.plan_id}/prices"  # type: ignore[attr-defined]
    found = (await world.coordinator.get(path)).json()
    [route] = found["routes"]
    amounts = [(line["kind"], line["amount_minor"]) for line in route["lines"]]
    assert amounts == [("fixed", 300_000), ("distance", 90_000), ("time", 60_000), ("otherwise", -442_000)]
    assert (route["searched_minor"], route["billed_minor"], route["not_searched"]) == (8_000, 8_000, [])
    assert (await world.an.get(path)).status_code == 403
