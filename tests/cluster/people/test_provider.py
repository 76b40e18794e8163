"""Signing in at a provider of OpenID Connect: a small real one on this machine, which can also be wrong on purpose."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.cluster.api import World, riverside
from tests.cluster.people.browser import Browser, joined
from tests.databases import Database

pytestmark = pytest.mark.anyio
CLIENT = "the-platform"


class Provider:
    """Vouches for whoever ``claims`` says."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", parameters={"kid": "one"})
        self.stranger = ECKey.generate_key("P-256", parameters={"kid": "one"})
        self.signing = self.key
        self.claims: dict[str, Any] = {}
        self.given: dict[str, list[str]] = {}
        self.keys_asked = 0
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self.answer(provider.description())
                else:
                    provider.keys_asked += 1
                    self.answer({"keys": [provider.key.as_dict(private=False)]})

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(*provider.token(form))

            def answer(self, body: Any, status: int = 200) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def description(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def asked(self, location: str) -> None:
        """The browser arrives with this address, and the person agrees."""
        self.given = parse_qs(urlsplit(location).query)

    def token(self, form: dict[str, list[str]]) -> tuple[Any, int]:
        """Gives a token for the code, if the secret that the question promised fits (PKCE)."""
        promised = urlsafe_b64encode(sha256(form["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
        right = promised == self.given["code_challenge"][0] and form["client_secret"] == ["hush"]
        if not right or form["redirect_uri"] != self.given["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.given["nonce"][0]}
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return {"id_token": jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.signing)}, 200


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """A provider that answers."""
    found = Provider()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
async def world(module_database: Database, provider: Provider) -> AsyncIterator[World]:
    """Riverside, with that provider."""
    settings = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": "hush"}
    async with riverside(module_database, **settings) as found:
        yield found


async def through(world: World, provider: Provider, browser: Browser | None = None, **claims: Any) -> Any:
    """Leaves for the provider, and comes back as whom it vouches for."""
    browser = browser or Browser(world.client)
    left = await browser.get("/v1/session/provider")
    assert left.status_code == 302
    provider.asked(left.headers["location"])
    provider.claims = {"email_verified": True} | claims
    back = f"/v1/session/provider/answer?code=c&state={provider.given['state'][0]}"
    answer = await browser.send("GET", back, Sec_Fetch_Site="cross-site")
    assert answer.status_code == 302
    return browser, answer.headers["location"]


async def test_a_person_whose_address_the_provider_has_verified_is_signed_in(world: World, provider: Provider) -> None:
    await joined(world, "lan@an.example", "member_user", world.an_id)
    assert (await Browser(world.client).get("/v1/session/options")).json() == {"provider": True}
    browser, home = await through(world, provider, sub="1", email="Lan@An.example")
    assert home == "/"
    session = (await browser.get("/v1/session")).json()
    assert session["user"]["email"] == "lan@an.example"
    assert "__Host-provider" not in browser.cookies
    asked = provider.given
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert asked["scope"] == ["openid email profile"]


async def test_an_address_given_to_somebody_else_later_opens_nothing(world: World, provider: Provider) -> None:
    await joined(world, "desk@an.example", "member_user", world.an_id)
    assert (await through(world, provider, sub="first", email="desk@an.example"))[1] == "/"
    assert (await through(world, provider, sub="second", email="desk@an.example"))[1] == "/#refused=unauthenticated"
    assert (await through(world, provider, sub="first", email="new.address@an.example"))[1] == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody@an.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"sub": None},
    ],
    ids=str,
)
async def test_a_token_that_is_not_quite_right_opens_nothing(
    world: World, provider: Provider, wrong: dict[str, Any]
) -> None:
    email = f"picky{abs(hash(str(wrong)))}@an.example"
    await joined(world, email, "member_user", world.an_id)
    browser, home = await through(world, provider, **({"sub": email, "email": email} | wrong))
    assert home == "/#refused=unauthenticated"
    assert "__Host-session" not in browser.cookies
    assert (await through(world, provider, sub=email, email=email))[1] == "/"  # all else was right


async def test_a_token_signed_by_somebody_else_opens_nothing(world: World, provider: Provider) -> None:
    await joined(world, "signed@an.example", "member_user", world.an_id)
    provider.signing = provider.stranger
    try:
        assert (await through(world, provider, sub="s", email="signed@an.example"))[1] == "/#refused=unauthenticated"
    finally:
        provider.signing = provider.key
    assert (await through(world, provider, sub="s", email="signed@an.example"))[1] == "/"
    assert provider.keys_asked <= 2  # remembered, whatever tokens came


async def test_an_answer_belongs_to_the_browser_that_asked_and_is_good_once(world: World, provider: Provider) -> None:
    await joined(world, "mine@an.example", "member_user", world.an_id)
    browser, _ = await through(world, provider, sub="m", email="mine@an.example")
    used = provider.given["state"][0]
    again = await browser.get(f"/v1/session/provider/answer?code=c&state={used}")
    assert again.headers["location"] == "/#refused=unauthenticated"
    left = await Browser(world.client).get("/v1/session/provider")
    provider.asked(left.headers["location"])
    stranger = await Browser(world.client).get(f"/v1/session/provider/answer?code=c&state={provider.given['state'][0]}")
    assert stranger.headers["location"] == "/#refused=unauthenticated"
    for query in ("", "?error=access_denied", "?code=c", "?state=x", "?code=c&state="):
        given_up = await Browser(world.client).get(f"/v1/session/provider/answer{query}")
        assert given_up.headers["location"] == "/#refused=unauthenticated"


async def test_a_second_factor_is_asked_for_unless_the_provider_did(world: World, provider: Provider) -> None:
    own = await joined(world, "careful@an.example", "member_user", world.an_id)
    app = await own.with_app()
    browser, home = await through(world, provider, sub="c", email="careful@an.example")
    kind, _, pending = home.removeprefix("/#").partition("=")
    assert kind == "second_factor_needed"
    done = await browser.post("/v1/session/second-factor", {"pending_token": pending, "totp": app.code(1)})
    assert done.json()["status"] == "signed_in"
    _, home = await through(world, provider, sub="c", email="careful@an.example", amr=["pwd", "mfa"])
    assert home == "/"


async def test_without_a_provider_there_is_none_and_one_that_is_away_is_said_so(
    world: World, database: Database
) -> None:
    async with riverside(database) as other:
        assert (await Browser(other.client).get("/v1/session/options")).json() == {"provider": False}
        assert (await Browser(other.client).get("/v1/session/provider")).status_code == 404
    async with riverside(database, oidc_issuer="http://127.0.0.1:9", oidc_client_id="x") as away:
        answer = await Browser(away.client).get("/v1/session/provider")
        assert (answer.status_code, answer.json()["code"]) == (503, "provider_away")
