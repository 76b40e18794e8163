"""Words of what a cluster settles from a day on: how it shares, how it plans, its map, its languages."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE, Latitude, Longitude
from cluster.members.driver_breaks import DriverBreaks
from cluster.members.models import RuleTerms, SharingRule

Note = Annotated[str, Meta(max_length=200, pattern=PRINTABLE)]
TILE_PARTS = ("{z}", "{x}", "{y}")


class Section(StrEnum):
    """What is settled together and has versions of its own."""

    SHARING = "sharing"
    PLANNING = "planning"
    MAP = "map"
    LANGUAGES = "languages"
    FREIGHT = "freight"


class Language(StrEnum):
    """Languages that the platform speaks (BCP 47)."""

    EN = "en"
    VI = "vi"
    DE = "de"
    ZH = "zh"


class SharingSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How plans are split where the one who starts them says nothing.

    The cost game has at most ``players_max`` players; with more members, those with the least to pay alone are united.
    Of ``terms``, members see their own weight alone.
    """

    rule: SharingRule
    players_max: Annotated[int, Meta(ge=1, le=12)] = 8
    terms: RuleTerms = field(default_factory=RuleTerms)

    def faults(self) -> Iterator[FieldFault]:
        """Terms go with their rule."""
        for fault in self.terms.faults_with(self.rule):
            yield replace(fault, pointer=f"/terms{fault.pointer}")


class PlanningSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How plans are made where the one who starts them says nothing.

    ``co2_minor_per_kg`` is a price that is searched with on top of the tariff, ``change_minor`` one for each shipment
    that changes its vehicle against the plan started from; both are told apart from the bill. Services are planned at
    least ``buffer_s`` inside their windows where that can be. With ``publish_at_once`` a solved plan publishes itself,
    unless the cluster wants four eyes (a rule of its own, which holds at once). Drivers rest by ``driver_breaks`` where
    their vehicles have none of their own (null: they do not).
    """

    seconds: Annotated[int, Meta(ge=1, le=3600)] = 20
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 1
    buffer_s: Annotated[int, Meta(ge=0, le=14_400)] = 0
    co2_minor_per_kg: Annotated[int, Meta(ge=0, le=10**9)] = 0
    change_minor: Annotated[int, Meta(ge=0, le=10**12)] = 0
    publish_at_once: bool = True
    driver_breaks: DriverBreaks | None = None


class MapSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What maps are drawn on.

    ``tile_url`` is a template of https addresses with ``{z}``, ``{x}`` and ``{y}``, at a host that the operator of the
    platform lets pages load from; null takes the operator's map, or none. ``attribution`` is plain text.
    """

    tile_url: Annotated[str, Meta(min_length=10, max_length=500, pattern=r"^https://[!-~]+$")] | None = None
    attribution: Annotated[str, Meta(max_length=300, pattern=PRINTABLE)] = ""
    centre_lat: Latitude | None = None
    centre_lon: Longitude | None = None
    zoom: Annotated[int, Meta(ge=0, le=22)] = 11

    @property
    def host(self) -> str | None:
        """Where its tiles come from, such as ``tiles.example.org``; None without tiles of its own."""
        return None if self.tile_url is None else urlsplit(self.tile_url).netloc.lower()

    def faults(self) -> Iterator[FieldFault]:
        """Tiles have their three numbers and a plain host; a centre has two coordinates."""
        if self.tile_url is not None:
            if any(part not in self.tile_url for part in TILE_PARTS):
                cure = "an address with {z}, {x} and {y} in it"
                yield FieldFault(pointer="/tile_url", code="invalid", cause="not a template of tiles", cure=cure)
            if not self.host or set(self.host) & set("@{}\\;,'\" ") or any(p in self.host for p in TILE_PARTS):
                cure = "https:// and a plain host name"
                yield FieldFault(pointer="/tile_url", code="invalid", cause="no host could be read", cure=cure)
        if (self.centre_lat is None) != (self.centre_lon is None):
            cure = "give both or neither"
            yield FieldFault(pointer="/centre_lat", code="half_a_point", cause="only one coordinate", cure=cure)


class LanguageSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which languages people are offered, and the one for who asks for none of them."""

    default: Language = Language.EN
    offered: Annotated[list[Language], Meta(min_length=1, max_length=4)] = field(default_factory=lambda: list(Language))

    def faults(self) -> Iterator[FieldFault]:
        """The default is offered; none stands twice."""
        if self.default not in self.offered:
            cure = "offer it too, or choose another"
            yield FieldFault(pointer="/default", code="not_offered", cause=f"{self.default} is not offered", cure=cure)
        if len(set(self.offered)) < len(self.offered):
            yield FieldFault(pointer="/offered", code="twice", cause="a language twice", cure="name each once")


class FreightSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How far off a carrier's invoice may be and still counts as agreed, line by line and in all: so many thousandths of
    what is expected, or so much, whichever is more. Carriers are not told.
    """

    tolerance_permille: Annotated[int, Meta(ge=0, le=1000)] = 0
    tolerance_minor: Annotated[int, Meta(ge=0, le=10**12)] = 0


Settled = SharingSettings | PlanningSettings | MapSettings | LanguageSettings | FreightSettings
OF_SECTION: dict[Section, type[Settled]] = {
    Section.SHARING: SharingSettings,
    Section.PLANNING: PlanningSettings,
    Section.MAP: MapSettings,
    Section.LANGUAGES: LanguageSettings,
    Section.FREIGHT: FreightSettings,
}


class SettleSection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The next version of a section: the field of the section's name, whole, from a day on.

    ``effective_from`` is a day of the cluster's calendar, today or later; left out, it is today.
    """

    effective_from: date | None = None
    note: Note = ""
    sharing: SharingSettings | None = None
    planning: PlanningSettings | None = None
    map: MapSettings | None = None
    languages: LanguageSettings | None = None
    freight: FreightSettings | None = None

    def faults(self) -> Iterator[FieldFault]:
        """One section is told."""
        told = [section for section in Section if getattr(self, section) is not None]
        if len(told) != 1:
            cure = "send the field of the section's name, and no other"
            yield FieldFault(pointer="", code="section_missing", cause=f"{len(told)} sections", cure=cure)


class SettledVersion(Struct, frozen=True, kw_only=True):
    """
    A section as settled from ``effective_from`` on; the field of its name holds it, the others are null.

    Version 0 is how every cluster begins: it has no author. ``in_force`` says whether it applies today. Who settled it
    (``key_id``, ``user_id``) and why is the coordinator's to know. ``version`` of the newest is the section's ETag.
    """

    id: str
    section: Section
    version: int
    effective_from: date | None
    in_force: bool
    note: str | None
    key_id: str | None
    user_id: str | None
    created_at: datetime | None
    sharing: SharingSettings | None = None
    planning: PlanningSettings | None = None
    map: MapSettings | None = None
    languages: LanguageSettings | None = None
    freight: FreightSettings | None = None


class SectionSettings(Struct, frozen=True, kw_only=True):
    """A section: what applies on a day, and what is to follow; ``latest_version`` is its ETag."""

    section: Section
    on: date
    latest_version: int
    applies: SettledVersion
    coming: list[SettledVersion]


class ClusterSettings(Struct, frozen=True, kw_only=True):
    """All sections that the caller may see, as they apply on a day."""

    on: date
    sections: list[SectionSettings]
