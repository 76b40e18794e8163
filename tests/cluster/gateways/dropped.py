"""A carrier that exchanges files: a real SFTP server in this process, and its side of the folders."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh

from tests.cluster.api import Caller

USER, PASSWORD = "cluster", "a password of the tests"


class Server:
    """An SFTP server on this machine, whose one user is in ``root`` and sees nothing else."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.own_key = asyncssh.generate_private_key("ssh-ed25519")
        """Of the platform, in the form in which it is entered."""
        self.port = 0
        self.visits = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"sftp://127.0.0.1:{self.port}"

    @property
    def host_key(self) -> str:
        """By which it is known."""
        return " ".join(self.key.export_public_key().decode().split()[:2])

    @property
    def pem(self) -> str:
        """The platform's private key."""
        return self.own_key.export_private_key("pkcs8-pem").decode()


class _Door(asyncssh.SSHServer):
    def __init__(self, server: Server) -> None:
        self._server = server

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._server.visits += 1
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.public_data == self._server.own_key.public_data


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[Server]:
    """Answers while the block runs."""

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(server.root).encode())

    acceptor = await asyncssh.create_server(
        lambda: _Door(server), "127.0.0.1", 0, server_host_keys=[server.key], sftp_factory=Files
    )
    server.port = acceptor.get_port()
    try:
        yield server
    finally:
        acceptor.close()
        await acceptor.wait_closed()


async def over_sftp(coordinator: Caller, server: Server, carrier_id: str, **credentials: Any) -> str:
    """A gateway to this server; its identifier."""
    opened = {"key": USER} | (credentials or {"secret": PASSWORD})
    body = {"code": "drop", "kind": "sftp", "base_url": server.url, "carrier_id": carrier_id, "credentials": opened}
    made = await coordinator.made("/v1/gateways", body | {"settings": {"host_key": server.host_key, "path": "edi"}})
    return str(made["id"])


def rows(path: Path) -> list[dict[str, str]]:
    """Lines of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def put(folder: Path, name: str, *lines: dict[str, Any]) -> None:
    """A file with these lines."""
    columns = list(dict.fromkeys(column for line in lines for column in line))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(lines)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text.getvalue(), "utf-8", newline="")
