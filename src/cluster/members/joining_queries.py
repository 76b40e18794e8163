"""SQL of invitations and applications."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.joining_models import Application, Apply, Invitation
from cluster.members.tax_ids import CheckedTaxId
from cluster.members.tokens import Named, NewToken


async def insert_invitation(
    db: Connection, scope: Scope, invitation_id: UUID, token: NewToken, firm_name: str, days: int
) -> datetime:
    """A new invitation; returns when it expires."""
    expires_at: datetime = await db.fetchval(
        """
        INSERT INTO invitations (cluster_id, invitation_id, digest, firm_name, expires_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(days => $5)) RETURNING expires_at
        """,
        scope.cluster,
        invitation_id,
        token.digest,
        firm_name,
        days,
    )
    return expires_at


async def invitations(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Invitation]:
    """Invitations without their secrets, oldest first."""
    rows = await db.fetch(
        """
        SELECT invitation_id, firm_name, created_at, expires_at, used_at, revoked_at FROM invitations
         WHERE cluster_id = $1 AND invitation_id > $2 ORDER BY invitation_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
    )
    found = [dict(row) for row in rows]
    return [Invitation(id=ids.show("inv", fields.pop("invitation_id")), **fields) for fields in found]


async def revoke_invitation(db: Connection, scope: Scope, invitation_id: UUID) -> bool:
    """Ends an invitation; False when there is none, or it was used."""
    done = await db.fetchval(
        """
        UPDATE invitations SET revoked_at = coalesce(revoked_at, now())
         WHERE cluster_id = $1 AND invitation_id = $2 AND used_at IS NULL RETURNING true
        """,
        scope.cluster,
        invitation_id,
    )
    return bool(done)


async def invitation_opens(db: Connection, named: Named) -> bool:
    """Whether a token is that of an invitation which nobody has used yet."""
    done = await db.fetchval(
        """
        SELECT true FROM invitations
         WHERE cluster_id = $1 AND invitation_id = $2 AND digest = $3
           AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        """,
        named.cluster_id,
        named.thing_id,
        named.digest,
    )
    return bool(done)


async def use_invitation(db: Connection, named: Named) -> bool:
    """Uses an invitation up; False when somebody else did."""
    done = await db.fetchval(
        """
        UPDATE invitations SET used_at = now() WHERE cluster_id = $1 AND invitation_id = $2 AND used_at IS NULL
        RETURNING true
        """,
        named.cluster_id,
        named.thing_id,
    )
    return bool(done)


async def code_opens(db: Connection, named: Named) -> bool:
    """Whether a text is the newest application code of a cluster that is open to applications."""
    done = await db.fetchval(
        """
        SELECT newest.code_id = $2 AND newest.digest = $3 AND owner.applications_open
          FROM application_codes AS newest JOIN clusters AS owner ON owner.cluster_id = newest.cluster_id
         WHERE newest.cluster_id = $1 ORDER BY newest.code_id DESC LIMIT 1
        """,
        named.cluster_id,
        named.thing_id,
        named.digest,
    )
    return bool(done)


async def recent(db: Connection, scope: Scope) -> tuple[int, int]:
    """How many applications without invitation came within the hour, and how many wait for a decision."""
    row = await db.fetchrow(
        """
        SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS lately,
               count(*) FILTER (WHERE status = 'applied') AS waiting
          FROM applications WHERE cluster_id = $1 AND invitation_id IS NULL
        """,
        scope.cluster,
    )
    return row["lately"], row["waiting"]


async def insert_application(
    db: Connection,
    scope: Scope,
    application_id: UUID,
    invitation_id: UUID | None,
    body: Apply,
    tax_id: CheckedTaxId | None,
) -> None:
    """A new application, without the persons in it."""
    accepted = body.accepted
    await db.execute(
        """
        INSERT INTO applications (cluster_id, application_id, invitation_id, firm_name, legal_form, country_code,
                                  tax_id, tax_id_check, gln, lei, size_claim, agreement_id, text_sha256)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        scope.cluster,
        application_id,
        invitation_id,
        body.firm_name,
        body.legal_form,
        body.country_code,
        None if tax_id is None else tax_id.tax_id,
        None if tax_id is None else tax_id.check,
        body.gln,
        body.lei,
        body.size,
        None if accepted is None else ids.parse("agr", accepted.agreement_id),
        None if accepted is None else accepted.text_sha256,
    )


async def applications(
    db: Connection, scope: Scope, after: UUID, limit: int, *, status: str | None = None, only: UUID | None = None
) -> list[Application]:
    """Applications, oldest first, of one status where it is named; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT application_id, status, invitation_id IS NOT NULL AS invited, firm_name, legal_form, country_code,
               tax_id, tax_id_check, gln, lei, size_claim AS size, agreement_id, text_sha256, created_at,
               decided_at, reason, became AS member_id
          FROM applications
         WHERE cluster_id = $1 AND application_id > $2 AND ($4::text IS NULL OR status = $4)
           AND ($5::uuid IS NULL OR application_id = $5)
         ORDER BY application_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        status,
        only,
    )
    return [_application(row) for row in rows]


def _application(row: asyncpg.Record) -> Application:
    fields: dict[str, Any] = dict(row)
    for name, prefix in {"application_id": "apl", "agreement_id": "agr", "member_id": "mem"}.items():
        fields[name] = None if fields[name] is None else ids.show(prefix, fields[name])
    return msgspec.convert({"id": fields.pop("application_id")} | fields, Application)


async def tax_id_known(db: Connection, scope: Scope, country_code: str, tax_id: str) -> bool:
    """Whether a member that has not left has this tax number."""
    found = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM members
                        WHERE cluster_id = $1 AND country_code = $2 AND tax_id = $3 AND status <> 'left')
        """,
        scope.cluster,
        country_code,
        tax_id,
    )
    return bool(found)


async def decide(
    db: Connection, scope: Scope, application_id: UUID, status: str, reason: str | None, became: UUID | None
) -> bool:
    """Ends an application; False when it was decided before."""
    done = await db.fetchval(
        """
        UPDATE applications SET status = $3, reason = $4, became = $5, decided_at = now()
         WHERE cluster_id = $1 AND application_id = $2 AND status = 'applied' RETURNING true
        """,
        scope.cluster,
        application_id,
        status,
        reason,
        became,
    )
    return bool(done)


async def describe(db: Connection, scope: Scope, member_id: UUID, of: Application) -> None:
    """Gives a new member the master data of its application."""
    await db.execute(
        """
        UPDATE members SET legal_form = $3, country_code = $4, tax_id = $5, tax_id_check = $6, gln = $7, lei = $8
         WHERE cluster_id = $1 AND member_id = $2
        """,
        scope.cluster,
        member_id,
        of.legal_form,
        of.country_code,
        of.tax_id,
        of.tax_id_check,
        of.gln,
        of.lei,
    )


async def hand_over_contacts(db: Connection, scope: Scope, application_id: UUID, member_id: UUID) -> None:
    """The persons of an application become the member's."""
    await db.execute(
        "UPDATE contacts SET member_id = $3 WHERE cluster_id = $1 AND application_id = $2",
        scope.cluster,
        application_id,
        member_id,
    )


async def forget_contacts(db: Connection, scope: Scope, application_id: UUID) -> None:
    """The persons of a rejected application are nobody's business any more."""
    await db.execute(
        "DELETE FROM contacts WHERE cluster_id = $1 AND application_id = $2 AND member_id IS NULL",
        scope.cluster,
        application_id,
    )
