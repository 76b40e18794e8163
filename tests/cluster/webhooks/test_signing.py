"""Signatures as the official library of Standard Webhooks and any Ed25519 library check them."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from cluster.webhooks.signing import Material, signature

BODY = '{"type":"shipment.booked","data":{"name":"Phở 24"}}'.encode()
ID = "evt_01m3w8c5v2e0gq9r6t1x4zkb7n"


def headers(*materials: Material, ed25519: bool = False) -> dict[str, str]:
    """What goes along with ``BODY`` now."""
    now = int(datetime.now(UTC).timestamp())
    signed = signature(materials, ID, now, BODY, ed25519=ed25519)
    return {"webhook-id": ID, "webhook-timestamp": str(now), "webhook-signature": signed}


def test_the_official_library_takes_it() -> None:
    material = Material.make()
    assert Webhook(material.shown).verify(BODY, headers(material))["type"] == "shipment.booked"
    assert Webhook(material.shown).verify(BODY, headers(material, ed25519=True))


def test_another_secret_body_or_time_is_refused() -> None:
    material = Material.make()
    good = headers(material)
    with pytest.raises(WebhookVerificationError):
        Webhook(Material.make().shown).verify(BODY, good)
    for bit in range(8 * len(BODY)):
        changed = bytearray(BODY)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((WebhookVerificationError, UnicodeDecodeError)):
            Webhook(material.shown).verify(bytes(changed), good)
    with pytest.raises(WebhookVerificationError):
        Webhook(material.shown).verify(BODY, good | {"webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)})


def test_while_secrets_overlap_each_of_both_is_enough() -> None:
    old, new = Material.make(), Material.make()
    both = headers(new, old)
    assert both["webhook-signature"].count("v1,") == 2
    assert Webhook(old.shown).verify(BODY, both) == Webhook(new.shown).verify(BODY, both)


def test_the_public_key_alone_checks_the_second_signature() -> None:
    material = Material.make()
    given = headers(material, ed25519=True)
    [asymmetric] = [part[4:] for part in given["webhook-signature"].split(" ") if part.startswith("v1a,")]
    assert material.public_key.startswith("whpk_")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(material.public_key[5:]))
    signed = f"{ID}.{given['webhook-timestamp']}.".encode() + BODY
    key.verify(base64.b64decode(asymmetric), signed)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(asymmetric), signed + b" ")


def test_material_does_not_show_itself() -> None:
    material = Material.make()
    assert material.shown not in repr(material)
    assert repr(material.secret) not in repr(material)
    assert Material.unpack(material.pack()) == material
