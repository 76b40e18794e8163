"""SQL of users, their passwords, invitations, and what a cluster asks of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.people.models import Invitation, User, UserRole, UserStatus

ACCOUNTS_MAX = 20


class Known(Struct, frozen=True, kw_only=True):
    """An account that somebody signs in to."""

    cluster_id: UUID
    user_id: UUID
    member_id: UUID | None
    role: UserRole
    email: str
    name: str
    password: str | None = None

    def __repr__(self) -> str:
        return f"Known({self.user_id})"


class OpenInvitation(Struct, frozen=True, kw_only=True):
    """What an invitation promises."""

    cluster_id: UUID
    invitation_id: UUID
    email: str
    role: UserRole
    member_id: UUID | None


def _user(row: Any) -> User:
    member_id = row["member_id"]
    return User(
        id=ids.show("usr", row["user_id"]),
        email=row["email"],
        name=row["name"],
        role=UserRole(row["role"]),
        member_id=None if member_id is None else ids.show("mem", member_id),
        status=UserStatus(row["status"]),
        version=row["version"],
        created_at=row["created_at"],
    )


async def known_by_email(db: Connection, email: str) -> list[Known]:
    """
    Accounts that may sign in with this address, newest first, for the authenticator.

    At most ``ACCOUNTS_MAX``: each costs a hash. A firm holds one account of an address, so many firms would have to
    conspire to push somebody's account out.
    """
    # any-cluster: which clusters a person is in is what is being asked
    rows = await db.fetch(
        """
        SELECT u.cluster_id, u.user_id, u.member_id, u.role, u.email, u.name, p.hash AS password
          FROM users AS u LEFT JOIN user_passwords AS p USING (cluster_id, user_id)
         WHERE u.email = $1 AND u.status = 'active' ORDER BY u.user_id DESC LIMIT $2
        """,
        email,
        ACCOUNTS_MAX,
    )
    return [Known(**(dict(row) | {"role": UserRole(row["role"])})) for row in rows]


async def known(db: Connection, scope: Scope, user_id: UUID) -> Known | None:
    """One account that may sign in."""
    row = await db.fetchrow(
        """
        SELECT u.cluster_id, u.user_id, u.member_id, u.role, u.email, u.name, p.hash AS password
          FROM users AS u LEFT JOIN user_passwords AS p USING (cluster_id, user_id)
         WHERE u.cluster_id = $1 AND u.user_id = $2 AND u.status = 'active'
        """,
        scope.cluster,
        user_id,
    )
    return None if row is None else Known(**(dict(row) | {"role": UserRole(row["role"])}))


async def insert_user(
    db: Connection, scope: Scope, user_id: UUID, email: str, name: str, role: UserRole, member_id: UUID | None
) -> bool:
    """A new user; False when the firm, or the neutral side, has one with this address."""
    done = await db.fetchval(
        """
        INSERT INTO users (cluster_id, user_id, email, name, role, member_id) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (cluster_id, member_id, email) DO NOTHING RETURNING true
        """,
        scope.cluster,
        user_id,
        email,
        name,
        role,
        member_id,
    )
    return bool(done)


async def lock_address(db: Connection, scope: Scope, email: str) -> None:
    """Waits until nobody else decides about this address in the cluster, and holds it until the transaction ends."""
    await db.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('address ' || $1::uuid::text || ' ' || $2, 0))",
        scope.cluster,
        email,
    )


async def roles_of(db: Connection, scope: Scope, email: str) -> list[UserRole]:
    """Roles that an address has in the cluster, as the neutral side sees it."""
    rows = await db.fetch("SELECT role FROM users WHERE cluster_id = $1 AND email = $2", scope.cluster, email)
    return [UserRole(row["role"]) for row in rows]


async def user(db: Connection, scope: Scope, user_id: UUID) -> User | None:
    """One user that the caller may see."""
    row = await db.fetchrow(
        """
        SELECT user_id, email, name, role, member_id, status, version, created_at FROM users
         WHERE cluster_id = $1 AND user_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        user_id,
        scope.member_id,
    )
    return None if row is None else _user(row)


async def users(db: Connection, scope: Scope, after: UUID, limit: int) -> list[User]:
    """Users that the caller may see, oldest first."""
    rows = await db.fetch(
        """
        SELECT user_id, email, name, role, member_id, status, version, created_at FROM users
         WHERE cluster_id = $1 AND user_id > $2 AND ($3::uuid IS NULL OR member_id = $3) ORDER BY user_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
    )
    return [_user(row) for row in rows]


async def user_ids_of_member(db: Connection, scope: Scope, member_id: UUID) -> list[UUID]:
    """Everybody of a firm."""
    rows = await db.fetch(
        "SELECT user_id FROM users WHERE cluster_id = $1 AND member_id = $2 ORDER BY user_id", scope.cluster, member_id
    )
    return [row["user_id"] for row in rows]


async def lock_leaders(db: Connection, scope: Scope, role: UserRole, member_id: UUID | None) -> list[UUID]:
    """The active users of a leading role, in one firm or on the neutral side, locked against changes."""
    rows = await db.fetch(
        """
        SELECT user_id FROM users
         WHERE cluster_id = $1 AND role = $2 AND member_id IS NOT DISTINCT FROM $3 AND status = 'active'
         ORDER BY user_id FOR UPDATE
        """,
        scope.cluster,
        role,
        member_id,
    )
    return [row["user_id"] for row in rows]


async def change_user(
    db: Connection, scope: Scope, user_id: UUID, version: int, name: str, role: UserRole, status: str
) -> bool:
    """What a user is from now on; False when somebody changed that version meanwhile."""
    done = await db.fetchval(
        """
        UPDATE users SET name = $4, role = $5, status = $6, version = version + 1
         WHERE cluster_id = $1 AND user_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        user_id,
        version,
        name,
        role,
        status,
    )
    return bool(done)


async def end_sessions(db: Connection, scope: Scope, user_id: UUID) -> None:
    """No session begun before now goes on."""
    await db.execute(
        "UPDATE users SET sessions_since = clock_timestamp() WHERE cluster_id = $1 AND user_id = $2",
        scope.cluster,
        user_id,
    )


async def delete_user(db: Connection, scope: Scope, user_id: UUID) -> bool:
    """Takes a user away with all that hangs on it; False when there was none."""
    done = await db.fetchval(
        "DELETE FROM users WHERE cluster_id = $1 AND user_id = $2 RETURNING true", scope.cluster, user_id
    )
    return bool(done)


async def set_password(db: Connection, scope: Scope, user_id: UUID, kept: str) -> None:
    """The hash that counts from now on."""
    await db.execute(
        """
        INSERT INTO user_passwords (cluster_id, user_id, hash) VALUES ($1, $2, $3)
        ON CONFLICT (cluster_id, user_id) DO UPDATE SET hash = excluded.hash, changed_at = clock_timestamp()
        """,
        scope.cluster,
        user_id,
        kept,
    )


async def password_held(db: Connection, scope: Scope, user_id: UUID) -> str | None:
    """The hash that counts, which nobody replaces before the transaction ends."""
    kept: str | None = await db.fetchval(
        "SELECT hash FROM user_passwords WHERE cluster_id = $1 AND user_id = $2 FOR SHARE", scope.cluster, user_id
    )
    return kept


async def insert_invitation(
    db: Connection,
    scope: Scope,
    invitation_id: UUID,
    digest: bytes,
    email: str,
    role: UserRole,
    member_id: UUID | None,
    days: int,
) -> datetime:
    """A new invitation; returns when it expires."""
    expires_at: datetime = await db.fetchval(
        """
        INSERT INTO user_invitations (cluster_id, invitation_id, digest, email, role, member_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7)) RETURNING expires_at
        """,
        scope.cluster,
        invitation_id,
        digest,
        email,
        role,
        member_id,
        days,
    )
    return expires_at


async def invitations(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Invitation]:
    """Invitations that wait, oldest first."""
    rows = await db.fetch(
        """
        SELECT invitation_id, email, role, member_id, created_at, expires_at FROM user_invitations
         WHERE cluster_id = $1 AND invitation_id > $2 AND ($3::uuid IS NULL OR member_id = $3) AND expires_at > now()
         ORDER BY invitation_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
    )
    return [
        Invitation(
            id=ids.show("uin", row["invitation_id"]),
            email=row["email"],
            role=UserRole(row["role"]),
            member_id=None if row["member_id"] is None else ids.show("mem", row["member_id"]),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
        for row in rows
    ]


async def open_invitation(db: Connection, digest: bytes) -> OpenInvitation | None:
    """What the token with this digest promises, for the authenticator."""
    # any-cluster: which cluster invites is what is being asked
    row = await db.fetchrow(
        """
        SELECT cluster_id, invitation_id, email, role, member_id FROM user_invitations
         WHERE digest = $1 AND expires_at > now()
        """,
        digest,
    )
    return None if row is None else OpenInvitation(**(dict(row) | {"role": UserRole(row["role"])}))


async def delete_invitation(db: Connection, scope: Scope, invitation_id: UUID) -> bool:
    """Ends an invitation; False when the caller has no such one."""
    done = await db.fetchval(
        """
        DELETE FROM user_invitations
         WHERE cluster_id = $1 AND invitation_id = $2 AND ($3::uuid IS NULL OR member_id = $3) RETURNING true
        """,
        scope.cluster,
        invitation_id,
        scope.member_id,
    )
    return bool(done)


async def delete_invitations_of(db: Connection, scope: Scope, member_id: UUID) -> int:
    """Takes back all invitations to a firm, with the addresses in them; returns how many."""
    done = await db.execute(
        "DELETE FROM user_invitations WHERE cluster_id = $1 AND member_id = $2", scope.cluster, member_id
    )
    return int(done.rpartition(" ")[2])


async def delete_invitations_to(db: Connection, scope: Scope, email: str, member_id: UUID | None) -> None:
    """Ends every invitation of a firm, or of the neutral side, to an address."""
    await db.execute(
        """
        DELETE FROM user_invitations WHERE cluster_id = $1 AND email = $2 AND member_id IS NOT DISTINCT FROM $3
        """,
        scope.cluster,
        email,
        member_id,
    )


async def coordinators_need_factor(db: Connection, scope: Scope) -> bool:
    """Whether a coordinator must have a second factor; so it is until somebody says otherwise."""
    found = await db.fetchval("SELECT coordinators_need_factor FROM sign_in_rules WHERE cluster_id = $1", scope.cluster)
    return found is not False


async def set_rules(db: Connection, scope: Scope, coordinators_need_factor: bool) -> None:
    """What is asked from now on."""
    await db.execute(
        """
        INSERT INTO sign_in_rules (cluster_id, coordinators_need_factor) VALUES ($1, $2)
        ON CONFLICT (cluster_id) DO UPDATE SET coordinators_need_factor = excluded.coordinators_need_factor
        """,
        scope.cluster,
        coordinators_need_factor,
    )


async def forget_old_invitations(db: Connection) -> None:
    """Drops invitations that ran out."""
    # any-cluster: housekeeping of the whole platform
    await db.execute("DELETE FROM user_invitations WHERE expires_at < now()")


async def all_of(db: Connection, scope: Scope, user_id: UUID) -> Sequence[Any]:
    """What is held of a person beside its account, one row for each thing, without secrets."""
    rows: Sequence[Any] = await db.fetch(
        """
        SELECT 'password' AS kind, NULL AS name, changed_at AS at FROM user_passwords
         WHERE cluster_id = $1 AND user_id = $2
        UNION ALL
        SELECT 'totp', NULL, confirmed_at FROM user_totp WHERE cluster_id = $1 AND user_id = $2
        UNION ALL
        SELECT 'passkey', name, created_at FROM user_passkeys WHERE cluster_id = $1 AND user_id = $2
        UNION ALL
        SELECT 'identity', issuer || ' ' || subject, NULL FROM user_identities WHERE cluster_id = $1 AND user_id = $2
        UNION ALL
        SELECT 'session', method, begun_at FROM sessions WHERE cluster_id = $1 AND user_id = $2
        """,
        scope.cluster,
        user_id,
    )
    return rows
