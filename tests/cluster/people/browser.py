"""A person at a browser: cookies, the token that goes with changes, and a passkey in the pocket."""

import time
import uuid
from typing import Any

import httpx
import pyotp

from benchmarks.fuzzing.authenticator import Authenticator as AnyAuthenticator
from tests.cluster.api import Caller, World

PASSWORD = "gravel lantern thirty-two"
HERE = "http://testserver"


class Browser:
    """Keeps cookies as a browser does, of this one site."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request of our own page."""
        given = {"Sec-Fetch-Site": "same-origin", "Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
        if method != "GET":
            given |= {"Origin": HERE, "X-CSRF-Token": self.csrf}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in given.items() if value != "none-sent"}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._client.cookies.clear()
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = await self._client.request(method, path, headers=given, **sent)
        self._client.cookies.clear()
        for header in answer.headers.get_list("set-cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in header:
                del self.cookies[name]
        if answer.headers.get("content-type") == "application/json" and isinstance(answer.json(), dict):
            found = answer.json()
            self.csrf = (found.get("session") or found).get("csrf_token") or self.csrf
        return answer

    async def get(self, path: str) -> httpx.Response:
        """Looks something up."""
        return await self.send("GET", path)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Does something."""
        return await self.send("POST", path, body, **headers)

    async def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        """Signs in as far as a password goes."""
        answer = await self.post("/v1/session", {"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def with_app(self) -> "App":
        """Sets an authenticator app up."""
        made = (await self.post("/v1/session/totp")).json()
        app = App(made["secret"])
        confirmed = await self.post("/v1/session/totp/confirm", {"code": app.code()})
        assert confirmed.status_code == 200, confirmed.text
        return app


class App:
    """An authenticator app on a telephone."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)

    def code(self, steps_ahead: int = 0) -> str:
        """The code of now, or of later; the platform takes one step either way."""
        return self._totp.generate_otp(int(time.time()) // 30 + steps_ahead)


class Authenticator(AnyAuthenticator):
    """A passkey for this site, unless another is named."""

    def __init__(self, origin: str = HERE) -> None:
        super().__init__(origin)


async def invited(by: Caller | Browser, email: str, role: str, member_id: str | None = None) -> Any:
    """A fresh invitation."""
    answer = await by.post("/v1/users/invitations", {"email": email, "role": role, "member_id": member_id})
    assert answer.is_success, answer.text
    return answer.json()


async def joined(
    world: World, email: str, role: str, member_id: str | None = None, by: Caller | Browser | None = None
) -> Browser:
    """Somebody who took an invitation up and is signed in."""
    issued = await invited(by or world.coordinator, email, role, member_id)
    browser = Browser(world.client)
    body = {"token": issued["token"], "name": "Somebody", "password": PASSWORD}
    answer = await browser.post("/v1/users/accept", body)
    assert answer.status_code == 200, answer.text
    return browser


async def colleague(world: World, email: str) -> Caller:
    """A key of another person at the coordinator's desk, who signed in with two factors and issued it."""
    browser = await joined(world, email, "coordinator")
    await browser.with_app()
    issued = await browser.post("/v1/keys", {"role": "coordinator", "name": "colleague"})
    assert issued.is_success, issued.text
    return Caller(world.client, issued.json()["api_key"])


async def with_passkey(browser: Browser) -> Authenticator:
    """Registers a passkey."""
    asked = (await browser.post("/v1/session/passkeys/options")).json()
    made = Authenticator()
    body = {"name": "Phone", "passkey": made.make(asked["options"]), "passkey_token": asked["passkey_token"]}
    answer = await browser.post("/v1/session/passkeys", body)
    assert answer.status_code == 200, answer.text
    return made


async def signed_with(browser: Browser, passkey: Authenticator, path: str = "/v1/session/passkey") -> httpx.Response:
    """Signs in, or steps up, with a passkey."""
    asked = (await browser.post("/v1/session/passkey-options")).json()
    return await browser.post(
        path, {"passkey": passkey.sign(asked["options"]), "passkey_token": asked["passkey_token"]}
    )
