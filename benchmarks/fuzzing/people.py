"""Good requests about people: who is invited, signs in, and looks after the own sessions and second factors."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pyotp

from benchmarks.fuzzing.authenticator import Authenticator
from benchmarks.fuzzing.world import Asker, Good, Json, Refused, World, unique
from cluster.base.browser import CSRF_HEADER, SESSION_COOKIE

PASSWORD = "gravel lantern thirty-two"
ENDS = frozenset({"sign_out", "end_other_sessions", "end_own_session", "change_password", "step_up", "confirm_totp"})
"""Operations after which a session is over or has another secret: each is asked with a session of its own."""
PROVEN_S = 200.0
"""A person proves again who it is before the platform asks for that, after five minutes."""


class Person:
    """Somebody at a browser, signed in."""

    def __init__(self, url: str, email: str) -> None:
        self.email = email
        self.csrf = self.cookie = self.user_id = ""
        self.since = time.monotonic()
        self._http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    @property
    def headers(self) -> dict[str, str]:
        """What a request of this browser's carries."""
        return {"Cookie": f"{SESSION_COOKIE}={self.cookie}", CSRF_HEADER: self.csrf}

    def post(self, path: str, body: Any = None) -> Json:
        """
        Does something, and keeps the session that comes of it.

        Raises
        ------
        Refused
            When it does not succeed.
        """
        self._http.cookies.clear()
        answer = self._http.post(path, json=body, headers=self.headers if self.cookie else {})
        if not answer.is_success:
            raise Refused(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        for header in answer.headers.get_list("set-cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookie = value if name == SESSION_COOKIE else self.cookie
        found: Json = answer.json() if answer.content else {}
        session = found.get("session") or found
        self.csrf = session.get("csrf_token") or self.csrf
        self.user_id = (session.get("user") or {}).get("id") or self.user_id
        return found


def invitation(by: Asker, role: str, member_id: str | None, email: str | None = None) -> Json:
    """A fresh invitation, with its secret."""
    body = {"email": email or f"{unique()}@example.com", "role": role, "member_id": member_id}
    made: Json = by.post("/v1/users/invitations", body)
    return made | {"email": body["email"]}


def joined(
    url: str, by: Asker, role: str = "member_admin", member_id: str | None = None, email: str | None = None
) -> Person:
    """Somebody who took an invitation up."""
    made = invitation(by, role, member_id, email)
    person = Person(url, made["email"])
    person.post("/v1/users/accept", {"token": made["token"], "name": "Somebody", "password": PASSWORD})
    return person


def somebody(world: World) -> Person:
    """A fresh admin of the firm."""
    return joined(world.url, world.admin, member_id=world.member_id)


def subject(world: World) -> Json:
    """Somebody whom the one who asks looks after."""
    if world.neutral:
        return {"user_id": joined(world.url, world.coordinator, "coordinator").user_id}
    return {"user_id": somebody(world).user_id}


def inviting(world: World) -> Json:
    """Somebody new, of one's own side."""
    role, member_id = ("coordinator", None) if world.neutral else ("member_user", world.member_id)
    return {"email": f"{unique()}@example.com", "role": role, "member_id": member_id}


def waiting(world: World) -> Json:
    """A fresh invitation, as a path names it."""
    return {"invitation_id": world.manager.post("/v1/users/invitations", inviting(world))["id"]}


def accepting(world: World) -> Good:
    """An invitation taken up."""
    made = invitation(world.admin, "member_user", world.member_id)
    return Good({"token": made["token"], "name": "Somebody", "password": PASSWORD})


def with_app(person: Person) -> pyotp.TOTP:
    """Sets an authenticator app up."""
    app = pyotp.TOTP(person.post("/v1/session/totp")["secret"])
    person.post("/v1/session/totp/confirm", {"code": app.now()})
    return app


def with_passkey(world: World, person: Person) -> Authenticator:
    """Registers a passkey."""
    passkey, body = registering(world, person)
    person.post("/v1/session/passkeys", body)
    return passkey


def registering(world: World, person: Person) -> tuple[Authenticator, Json]:
    """A passkey, and what registers it."""
    asked = person.post("/v1/session/passkeys/options")
    passkey = Authenticator(world.url)
    body = {"name": "Phone", "passkey": passkey.make(asked["options"]), "passkey_token": asked["passkey_token"]}
    return passkey, body


def choosing(world: World) -> Good:
    """The same person in two firms, with one password."""
    first = somebody(world)
    rival = world.things["rival"]
    second = joined(world.url, world.coordinator, "member_admin", rival, first.email)
    pending = Person(world.url, first.email).post("/v1/session", {"email": first.email, "password": PASSWORD})
    return Good({"pending_token": pending["pending_token"], "user_id": second.user_id})


def second_factor(world: World) -> Good:
    """A recovery code, after the password: a code of the app opens once, and was used to set it up."""
    person = somebody(world)
    with_app(person)
    codes = person.post("/v1/session/recovery-codes")
    pending = Person(world.url, person.email).post("/v1/session", {"email": person.email, "password": PASSWORD})
    return Good({"pending_token": pending["pending_token"], "recovery_code": codes["recovery_codes"][0]})


def by_passkey(world: World) -> Good:
    """Both factors at once."""
    person = somebody(world)
    passkey = with_passkey(world, person)
    asked = Person(world.url, person.email).post("/v1/session/passkey-options")
    return Good({"passkey": passkey.sign(asked["options"]), "passkey_token": asked["passkey_token"]})


def resetting(world: World) -> Good:
    """A new password by a link."""
    issued = world.admin.post(f"/v1/users/{somebody(world).user_id}/password-reset")
    return Good({"token": issued["token"], "password": PASSWORD + " again"})


def confirming(world: World) -> Good:
    """The code of an app that is being set up."""
    person = somebody(world)
    secret = person.post("/v1/session/totp")["secret"]
    return Good({"code": pyotp.TOTP(secret).now()}, headers=person.headers)


def with_codes(world: World) -> Good:
    """Recovery codes stand in for an app or a passkey: there must be one."""
    person = somebody(world)
    with_app(person)
    return Good(headers=person.headers)


def passkey_to_remove(world: World) -> Good:
    """One of two ways in."""
    person = somebody(world)
    with_passkey(world, person)
    session = httpx.get(f"{world.url}/v1/session/passkeys", headers=person.headers, trust_env=False, timeout=60)
    return Good(path={"passkey_id": session.json()[0]["id"]}, headers=person.headers)


def other_session(world: World) -> Good:
    """The same person in another place."""
    person = somebody(world)
    other = Person(world.url, person.email)
    other.post("/v1/session", {"email": person.email, "password": PASSWORD})
    listed = httpx.get(f"{world.url}/v1/me/sessions", headers=person.headers, trust_env=False, timeout=60).json()
    [there] = [entry["id"] for entry in listed["data"] if not entry["current"]]
    return Good(path={"session_id": there}, headers=person.headers)


def register(world: World) -> Good:
    """A passkey's answer, of the session that asked for it."""
    person = somebody(world)
    return Good(registering(world, person)[1], headers=person.headers)


PEOPLE: dict[str, Callable[[World], Good]] = {
    "get_user": lambda w: Good(path=subject(w)),
    "change_user": lambda w: Good({"name": "Another name"}, subject(w)),
    "erase_user": lambda w: Good(path=subject(w)),
    "issue_password_reset": lambda w: Good(path=subject(w)),
    "remove_user_factors": lambda w: Good(path=subject(w)),
    "invite_user": lambda w: Good(inviting(w)),
    "withdraw_user_invitation": lambda w: Good(path=waiting(w)),
    "accept_invitation": accepting,
    "choose_account": choosing,
    "sign_in": lambda w: Good({"email": somebody(w).email, "password": PASSWORD}),
    "give_second_factor": second_factor,
    "sign_in_with_passkey": by_passkey,
    "reset_password": resetting,
    "change_password": lambda _: Good({"old_password": PASSWORD, "new_password": PASSWORD + " again"}),
    "step_up": lambda _: Good({"password": PASSWORD}),
    "confirm_totp": confirming,
    "remove_totp": with_codes,
    "make_recovery_codes": with_codes,
    "register_passkey": register,
    "remove_passkey": passkey_to_remove,
    "end_own_session": other_session,
}
"""How each operation is asked well, by its name."""
