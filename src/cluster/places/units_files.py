"""
Files of administrative units, as https://github.com/thanglequoc/vietnamese-provinces-database publishes them (MIT).

Three kinds are told apart by what is in them: the list of two tiers, the list of three tiers, and an archive (``.tgz``)
or single file of ward boundaries in GeoJSON.
"""

import tarfile
from pathlib import Path
from typing import Any

import msgspec
import shapely
from msgspec import Struct
from shapely.geometry import shape

from cluster.places.address import VN_WARD
from cluster.places.units_models import AdminUnit, Edition, UnitKind

TOLERANCE_DEGREES = 0.00005
"""Boundaries are drawn to about 5 m; shared edges stay shared, so that no gaps come about."""


class UnitsFileError(ValueError):
    """A file that is none of the known kinds, or not whole."""


class Boundary(Struct, frozen=True):
    """A ward's area as WKB, and a point that lies in it for certain."""

    code: str
    area: bytes
    lat: float
    lon: float


class _Named(Struct, frozen=True, rename="pascal"):
    """What all units have in the files."""

    code: str
    name: str
    name_en: str
    full_name: str
    full_name_en: str


class _District(_Named, frozen=True, rename="pascal"):
    ward: list[_Named] | None = None


class _Province(_Named, frozen=True, rename="pascal"):
    """A province of either edition: wards directly, or within districts."""

    wards: list[_Named] | None = None
    district: list[_District] | None = None


def read_units(raw: bytes) -> list[AdminUnit]:
    """
    All units of a list, provinces first.

    Raises
    ------
    UnitsFileError
        When it is no such list, or one that mixes editions.
    """
    try:
        provinces = msgspec.json.decode(raw, type=list[_Province])
    except msgspec.DecodeError as error:
        raise UnitsFileError(f"not a list of provinces: {error}") from None
    old = {entry.district is not None for entry in provinces}
    if len(old) != 1 or any(entry.wards is None and entry.district is None for entry in provinces):
        raise UnitsFileError("provinces must all have Wards (two tiers), or all have District (three tiers)")
    edition = Edition.THREE_TIER if old == {True} else Edition.TWO_TIER
    units = []
    for province in provinces:
        units.append(_unit(edition, UnitKind.PROVINCE, province, None))
        for ward in province.wards or ():
            units.append(_unit(edition, UnitKind.WARD, ward, province.code))
        for district in province.district or ():
            units.append(_unit(edition, UnitKind.DISTRICT, district, province.code))
            units += [_unit(edition, UnitKind.WARD, ward, district.code) for ward in district.ward or ()]
    return units


def _unit(edition: Edition, kind: UnitKind, entry: _Named, parent_code: str | None) -> AdminUnit:
    return AdminUnit(
        edition=edition,
        kind=kind,
        code=entry.code,
        parent_code=parent_code,
        name=entry.name,
        name_en=entry.name_en,
        full_name=entry.full_name,
        full_name_en=entry.full_name_en,
    )


def read_boundaries(path: Path) -> list[Boundary]:
    """
    Ward boundaries of an archive of GeoJSON files, or of one file.

    Raises
    ------
    UnitsFileError
        When a file is not GeoJSON of areas with a ``code``.
    """
    areas: dict[str, Any] = {}
    for name, raw in _geojson_files(path):
        try:
            features = msgspec.json.decode(raw)["features"]
            for feature in features:
                unit_code = str(feature["properties"]["code"])
                if VN_WARD.fullmatch(unit_code):  # such archives hold the province's outline too
                    areas[unit_code] = shapely.make_valid(shape(feature["geometry"]))
        except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
            raise UnitsFileError(f"{name}: not GeoJSON of areas with a code ({error!r})") from None
    if not areas:
        raise UnitsFileError("no boundaries of wards in it")
    drawn = shapely.coverage_simplify(list(areas.values()), TOLERANCE_DEGREES)
    return [_boundary(code, area) for code, area in zip(areas, drawn, strict=True)]


def _boundary(code: str, area: Any) -> Boundary:
    inside = area.representative_point()
    return Boundary(code, shapely.to_wkb(area), inside.y, inside.x)


def _geojson_files(path: Path) -> list[tuple[str, bytes]]:
    if not path.name.endswith((".tgz", ".tar.gz", ".tar")):
        return [(path.name, path.read_bytes())]
    try:
        with tarfile.open(path) as archive:
            members = [entry for entry in archive if entry.isfile() and entry.name.endswith((".geojson", ".json"))]
            return [(entry.name, archive.extractfile(entry).read()) for entry in members]  # type: ignore[union-attr]
    except tarfile.TarError as error:
        raise UnitsFileError(f"not an archive: {error}") from None
