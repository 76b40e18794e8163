"""Who is there to ask and to be asked about, while one role asks: kept in a file for Schemathesis' own process."""

import itertools
import json
import os
import uuid
from pathlib import Path
from typing import Any, NamedTuple

import httpx

Json = dict[str, Any]
PLACE = "FUZZ_WORLD"
"""The environment variable that says in which file the world is."""
PERSON = "person"
"""The role of a member's admin who has signed in with a browser."""
_ACCESS = {"person": "member_admin"}
_numbers = itertools.count(int.from_bytes(os.urandom(3)) * 1000)


class Refused(Exception):
    """What should be there to ask about could not be made."""


class Good(NamedTuple):
    """A request that must succeed; what is left out is found in the API's document and among what is sown."""

    body: Any = None
    path: Json = {}  # noqa: RUF012  (never changed)
    query: Json = {}  # noqa: RUF012
    headers: dict[str, str] = {}  # noqa: RUF012
    media_type: str = "application/json"


def unique(prefix: str = "f") -> str:
    """A code that nobody has used."""
    return f"{prefix}{next(_numbers):x}"


class Asker:
    """Whoever holds a key, or none."""

    def __init__(self, url: str, key: str | None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=300, trust_env=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """
        One request, with a fresh idempotency key, on whatever version is there.

        Raises
        ------
        Refused
            When it does not succeed.
        """
        given = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"} | headers
        content: Json = {"content": body} if isinstance(body, bytes) else {"json": body}
        self._http.cookies.clear()
        answer = self._http.request(method, path, headers=given, **({} if body is None else content))
        if not answer.is_success:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer

    def get(self, path: str) -> Any:
        """What stands there."""
        return self.ask("GET", path).json()

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Makes something."""
        answer = self.ask("POST", path, body, **headers)
        return answer.json() if answer.content else None


class World:
    """A cluster with the fuzzed firm and its rival, all that is sown there, and who asks."""

    def __init__(self, url: str, role: str, keys: dict[str, str], things: Json) -> None:
        self.url = url
        self.role = role
        self.keys = keys
        self.things = things
        self._askers: dict[str, Asker] = {}

    @classmethod
    def opened(cls) -> "World":
        """The world that the environment names."""
        return cls(**json.loads(Path(os.environ[PLACE]).read_text()))

    def kept(self, path: Path) -> None:
        """Writes it down, for the eyes of this user alone: there are keys in it."""
        path.touch(0o600)
        path.write_text(json.dumps({"url": self.url, "role": self.role, "keys": self.keys, "things": self.things}))

    @property
    def access(self) -> str:
        """The role that the guards see: a person's is a member's admin, a limited key's that of its holder."""
        return _ACCESS.get(self.role, self.role.partition("/")[0])

    @property
    def neutral(self) -> bool:
        """Whether the neutral side asks."""
        return self.access == "coordinator"

    def asker(self, name: str) -> Asker:
        """Whoever has that name among the keys; ``nobody`` has none."""
        if name not in self._askers:
            self._askers[name] = Asker(self.url, self.keys.get(name) if name != "nobody" else None)
        return self._askers[name]

    @property
    def admin(self) -> Asker:
        """The fuzzed firm's admin."""
        return self.asker("member_admin")

    @property
    def coordinator(self) -> Asker:
        """The neutral side."""
        return self.asker("coordinator")

    @property
    def colleague(self) -> Asker:
        """Another person on the neutral side, who may approve what the first made."""
        return self.asker("colleague")

    @property
    def nobody(self) -> Asker:
        """Somebody without a key."""
        return self.asker("nobody")

    @property
    def manager(self) -> Asker:
        """Who makes things for the role that asks: the neutral side for itself, or else the firm's admin."""
        return self.coordinator if self.neutral else self.admin

    @property
    def member_id(self) -> str:
        """The fuzzed firm."""
        return str(self.things["mem"][0])
