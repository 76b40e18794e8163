"""Server-sent events, as the platform streams them."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct


class ServerEvent(Struct, frozen=True, kw_only=True):
    """One event of a stream: its name and its data, read from JSON."""

    event: str
    data: Any


class Reader:
    """
    Makes events of lines (HTML Living Standard, section 9.2.6), as far as the platform uses them.

    Comments and unknown fields are passed over; what a broken connection leaves half told is not told.
    """

    def __init__(self) -> None:
        self._event = ""
        self._data: list[str] = []

    def feed(self, line: str) -> Iterator[ServerEvent]:
        """One line without its end; yields an event when it is the empty line that closes one."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                self._event = value
            elif name == "data":
                self._data.append(value)
            return
        event, data = self._event or "message", "\n".join(self._data)
        self._event, self._data = "", []
        if data:
            yield ServerEvent(event=event, data=_read(data))


def _read(data: str) -> Any:
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        return data
