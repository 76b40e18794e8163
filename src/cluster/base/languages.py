"""Which language an asker reads best (RFC 9110, section 12.5.4)."""

from collections.abc import Collection

LANGUAGES = ("en", "vi", "de", "zh")
READ_MAX = 20


def best_of(accepted: str | None, offered: Collection[str], default: str) -> str:
    """
    The best of ``Accept-Language`` that is offered, by quality and then by order; ``default`` where none is.

    Regions do not matter (``de-AT`` is ``de``); what cannot be read is passed over.
    """
    wishes = []
    for index, part in enumerate((accepted or "").split(",", READ_MAX)[:READ_MAX]):
        tag, _, weight = part.strip().partition(";")
        quality = weight.strip().removeprefix("q=") or "1"
        known = tag.strip().lower().partition("-")[0]
        if known in offered and quality.isascii() and quality.replace(".", "", 1).isdigit() and float(quality) > 0:
            wishes.append((-float(quality), index, known))
    return min(wishes)[2] if wishes else default
