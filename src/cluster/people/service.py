"""Use cases of users: inviting, listing, changing, taking away."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct

from cluster.base import idempotency, ids
from cluster.base.audit import record
from cluster.base.db import Connection, Scope, act_as, system_scope
from cluster.base.errors import Conflict, Forbidden, NotFound
from cluster.base.etags import Outdated, must_match
from cluster.base.pages import Page, page
from cluster.base.secrets import Vault
from cluster.members import keys
from cluster.members import service as members
from cluster.people import factors, queries, session_queries, steps
from cluster.people.models import (
    ChangeUser,
    Invitation,
    Invite,
    IssuedInvitation,
    IssuedReset,
    SignInRules,
    User,
    UserRole,
    UserStatus,
)

INVITATION_DAYS = 7
RESET_S = 86_400
LEADERS = (UserRole.MEMBER_ADMIN, UserRole.COORDINATOR)

Mail = Callable[[str, str], Awaitable[None]]
"""Sends a link to an address. None is built in: whoever invites passes the link on."""


class ResetStep(Struct, frozen=True):
    """Whose password a reset link sets, and the hash that it may replace: after another change it is void."""

    cluster_id: UUID
    user_id: UUID
    password: str | None

    def __repr__(self) -> str:
        return f"ResetStep({self.user_id})"


async def invite(db: Connection, scope: Scope, body: Invite, base_url: str) -> IssuedInvitation:
    """
    Invites a person: the coordinator anybody into the cluster, a member's admin into its own firm.

    Raises
    ------
    Forbidden
        When a member's admin invites to a role outside its firm.
    NotFound
        When there is no such member, or it is another than the caller's.
    Conflict
        When the address would be a coordinator's and a member's in one cluster, or a firm that has left asks.
    """
    if scope.member_id is not None and not body.role.of_member:
        raise Forbidden("Only a coordinator invites to this role.")
    member_id = None if body.member_id is None else ids.parse("mem", body.member_id)
    if member_id is not None:
        keys.refuse_new_ways_in(scope, await members.member(db, scope, member_id))
    email = body.email.lower()
    await refuse_two_hats(db, scope, email, body.role)
    token, invitation_id = steps.new_token(), ids.new()
    expires_at = await queries.insert_invitation(
        db, scope, invitation_id, steps.digest(token), email, body.role, member_id, INVITATION_DAYS
    )
    await record(db, scope, "user.invited", "uin", invitation_id, {"role": body.role, "member": body.member_id})
    return IssuedInvitation(
        id=ids.show("uin", invitation_id), token=token, link=f"{base_url}/#join={token}", expires_at=expires_at
    )


async def refuse_two_hats(db: Connection, scope: Scope, email: str, role: UserRole) -> None:
    """
    Refuses to make one person neutral and a member's at once.

    The whole cluster is looked at, whoever asks; a member's admin learns at most that an address is the coordinator's.
    Two who ask about one address at the same time ask one after the other.
    """
    await act_as(db, system_scope(scope.cluster))
    await queries.lock_address(db, scope, email)
    held = await queries.roles_of(db, scope, email)
    await act_as(db, scope)
    neutral = any(other is UserRole.COORDINATOR for other in held)
    if (role is UserRole.COORDINATOR and any(other.of_member for other in held)) or (role.of_member and neutral):
        raise Conflict("two_hats", "A coordinator is neutral: this address cannot be a coordinator's and a member's.")


async def invitations(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Invitation]:
    """Invitations that wait, as far as the caller may see them."""
    return page(await queries.invitations(db, scope, after, limit + 1), limit)


async def withdraw(db: Connection, scope: Scope, invitation_id: UUID) -> None:
    """Ends an invitation before it is accepted."""
    if not await queries.delete_invitation(db, scope, invitation_id):
        raise NotFound("uin")
    await record(db, scope, "user_invitation.withdrawn", "uin", invitation_id)


async def list_users(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[User]:
    """Users that the caller may see: the cluster's for the coordinator, its own firm's for a member's admin."""
    return page(await queries.users(db, scope, after, limit + 1), limit)


async def user(db: Connection, scope: Scope, user_id: UUID) -> User:
    """One user that the caller may see."""
    found = await queries.user(db, scope, user_id)
    if found is None:
        raise NotFound("usr")
    return found


async def change(db: Connection, scope: Scope, user_id: UUID, body: ChangeUser, if_match: str | None) -> User:
    """
    Changes name, role or status. A change of role or a deactivation ends all of the person's sessions at once.

    Raises
    ------
    NotFound, VersionMissing, Outdated
    Conflict
        When it would leave a firm without an admin, or the cluster without a coordinator, among those it has; or when
        the role is on the other side of the neutral line.
    """
    now = await user(db, scope, user_id)
    must_match(if_match, now.version)
    name = now.name if body.name is UNSET else body.name
    role = now.role if body.role is UNSET else body.role
    status = now.status if body.status is UNSET else body.status
    if role is not now.role and (role.of_member or now.role.of_member) and role.of_member != now.role.of_member:
        raise Conflict("two_hats", "A member's person does not become neutral, nor the other way; invite anew.")
    if role is not now.role or status is not now.status:
        if now.role in LEADERS and (role is not now.role or status is not UserStatus.ACTIVE):
            await _refuse_to_orphan(db, scope, now)
        await queries.end_sessions(db, scope, user_id)
        detail = {"role": role, "status": status, "role_before": now.role, "status_before": now.status}
        await record(db, scope, "user.changed", "usr", user_id, detail)
    if not await queries.change_user(db, scope, user_id, now.version, name, role, status):
        raise Outdated
    return await user(db, scope, user_id)


async def _refuse_to_orphan(db: Connection, scope: Scope, leaving: User) -> None:
    member_id = None if leaving.member_id is None else ids.parse("mem", leaving.member_id)
    leaders = await queries.lock_leaders(db, scope, leaving.role, member_id)
    if leaders == [ids.parse("usr", leaving.id)]:
        raise Conflict(
            "last_leader", f"This is the last active {leaving.role.value}; give somebody else the role first."
        )


async def issue_reset(db: Connection, scope: Scope, vault: Vault, user_id: UUID, base_url: str) -> IssuedReset:
    """A link that lets a person set a new password, once, within a day. The old one holds until then."""
    await user(db, scope, user_id)
    await record(db, scope, "password_reset.issued", "usr", user_id)
    await act_as(db, system_scope(scope.cluster))
    known = await queries.known(db, scope, user_id)
    if known is None:
        raise Conflict("user_deactivated", "This user is deactivated.")
    await act_as(db, steps.AUTHENTICATOR)
    held = ResetStep(known.cluster_id, known.user_id, known.password)
    token = await steps.put(db, vault, "reset", held, RESET_S)
    expires_at = await session_queries.step_expiry(db, steps.digest(token))
    await act_as(db, scope)
    return IssuedReset(token=token, link=f"{base_url}/#reset={token}", expires_at=expires_at)


async def take_factors_away(db: Connection, scope: Scope, user_id: UUID) -> None:
    """Takes all second factors and passkeys of a person away who lost them, and ends its sessions."""
    await user(db, scope, user_id)
    await queries.end_sessions(db, scope, user_id)
    await factors.take_away(db, scope, user_id)


async def rules(db: Connection, scope: Scope) -> SignInRules:
    """What signing in asks of the cluster's people."""
    return SignInRules(coordinators_need_factor=await queries.coordinators_need_factor(db, scope))


async def set_rules(db: Connection, scope: Scope, body: SignInRules) -> SignInRules:
    """Says what signing in asks from now on."""
    await queries.set_rules(db, scope, body.coordinators_need_factor)
    detail = {"coordinators_need_factor": body.coordinators_need_factor}
    await record(db, scope, "sign_in_rules.set", "clu", scope.cluster, detail)
    return body


async def export_user(db: Connection, scope: Scope, user_id: UUID) -> dict[str, Any]:
    """All that is held of a person, without secrets; the caller has seen to it that ``scope`` may have it."""
    found = await user(db, scope, user_id)
    await act_as(db, system_scope(scope.cluster))
    rows = await queries.all_of(db, scope, user_id)
    await act_as(db, scope)
    return {"user": found, "held": [dict(row) for row in rows]}


async def erase_user(db: Connection, scope: Scope, user_id: UUID, *, last_too: bool = False) -> None:
    """
    Takes a person away with all data of it: account, password, factors, sessions, invitations to its address.

    Entries elsewhere keep the user's identifier, which then names nobody.

    Parameters
    ----------
    last_too
        Also the last admin of a firm, for a firm that goes as a whole.

    Raises
    ------
    NotFound, Conflict
    """
    gone = await user(db, scope, user_id)
    if gone.role in LEADERS and gone.status is UserStatus.ACTIVE and not last_too:
        await _refuse_to_orphan(db, scope, gone)
    await record(db, scope, "user.erased", "usr", user_id)
    await act_as(db, system_scope(scope.cluster))
    member_id = None if gone.member_id is None else ids.parse("mem", gone.member_id)
    await queries.delete_invitations_to(db, scope, gone.email, member_id)
    await queries.delete_user(db, scope, user_id)
    await idempotency.forget_of(db, scope, [user_id])
    await act_as(db, scope)


async def forget_invitations(db: Connection, scope: Scope, member_id: UUID) -> int:
    """Takes back all invitations to a firm that goes as a whole; returns how many."""
    return await queries.delete_invitations_of(db, scope, member_id)


async def users_of_member(db: Connection, scope: Scope, member_id: UUID) -> list[UUID]:
    """Everybody of a firm, for who takes the firm away."""
    return await queries.user_ids_of_member(db, scope, member_id)


async def forget_old(db: Connection) -> None:
    """Housekeeping of the whole platform: what is over is dropped."""
    await session_queries.forget_old(db)
    await queries.forget_old_invitations(db)
