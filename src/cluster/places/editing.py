"""Changes of whatever has an address: the whole after a change, and whether it stays where it is."""

from typing import Any, Protocol, TypeVar

from msgspec import UNSET, Struct, structs

from cluster.base.validation import judge
from cluster.places.address import Address, Located, Precision

T = TypeVar("T", bound=Address)
_POINT = {"lat", "lon"}
_REZONING = {"country_code", "province_code", "ward_code"}
"""Fields whose change leaves nothing of the names of old."""
_PLACING = frozenset(field.name for field in structs.fields(Address)) - {"legacy"}
"""Fields whose change moves an address elsewhere."""


class Placed(Protocol):
    """Whatever has an address that was located."""

    @property
    def lat(self) -> float: ...  # noqa: D102
    @property
    def lon(self) -> float: ...  # noqa: D102
    @property
    def location_precision(self) -> Precision: ...  # noqa: D102
    @property
    def province_code(self) -> str | None: ...  # noqa: D102
    @property
    def ward_code(self) -> str | None: ...  # noqa: D102


def changes_of(body: Struct) -> dict[str, object]:
    """The fields that a change names."""
    return {name: value for name, value in structs.asdict(body).items() if value is not UNSET}


def whole_after(current: Address, body: Struct, kind: type[T]) -> T:
    """
    The whole of a thing after a change; without a point when it has to be looked for again.

    Raises
    ------
    Invalid
        When the change makes something that cannot be.
    """
    changes = changes_of(body)
    names = [field.name for field in structs.fields(kind)]
    fields: dict[str, Any] = {name: getattr(current, name) for name in names}
    fields |= {name: value for name, value in changes.items() if name in fields}
    if changes.keys() & _REZONING:
        fields["legacy"] = None
    if changes.keys() & _PLACING and not changes.keys() & _POINT:
        fields["lat"] = fields["lon"] = None
    whole = kind(**fields)
    judge(whole)
    return whole


def place_kept(current: Placed, body: Struct) -> Located | None:
    """The place that a thing keeps through a change; None when the change moves it."""
    if changes_of(body).keys() & (_PLACING | _POINT):
        return None
    return Located(
        lat=current.lat,
        lon=current.lon,
        precision=current.location_precision,
        province_code=current.province_code,
        ward_code=current.ward_code,
    )
