"""
Files on an SFTP server that a cluster chose: its key is known beforehand, and only public addresses are connected to.

As with webhooks, the name is resolved here and every address it has is judged; the connection goes to one of those.
Neither an agent nor any file of this machine is asked for keys.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import asyncssh

from cluster.gateways.adapting import GatewayAway
from cluster.gateways.models import GatewayCredentials, GatewaySettings
from cluster.webhooks.addresses import is_public
from cluster.webhooks.sending import Resolve

TIMEOUT_S = 20.0
LOST = (OSError, asyncssh.Error, TimeoutError)


@asynccontextmanager
async def connected(
    host: str,
    port: int,
    settings: GatewaySettings,
    credentials: GatewayCredentials,
    resolver: Resolve,
    *,
    private: bool,
) -> AsyncIterator[asyncssh.SFTPClient]:
    """
    A connection to a server that has the key it should have.

    Raises
    ------
    GatewayAway
        When there is none to be had.
    """
    addresses = await resolver(host, port)
    if not addresses or not (private or all(is_public(address) for address in addresses)):
        raise GatewayAway("no_public_address", "the server's name has no public address", reached=False)
    try:
        server_key = asyncssh.import_public_key(settings.host_key or "")
        own = [asyncssh.import_private_key(credentials.private_key)] if credentials.private_key else None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise GatewayAway("key_unreadable", "a key cannot be read; give it without a passphrase") from None
    try:
        async with asyncio.timeout(TIMEOUT_S):
            connection = await asyncssh.connect(
                addresses[0],
                port,
                username=credentials.key or "",
                password=credentials.secret,
                client_keys=own,
                known_hosts=([server_key], [], []),
                agent_path=None,
                config=None,
                connect_timeout=TIMEOUT_S,
                login_timeout=TIMEOUT_S,
            )
    except asyncssh.HostKeyNotVerifiable:
        raise GatewayAway("host_key_differs", "the server has another key than host_key", reached=False) from None
    except asyncssh.PermissionDenied:
        raise GatewayAway("credentials_refused", "the server does not take the key or password") from None
    except LOST:
        raise GatewayAway("connection_failed", "no connection to the server, or it broke", reached=False) from None
    async with connection:
        try:
            async with connection.start_sftp_client() as client:
                yield client
        except LOST:
            raise GatewayAway("connection_failed", "the connection broke, or the server has no SFTP") from None


class Sftp:
    """The folders below a path of a server."""

    def __init__(
        self,
        client: asyncssh.SFTPClient,
        path: str,
        folders: tuple[str, ...],
        files_max: int,
        bytes_max: int,
        is_ours: Callable[[str], bool],
    ) -> None:
        self._client = client
        self._base = path.rstrip("/")
        self._folders = folders
        self._files_max = files_max
        self._bytes_max = bytes_max
        self._is_ours = is_ours
        self._there = False

    def _place(self, *parts: str) -> str:
        return "/".join(part for part in (self._base, *parts) if part)

    async def _ready(self) -> None:
        """Makes the folders, once."""
        if self._there:
            return
        for folder in self._folders:
            await self._client.makedirs(self._place(folder), exist_ok=True)
        self._there = True

    async def names(self, folder: str) -> list[str]:
        """Names of files that end with ``.csv``."""
        async with _told(), asyncio.timeout(TIMEOUT_S):
            await self._ready()
            found = []
            async for entry in self._client.scandir(self._place(folder)):
                name = str(entry.filename)
                if entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR and self._is_ours(name):
                    found.append(name)
            return sorted(found)[: self._files_max]

    async def read(self, folder: str, name: str) -> bytes:
        """A file, if it is not too large."""
        async with _told(), asyncio.timeout(TIMEOUT_S), self._client.open(self._place(folder, name), "rb") as file:
            content = cast("bytes", await file.read(self._bytes_max + 1))  # the mode says so, not the type
        if len(content) > self._bytes_max:
            raise GatewayAway("too_large", f"{name} is too large")
        return content

    async def write(self, folder: str, name: str, content: bytes) -> None:
        """A file, whole: renamed once it is."""
        draft = self._place(folder, f".{name}.part")
        async with _told(), asyncio.timeout(TIMEOUT_S):
            await self._ready()
            async with self._client.open(draft, "wb") as file:
                await file.write(content)
            await self._replace(draft, self._place(folder, name))

    async def move(self, name: str, source: str, target: str) -> None:
        """A file to another folder."""
        async with _told(), asyncio.timeout(TIMEOUT_S):
            await self._replace(self._place(source, name), self._place(target, name))

    async def _replace(self, old: str, new: str) -> None:
        """As POSIX renames; servers that know no such thing are asked to take what is there away first."""
        try:
            await self._client.posix_rename(old, new)
        except asyncssh.SFTPOpUnsupported:
            if await self._client.exists(new):
                await self._client.remove(new)
            await self._client.rename(old, new)


@asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """What fails at the server, in our words."""
    try:
        yield
    except asyncssh.SFTPError as error:
        raise GatewayAway("folder_failed", f"the server says {type(error).__name__}") from None
    except LOST:
        raise GatewayAway("connection_failed", "the connection broke, or took too long") from None
