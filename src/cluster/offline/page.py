"""
A page of a report: one HTML file with everything inside, which asks nothing of any network.

Its content security policy admits exactly the style and the script that were written into it, by hash; so nothing that
a user typed can run, even if it were not escaped. No ``style`` attributes, therefore: colours are classes, positions
are SVG attributes.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from string import Template

from msgspec import Struct

from cluster.offline.markup import escape
from cluster.offline.view import COLOURS

DARK_COLOURS = (
    "#6ea8e0", "#e8935f", "#62c08a", "#d978ab", "#a98fe6", "#d9b74a", "#56c2cd", "#ea7f7b", "#9cc266", "#c4946f",
    "#93b0d0", "#dd8ecb",
)  # fmt: skip
"""``view.COLOURS`` for a dark ground, hue by hue."""


class Page(Struct, frozen=True, kw_only=True):
    """``title`` is text, the rest is HTML. ``assets``: styles and scripts of the package besides the common style."""

    title: str
    lead: str
    tiles: str
    proof: str
    sections: str
    foot: str
    assets: Sequence[str] = ()


def page_html(page: Page) -> str:
    """The whole file as text."""
    style = "".join(_asset(name) for name in ("report.css", *page.assets) if name.endswith(".css")) + _colours()
    script = "".join(_asset(name) for name in page.assets if name.endswith(".js"))
    return Template(_asset("report.html")).substitute(
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        title=escape(page.title),
        lead=page.lead,
        tiles=page.tiles,
        proof=page.proof,
        sections=page.sections,
        foot=page.foot,
    )


@cache
def _asset(name: str) -> str:
    return files("cluster.offline").joinpath("assets", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression by which a content security policy admits an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _colours() -> str:
    light = "".join(f".c{k}{{--c:{colour}}}" for k, colour in enumerate(COLOURS))
    dark = "".join(f".c{k}{{--c:{colour}}}" for k, colour in enumerate(DARK_COLOURS))
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"
