"""
Papers as PDF, set by typst from templates of ours.

What is filled in comes as data and is never read as a template. Latin letters with all marks of Vietnamese and German
are in the fonts that nearly every system has; Chinese needs a font of its own: in a folder of fonts that
``CLUSTER_FONTS_DIR`` names, installed on the system, or in the Python package that the extra ``chinese`` installs (Noto
Sans CJK, SIL Open Font License 1.1). Where there is none, papers asked for in Chinese are in English.
"""

import functools
import importlib.util
import logging
import os
import threading
from importlib import resources
from pathlib import Path

import msgspec
import typst

from cluster.dispatch.document_models import Paper, PaperLanguage
from cluster.dispatch.words import WORDS

FONTS_DIR = "CLUSTER_FONTS_DIR"
LATIN = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Libertinus Serif")
HAN = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
       "Droid Sans Fallback", "Microsoft YaHei", "SimHei", "PingFang SC")  # fmt: skip
"""Families in the order in which they are looked for."""
PACKAGE = "noto_cjk_sans_otc"
"""A Python package that holds nothing but such a font."""
_log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


@functools.cache
def _fonts() -> typst.Fonts:
    """Fonts of the system, of the folder named for them, and of the package; read once."""
    return typst.Fonts(font_paths=folders())


def folders() -> list[str]:
    """Where fonts are looked for beside the system's own places."""
    named = os.environ.get(FONTS_DIR)
    package = importlib.util.find_spec(PACKAGE)
    inside = [] if package is None else list(package.submodule_search_locations or [])
    return [*([str(Path(named))] if named else []), *inside]


@functools.cache
def families() -> tuple[str, ...]:
    """Families that papers are set in: a Latin one, and one with Chinese if there is any."""
    there = set(_fonts().families())
    return (*[name for name in LATIN if name in there][:1], *[name for name in HAN if name in there][:1])


def sets_han() -> bool:
    """Whether Chinese can be printed."""
    return any(name in HAN for name in families())


def printable(language: PaperLanguage) -> PaperLanguage:
    """The language itself, or English where no font on this machine has its letters: boxes help nobody."""
    if language is not PaperLanguage.ZH or sets_han():
        return language
    _log.warning("no font with Chinese: papers in Chinese are in English; install the extra 'chinese'")
    return PaperLanguage.EN


@functools.cache
def _template(name: str) -> bytes:
    return resources.files("cluster.dispatch").joinpath("papers", f"{name}.typ").read_bytes()


def _inputs(paper: Paper) -> dict[str, str]:
    data = paper.data | {"words": WORDS[paper.language], "fonts": families(), "lang": paper.language}
    return {"data": msgspec.json.encode(data).decode()}


def pdf(paper: Paper) -> bytes:
    """A paper as PDF."""
    with _one_at_a_time:
        made = typst.compile(
            _template(paper.template),
            font_paths=_fonts(),
            sys_inputs=_inputs(paper),
            timestamp=int(paper.at.timestamp()),
        )
    return _whole(made)


def png(paper: Paper, ppi: float = 200.0) -> list[bytes]:
    """A paper as pictures, one a page: for previews."""
    with _one_at_a_time:
        made: object = typst.compile(
            _template(paper.template), font_paths=_fonts(), sys_inputs=_inputs(paper), format="png", ppi=ppi
        )
    return [_whole(page) for page in made] if isinstance(made, list) else [_whole(made)]


def _whole(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document of its own")
    return made
