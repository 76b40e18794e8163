"""Passwords set: with an invitation, with a reset link, and in place of the old one."""

from msgspec import structs

from cluster.base import ids, passwords
from cluster.base.audit import record
from cluster.base.browser import SignedIn
from cluster.base.db import act_as, system_scope
from cluster.base.errors import Conflict, Invalid, Unauthenticated
from cluster.members import keys
from cluster.members import service as members
from cluster.people import queries, service, session_queries, sessions, sign_in, steps
from cluster.people.models import Accept, ChangePassword, Reset
from cluster.people.queries import Known
from cluster.people.sessions import Begun
from cluster.people.sign_in import Desk, Outcome

LINK_OVER = "This link was used, withdrawn, or is too old; ask for another."


async def accept(desk: Desk, body: Accept) -> Outcome:
    """
    Takes an invitation up: makes the user and signs in.

    Raises
    ------
    Unauthenticated
        When the invitation was used, withdrawn or ran out.
    Invalid
        When the password may not be one.
    Conflict
        When the address has an account in the firm already, or became a coordinator's (a member's) meanwhile; when the
        firm has left.
    """
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        found = await queries.open_invitation(db, steps.digest(body.token))
    if found is None:
        raise Unauthenticated(LINK_OVER)
    faults = passwords.faults(body.password, (found.email.partition("@")[0], body.name))
    if faults:
        raise Invalid(faults)
    kept = await desk.passwords.hash(body.password)
    scope, user_id = system_scope(found.cluster_id), ids.new()
    async with desk.database.unit(scope) as db:
        if not await queries.delete_invitation(db, scope, found.invitation_id):
            raise Unauthenticated(LINK_OVER)
        await service.refuse_two_hats(db, scope, found.email, found.role)
        if found.member_id is not None:
            inviting = structs.replace(scope, member_id=found.member_id)
            keys.refuse_new_ways_in(inviting, await members.member(db, scope, found.member_id))
        if not await queries.insert_user(db, scope, user_id, found.email, body.name, found.role, found.member_id):
            raise Conflict("user_exists", "There is an account for this address already; sign in with it.")
        await queries.set_password(db, scope, user_id, kept)
        detail = {"invitation": ids.show("uin", found.invitation_id), "role": found.role}
        await record(db, scope, "user.joined", "usr", user_id, detail)
        known = Known(
            cluster_id=found.cluster_id,
            user_id=user_id,
            member_id=found.member_id,
            role=found.role,
            email=found.email,
            name=body.name,
        )
        return await sign_in.signed_in(db, desk, known, "invitation", None)


async def reset(desk: Desk, body: Reset) -> None:
    """
    Sets a new password with a reset link, and ends all of the person's sessions. Second factors stay as they are.

    Raises
    ------
    Unauthenticated
        When the link was used, the password changed since, or it is too old.
    Invalid
        When the password may not be one.
    """
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        step = await steps.look(db, desk.vault, "reset", body.token, service.ResetStep)
        known = await sessions.known_at(db, step.cluster_id, step.user_id)
    if known is None or known.password != step.password:
        raise Unauthenticated(LINK_OVER)
    faults = passwords.faults(body.password, (known.email.partition("@")[0], known.name))
    if faults:
        raise Invalid(faults)
    kept = await desk.passwords.hash(body.password)
    scope = system_scope(step.cluster_id)
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        await steps.take(db, desk.vault, "reset", body.token, service.ResetStep)
        await act_as(db, scope)
        await queries.set_password(db, scope, step.user_id, kept)
        await queries.end_sessions(db, scope, step.user_id)
        await record(db, scope, "password.reset", "usr", step.user_id)


async def change_password(desk: Desk, signed_in: SignedIn, body: ChangePassword) -> Begun:
    """
    Sets a new password for the old one; all other sessions of the person end, this one gets a new secret.

    Raises
    ------
    Unauthenticated
        When the old password is wrong.
    Invalid
        When the new one may not be one.
    """
    scope = signed_in.scope
    assert scope.user_id is not None
    await sign_in.prove_password(desk, scope.cluster, scope.user_id, body.old_password)
    async with desk.database.unit(scope) as db:
        user = await service.user(db, scope, scope.user_id)
    faults = passwords.faults(body.new_password, (user.email.partition("@")[0], user.name), "/new_password")
    if faults:
        raise Invalid(faults)
    kept = await desk.passwords.hash(body.new_password)
    neutral = system_scope(scope.cluster)
    async with desk.database.unit(neutral) as db:
        await queries.set_password(db, neutral, scope.user_id, kept)
        await session_queries.delete_other_sessions(db, neutral, scope.user_id, signed_in.session_id)
        await act_as(db, scope)
        await record(db, scope, "password.changed", "usr", scope.user_id)
        return await sessions.prove(db, desk.vault, signed_in)
