"""The messages of statements: one JSON file a language, the same keys in each."""

from functools import cache
from importlib.resources import files

import msgspec

from solver.statements.numbers import Language


@cache
def messages(language: Language) -> dict[str, str]:
    """By key, templates for ``str.format`` with named fields."""
    raw = files("solver.statements").joinpath("messages", f"{language}.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, str])


def say(language: Language, key: str, /, **fields: str | int) -> str:
    """One message with its fields filled in. Raises KeyError for a key or field that is not there."""
    return messages(language)[key].format(**fields)
