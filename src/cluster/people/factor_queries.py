"""SQL of second factors and passkeys."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.people.models import Factors, Passkey


class Totp(Struct, frozen=True, kw_only=True):
    """A sealed secret."""

    sealed: bytes
    confirmed_at: datetime | None
    last_step: int


class HeldPasskey(Struct, frozen=True, kw_only=True):
    """What a passkey's answer is checked against."""

    passkey_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int


async def factors(db: Connection, scope: Scope, user_id: UUID) -> Factors:
    """What somebody has set up."""
    row = await db.fetchrow(
        """
        SELECT EXISTS (SELECT FROM user_passwords WHERE cluster_id = $1 AND user_id = $2) AS password,
               EXISTS (SELECT FROM user_totp
                        WHERE cluster_id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL) AS totp,
               (SELECT count(*)::integer FROM user_passkeys WHERE cluster_id = $1 AND user_id = $2) AS passkeys,
               (SELECT count(*)::integer FROM recovery_codes WHERE cluster_id = $1 AND user_id = $2) AS recovery_codes
        """,
        scope.cluster,
        user_id,
    )
    assert row is not None
    return Factors(**dict(row))


async def put_totp(db: Connection, scope: Scope, user_id: UUID, sealed: bytes) -> bool:
    """A new secret, not yet confirmed; False when one is in use."""
    done = await db.fetchval(
        """
        INSERT INTO user_totp AS t (cluster_id, user_id, sealed) VALUES ($1, $2, $3)
        ON CONFLICT (cluster_id, user_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0
         WHERE t.confirmed_at IS NULL
        RETURNING true
        """,
        scope.cluster,
        user_id,
        sealed,
    )
    return bool(done)


async def totp(db: Connection, scope: Scope, user_id: UUID) -> Totp | None:
    """The secret, confirmed or not, locked until the transaction ends: no code is tried twice at once."""
    row = await db.fetchrow(
        """
        SELECT sealed, confirmed_at, last_step FROM user_totp WHERE cluster_id = $1 AND user_id = $2 FOR UPDATE
        """,
        scope.cluster,
        user_id,
    )
    return None if row is None else Totp(**dict(row))


async def use_totp(db: Connection, scope: Scope, user_id: UUID, step: int) -> None:
    """The code of this step was used, which confirms the secret."""
    await db.execute(
        """
        UPDATE user_totp SET last_step = $3, confirmed_at = coalesce(confirmed_at, now())
         WHERE cluster_id = $1 AND user_id = $2
        """,
        scope.cluster,
        user_id,
        step,
    )


async def delete_totp(db: Connection, scope: Scope, user_id: UUID) -> None:
    """Takes the secret away."""
    await db.execute("DELETE FROM user_totp WHERE cluster_id = $1 AND user_id = $2", scope.cluster, user_id)


async def insert_passkey(db: Connection, scope: Scope, user_id: UUID, held: HeldPasskey, name: str) -> Passkey | None:
    """A new passkey; None when it is known already."""
    row = await db.fetchrow(
        """
        INSERT INTO user_passkeys (cluster_id, user_id, passkey_id, credential_id, public_key, sign_count, name)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        RETURNING passkey_id, name, created_at, last_used_at
        """,
        scope.cluster,
        user_id,
        held.passkey_id,
        held.credential_id,
        held.public_key,
        held.sign_count,
        name,
    )
    return None if row is None else _passkey(**dict(row))


def _passkey(passkey_id: UUID, name: str, created_at: datetime, last_used_at: datetime | None) -> Passkey:
    return Passkey(id=ids.show("pky", passkey_id), name=name, created_at=created_at, last_used_at=last_used_at)


async def passkeys(db: Connection, scope: Scope, user_id: UUID) -> list[Passkey]:
    """Somebody's passkeys, oldest first."""
    rows = await db.fetch(
        """
        SELECT passkey_id, name, created_at, last_used_at FROM user_passkeys
         WHERE cluster_id = $1 AND user_id = $2 ORDER BY passkey_id
        """,
        scope.cluster,
        user_id,
    )
    return [_passkey(**dict(row)) for row in rows]


async def credential_ids(db: Connection, scope: Scope, user_id: UUID) -> list[bytes]:
    """What somebody's passkeys call themselves."""
    rows = await db.fetch(
        "SELECT credential_id FROM user_passkeys WHERE cluster_id = $1 AND user_id = $2 ORDER BY passkey_id",
        scope.cluster,
        user_id,
    )
    return [row["credential_id"] for row in rows]


async def held_passkey(db: Connection, scope: Scope, user_id: UUID, credential_id: bytes) -> HeldPasskey | None:
    """A passkey of somebody, locked until the transaction ends."""
    row = await db.fetchrow(
        """
        SELECT passkey_id, credential_id, public_key, sign_count FROM user_passkeys
         WHERE cluster_id = $1 AND user_id = $2 AND credential_id = $3 FOR UPDATE
        """,
        scope.cluster,
        user_id,
        credential_id,
    )
    return None if row is None else HeldPasskey(**dict(row))


async def use_passkey(db: Connection, scope: Scope, user_id: UUID, passkey_id: UUID, sign_count: int) -> None:
    """The passkey has signed, for the ``sign_count``-th time by its own count."""
    await db.execute(
        """
        UPDATE user_passkeys SET sign_count = $4, last_used_at = now()
         WHERE cluster_id = $1 AND user_id = $2 AND passkey_id = $3
        """,
        scope.cluster,
        user_id,
        passkey_id,
        sign_count,
    )


async def delete_passkey(db: Connection, scope: Scope, user_id: UUID, passkey_id: UUID) -> bool:
    """Takes a passkey away; False when there is none."""
    done = await db.fetchval(
        """
        DELETE FROM user_passkeys WHERE cluster_id = $1 AND user_id = $2 AND passkey_id = $3 RETURNING true
        """,
        scope.cluster,
        user_id,
        passkey_id,
    )
    return bool(done)


async def delete_passkeys(db: Connection, scope: Scope, user_id: UUID) -> None:
    """Takes all passkeys away."""
    await db.execute("DELETE FROM user_passkeys WHERE cluster_id = $1 AND user_id = $2", scope.cluster, user_id)


async def replace_recovery_codes(db: Connection, scope: Scope, user_id: UUID, digests: list[bytes]) -> None:
    """The codes that count from now on."""
    await db.execute("DELETE FROM recovery_codes WHERE cluster_id = $1 AND user_id = $2", scope.cluster, user_id)
    await db.execute(
        "INSERT INTO recovery_codes (cluster_id, user_id, digest) SELECT $1, $2, unnest($3::bytea[])",
        scope.cluster,
        user_id,
        digests,
    )


async def use_recovery_code(db: Connection, scope: Scope, user_id: UUID, digest: bytes) -> bool:
    """Uses a code up; False when there is none such."""
    done = await db.fetchval(
        "DELETE FROM recovery_codes WHERE cluster_id = $1 AND user_id = $2 AND digest = $3 RETURNING true",
        scope.cluster,
        user_id,
        digest,
    )
    return bool(done)
