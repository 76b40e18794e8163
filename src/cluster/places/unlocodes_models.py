"""Words of UN/LOCODE, the United Nations code for places of trade and transport."""

from msgspec import Struct


class UnLocode(Struct, frozen=True, kw_only=True):
    """
    A place of trade. ``functions`` has eight signs: port, rail, road, air, post, multimodal, fixed transport, border.

    A digit or B where the place has that function, ``-`` where not.
    """

    code: str
    name: str
    name_ascii: str
    subdivision: str | None
    functions: str
    status: str
    lat: float | None
    lon: float | None


class UnLocodes(Struct, frozen=True, kw_only=True):
    """Places found, by code."""

    data: list[UnLocode]
