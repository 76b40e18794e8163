"""
Labels for label printers: ZPL II, 203 dpi, 105 x 148 mm.

Text that a member wrote is never read as a command: the two signs that begin one, and all that does not print, are
taken out.
"""

import re
from collections.abc import Iterable

from cluster.dispatch.barcodes import ship_to_text
from cluster.dispatch.document_models import Label

DOTS_WIDE = 839
DOTS_HIGH = 1183
LINE_MAX = 44
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff^~]")


def plain(text: str | None) -> str:
    """A text as it may stand in a field."""
    return UNSAFE.sub(" ", text or "").strip()[:LINE_MAX]


def label(entry: Label) -> str:
    """One label."""
    place = " ".join(part for part in (entry.postal_code, entry.locality, entry.country_code) if part)
    texts = [
        (40, 40, 28, f"FROM {plain(entry.sender)}"),
        (40, 110, 44, plain(entry.name)),
        (40, 170, 36, plain(entry.address_line1)),
        (40, 220, 36, plain(entry.address_line2)),
        (40, 270, 44, plain(place)),
        (40, 360, 32, f"REF {plain(entry.reference)}"),
        (40, 410, 32, f"{entry.unit_no}/{entry.units}  {entry.weight_g / 1000:.1f} kg"),
        (40, 460, 32, plain(_on_tour(entry))),
    ]
    fields = [f"^FO{x},{y}^A0N,{size},{size}^FD{text}^FS" for x, y, size, text in texts if text]
    ship_to = ship_to_text(entry.postal_code, entry.country_code, domestic=entry.domestic)
    if ship_to is not None:
        fields.append(f"^FO60,540^BY2^BCN,140,Y,N,N,D^FD{ship_to}^FS")
    fields.append(f"^FO60,820^BY3^BCN,220,Y,N,N,D^FD(00){entry.sscc}^FS")
    return "\n".join(["^XA", "^CI28", f"^PW{DOTS_WIDE}", f"^LL{DOTS_HIGH}", *fields, "^XZ"])


def _on_tour(entry: Label) -> str:
    hazard = "" if entry.un_number is None else f"UN {entry.un_number}  "
    where = "" if entry.tour is None else f"{entry.tour} / {entry.stop_no}"
    return f"{hazard}{where}"


def labels(entries: Iterable[Label]) -> bytes:
    """All labels, one after the other."""
    return ("\n".join(label(entry) for entry in entries) + "\n").encode()
