"""Words of tenders: who is asked to drive a tour, at what price, until when, and what they say."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import PublicId
from cluster.shipments.parties import Instant, Note

RESPOND_S_MIN, RESPOND_S_MAX = 60, 7 * 86_400
CARRIERS_MAX = 200
MINOR_MAX = 10**12

Minor = Annotated[int, Meta(ge=0, le=MINOR_MAX)]


class TenderMode(StrEnum):
    """
    Who is asked when.

    ``direct``: one carrier. ``waterfall``: one after the other, the next once the one before declined or let its time
    pass. ``broadcast``: all at once; who gets it is decided when all have answered, or the time is over.
    """

    DIRECT = "direct"
    WATERFALL = "waterfall"
    BROADCAST = "broadcast"


class AwardRule(StrEnum):
    """
    Who gets a tour that several would drive.

    ``price``: the lowest; ``score``: the lowest after what each carrier's own record adds to it; ``choice``: the
    coordinator says.
    """

    PRICE = "price"
    SCORE = "score"
    CHOICE = "choice"


class TenderStatus(StrEnum):
    """``deciding``: the coordinator's turn; ``exhausted``: nobody takes it."""

    OPEN = "open"
    DECIDING = "deciding"
    AWARDED = "awarded"
    EXHAUSTED = "exhausted"
    WITHDRAWN = "withdrawn"


UNDER_WAY = (TenderStatus.OPEN, TenderStatus.DECIDING)


class OfferStatus(StrEnum):
    """
    Where an offer to one carrier stands.

    ``waiting``: not asked yet; ``accepted`` and ``countered``: answered, not decided; ``lost``: another got the tour.
    """

    WAITING = "waiting"
    OPEN = "open"
    ACCEPTED = "accepted"
    COUNTERED = "countered"
    DECLINED = "declined"
    EXPIRED = "expired"
    LOST = "lost"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"


ANSWERABLE = (OfferStatus.OPEN, OfferStatus.ACCEPTED, OfferStatus.COUNTERED)


class DeclineReason(StrEnum):
    """Why a carrier does not drive a tour."""

    NO_CAPACITY = "no_capacity"
    NO_DRIVER = "no_driver"
    PRICE_TOO_LOW = "price_too_low"
    TIMES_NOT_POSSIBLE = "times_not_possible"
    AREA_NOT_SERVED = "area_not_served"
    EQUIPMENT_MISSING = "equipment_missing"
    GOODS_NOT_CARRIED = "goods_not_carried"
    OTHER = "other"


class CloseReason(StrEnum):
    """Why a tender ended without an award."""

    NOBODY = "nobody"
    COORDINATOR = "coordinator"
    TOUR_CHANGED = "tour_changed"
    TOUR_GIVEN = "tour_given"


class TenderTour(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A tour to be tendered.

    ``carriers`` in the order in which a waterfall asks them; left empty, a direct tender asks the one whose vehicle it
    is and a broadcast all that may drive that day. ``price_minor`` is what the tariff comes to if left out. A counter
    of at most ``ceiling_minor`` at the same time of day is taken at once by a direct tender and a waterfall, and may
    win a broadcast; where it is left out, only the price itself does. Each carrier has ``respond_s`` seconds. With
    ``dispatches`` false an awarded tour stays ``planned``.
    """

    mode: TenderMode
    carriers: Annotated[list[PublicId], Meta(max_length=CARRIERS_MAX)] = []
    award: AwardRule = AwardRule.PRICE
    price_minor: Minor | None = None
    ceiling_minor: Minor | None = None
    respond_s: Annotated[int, Meta(ge=RESPOND_S_MIN, le=RESPOND_S_MAX)] = 7200
    dispatches: bool = True
    note: Note | None = None

    def faults(self) -> Iterator[FieldFault]:
        """One carrier for a direct tender, some for a waterfall, none twice; a ceiling is no lower than the price."""
        if len(set(self.carriers)) < len(self.carriers):
            yield _fault("twice", "/carriers", "a carrier stands there twice", "name each once")
        if self.mode is TenderMode.DIRECT and len(self.carriers) > 1:
            yield _fault("out_of_range", "/carriers", "a direct tender asks one carrier", "name one, or broadcast")
        if self.mode is TenderMode.WATERFALL and not self.carriers:
            yield _fault("missing", "/carriers", "a waterfall needs an order", "name carriers, the first first")
        if self.price_minor is not None and self.ceiling_minor is not None and self.ceiling_minor < self.price_minor:
            yield _fault("out_of_range", "/ceiling_minor", "below the price", "let it be at least price_minor")


def _fault(code: str, pointer: str, cause: str, cure: str) -> FieldFault:
    return FieldFault(pointer=pointer, code=code, cause=cause, cure=cure)


class TenderStop(Struct, frozen=True, kw_only=True):
    """
    A stop as carriers see it before they take a tour: where about, when, and how much; nobody's name.

    ``pickups`` and ``deliveries`` are shipments; ``un_numbers`` of dangerous goods.
    """

    stop_no: int
    locality: str | None
    postal_code: str | None
    country_code: str | None
    lat: float
    lon: float
    arrives_at: datetime
    departs_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    pickups: int
    deliveries: int
    units: int
    weight_g: int
    un_numbers: list[str]
    temperature_classes: list[str]


class TenderContent(Struct, frozen=True, kw_only=True):
    """What is to be driven, the same for every carrier that is asked."""

    service_date: date
    time_zone: str
    currency: str
    vehicle: str
    starts_at: datetime
    ends_at: datetime
    distance_m: int
    start_name: str
    start_lat: float
    start_lon: float
    weight_g: int
    shipments: int
    stops: list[TenderStop]


class OfferAnswer(Struct, frozen=True, kw_only=True):
    """What a carrier said: a price (the offer's own when it accepts), another start if it needs one, or why not."""

    price_minor: int | None
    starts_at: datetime | None
    reason: DeclineReason | None
    note: str | None
    answered_at: datetime


class TenderOffer(Struct, frozen=True, kw_only=True):
    """An offer as the coordinator sees it. ``score_minor`` is what the rule ``score`` compares, once it is answered."""

    id: str
    carrier_id: str
    carrier_name: str
    step_no: int
    status: OfferStatus
    version: int
    asked_at: datetime | None
    deadline_at: datetime | None
    answer: OfferAnswer | None
    score_minor: int | None


class Tender(Struct, frozen=True, kw_only=True):
    """A tender as the coordinator sees it, with every offer."""

    id: str
    tour_id: str
    tour_code: str
    mode: TenderMode
    award: AwardRule
    status: TenderStatus
    version: int
    price_minor: int
    ceiling_minor: int | None
    currency: str
    respond_s: int
    dispatches: bool
    note: str | None
    deadline_at: datetime | None
    closed_reason: CloseReason | None
    created_at: datetime
    closed_at: datetime | None
    content: TenderContent
    offers: list[TenderOffer]


class AwardTender(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose answer is taken."""

    offer_id: PublicId


class Offer(Struct, frozen=True, kw_only=True):
    """
    An offer as its carrier sees it: what is to be driven, at what price, until when to answer.

    Who else is asked, and what others say, is nobody's to know.
    """

    id: str
    status: OfferStatus
    version: int
    price_minor: int
    currency: str
    note: str | None
    asked_at: datetime
    deadline_at: datetime | None
    answer: OfferAnswer | None
    decided_at: datetime | None
    tour_id: str | None
    """Once it is awarded."""
    content: TenderContent


class AcceptOffer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Takes the tour at the price that is offered."""

    note: Note | None = None


class CounterOffer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Would take the tour at another price, or starting at another time."""

    price_minor: Minor
    starts_at: Instant | None = None
    note: Note | None = None


class DeclineOffer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Does not take the tour."""

    reason: DeclineReason
    note: Note | None = None
