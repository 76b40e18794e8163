"""Reference data of a small Vietnam: one province, a few wards on a grid, what they were before July 2025."""

import json
import tempfile
from pathlib import Path
from typing import Any

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.places import postcodes, units, unlocodes

CHO_QUAN, AN_DONG, CHO_LON, THU_DUC = "27301", "27316", "27343", "26824"
CORNERS = {CHO_QUAN: (10.75, 106.68), AN_DONG: (10.75, 106.67), CHO_LON: (10.75, 106.66)}
"""South-western corners of squares of a hundredth of a degree, side by side. Thu Duc's boundary is not known."""
POSTCODES = "DE\t10115\tBerlin\tBerlin\tBE\t\t00\tBerlin\t11000\t52.53\t13.38\t6\nDE\t10115\tBerlin 2\t\t\t\t\t\t\t52.55\t13.40\t6\n"
UNLOCODES = """
-
    ch: ''
    locode: 'VN SGN'
    name: 'Hồ Chí Minh City'
    namewodiacritics: 'Ho Chi Minh City'
    subdiv: 'SG'
    function: '1--45---'
    status: AF
    date: '0901'
    iata: ''
    coordinates: '1045N 10640E'
    remarks: ''
-
    ch: 'X'
    locode: 'VN OLD'
    name: 'Old Town'
    namewodiacritics: 'Old Town'
    subdiv: ''
    function: '--3-----'
    status: RL
    date: '0901'
    iata: ''
    coordinates: ''
    remarks: ''
"""


def unit(code: str, name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A unit as the files have it."""
    full = f"{kind} {name}"
    return {"Code": code, "Name": name, "NameEn": name, "FullName": full, "FullNameEn": full, "CodeName": code} | more


def two_tiers() -> list[Any]:
    """Today's list."""
    wards = [(CHO_QUAN, "Chợ Quán"), (AN_DONG, "An Đông"), (CHO_LON, "Chợ Lớn"), (THU_DUC, "Thủ Đức")]
    listed = [unit(code, name, "Phường") for code, name in wards]
    return [unit("79", "Hồ Chí Minh", "Thành phố", Wards=listed)]


def three_tiers() -> list[Any]:
    """The list of before: District 5 with wards 4, 7 and 13, whose codes live on, and 5, whose code does not."""
    wards = [(CHO_QUAN, "4"), (AN_DONG, "7"), ("27334", "5"), (CHO_LON, "13")]
    district = unit("774", "5", "Quận", Ward=[unit(code, name, "Phường") for code, name in wards])
    thu_duc = unit("769", "Thủ Đức", "Thành phố", Ward=[unit(THU_DUC, "Bình Thọ", "Phường")])
    return [unit("79", "Hồ Chí Minh", "Thành phố", District=[district, thu_duc])]


def boundaries() -> dict[str, Any]:
    """Areas as GeoJSON, the province's outline among them."""
    return {
        "type": "FeatureCollection",
        "features": [area(code, lat, lon, 0.01) for code, (lat, lon) in CORNERS.items()] + [area("79", 10, 106, 1)],
    }


def area(code: str, lat: float, lon: float, side: float) -> dict[str, Any]:
    """A square by its south-western corner."""
    ring = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat)]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]},
    }


def written(folder: Path) -> dict[str, Path]:
    """All of it as files."""
    texts = {
        "two.json": json.dumps(two_tiers()),
        "three.json": json.dumps(three_tiers()),
        "wards.geojson": json.dumps(boundaries()),
        "vn.yaml": UNLOCODES,
        "DE.txt": POSTCODES,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return {name: folder / name for name in texts}


async def imported(database_url: str) -> None:
    """Imports all of it into a database, as the command line does."""
    with tempfile.TemporaryDirectory() as folder:
        files = written(Path(folder))
        async with Pool.open(database_url, 1) as pool, pool.unit(system_scope()) as db:
            for name in ("two.json", "three.json", "wards.geojson"):
                await units.import_units(db, files[name])
            await unlocodes.import_unlocodes(db, files["vn.yaml"])
            await postcodes.import_postcodes(db, files["DE.txt"])
