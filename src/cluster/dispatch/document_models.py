"""Words of papers: labels with their codes, manifests, loading plans."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

LABELS_MAX = 2000
"""At once: a tour's."""


class PaperLanguage(StrEnum):
    """What a paper is written in."""

    EN = "en"
    DE = "de"
    VI = "vi"
    ZH = "zh"


class LabelFormat(StrEnum):
    """For a printer of pages (PDF, A6), or one of labels (ZPL II, 203 dpi)."""

    PDF = "pdf"
    ZPL = "zpl"


class SetSsccPrefix(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A company prefix as your GS1 organisation gave it to you: 4 to 12 digits."""

    prefix: Annotated[str, Meta(pattern="^[0-9]{4,12}$")]


class SsccPrefix(Struct, frozen=True, kw_only=True):
    """
    Which company prefix new codes begin with.

    ``own`` is the asking member's, null for a coordinator; ``cluster`` is for members without one.
    """

    own: str | None
    cluster: str | None


class Label(Struct, frozen=True, kw_only=True):
    """What stands on the label of one handling unit; sender and goods, no price."""

    sscc: str
    shipment_id: str
    reference: str
    sender: str
    name: str
    address_line1: str
    address_line2: str | None
    locality: str | None
    postal_code: str | None
    country_code: str | None
    domestic: bool
    unit_no: int
    units: int
    weight_g: int
    un_number: str | None
    tour: str | None
    stop_no: int | None
    service_date: date | None


class Paper(Struct, frozen=True, kw_only=True):
    """What a template is filled with: texts are plain, whatever they hold."""

    template: str
    language: PaperLanguage
    data: dict[str, Any]
    at: datetime
