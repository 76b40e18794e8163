"""
Vietnam's provinces and wards by name and by point, and what became of the old ones.

Nobody published a table of which old ward became part of which new one. Three things tell it: a point within the new
ward's boundary; the official code, since all new wards but a few carry on the code of one of the old wards they were
made of; and the name, where a new ward of the same district took it over.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import shapely

from cluster.places.units_models import AdminUnit, Candidate, Confidence, Edition, How, Resolution, UnitKind
from cluster.places.vietnam import NEW_PROVINCE_OF, accented, name_of

NEAR_DEGREES = 0.005
"""About 500 m: how far outside of its ward a point may be that was found for an address there."""
CANDIDATES_MAX = 20


class Gazetteer:
    """All units of one country, indexed; made once, then only asked."""

    def __init__(self, units: Iterable[AdminUnit], boundaries: Sequence[tuple[str, bytes]] = ()) -> None:
        self.provinces: dict[str, AdminUnit] = {}
        self.wards: dict[str, AdminUnit] = {}
        self._old_wards: dict[str, list[AdminUnit]] = defaultdict(list)
        self._old_districts: dict[str, list[AdminUnit]] = defaultdict(list)
        self._wards_of: dict[str, list[AdminUnit]] = defaultdict(list)
        self._province_names: dict[str, str] = {}
        for unit in sorted(units, key=lambda unit: (unit.edition is Edition.TWO_TIER, unit.code)):
            self._add(unit)
        self._codes = [code for code, _ in boundaries]
        self._index = {code: place for place, code in enumerate(self._codes)}
        self._shapes = shapely.from_wkb([shape for _, shape in boundaries])
        self._tree = shapely.STRtree(self._shapes)

    def _add(self, unit: AdminUnit) -> None:
        if unit.kind is UnitKind.PROVINCE:
            code = unit.code if unit.edition is Edition.TWO_TIER else NEW_PROVINCE_OF.get(unit.code, unit.code)
            self._province_names[name_of("province", unit.name)] = code
            if unit.edition is Edition.TWO_TIER:
                self.provinces[unit.code] = unit
        elif unit.kind is UnitKind.DISTRICT:
            self._old_districts[NEW_PROVINCE_OF.get(unit.parent_code or "", unit.parent_code or "")].append(unit)
        elif unit.edition is Edition.TWO_TIER:
            self.wards[unit.code] = unit
            self._wards_of[unit.parent_code or ""].append(unit)
        else:
            self._old_wards[unit.parent_code or ""].append(unit)

    def at(self, lat: float, lon: float) -> AdminUnit | None:
        """The ward that a point lies in; None outside of all known boundaries."""
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        codes = sorted(self._codes[place] for place in found)
        return self.wards.get(codes[0]) if codes else None

    def has_boundary(self, ward_code: str) -> bool:
        """Whether a ward's boundary is known."""
        return ward_code in self._index

    def is_near(self, ward_code: str, lat: float, lon: float) -> bool:
        """Whether a point lies in a ward or within about 500 m of it; False where its boundary is not known."""
        place = self._index.get(ward_code)
        return place is not None and bool(shapely.dwithin(self._shapes[place], shapely.Point(lon, lat), NEAR_DEGREES))

    def province_named(self, text: str) -> str | None:
        """Code of today's province by its name, or by that of a former one that is part of it."""
        return self._province_names.get(name_of("province", text))

    def districts_named(self, province_code: str | None, text: str) -> list[AdminUnit]:
        """Former districts of a name, in what is a given province now, or anywhere."""
        name = name_of("district", text)
        pools = self._old_districts.values() if province_code is None else [self._old_districts[province_code]]
        return _closest(text, [unit for pool in pools for unit in pool if name_of("district", unit.name) == name])

    def wards_named(self, province_code: str | None, text: str) -> list[AdminUnit]:
        """Today's wards of a name, in a province or anywhere."""
        pools = self._wards_of.values() if province_code is None else [self._wards_of[province_code]]
        return _named(text, [unit for pool in pools for unit in pool])

    def has_old_ward(self, province_code: str | None, district: str, ward: str) -> bool:
        """Whether a former district of that name had a ward of that name."""
        districts = self.districts_named(province_code, district)
        return any(_named(ward, self._old_wards[entry.code]) for entry in districts)

    def resolve(
        self,
        province: str | None = None,
        district: str | None = None,
        ward: str | None = None,
        point: tuple[float, float] | None = None,
    ) -> Resolution:
        """
        Today's province and ward of an address in names, old or new, or of a point (lat, lon), which decides if given.

        Returns
        -------
        Resolution
            ``how`` is ``ambiguous`` with candidates where several wards may be meant.
        """
        inside = None if point is None else self.at(*point)
        if inside is not None:
            return _found(inside, How.BY_POLYGON, Confidence.CERTAIN)
        province_code = None if province is None else self.province_named(province)
        if province is not None and province_code is None:
            return Resolution(province_code=None, ward_code=None, how=How.UNKNOWN, confidence=Confidence.NONE)
        districts = [] if district is None else self.districts_named(province_code, district)
        if districts:
            return self._in_districts(province_code, districts, ward)
        if ward is not None:
            return self._in_province(province_code, ward)
        how = How.UNKNOWN if province_code is None else How.PROVINCE_ONLY
        sure = Confidence.NONE if province_code is None else Confidence.CERTAIN
        return Resolution(province_code=province_code, ward_code=None, how=how, confidence=sure)

    def _in_districts(self, province_code: str | None, districts: list[AdminUnit], ward: str | None) -> Resolution:
        """A ward of a former district, or all that the district became."""
        heirs = [unit for district in districts for unit in self._heirs(district)]
        if ward is not None:
            old = [unit for district in districts for unit in _named(ward, self._old_wards[district.code])]
            if old:
                return self._successors(province_code, old, heirs)
            new = _named(ward, heirs)
            if len(new) == 1:
                return _found(new[0], How.BY_NAME, Confidence.LIKELY)
        return _open(province_code, heirs, ward or districts[0].name)

    def _in_province(self, province_code: str | None, ward: str) -> Resolution:
        """A ward of today by its name alone, else an old one."""
        new = self.wards_named(province_code, ward)
        if len(new) == 1:
            return _found(new[0], How.BY_NAME, Confidence.LIKELY if province_code is None else Confidence.CERTAIN)
        if new:
            return _open(province_code, new, ward)
        pools = self._old_districts.values() if province_code is None else [self._old_districts[province_code]]
        districts = [district for pool in pools for district in pool]
        old = [unit for district in districts for unit in _named(ward, self._old_wards[district.code])]
        heirs = [heir for unit in old for heir in self._heirs_of(unit)]
        return self._successors(province_code, old, heirs)

    def _successors(self, province_code: str | None, old: list[AdminUnit], heirs: list[AdminUnit]) -> Resolution:
        """What became of old wards: one answer if all of them became the same."""
        found = [self._successor(unit) for unit in old]
        wards = {ward.code: (ward, how) for ward, how in (entry for entry in found if entry is not None)}
        if len(wards) == 1 and None not in found:
            [(ward, how)] = wards.values()
            others = [unit for unit in _named(old[0].name, self._heirs_of(old[0])) if unit.code != ward.code]
            return _found(ward, how, Confidence.LIKELY, others)
        return _open(province_code, [ward for ward, _ in wards.values()] + heirs, old[0].name if old else "")

    def _successor(self, old: AdminUnit) -> tuple[AdminUnit, How] | None:
        """
        The ward of today that an old one is part of, as far as code or name tell.

        The code goes first: a name may have gone to another part of the district (the town of Cu Chi is not in the
        commune of that name), while a code names the old unit around which the new one was made.
        """
        same_code = self.wards.get(old.code)
        if same_code is not None:
            return same_code, How.BY_CODE
        same_name = _named(old.name, self._heirs_of(old))
        return (same_name[0], How.BY_NAME) if len(same_name) == 1 else None

    def _heirs_of(self, old: AdminUnit) -> list[AdminUnit]:
        """Today's wards that carry on a code of the old ward's district."""
        codes = [unit.code for unit in self._old_wards[old.parent_code or ""]]
        return [self.wards[code] for code in codes if code in self.wards]

    def _heirs(self, district: AdminUnit) -> list[AdminUnit]:
        return [self.wards[unit.code] for unit in self._old_wards[district.code] if unit.code in self.wards]


def _named(text: str, units: Iterable[AdminUnit]) -> list[AdminUnit]:
    name = name_of("ward", text)
    return _closest(text, [unit for unit in units if name_of("ward", unit.name) == name])


def _closest(text: str, units: list[AdminUnit]) -> list[AdminUnit]:
    """Of units whose names are alike without accents: those of the same full name, else of the same name, else all."""
    if len(units) > 1:
        written = accented(text)
        exact = [unit for unit in units if accented(unit.full_name) == written]
        exact = exact or [unit for unit in units if written.endswith(accented(unit.name))]
        return exact or units
    return units


def _found(unit: AdminUnit, how: How, sure: Confidence, others: Sequence[AdminUnit] = ()) -> Resolution:
    return Resolution(
        province_code=unit.parent_code,
        ward_code=unit.code,
        how=how,
        confidence=sure,
        candidates=[_candidate(entry) for entry in (unit, *others)],
    )


def _open(province_code: str | None, units: list[AdminUnit], text: str) -> Resolution:
    """Several wards may be meant: those named most alike first."""
    likeness = SequenceMatcher(b=name_of("ward", text))
    scores = {}
    for unit in units:
        likeness.set_seq1(name_of("ward", unit.name))
        scores[unit.code] = (-likeness.ratio(), unit.code)
    distinct = sorted({unit.code: unit for unit in units}.values(), key=lambda unit: scores[unit.code])
    provinces = {unit.parent_code for unit in distinct}
    how = How.AMBIGUOUS if distinct else How.UNKNOWN if province_code is None else How.PROVINCE_ONLY
    return Resolution(
        province_code=provinces.pop() if len(provinces) == 1 else province_code,
        ward_code=None,
        how=how,
        confidence=Confidence.NONE,
        candidates=[_candidate(unit) for unit in distinct[:CANDIDATES_MAX]],
    )


def _candidate(unit: AdminUnit) -> Candidate:
    return Candidate(province_code=unit.parent_code or "", ward_code=unit.code, full_name=unit.full_name)
