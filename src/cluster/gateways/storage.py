"""
Where files are exchanged: three folders, ``out`` and ``in`` as the carrier sees them turned round, and ``done``.

``out`` is what goes to the carrier, ``in`` what comes from it. A file is written under another name and then renamed,
so that nobody reads half of one; the carrier does the same, or ends its names with ``.csv`` only when they are whole.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from cluster.base import ids
from cluster.gateways.adapting import GatewayAway
from cluster.gateways.connectors import Sealed
from cluster.gateways.models import GatewayKind
from cluster.gateways.queries import Held
from cluster.gateways.sftp import Sftp, connected
from cluster.webhooks.sending import Resolve

OUT, IN, DONE = "out", "in", "done"
FOLDERS = (OUT, IN, DONE)
FILE_MAX_BYTES = 2_000_000
FILES_MAX = 200
P = ParamSpec("P")
T = TypeVar("T")


class Storage(Protocol):
    """Folders of files; whatever fails is ``GatewayAway``."""

    async def names(self, folder: str) -> list[str]:
        """Names of files that end with ``.csv``, in order, the first ``FILES_MAX`` of them."""
        ...

    async def read(self, folder: str, name: str) -> bytes:
        """A file, if it is not too large."""
        ...

    async def write(self, folder: str, name: str, content: bytes) -> None:
        """A file, whole or not at all; one with this name is replaced."""
        ...

    async def move(self, name: str, source: str, target: str) -> None:
        """A file to another folder; one with this name there is replaced."""
        ...


class Folder:
    """A folder of this machine, below the platform's own."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def names(self, folder: str) -> list[str]:
        """Names of files that end with ``.csv``."""
        return await self._do(self._names, folder)

    def _names(self, folder: str) -> list[str]:
        place = self._root / folder
        place.mkdir(parents=True, exist_ok=True)
        found = [entry.name for entry in place.iterdir() if entry.is_file() and not entry.is_symlink()]
        return sorted(name for name in found if is_ours(name))[:FILES_MAX]

    async def read(self, folder: str, name: str) -> bytes:
        """A file."""
        return await self._do(self._read, folder, name)

    def _read(self, folder: str, name: str) -> bytes:
        with (self._root / folder / name).open("rb") as file:
            content = file.read(FILE_MAX_BYTES + 1)
        if len(content) > FILE_MAX_BYTES:
            raise GatewayAway("too_large", f"{name} is too large")
        return content

    async def write(self, folder: str, name: str, content: bytes) -> None:
        """A file, whole."""
        await self._do(self._write, folder, name, content)

    def _write(self, folder: str, name: str, content: bytes) -> None:
        place = self._root / folder
        place.mkdir(parents=True, exist_ok=True)
        draft = place / f".{name}.part"
        draft.write_bytes(content)
        draft.replace(place / name)

    async def move(self, name: str, source: str, target: str) -> None:
        """A file to another folder."""
        await self._do(self._move, name, source, target)

    def _move(self, name: str, source: str, target: str) -> None:
        (self._root / target).mkdir(parents=True, exist_ok=True)
        (self._root / source / name).replace(self._root / target / name)

    async def _do(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        try:
            return await asyncio.to_thread(work, *given, **named)
        except OSError as error:
            raise GatewayAway("folder_failed", f"{type(error).__name__} ({error.strerror})") from None


def is_ours(name: str) -> bool:
    """Whether a name is one that files are exchanged under: plain, and whole."""
    plain = all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in name)
    return plain and name.endswith(".csv") and not name.startswith(".") and len(name) <= 150


@asynccontextmanager
async def opened(held: Held, sealed: Sealed, root: Path, resolver: Resolve, *, private: bool) -> AsyncIterator[Storage]:
    """
    The folders of a gateway.

    Parameters
    ----------
    root
        Below which gateways of kind ``folder`` have theirs, each cluster's and gateway's its own.
    private
        For tests and development: servers on any address.
    """
    if held.kind is GatewayKind.FOLDER:
        yield Folder(root / ids.show("clu", held.cluster_id) / ids.show("gtw", held.gateway_id))
        return
    parts = urlsplit(held.base_url or "")
    async with connected(
        parts.hostname or "", parts.port or 22, held.settings, sealed.credentials, resolver, private=private
    ) as client:
        yield Sftp(client, held.settings.path or "", FOLDERS, FILES_MAX, FILE_MAX_BYTES, is_ours)
