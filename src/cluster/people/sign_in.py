"""
Signing in: first who one is (password, passkey, provider), then which account, then the second factor.

No transaction is open while a password is compared. Wrong tries are counted before they are looked at, and the count
stays whatever comes of it. Unknown people, wrong passwords and people without one get the same answer after the same
work.
"""

import asyncio
import hashlib
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.browser import SignedIn
from cluster.base.db import Connection, Database, act_as, system_scope
from cluster.base.errors import Unauthenticated
from cluster.base.passwords import Passwords, outdated
from cluster.base.secrets import Vault
from cluster.people import factors, passkeys, queries, sessions, steps
from cluster.people.models import (
    PasskeyOptions,
    SignIn,
    SignInStatus,
    StepUp,
    WithAccount,
    WithFactor,
    WithPasskey,
    WithPassword,
)
from cluster.people.queries import Known
from cluster.people.sessions import Begun
from cluster.people.steps import Allowance

TRIES_A_MINUTE = 10
FACTOR_TRIES_A_MINUTE = 5
FACTOR_TRIES_A_DAY = 50
DEVICE = "device"
REFUSED = "E-mail address or password is wrong."
FACTOR_REFUSED = "This second factor is wrong."


class Step(Struct, frozen=True):
    """An account whose first factor was right, and the hash it had then: after another password the step is void."""

    cluster_id: UUID
    user_id: UUID
    method: str
    password: str | None = None

    def __repr__(self) -> str:
        return f"Step({self.user_id})"


class Outcome(Struct, frozen=True, kw_only=True):
    """How far the sign-in is, and what the browser is to hold."""

    sign_in: SignIn
    begun: Begun | None = None
    device: str | None = None

    def __repr__(self) -> str:
        return f"Outcome({self.sign_in.status})"


class Desk:
    """What signing in needs."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault
        self.passwords = Passwords()
        self._errands: set[asyncio.Task[None]] = set()

    def later(self, errand: Coroutine[Any, Any, None]) -> None:
        """Does something without the caller's waiting for it, so that the answer's time tells nothing of it."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def finish(self) -> None:
        """Waits for errands."""
        await asyncio.gather(*self._errands, return_exceptions=True)


async def with_password(desk: Desk, body: WithPassword, device: str | None) -> Outcome:
    """
    Begins with address and password.

    Parameters
    ----------
    device
        What an earlier right sign-in left in this browser: such a browser has tries of its own, so that nobody can lock
        somebody out by trying wrong passwords elsewhere.

    Raises
    ------
    Unauthenticated, TooMany
    """
    email = body.email.lower()
    allowance = Allowance("password", f"{email}\0{_known_device(desk, email, device)}", TRIES_A_MINUTE, 60)
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        refusal = await steps.count(db, allowance)
        accounts = [] if refusal else await queries.known_by_email(db, email)
    if refusal is not None:
        raise refusal
    if not accounts:
        await desk.passwords.verify(None, body.password)
    tried = [await _opened(desk, known, body.password) for known in accounts]
    found = [known for known in tried if known is not None]
    if not found:
        desk.later(_note_failure(desk, accounts, "password"))
        raise Unauthenticated(REFUSED)
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        await steps.forget(db, allowance)
    return await first_done(desk, found, "password", device=_new_device(desk, email))


async def _opened(desk: Desk, known: Known, password: str) -> Known | None:
    """The account, when the password is its own; a hash of yesterday's parameters is then made anew."""
    if not await desk.passwords.verify(known.password, password):
        return None
    if known.password is None or not outdated(known.password):
        return known
    fresh = await desk.passwords.hash(password)
    scope = system_scope(known.cluster_id)
    async with desk.database.unit(scope) as db:
        if await queries.password_held(db, scope, known.user_id) != known.password:
            return None
        await queries.set_password(db, scope, known.user_id, fresh)
    return structs.replace(known, password=fresh)


async def _refuse_outdated(db: Connection, known: Known, password: str | None) -> None:
    """
    Refuses to go on with an account whose password is another by now; until the transaction ends it stays as it is.

    ``db`` is the platform's own in that cluster.
    """
    if await queries.password_held(db, system_scope(known.cluster_id), known.user_id) != password:
        raise Unauthenticated(steps.TOO_LATE)


async def _note_failure(desk: Desk, accounts: list[Known], method: str) -> None:
    for known in accounts:
        scope = system_scope(known.cluster_id)
        async with desk.database.unit(scope) as db:
            await record(db, scope, "session.refused", "usr", known.user_id, {"method": method})


async def first_done(
    desk: Desk, found: list[Known], method: str, *, second: str | None = None, device: str | None = None
) -> Outcome:
    """What comes after the first factor: the choice among several accounts, the second factor, or the session."""
    if len(found) == 1:
        [known] = found
        async with desk.database.unit(system_scope(known.cluster_id)) as db:
            return await _after_first(db, desk, known, method, second, device)
    held = [Step(known.cluster_id, known.user_id, method, known.password) for known in found]
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        token = await steps.put(db, desk.vault, "account", (held, second))
        shown = [await sessions.account(db, known) for known in found]
    sign_in = SignIn(status=SignInStatus.CHOOSE_ACCOUNT, pending_token=token, accounts=shown)
    return Outcome(sign_in=sign_in, device=device)


async def _after_first(
    db: Connection, desk: Desk, known: Known, method: str, second: str | None, device: str | None
) -> Outcome:
    """``db`` is the platform's own in that cluster."""
    scope = system_scope(known.cluster_id)
    await _refuse_outdated(db, known, known.password)
    asked = [] if second else (await factors.held(db, scope, known.user_id)).second
    if not asked:
        return await signed_in(db, desk, known, method, second, device)
    await act_as(db, steps.AUTHENTICATOR)
    step = Step(known.cluster_id, known.user_id, method, known.password)
    token = await steps.put(db, desk.vault, "factor", step)
    sign_in = SignIn(status=SignInStatus.SECOND_FACTOR_NEEDED, pending_token=token, factors=asked)
    return Outcome(sign_in=sign_in, device=device)


async def signed_in(
    db: Connection, desk: Desk, known: Known, method: str, second: str | None, device: str | None = None
) -> Outcome:
    """Begins the session of somebody who has given all that is asked. ``db`` speaks for the person afterwards."""
    await act_as(db, system_scope(known.cluster_id))
    begun = await sessions.begin(db, desk.vault, known, method, second)
    detail = {"method": method, "second": second}
    await record(db, sessions.scope_of(known), "session.begun", "usr", known.user_id, detail)
    return Outcome(sign_in=SignIn(status=SignInStatus.SIGNED_IN, session=begun.session), begun=begun, device=device)


async def with_account(desk: Desk, body: WithAccount) -> Outcome:
    """
    Goes on with one of several accounts.

    Raises
    ------
    Unauthenticated
        When the choice is over, or was not among those offered.
    """
    user_id = ids.parse("usr", body.user_id)
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        held, second = await steps.take(db, desk.vault, "account", body.pending_token, tuple[list[Step], str | None])
        step = next((step for step in held if step.user_id == user_id), None)
        known = None if step is None else await sessions.known_at(db, step.cluster_id, step.user_id)
        if step is None or known is None:
            raise Unauthenticated(steps.TOO_LATE)
        await _refuse_outdated(db, known, step.password)
        return await _after_first(db, desk, known, step.method, second, None)


async def with_factor(desk: Desk, body: WithFactor) -> Outcome:
    """
    Goes on with the second factor. A wrong one may be tried again with the same token.

    Raises
    ------
    Unauthenticated, TooMany
    """
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        step = await steps.look(db, desk.vault, "factor", body.pending_token, Step)
        refusal = await steps.count(db, *_factor_allowances(step.user_id))
    if refusal is not None:
        raise refusal
    async with desk.database.unit(system_scope(step.cluster_id)) as db:
        known = await sessions.known_at(db, step.cluster_id, step.user_id)
        if known is not None:
            await _refuse_outdated(db, known, step.password)
        used = None if known is None else await _factor_of(db, desk, known, body)
        if known is not None and used is not None:
            await act_as(db, steps.AUTHENTICATOR)
            await steps.take(db, desk.vault, "factor", body.pending_token, Step)
            await steps.forget(db, *_factor_allowances(step.user_id))
            return await signed_in(db, desk, known, step.method, used)
        scope = system_scope(step.cluster_id)
        await record(db, scope, "session.refused", "usr", step.user_id, {"method": "second"})
    raise Unauthenticated(FACTOR_REFUSED)


def _factor_allowances(user_id: UUID) -> tuple[Allowance, Allowance]:
    return (
        Allowance("factor", str(user_id), FACTOR_TRIES_A_MINUTE, 60),
        Allowance("factor day", str(user_id), FACTOR_TRIES_A_DAY, 86_400),
    )


async def _factor_of(db: Connection, desk: Desk, known: Known, body: WithFactor) -> str | None:
    """Which factor was right, None when it was not. ``db`` is the platform's own in that cluster, then and now."""
    scope = system_scope(known.cluster_id)
    if body.totp is not None:
        return "totp" if await factors.totp_opens(db, scope, desk.vault, known.user_id, body.totp) else None
    if body.recovery_code is not None:
        right = await factors.recovery_code_opens(db, scope, known.user_id, body.recovery_code)
        return "recovery_code" if right else None
    assert body.passkey is not None
    assert body.passkey_token is not None
    await act_as(db, steps.AUTHENTICATOR)
    asked = await steps.take(db, desk.vault, "passkey", body.passkey_token, passkeys.Challenge)
    await act_as(db, scope)
    return "passkey" if await passkeys.opens(db, scope, known.user_id, asked, body.passkey) else None


async def passkey_options(desk: Desk, origin: str) -> PasskeyOptions:
    """What the browser asks a passkey."""
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        return await passkeys.ask_any(db, desk.vault, origin)


async def with_passkey(desk: Desk, body: WithPasskey) -> Outcome:
    """
    Signs in with a passkey, which is both factors at once.

    Raises
    ------
    Unauthenticated
    """
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        asked = await steps.take(db, desk.vault, "passkey", body.passkey_token, passkeys.Challenge)
    cluster_id, user_id = passkeys.owner_of(body.passkey)
    scope = system_scope(cluster_id)
    async with desk.database.unit(scope) as db:
        known = await sessions.known_at(db, cluster_id, user_id)
        if known is not None and await passkeys.opens(db, scope, user_id, asked, body.passkey):
            return await signed_in(db, desk, known, "passkey", "passkey")
        if known is not None:
            await record(db, scope, "session.refused", "usr", user_id, {"method": "passkey"})
    raise Unauthenticated(passkeys.REFUSED)


async def step_up(desk: Desk, signed_in: SignedIn, body: StepUp) -> Begun:
    """
    Who is signed in proves again who it is.

    Raises
    ------
    Unauthenticated, TooMany
    """
    scope = signed_in.scope
    assert scope.user_id is not None
    if body.password is not None:
        await prove_password(desk, scope.cluster, scope.user_id, body.password)
        async with desk.database.unit(scope) as db:
            return await sessions.prove(db, desk.vault, signed_in)
    assert body.passkey is not None
    assert body.passkey_token is not None
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        asked = await steps.take(db, desk.vault, "passkey", body.passkey_token, passkeys.Challenge)
    async with desk.database.unit(scope) as db:
        if await passkeys.opens(db, scope, scope.user_id, asked, body.passkey):
            return await sessions.prove(db, desk.vault, signed_in, "passkey")
    raise Unauthenticated(passkeys.REFUSED)


async def prove_password(desk: Desk, cluster_id: UUID, user_id: UUID, password: str) -> None:
    """
    Refuses a password that is not this user's.

    Raises
    ------
    Unauthenticated, TooMany
    """
    allowance = Allowance("step up", str(user_id), TRIES_A_MINUTE, 60)
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        refusal = await steps.count(db, allowance)
        known = await sessions.known_at(db, cluster_id, user_id)
    if refusal is not None:
        raise refusal
    if known is None or await _opened(desk, known, password) is None:
        raise Unauthenticated("The password is wrong.")
    async with desk.database.unit(steps.AUTHENTICATOR) as db:
        await steps.forget(db, allowance)


def _named(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def _new_device(desk: Desk, email: str) -> str:
    """What tells this browser from those that never signed in as this address."""
    nonce = steps.new_token()
    return f"{nonce}.{desk.vault.sign(f'{_named(email)} {nonce}', DEVICE)}"


def _known_device(desk: Desk, email: str, given: str | None) -> str:
    """The browser's own mark when we gave it for this address, else nothing."""
    nonce, _, signature = (given or "").partition(".")
    right = bool(nonce) and desk.vault.signed(f"{_named(email)} {nonce}", DEVICE, signature)
    return nonce if right else ""
