"""One POST: whatever the other side does ends in an outcome, and no connection goes where it must not."""

import asyncio
import ssl
from pathlib import Path

import pytest

from cluster.webhooks.sending import Resolve, Sender
from tests.cluster.webhooks.certificates import certificate
from tests.cluster.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.anyio
BODY = b'{"type":"t"}'


async def outcome(url: str, **settings: object) -> tuple[int | None, str | None]:
    """Status and error of one POST by a sender that may go anywhere."""
    given = {"timeout_s": 2.0, "connections": 4, "allow_private": True} | settings
    async with Sender(**given) as sender:  # type: ignore[arg-type]
        made = await sender.post(url, {"webhook-id": "evt_1"}, BODY)
    return made.status, made.error


def answers(*rounds: list[str]) -> tuple[Resolve, list[str]]:
    """A resolver of names that tells another thing each time; and the names it was asked for."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return rounds[min(len(asked), len(rounds)) - 1]

    return resolve, asked


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (200, (200, None)),
        (204, (204, None)),
        (299, (299, None)),
        (301, (301, "redirect")),
        (302, (302, "redirect")),
        (400, (400, "refused")),
        (410, (410, "refused")),
        (500, (500, "refused")),
        ("reset", (None, "connection_lost")),
        ("hang", (None, "timeout")),
    ],
)
async def test_only_success_is_success(answer: int | str, expected: tuple[int | None, str | None]) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: answer
        assert await outcome(receiver.url, timeout_s=0.5) == expected
        assert [got.body for got in receiver.got] == [BODY]


async def test_a_redirect_is_not_followed() -> None:
    async with receiving() as receiver, receiving() as other:
        receiver.answer = lambda _: 307
        await outcome(receiver.url)
        assert (len(receiver.got), other.connections) == (1, 0)


async def test_nobody_there_is_an_outcome_too() -> None:
    async with receiving() as receiver:
        port = receiver.port
    assert await outcome(f"http://127.0.0.1:{port}/") == (None, "connection_failed")
    assert await outcome("http://nowhere.invalid/") == (None, "no_public_address")


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 50_000_000:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()
                sent += 0x10000
        except ConnectionError:
            pass
        told.set_result(sent)

    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        assert await outcome(f"http://127.0.0.1:{port}/") == (200, None)
        assert await asyncio.wait_for(told, 5) < 50_000_000
    finally:
        server.close()


async def test_an_answer_that_drips_does_not_hold_the_sender() -> None:
    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for sign in b"HTTP/1.1 200 OK\r\n" * 100:
            writer.write(bytes([sign]))
            await asyncio.sleep(0.1)

    server = await asyncio.start_server(drips, "127.0.0.1", 0)
    try:
        assert await outcome(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", timeout_s=0.5) == (
            None,
            "timeout",
        )
    finally:
        server.close()


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await outcome(receiver.url) == (204, None)
        assert (proxy.connections, receiver.connections) == (0, 1)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["169.254.169.254"],
        ["64:ff9b::7f00:1"],
        [],
    ],
)
async def test_a_name_with_any_inner_address_is_connected_to_at_none(addresses: list[str]) -> None:
    resolver, asked = answers(addresses)
    result = await outcome("https://hooks.example.com/", allow_private=False, resolver=resolver)
    assert result == (None, "no_public_address")
    assert asked == ["hooks.example.com"]


async def test_a_name_that_is_bound_anew_reaches_nothing_inner(monkeypatch: pytest.MonkeyPatch) -> None:
    """First the name is public, then private: no connection is made to what listens here."""
    async with receiving() as inner:
        monkeypatch.setattr("cluster.webhooks.addresses.HTTPS_PORT", inner.port)
        public, private = ["2606:4700::1"], ["127.0.0.1"]
        resolver, asked = answers(public, private, private)
        async with Sender(timeout_s=0.5, connections=4, resolver=resolver) as sender:
            outcomes = [await sender.post("https://hooks.example.com/", {}, BODY) for _ in range(3)]
        assert len(asked) == 3
        assert all(made.status is None for made in outcomes)
        assert [made.error for made in outcomes[1:]] == ["no_public_address"] * 2
        assert inner.connections == 0


async def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    """The resolver is asked once a connection: what it would say a moment later does not count."""
    async with receiving() as first, receiving("127.0.0.2") as second:
        resolver, asked = answers(["127.0.0.1"], ["127.0.0.2"])
        url = f"http://hooks.example.com:{first.port}/"
        assert await outcome(url, resolver=resolver) == (204, None)
        assert (asked, first.connections, second.connections) == (["hooks.example.com"], 1, 0)
        assert first.got[0].headers["host"] == f"hooks.example.com:{first.port}"


async def test_a_peer_other_than_asked_for_is_left_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stood between: the address of the peer is judged again once the connection stands."""
    async with receiving() as inner:
        monkeypatch.setattr("cluster.webhooks.addresses.HTTPS_PORT", inner.port)
        judged = iter([True, False])
        monkeypatch.setattr("cluster.webhooks.sending.is_public", lambda _: next(judged))
        resolver, _ = answers(["127.0.0.1"])
        assert await outcome("https://a.example.com/", allow_private=False, resolver=resolver) == (
            None,
            "no_public_address",
        )
        await asyncio.sleep(0.05)
        assert inner.got == []


async def test_the_certificate_must_be_of_the_name(tmp_path: Path) -> None:
    """TLS is spoken with the name, whatever address it has; another name's certificate is refused."""
    files = certificate(tmp_path, "hooks.example.com")
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(*files)
    believed = ssl.create_default_context(cafile=str(files[0]))
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=server_side)
    receiver.port = server.sockets[0].getsockname()[1]
    resolver, _ = answers(["127.0.0.1"])
    try:
        for host, expected in (("hooks.example.com", (204, None)), ("other.example.com", (None, "tls_failed"))):
            url = f"https://{host}:{receiver.port}/"
            assert await outcome(url, resolver=resolver, context=believed) == expected
        assert await outcome(f"https://hooks.example.com:{receiver.port}/", resolver=resolver) == (None, "tls_failed")
        assert len(receiver.got) == 1
    finally:
        server.close()
