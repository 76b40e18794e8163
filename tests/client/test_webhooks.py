"""Messages are taken from the platform alone; the official library signs, and our own checks."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from cluster_client import webhooks
from cluster_client.errors import NotAuthentic

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BODY = b'{"type": "shipment.booked", "timestamp": "2026-11-22T08:00:00Z", "data": {"id": "shp_1", "seq": 1}}'


def headers(secret: str = SECRET, body: bytes = BODY) -> dict[str, str]:
    signature = Webhook(secret).sign("evt_1", NOW, body.decode())
    return {"Webhook-Id": "evt_1", "Webhook-Timestamp": str(int(NOW.timestamp())), "Webhook-Signature": signature}


def test_a_message_signed_by_the_official_library_is_taken() -> None:
    message = webhooks.verify(BODY, headers(), SECRET, now=NOW.timestamp() + 299)
    assert (message.id, message.type, message.data["seq"]) == ("evt_1", "shipment.booked", 1)


def test_while_secrets_change_either_is_enough() -> None:
    both = headers() | {"Webhook-Signature": f"v1a,AAAA {headers(OTHER)['Webhook-Signature']} v1,AAAA"}
    assert webhooks.verify(BODY, both, OTHER, now=NOW.timestamp())
    assert webhooks.verify(BODY, headers(), [OTHER, SECRET], now=NOW.timestamp())


@pytest.mark.parametrize(
    ("body", "changed", "later_s"),
    [
        (BODY + b" ", {}, 0),
        (BODY, {"Webhook-Id": "evt_2"}, 0),
        (BODY, {"Webhook-Timestamp": str(int(NOW.timestamp()) + 1)}, 0),
        (BODY, {"Webhook-Timestamp": "soon"}, 0),
        (BODY, {"Webhook-Signature": ""}, 0),
        (BODY, {"Webhook-Signature": "v1,ünsinn"}, 0),
        (BODY, headers(OTHER), 0),
        (BODY, {}, 301),
        (BODY, {}, -301),
    ],
)
def test_anything_changed_foreign_or_old_is_refused(body: bytes, changed: dict[str, str], later_s: int) -> None:
    with pytest.raises(NotAuthentic):
        webhooks.verify(body, headers() | changed, SECRET, now=NOW.timestamp() + later_s)


def test_a_missing_header_is_refused_and_a_secret_that_is_none_is_a_mistake() -> None:
    with pytest.raises(NotAuthentic):
        webhooks.verify(BODY, {}, SECRET)
    with pytest.raises(ValueError, match="base64"):
        webhooks.verify(BODY, headers(), "my secret", now=NOW.timestamp())
