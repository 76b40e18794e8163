"""Words of people: users, how they sign in, what they sign in with."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from cluster.base.db import Role
from cluster.base.errors import FieldFault
from cluster.base.fields import PublicId, Text

_MAILBOX = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=_MAILBOX)]
"""An e-mail address as browsers know it (HTML Living Standard, 4.10.5.1.5); upper and lower case are the same."""
Password = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00\ud800-\udfff]*$")]
Token = Annotated[str, Meta(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
"""A secret of a link or of a step of signing in."""
FactorCode = Annotated[str, Meta(min_length=6, max_length=40, pattern=r"^[A-Za-z0-9 -]+$")]
Credential = dict[str, Any]
"""What ``navigator.credentials`` gives, as ``toJSON()`` writes it."""


class UserRole(StrEnum):
    """Roles that a person may have."""

    MEMBER_USER = "member_user"
    MEMBER_ADMIN = "member_admin"
    COORDINATOR = "coordinator"
    WAREHOUSE_OPERATOR = "warehouse_operator"

    @property
    def of_member(self) -> bool:
        """Whether it is a role within a firm."""
        return self in (UserRole.MEMBER_USER, UserRole.MEMBER_ADMIN)


class UserStatus(StrEnum):
    """Whether a person may sign in."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class User(Struct, frozen=True, kw_only=True):
    """A person in a cluster, for a firm or on the neutral side."""

    id: str
    email: str
    name: str
    role: UserRole
    member_id: str | None
    status: UserStatus
    version: int
    """Goes up by one with each change; the ``ETag`` of the user."""
    created_at: datetime


class ChangeUser(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different; what is left out stays."""

    name: Text | UnsetType = UNSET
    role: UserRole | UnsetType = UNSET
    status: UserStatus | UnsetType = UNSET


class Invite(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody to be invited."""

    email: Email
    role: UserRole
    member_id: PublicId | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A firm's person names the firm; nobody else does."""
        if self.role.of_member != (self.member_id is not None):
            cure = "give it for a member's role, leave it out for others"
            yield FieldFault(pointer="/member_id", code="role_and_member", cause="does not go with the role", cure=cure)


class Invitation(Struct, frozen=True, kw_only=True):
    """An invitation that waits to be accepted."""

    id: str
    email: str
    role: UserRole
    member_id: str | None
    created_at: datetime
    expires_at: datetime


class IssuedInvitation(Struct, frozen=True, kw_only=True):
    """A fresh invitation with its secret, shown this once: pass the link on to the person."""

    id: str
    token: str
    link: str
    expires_at: datetime


class IssuedReset(Struct, frozen=True, kw_only=True):
    """A link that sets a new password, shown this once: pass it on to the person."""

    token: str
    link: str
    expires_at: datetime


class Accept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invitation taken up."""

    token: Token
    name: Text
    password: Password


class Reset(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password, with the token of a reset link."""

    token: Token
    password: Password


class ChangePassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password for the old one."""

    old_password: Password
    new_password: Password


class SignInRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What signing in asks of a cluster's people. Keys are not concerned."""

    coordinators_need_factor: bool


class WithPassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who one is."""

    email: Email
    password: Password


class WithAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of several accounts is meant."""

    pending_token: Token
    user_id: PublicId


class WithFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second factor: a code, a recovery code, or a passkey (with the token of its options); one of them."""

    pending_token: Token
    totp: FactorCode | None = None
    recovery_code: FactorCode | None = None
    passkey: Credential | None = None
    passkey_token: Token | None = None

    def faults(self) -> Iterator[FieldFault]:
        """One factor is given, a passkey with its token."""
        if sum(given is not None for given in (self.totp, self.recovery_code, self.passkey)) != 1:
            cure = "give one of totp, recovery_code and passkey"
            yield FieldFault(pointer="", code="one_factor", cause="not exactly one factor", cure=cure)
        if (self.passkey is None) != (self.passkey_token is None):
            cure = "give passkey and passkey_token together"
            yield FieldFault(pointer="/passkey_token", code="one_factor", cause="half a passkey", cure=cure)


class WithPasskey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passkey's answer to the options that ``passkey_token`` came with."""

    passkey: Credential
    passkey_token: Token


class StepUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who one is, again: the password or a passkey."""

    password: Password | None = None
    passkey: Credential | None = None
    passkey_token: Token | None = None

    def faults(self) -> Iterator[FieldFault]:
        """One proof is given, a passkey with its token."""
        if (self.password is None) == (self.passkey is None) or (self.passkey is None) != (self.passkey_token is None):
            cure = "give password, or passkey and passkey_token"
            yield FieldFault(pointer="", code="one_factor", cause="not exactly one proof", cure=cure)


class Named(Struct, frozen=True, kw_only=True):
    """Something with a name."""

    id: str
    name: str


class Factors(Struct, frozen=True, kw_only=True):
    """What somebody has set up to sign in with."""

    password: bool
    totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def second(self) -> list[str]:
        """Second factors that may be asked for."""
        held = {"totp": self.totp, "passkey": self.passkeys > 0, "recovery_code": self.recovery_codes > 0}
        return [name for name, there in held.items() if there] if self.totp or self.passkeys else []


class Session(Struct, frozen=True, kw_only=True):
    """
    Who has signed in, and for how long.

    Send ``csrf_token`` as ``X-CSRF-Token`` with everything that changes something. ``factor_needed`` says that a
    second factor must be set up before anything else.
    """

    user: User
    role: Role
    cluster: Named
    member: Named | None
    csrf_token: str
    factors: Factors
    factor_needed: bool
    proven_until: datetime
    idle_at: datetime
    expires_at: datetime


class OwnSession(Struct, frozen=True, kw_only=True):
    """
    Where somebody is signed in.

    ``agent`` is browser and system such as ``Firefox, Windows``, empty where it is not known; ``current`` marks the
    session that asks.
    """

    id: str
    agent: str
    method: str
    begun_at: datetime
    seen_at: datetime
    current: bool


class Account(Struct, frozen=True, kw_only=True):
    """One of several accounts of a person."""

    user_id: str
    role: UserRole
    cluster: Named
    member: Named | None


class SignInStatus(StrEnum):
    """How far a sign-in is."""

    SIGNED_IN = "signed_in"
    CHOOSE_ACCOUNT = "choose_account"
    SECOND_FACTOR_NEEDED = "second_factor_needed"


class SignIn(Struct, frozen=True, kw_only=True):
    """
    How far a sign-in is: with ``session`` when done, else with the ``pending_token`` of the step that comes next.

    ``accounts`` are those to choose from, ``factors`` the second factors that will do.
    """

    status: SignInStatus
    session: Session | None = None
    pending_token: str | None = None
    accounts: list[Account] = []
    factors: list[str] = []


class SignInOptions(Struct, frozen=True, kw_only=True):
    """What the sign-in page may offer."""

    provider: bool
    """Whether there is a provider of OpenID Connect: ``GET /v1/session/provider`` leads to it."""


class PasskeyOptions(Struct, frozen=True, kw_only=True):
    """For ``navigator.credentials``: ``options`` as ``parseCreationOptionsFromJSON`` or its like for requests reads."""

    passkey_token: str
    options: dict[str, Any]


class RegisterPasskey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passkey's answer to the options of a registration, and what its owner calls it."""

    name: Text
    passkey: Credential
    passkey_token: Token


class Passkey(Struct, frozen=True, kw_only=True):
    """A passkey without its key."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


class NewTotp(Struct, frozen=True, kw_only=True):
    """A secret for an authenticator app, shown this once; it counts once a code of it has confirmed it."""

    secret: str
    uri: str
    qr_data_uri: str


class ConfirmTotp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the new secret."""

    code: FactorCode


class RecoveryCodes(Struct, frozen=True, kw_only=True):
    """Codes for when the other factors are lost; each works once, and all are shown this once."""

    recovery_codes: list[str]
