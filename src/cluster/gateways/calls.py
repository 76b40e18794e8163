"""Requests to a carrier's system: through the same guarded door as those to shops, and once each."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from cluster.channels.models import ShopAway, minor
from cluster.channels.shop_calls import Answer, ShopCalls
from cluster.gateways.adapting import GatewayAway, GatewayRefused

EVERY_STATUS = range(100, 600)
BEFORE_ANYTHING = {"no_public_address"}
"""Of a request that failed so, nothing arrived."""
DETAIL_MAX = 500


class Spoken(Struct, frozen=True):
    """What is to be known of an answer."""

    status: int
    body: bytes
    headers: dict[str, str]

    def read(self, kind: Any) -> Any:
        """
        The body as ``kind``.

        Raises
        ------
        GatewayAway
            When it is none, such as a page of a proxy that says sorry.
        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise GatewayAway("not_readable", "the answer is not what the API answers") from None


async def ask(
    calls: ShopCalls,
    method: str,
    url: str,
    headers: Mapping[str, str],
    *,
    query: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Spoken:
    """
    One request, never sent again by itself: it may place an order.

    Raises
    ------
    GatewayAway
        When there is no answer, or one of a system that is in trouble or keeps us out.
    """
    sent = {"content-type": "application/json", **headers} if body is not None else headers
    try:
        answer = await calls.ask(method, url, sent, query=query, body=body, expected=EVERY_STATUS, tries=1)
    except ShopAway as away:
        raise GatewayAway(away.code, reached=away.code not in BEFORE_ANYTHING) from None
    _judge(answer)
    return Spoken(answer.status, answer.body, answer.headers)


def _judge(answer: Answer) -> None:
    status = answer.status
    if status in (401, 403):
        raise GatewayAway(
            "credentials_refused", "the system does not take the key, or it may not do this", reached=False
        )
    if status == 429:
        raise GatewayAway("rate_limited", "the system asks for a pause", reached=False)
    if 300 <= status <= 399:
        raise GatewayAway("redirected", "the system has another address", reached=False)
    if status >= 500:
        raise GatewayAway("system_failed", f"the system answered {status}")


def amount_minor(amount: str, currency: str) -> int:
    """
    A decimal amount of a system in minor units.

    Raises
    ------
    GatewayAway
        When it is no number.
    """
    try:
        return minor(amount, currency)
    except ValueError:
        raise GatewayAway("not_readable", "an amount is no number") from None


def converted(data: Any, kind: Any) -> Any:
    """
    What was read of an answer, as ``kind``.

    Raises
    ------
    GatewayAway
        When it does not fit.
    """
    try:
        return msgspec.convert(data, kind, strict=False)
    except msgspec.ValidationError:
        raise GatewayAway("not_readable", "the answer is not what the API answers") from None


def refused(code: str, detail: str) -> GatewayRefused:
    """A refusal with what the system says to it, on one line and not too long."""
    said = " ".join(detail.split())
    shown = "".join(letter if letter.isprintable() else " " for letter in said)
    return GatewayRefused(code, shown[:DETAIL_MAX])
