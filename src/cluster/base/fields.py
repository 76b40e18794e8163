"""Types for what comes in: bounded, so that nothing absurd gets past the door."""

from typing import Annotated

from msgspec import Meta

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]*$"
"""No control characters, line ends, or marks that turn the direction of writing: they make a text look like another."""
VISIBLE = r"^[^\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]*$"
"""Nor characters without width: two references that look alike are alike."""

Text = Annotated[str, Meta(min_length=1, max_length=200, pattern=PRINTABLE)]
"""One line for people to read."""

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")]
"""A short name chosen by a client, such as ``SHOP-3``."""

Reference = Annotated[str, Meta(min_length=1, max_length=100, pattern=VISIBLE)]
"""A client's own number for something."""

PublicId = Annotated[str, Meta(min_length=5, max_length=40, pattern=r"^[a-z]+_[0-9a-z]+$")]
"""An identifier as shown outside, such as ``shp_01jc...``."""

CountryCode = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""

ClockTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""Time of day in the cluster's zone, ``HH:MM``."""

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
ServiceSeconds = Annotated[int, Meta(ge=0, le=86_400)]
Grams = Annotated[int, Meta(gt=0, le=100_000_000)]
Millimetres = Annotated[int, Meta(gt=0, le=30_000)]
MinorUnits = Annotated[int, Meta(ge=0, le=10**13)]
"""Integer minor units of the cluster's currency."""
Weekday = Annotated[int, Meta(ge=1, le=7)]
"""ISO 8601: 1 is Monday."""
