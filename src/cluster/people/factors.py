"""Second factors: codes of an authenticator app (TOTP, RFC 6238), and recovery codes."""

import hashlib
import hmac
import secrets
import time
from uuid import UUID

import pyotp
import segno

from cluster.base.audit import record
from cluster.base.db import Connection, Scope, act_as, system_scope
from cluster.base.errors import Conflict, FieldFault, Invalid
from cluster.base.ids import ALPHABET
from cluster.base.secrets import Vault
from cluster.people import factor_queries
from cluster.people.models import Factors, NewTotp, RecoveryCodes

ISSUER = "Cluster logistics"
STEP_S = 30
DRIFT = 1
"""Steps that a clock may be off, either way."""
CODES = 10
CODE_LENGTH = 16
"""Letters of a recovery code: 80 random bits."""


def _sealed_for(user_id: UUID) -> str:
    return f"user_totp {user_id}"


async def held(db: Connection, scope: Scope, user_id: UUID) -> Factors:
    """What somebody has set up. ``db`` is the platform's own."""
    return await factor_queries.factors(db, scope, user_id)


async def begin_totp(db: Connection, scope: Scope, vault: Vault, email: str) -> NewTotp:
    """
    A new secret for the caller's authenticator app; it counts once it is confirmed.

    Raises
    ------
    Conflict
        When one is in use: take it away first.
    """
    assert scope.user_id is not None
    secret = pyotp.random_base32()
    sealed = vault.seal(secret.encode(), _sealed_for(scope.user_id))
    if not await factor_queries.put_totp(db, scope, scope.user_id, sealed):
        raise Conflict("totp_exists", "An authenticator app is set up; take it away before you set up another.")
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    return NewTotp(secret=secret, uri=uri, qr_data_uri=segno.make(uri, micro=False).svg_data_uri(scale=4))


async def confirm_totp(db: Connection, scope: Scope, vault: Vault, code: str) -> None:
    """
    The first code of a new secret confirms it.

    Raises
    ------
    Invalid
        When the code is not the secret's, or there is no secret.
    """
    assert scope.user_id is not None
    if not await totp_opens(db, scope, vault, scope.user_id, code, confirmed=False):
        cure = "wait for the next code of the app; check the clock of its device"
        raise Invalid([FieldFault(pointer="/code", code="wrong_code", cause="not the app's code", cure=cure)])
    await record(db, scope, "totp.confirmed", "usr", scope.user_id)


async def totp_opens(
    db: Connection, scope: Scope, vault: Vault, user_id: UUID, code: str, *, confirmed: bool = True
) -> bool:
    """Whether a code is the app's, and not used before; it is then used."""
    kept = await factor_queries.totp(db, scope, user_id)
    if kept is None or (kept.confirmed_at is not None) != confirmed:
        return False
    app = pyotp.TOTP(vault.open(kept.sealed, _sealed_for(user_id)).decode())
    now = int(time.time()) // STEP_S
    given = code.replace(" ", "").encode()
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > kept.last_step and hmac.compare_digest(app.generate_otp(step).encode(), given):
            await factor_queries.use_totp(db, scope, user_id, step)
            return True
    return False


async def remove_totp(db: Connection, scope: Scope) -> None:
    """Takes the caller's authenticator app away."""
    assert scope.user_id is not None
    await factor_queries.delete_totp(db, scope, scope.user_id)
    await record(db, scope, "totp.removed", "usr", scope.user_id)


async def new_recovery_codes(db: Connection, scope: Scope) -> RecoveryCodes:
    """Ten fresh codes; those before open nothing any more."""
    assert scope.user_id is not None
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    await factor_queries.replace_recovery_codes(db, scope, scope.user_id, [_digest(code) for code in codes])
    await record(db, scope, "recovery_codes.made", "usr", scope.user_id)
    return RecoveryCodes(recovery_codes=["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes])


async def recovery_code_opens(db: Connection, scope: Scope, user_id: UUID, code: str) -> bool:
    """Whether a recovery code is one of somebody's; it is then used up."""
    plain = code.replace("-", "").replace(" ", "").lower()
    return await factor_queries.use_recovery_code(db, scope, user_id, _digest(plain))


async def take_away(db: Connection, scope: Scope, user_id: UUID) -> None:
    """
    Takes all of somebody's second factors and passkeys away, for who lost them.

    The caller has seen to it that ``scope`` may; ``db`` speaks for ``scope``.
    """
    await record(db, scope, "factors.removed", "usr", user_id)
    await act_as(db, system_scope(scope.cluster))
    await factor_queries.delete_totp(db, scope, user_id)
    await factor_queries.delete_passkeys(db, scope, user_id)
    await factor_queries.replace_recovery_codes(db, scope, user_id, [])
    await act_as(db, scope)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
