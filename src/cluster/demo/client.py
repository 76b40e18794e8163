"""A small client of the platform's API: one function a step of the main job."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

TIMEOUT_S = 30.0
BULK = 200
POLL_S = 0.25


class DemoFailed(Exception):
    """A step did not do what it should; the text says which and why."""


class Client:
    """Speaks for one API key, or without one for whoever holds a link."""

    def __init__(self, url: str, key: str | None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=False)

    def get(self, path: str, **params: Any) -> Any:
        """What stands at a path."""
        return self._answer(self._http.get(path, params=params))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Creates something; the key makes a repeated request harmless."""
        return self._answer(self._http.post(path, json=body or {}, headers={"Idempotency-Key": str(uuid.uuid4())}))

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Stores something."""
        return self._answer(self._http.put(path, json=body))

    def hand_in(self, path: str, content: str, **params: Any) -> Any:
        """Sends text as it is."""
        return self._answer(
            self._http.post(path, params=params, content=content, headers={"Content-Type": "text/plain"})
        )

    def every(self, path: str, **params: Any) -> list[Any]:
        """All pages of a list."""
        found: list[Any] = []
        cursor: str | None = None
        while True:
            page = self.get(path, limit=BULK, **params, **({"cursor": cursor} if cursor else {}))
            found += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        if response.is_success:
            return response.json() if response.content else None
        raise DemoFailed(
            f"{response.request.method} {response.request.url.path}: {response.status_code} {response.text}"
        )


def wait_for_plan(client: Client, plan_id: str, seconds_max: float, say: Callable[[dict[str, Any]], None]) -> Any:
    """
    Looks a plan up until it is over, telling each new point of its progress.

    Raises
    ------
    DemoFailed
        When it takes too long, or ends without a solution.
    """
    seen = 0
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        plan = client.get(f"/v1/plans/{plan_id}")
        for point in plan["progress"][seen:]:
            say(point)
        seen = len(plan["progress"])
        if plan["status"] in ("solved", "published"):
            return plan
        if plan["status"] not in ("queued", "solving"):
            raise DemoFailed(f"the plan is {plan['status']}: {plan['error_detail']}")
        time.sleep(POLL_S)
    raise DemoFailed(f"no plan after {seconds_max:.0f} s")
