"""SQL of sessions, of steps on the way to one, and of how often somebody tried."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.browser import SignedIn
from cluster.base.db import Connection, Role, Scope
from cluster.people.models import OwnSession


class Found(Struct, frozen=True, kw_only=True):
    """A live session and whose it is."""

    cluster_id: UUID
    session_id: UUID
    user_id: UUID
    member_id: UUID | None
    role: Role
    begun_at: datetime
    proven_at: datetime
    seen_at: datetime
    expires_at: datetime
    limited: bool


async def find_session(db: Connection, digest: bytes, idle_s: int) -> Found | None:
    """The live session with this digest, for the authenticator; it counts as seen, to the minute."""
    # any-cluster: whose session it is is what is being asked
    row = await db.fetchrow(
        """
        WITH found AS (
            SELECT s.cluster_id, s.session_id, s.user_id, u.member_id, u.role, s.begun_at, s.proven_at, s.seen_at,
                   s.expires_at,
                   (u.role = 'coordinator' AND s.second IS NULL
                    AND coalesce(r.coordinators_need_factor, true)) AS limited
              FROM sessions AS s JOIN users AS u USING (cluster_id, user_id)
              LEFT JOIN sign_in_rules AS r USING (cluster_id)
             WHERE s.digest = $1 AND s.expires_at > now() AND s.seen_at > now() - make_interval(secs => $2)
               AND s.begun_at >= u.sessions_since AND u.status = 'active'
        ), seen AS (
            UPDATE sessions AS s SET seen_at = now() FROM found AS f
             WHERE s.cluster_id = f.cluster_id AND s.session_id = f.session_id
               AND s.seen_at < now() - interval '1 minute'
        )
        SELECT * FROM found
        """,
        digest,
        idle_s,
    )
    return None if row is None else Found(**(dict(row) | {"role": Role(row["role"])}))


async def insert_session(
    db: Connection,
    scope: Scope,
    session_id: UUID,
    user_id: UUID,
    digest: bytes,
    method: str,
    second: str | None,
    seconds: int,
) -> datetime:
    """A session that begins now; returns when it ends at the latest."""
    expires_at: datetime = await db.fetchval(
        """
        INSERT INTO sessions (cluster_id, session_id, user_id, digest, method, second, begun_at, proven_at, seen_at,
                              expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp(), clock_timestamp(),
                clock_timestamp() + make_interval(secs => $7))
        RETURNING expires_at
        """,
        scope.cluster,
        session_id,
        user_id,
        digest,
        method,
        second,
        seconds,
    )
    return expires_at


async def delete_session(db: Connection, scope: Scope, session_id: UUID) -> None:
    """Ends a session."""
    await db.execute("DELETE FROM sessions WHERE cluster_id = $1 AND session_id = $2", scope.cluster, session_id)


async def delete_session_of(db: Connection, digest: bytes) -> None:
    """Ends the session with this digest, if there is one."""
    # any-cluster: whoever holds its secret may end it, wherever it is
    await db.execute("DELETE FROM sessions WHERE digest = $1", digest)


async def delete_other_sessions(db: Connection, scope: Scope, user_id: UUID, session_id: UUID) -> None:
    """Ends all sessions of a user but one."""
    await db.execute(
        "DELETE FROM sessions WHERE cluster_id = $1 AND user_id = $2 AND session_id <> $3",
        scope.cluster,
        user_id,
        session_id,
    )


async def delete_own_session(db: Connection, signed_in: SignedIn, session_id: UUID) -> bool:
    """Ends a session of the same person's; False when it has no such session."""
    done = await db.fetchval(
        "DELETE FROM sessions WHERE cluster_id = $1 AND user_id = $2 AND session_id = $3 RETURNING true",
        signed_in.scope.cluster,
        signed_in.scope.user_id,
        session_id,
    )
    return bool(done)


async def live_sessions(db: Connection, signed_in: SignedIn, after: UUID, limit: int, idle_s: int) -> list[OwnSession]:
    """Sessions of the same person's that open something, oldest first."""
    rows = await db.fetch(
        """
        SELECT s.session_id, s.agent, s.method, s.begun_at, s.seen_at
          FROM sessions AS s JOIN users AS u USING (cluster_id, user_id)
         WHERE s.cluster_id = $1 AND s.user_id = $2 AND s.session_id > $3 AND s.expires_at > now()
           AND s.seen_at > now() - make_interval(secs => $5) AND s.begun_at >= u.sessions_since
         ORDER BY s.session_id LIMIT $4
        """,
        signed_in.scope.cluster,
        signed_in.scope.user_id,
        after,
        limit,
        idle_s,
    )
    return [
        OwnSession(
            id=ids.show("ses", row["session_id"]),
            agent=row["agent"],
            method=row["method"],
            begun_at=row["begun_at"],
            seen_at=row["seen_at"],
            current=UUID(bytes=row["session_id"].bytes) == signed_in.session_id,
        )
        for row in rows
    ]


async def note_agent(db: Connection, digest: bytes, agent: str) -> None:
    """What a session was begun with."""
    # any-cluster: whoever holds its secret has just begun it, wherever it is
    await db.execute("UPDATE sessions SET agent = $2 WHERE digest = $1", digest, agent)


async def prove_session(db: Connection, scope: Scope, session_id: UUID, digest: bytes, second: str | None) -> None:
    """The person has proved who it is just now; the session goes on under another secret."""
    await db.execute(
        """
        UPDATE sessions SET digest = $3, proven_at = clock_timestamp(), seen_at = clock_timestamp(),
                            second = coalesce($4, second)
         WHERE cluster_id = $1 AND session_id = $2
        """,
        scope.cluster,
        session_id,
        digest,
        second,
    )


async def put_step(db: Connection, digest: bytes, kind: str, sealed: bytes, seconds: int) -> None:
    """Something that a sign-in waits for."""
    # any-cluster: nobody knows the cluster yet
    await db.execute(
        """
        INSERT INTO sign_in_steps (digest, kind, sealed, expires_at)
        VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
        """,
        digest,
        kind,
        sealed,
        seconds,
    )


async def step_expiry(db: Connection, digest: bytes) -> datetime:
    """Until when a step waits."""
    # any-cluster: nobody knows the cluster yet
    expires_at: datetime = await db.fetchval("SELECT expires_at FROM sign_in_steps WHERE digest = $1", digest)
    return expires_at


async def look_at_step(db: Connection, digest: bytes, kind: str) -> bytes | None:
    """What was put there, which stays."""
    # any-cluster: nobody knows the cluster yet
    sealed: bytes | None = await db.fetchval(
        "SELECT sealed FROM sign_in_steps WHERE digest = $1 AND kind = $2 AND expires_at > now()", digest, kind
    )
    return sealed


async def take_step(db: Connection, digest: bytes, kind: str) -> bytes | None:
    """What was put there, this once."""
    # any-cluster: nobody knows the cluster yet
    sealed: bytes | None = await db.fetchval(
        "DELETE FROM sign_in_steps WHERE digest = $1 AND kind = $2 AND expires_at > now() RETURNING sealed",
        digest,
        kind,
    )
    return sealed


async def count_try(db: Connection, bucket: bytes, seconds: int) -> tuple[int, int]:
    """One more try; returns how many there were within the time, and in how many seconds the count begins anew."""
    # any-cluster: counted before anybody knows the cluster
    row = await db.fetchrow(
        """
        INSERT INTO sign_in_attempts AS a (bucket, tries) VALUES ($1, 1)
        ON CONFLICT (bucket) DO UPDATE
           SET tries = CASE WHEN a.began_at < now() - make_interval(secs => $2) THEN 1 ELSE a.tries + 1 END,
               began_at = CASE WHEN a.began_at < now() - make_interval(secs => $2) THEN now() ELSE a.began_at END
        RETURNING tries, ceil(extract(epoch FROM began_at + make_interval(secs => $2) - now()))::integer AS left_s
        """,
        bucket,
        seconds,
    )
    assert row is not None
    return row["tries"], max(row["left_s"], 1)


async def forget_tries(db: Connection, buckets: list[bytes]) -> None:
    """Begins the counts anew."""
    # any-cluster: counted before anybody knows the cluster
    await db.execute("DELETE FROM sign_in_attempts WHERE bucket = ANY($1)", buckets)


async def identity_owners(db: Connection, issuer: str, subject: str) -> list[tuple[UUID, UUID]]:
    """Cluster and user of everybody who is this person at a provider."""
    # any-cluster: which clusters a person is in is what is being asked
    rows = await db.fetch(
        "SELECT cluster_id, user_id FROM user_identities WHERE issuer = $1 AND subject = $2", issuer, subject
    )
    return [(row["cluster_id"], row["user_id"]) for row in rows]


async def link_identity(db: Connection, scope: Scope, user_id: UUID, issuer: str, subject: str) -> bool:
    """Remembers who a user is at a provider; False when it is somebody else there."""
    held = await db.fetchval(
        """
        WITH linked AS (
            INSERT INTO user_identities (cluster_id, user_id, issuer, subject) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING RETURNING subject
        )
        SELECT subject FROM linked
        UNION ALL
        SELECT subject FROM user_identities WHERE cluster_id = $1 AND user_id = $2 AND issuer = $3
        """,
        scope.cluster,
        user_id,
        issuer,
        subject,
    )
    return bool(held == subject)


async def forget_old(db: Connection) -> None:
    """Drops sessions that are over, steps that nobody took, and old counts."""
    # any-cluster: housekeeping of the whole platform
    await db.execute("DELETE FROM sessions WHERE expires_at < now()")
    # any-cluster: of no cluster
    await db.execute("DELETE FROM sign_in_steps WHERE expires_at < now()")
    # any-cluster: of no cluster
    await db.execute("DELETE FROM sign_in_attempts WHERE began_at < now() - interval '2 days'")
