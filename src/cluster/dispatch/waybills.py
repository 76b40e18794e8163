"""
What a waybill says of each shipment on a tour: one page each.

Where pickup and delivery are in different countries it is a consignment note with the numbered boxes of the CMR, in the
language asked for and in English; anywhere else a plain waybill. It says what whoever carries the goods needs, what a
driver collects, and no price: the value of goods, what carriage costs and who bears which share are on no waybill.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cluster.base import ids
from cluster.base.money import money
from cluster.dispatch.document_models import Paper, PaperLanguage
from cluster.dispatch.models import Tour
from cluster.dispatch.waybill_words import WAYBILL_WORDS

LINES_TOLD = 8
"""Lines of harmless goods on a page; more are summed up in one. Dangerous goods are told line by line, however many."""
INSIDE_TOLD = 3
OPEN = "." * 30
"""For the sender to write on."""
_DEGREES = {"controlled": "15 / 25 °C", "chilled": "2 / 8 °C", "frozen": "-18 °C"}
Words = Mapping[str, str]
Box = dict[str, Any]


def waybills(
    tour: Tour, rows: Sequence[Any], goods: Sequence[Any], carrier: Any, cluster: Any, language: PaperLanguage
) -> Paper:
    """A page for each of a tour's shipments; ``carrier`` is None where the cluster drives itself."""
    at, words = datetime.now(UTC), WAYBILL_WORDS[language]
    lines: dict[UUID, list[Any]] = {}
    for line in goods:
        lines.setdefault(line["shipment_id"], []).append(line)
    pages = [
        _Page(tour, row, lines.get(row["shipment_id"], []), carrier, cluster, language, at).filled() for row in rows
    ]
    data = {"title": f"{words['waybill']} {tour.code}", "empty": words["empty"], "pages": pages}
    return Paper(template="waybill", language=language, data=data, at=at)


def crosses_border(row: Any, country_code: str) -> bool:
    """Whether goods are taken over in another country than they are delivered in; one not said is the cluster's."""
    return (row["origin_country"] or country_code) != (row["goal_country"] or country_code)


class _Page:
    """One shipment's page."""

    def __init__(
        self, tour: Tour, row: Any, goods: Sequence[Any], carrier: Any, cluster: Any, language: PaperLanguage,
        at: datetime,
    ) -> None:  # fmt: skip
        self.tour, self.row, self.goods, self.carrier, self.cluster, self.at = tour, row, goods, carrier, cluster, at
        self.zone = ZoneInfo(cluster.time_zone)
        self.words = WAYBILL_WORDS[language]
        self.abroad = crosses_border(row, cluster.country_code)
        twice = self.abroad and language is not PaperLanguage.EN
        self.english: Words = WAYBILL_WORDS[PaperLanguage.EN] if twice else {}

    def filled(self) -> dict[str, Any]:
        """The page as the template has it."""
        words, form = self.words, "cmr" if self.abroad else "waybill"
        keys = ("marks", "packages", "packing", "nature", "statistical", "weight", "volume")
        return {
            "title": words[form],
            "title_en": self.english.get(form, ""),
            "number": f"{words['number']} {ids.show('shp', self.row['shipment_id'])}",
            "tour": f"{words['tour']} {self.tour.code}",
            "top": self._top(),
            "columns": [self._box(number, key) for number, key in enumerate(keys, start=6)],
            "goods": self._goods(),
            "total": self._total(),
            "hazards_title": words["hazards"],
            "hazards": [_hazard(line, words) for line in self.goods if line["un_number"] is not None],
            "hazards_note": words["hazards_note"],
            "below": self._below(),
            "signatures": [self._box(22, "sign_sender"), self._box(23, "sign_carrier"),
                           self._box(24, "sign_consignee")],
            "clause": self._clause(),
        }  # fmt: skip

    def _box(self, number: int, key: str, *lines: str | None, rows: int = 1) -> Box:
        """A box of the form; only a consignment note has its numbers."""
        return {
            "no": str(number) if self.abroad else "",
            "label": self.words[key],
            "en": self.english.get(key, ""),
            "lines": [line for line in lines if line],
            "rows": rows,
        }

    def _top(self) -> list[Box]:
        row = self.row
        collected = row["service"] == "collection"
        sender = [*([] if collected else [row["member_name"]]), *self._end("origin")]
        goal = [*([row["member_name"]] if collected else []), *self._end("goal")]
        sender_box = self._box(1, "sender", *sender, _person(row, "origin"))
        carrier_box = self._box(16, "carrier", *self._carried())
        consignee = self._box(2, "consignee", *goal, _person(row, "goal"))
        taken = row["taken_at"] or self.tour.starts_at
        over = self._box(4, "taking_over", f"{row['origin_name']}, {self._place('origin')}", _day(taken, self.zone))
        to = self._box(3, "delivery_place", *self._end("goal")[1:])
        if not self.abroad:
            return [sender_box, carrier_box, consignee, to, over, self._box(18, "reservations")]
        return [
            *(sender_box, carrier_box, consignee, self._box(17, "successive")),
            *(to, self._box(18, "reservations", rows=3), over, self._box(5, "documents")),
        ]

    def _below(self) -> list[Box]:
        row = self.row
        cash = ""
        if row["cod_minor"] is not None:
            amount = money(row["cod_minor"], self.cluster.currency)
            cash = f"{amount.amount} {amount.currency}"
        told = self._box(13, "instructions", row["origin_instructions"], row["goal_instructions"])
        cash_box, paid = self._box(15, "cash", cash), self._box(14, "payment", self.words["prepaid"])
        today = _day(self.at, self.zone)
        drawn = self._box(21, "drawn_up", ", ".join(part for part in (row["origin_locality"], today) if part))
        if not self.abroad:
            return [told, cash_box, paid, drawn]
        payer = self._box(20, "paid_by", self.cluster.name)
        return [told, self._box(19, "agreements"), paid, payer, cash_box, drawn]

    def _end(self, which: str) -> list[str]:
        """The name and the address of an end."""
        row = self.row
        return [part for part in (*(row[f"{which}_{name}"] for name in ("name", "line1", "line2")),
                                  self._place(which)) if part]  # fmt: skip

    def _place(self, which: str) -> str:
        row = self.row
        country = row[f"{which}_country"] or self.cluster.country_code
        return " ".join(part for part in (row[f"{which}_postal_code"], row[f"{which}_locality"], country) if part)

    def _carried(self) -> list[str]:
        words, tour, carrier = self.words, self.tour, self.carrier
        if carrier is None:
            firm = f"{self.cluster.name}, {self.cluster.country_code}"
        else:
            firm = f"{carrier['name']}, {carrier['country_code']}"
        driver = f"{words['driver']}: {tour.driver_name}" if tour.driver_name else ""
        return [firm, f"{words['vehicle']}: {tour.vehicle}", driver]

    def _goods(self) -> list[list[str]]:
        """A line of the table for each line of goods; harmless ones beyond what a page holds are one."""
        dangerous = [line for line in self.goods if line["un_number"] is not None]
        harmless = [line for line in self.goods if line["un_number"] is None]
        told = [self._line(line) for line in (*dangerous, *harmless[:LINES_TOLD])]
        if told:
            told[0][0] = self.row["client_ref"]
        more = harmless[LINES_TOLD:]
        if more:
            told.append(["", str(_units(more)), "", self.words["further"], "", _kilograms(more), _cubic_metres(more)])
        return told

    def _line(self, line: Any) -> list[str]:
        nature = [
            self._inside(line["contents"]) if self.abroad else OPEN,
            _DEGREES.get(self.row["temperature_class"], ""),
        ]
        if line["un_number"] is not None:
            nature.append(f"UN {line['un_number']}")
        return [
            "",
            str(line["units"]),
            self.words[line["kind"]],
            ", ".join(part for part in nature if part),
            line["hs_code"] or "",
            _kilograms([line]),
            _cubic_metres([line]),
        ]

    @staticmethod
    def _inside(names: Sequence[str]) -> str:
        """What is inside; where the sender has not said it, a line on which to say it."""
        more = len(names) - INSIDE_TOLD
        return ", ".join([*names[:INSIDE_TOLD], *([f"+ {more}"] if more > 0 else [])]) or OPEN

    def _total(self) -> list[str]:
        goods = self.goods
        return [self.words["total"], str(_units(goods)), _kilograms(goods), _cubic_metres(goods)]

    def _clause(self) -> str:
        if not self.abroad:
            return ""
        return " / ".join(part for part in (self.words["clause"], self.english.get("clause")) if part)


def _person(row: Any, which: str) -> str:
    return " ".join(part for part in (row[f"{which}_contact"], row[f"{which}_phone"]) if part)


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).date().isoformat()


def _units(lines: Sequence[Any]) -> int:
    return sum(line["units"] for line in lines)


def _kilograms(lines: Sequence[Any]) -> str:
    return f"{sum(line['units'] * line['weight_g'] for line in lines) / 1000:.1f}"


def _cubic_metres(lines: Sequence[Any]) -> str:
    return f"{sum(line['units'] * line['volume_mm3'] for line in lines) / 10**9:.3f}"


def _hazard(line: Any, words: Words) -> str:
    """
    A line of dangerous goods in the order of ADR 5.4.1.1.1.

    UN number, proper shipping name, class with further labels, packing group, tunnel restriction code, packages and
    quantity. Name and code are not known here: the sender writes them. Limited quantities have no tunnel code.
    """
    labels = ", ".join(line["hazard_labels"].split())
    hazard = line["hazard_class"] + (f" ({labels})" if labels else "")
    parts = [f"UN {line['un_number']}", OPEN, hazard, line["packing_group"]]
    parts.append(words["limited"] if line["limited_quantity"] else "(..........)")
    quantity = f"{line['units']} x {words[line['kind']]}, {_kilograms([line])} kg"
    return f"{', '.join(part for part in parts if part)}; {quantity}"
