"""Small pieces of HTML; whatever comes from outside goes through ``escape``."""

from html import escape as _escape


def escape(text: str) -> str:
    """Text that stays text, inside elements and inside quoted attributes alike."""
    return _escape(text, quote=True)


def tile(label: str, figure: str, note: str) -> str:
    """A key figure with its name above and a note below; the figure's unit, after the first space, is set smaller."""
    number, _, unit = figure.partition(" ")
    unit = f" <span>{escape(unit)}</span>" if unit else ""
    return f"<div class=tile><dt>{escape(label)}</dt><dd>{escape(number)}{unit}</dd><p>{escape(note)}</p></div>"
