"""
Serial shipping container codes, as GS1 has them: 18 digits that name one handling unit in all the world.

Extension digit, company prefix, serial reference, check digit (GS1 General Specifications, sections 3.3.1 and 7.9).
Serial references are drawn at random: whoever holds two labels of the cluster's prefix learns nothing of how many
others were printed in between.
"""

import re
import secrets

LENGTH = 18
PREFIX = re.compile(r"[0-9]{4,12}")
"""A GS1 company prefix."""


def check_digit(digits: str) -> int:
    """The digit that GS1 puts behind ``digits``: weights 3 and 1 in turn, from the right, to the next ten."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def is_valid(text: str) -> bool:
    """Whether a text is an SSCC with the right check digit."""
    return len(text) == LENGTH and text.isascii() and text.isdigit() and check_digit(text[:-1]) == int(text[-1])


def compose(extension: int, prefix: str, serial: int) -> str:
    """
    One code.

    Raises
    ------
    ValueError
        When the prefix is none, the extension is not one digit, or the serial does not fit behind the prefix.
    """
    room = LENGTH - 2 - len(prefix)
    if not PREFIX.fullmatch(prefix) or not 0 <= extension <= 9 or not 0 <= serial < 10**room:
        raise ValueError("not an extension digit, a company prefix and a serial that fits")
    body = f"{extension}{prefix}{serial:0{room}d}"
    return f"{body}{check_digit(body)}"


def draw(prefix: str) -> str:
    """A code with this prefix, drawn at random."""
    return compose(secrets.randbelow(10), prefix, secrets.randbelow(10 ** (LENGTH - 2 - len(prefix))))
