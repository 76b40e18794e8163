"""
The one adapter to whoever knows where addresses are: Nominatim, Photon or Pelias, through geopy.

It only asks. Whose turn it is, what was asked before and what to do without an answer is for ``locating``.
"""

import asyncio
import logging
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Pelias, Photon

from cluster.base.settings import Settings
from cluster.places.address import Precision
from cluster.places.geocoding_models import FoundPoint

log = logging.getLogger("cluster.places")
CANDIDATES_MAX = 5
_NOMINATIM_HOUSE_RANK, _NOMINATIM_STREET_RANK = 28, 26
"""Place ranks from which on Nominatim speaks of a house, and of a street."""
_NO_ANSWER = (GeopyError, TimeoutError, OSError, HTTPException)
_NONSENSE = (ValueError, TypeError, LookupError, AttributeError)
"""What comes of reading an answer of another form than the service promises."""
_HOUSES = {"house", "address", "venue", "building"}
_STREETS = {"street", "intersection"}


class Unanswered(Exception):
    """The service gave no answer: unreachable, too slow, or refusing."""


class Geocoder:
    """A service, as the operator has set it."""

    def __init__(self, settings: Settings) -> None:
        kind, timeout_s = settings.geocoder, settings.geocoder_timeout_ms / 1000
        self.provider = kind
        self.interval_ms = settings.geocoder_interval_ms
        self.timeout_s = timeout_s
        given: dict[str, Any] = {
            "timeout": timeout_s,
            "user_agent": settings.geocoder_agent,
            "adapter_factory": URLLibAdapter,
        }
        if settings.geocoder_url is not None:
            parts = urlsplit(settings.geocoder_url)
            given |= {"domain": f"{parts.netloc}{parts.path.rstrip('/')}", "scheme": parts.scheme}
        self._service: Any = None
        if kind == "nominatim":
            self._service = Nominatim(**given)
        elif kind == "photon":
            self._service = Photon(**given)
        elif kind == "pelias":
            self._service = Pelias(api_key=settings.geocoder_key, **given)

    @property
    def on(self) -> bool:
        """Whether anybody can be asked."""
        return self._service is not None

    async def ask(self, query: str, country_code: str) -> list[FoundPoint]:
        """
        What the service offers for an address, the best first; empty when it knows nothing.

        Raises
        ------
        Unanswered
            When there is no answer within the time allowed.
        """
        try:
            # The time limit of the connection holds for each read; this one holds for all of it.
            found = await asyncio.wait_for(asyncio.to_thread(self._ask, query, country_code), self.timeout_s)
            return [entry for entry in map(self._point, found or ()) if entry is not None]
        except (*_NO_ANSWER, *_NONSENSE) as error:
            log.warning("geocoder %s gave no answer: %s", self.provider, type(error).__name__)
            raise Unanswered(type(error).__name__) from None

    def _ask(self, query: str, country_code: str) -> Any:
        limits: dict[str, dict[str, Any]] = {
            "nominatim": {"limit": CANDIDATES_MAX, "country_codes": country_code.lower()},
            "photon": {"limit": CANDIDATES_MAX},
            "pelias": {"countries": [country_code]},
        }
        return self._service.geocode(query, exactly_one=False, **limits[self.provider or ""])

    def _point(self, location: Any) -> FoundPoint | None:
        """An answer in our words; None for one that is no point on earth."""
        lat, lon = float(location.latitude), float(location.longitude)
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            return None
        precision = precision_of(self.provider or "", location.raw)
        return FoundPoint(lat=lat, lon=lon, precision=precision, label=str(location.address)[:500])


def precision_of(provider: str, raw: Any) -> Precision:
    """
    How exact an answer is, in the terms of each service.

    >>> precision_of("nominatim", {"place_rank": 30}), precision_of("photon", {"properties": {"type": "street"}})
    (<Precision.ADDRESS: 'address'>, <Precision.STREET: 'street'>)
    """
    properties = raw.get("properties", {}) if isinstance(raw, dict) else {}
    if provider == "nominatim":
        rank = raw.get("place_rank", 0) if isinstance(raw, dict) else 0
        kind = "house" if rank >= _NOMINATIM_HOUSE_RANK else "street" if rank >= _NOMINATIM_STREET_RANK else ""
    else:
        kind = str(properties.get("type" if provider == "photon" else "layer", ""))
    return Precision.ADDRESS if kind in _HOUSES else Precision.STREET if kind in _STREETS else Precision.PLACE
