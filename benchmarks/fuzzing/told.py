"""What a role's run came to: answers, successes, and which operations were never answered with one."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.fuzzing.world import PERSON, Json
from cluster.base.scopes import allows, whole

HOLDER = {PERSON: "member_admin"}
"""As what the guards see who asks with something other than a key."""


class Told(NamedTuple):
    """What came of one role's run."""

    role: str
    sent: int
    statuses: Counter[int]
    successes: set[str]
    """Operations that answered with a success."""
    surprises: list[str]
    """Answers of 5xx."""
    failures: list[str]
    """What else the checks found, in words."""
    not_asked: list[str] = []  # noqa: RUF012  (never changed)
    """Operations for which no good request could be made, and why."""
    links: str = ""
    """How many links from an answer to the next request were followed, in Schemathesis' words."""


def told(role: str, sent: Any, document: Json) -> Told:
    """What the log of requests says."""
    find = finder(document)
    statuses: Counter[int] = Counter()
    successes, surprises = set(), []
    for entry in sent["log"]["entries"]:
        status, request = entry["response"]["status"], entry["request"]
        statuses[status] += 1
        path = urlsplit(request["url"]).path
        if status >= 500 and status != 503:
            body = request.get("postData", {}).get("text", "")
            surprises.append(f"{status} {request['method']} {request['url'][:300]} {body[:500]}")
        if 200 <= status < 400 and (operation := find(request["method"], path)):
            successes.add(operation)
    return Told(role, len(sent["log"]["entries"]), statuses, successes, surprises, [])


def finder(document: Json) -> Callable[[str, str], str | None]:
    """Which operation a request asked for; literal paths before those with names in them."""
    known = [
        (path.count("{"), method, re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), operation["operationId"])
        for method, path, operation in operations(document)
    ]
    known.sort(key=lambda entry: entry[0])

    def find(method: str, path: str) -> str | None:
        return next((name for _, verb, form, name in known if verb == method and form.fullmatch(path)), None)

    return find


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and description of each."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def open_to(document: Json, role: str) -> set[str]:
    """
    Names of the operations that a role may call, by the guards' own word in ``x-roles``.

    Nobody's are those without a guard. A key has no part in what is for sessions alone; a key that is limited has what
    its scope allows of its holder's.
    """
    holder, _, scope = role.partition("/")
    held = whole([scope]) if scope else None
    found = set()
    for method, _, described in operations(document):
        name, roles = described["operationId"], described.get("x-roles")
        ways = described.get("security", [{"api_key": []}])
        by_key = role == PERSON or any("api_key" in way for way in ways)
        if roles is None:
            fits = role == "nobody"
        else:
            fits = HOLDER.get(holder, holder) in roles and by_key and allows(held, name, described["tags"], method)
        found |= {name} if fits else set()
    return found


def say(one: Told, document: Json) -> None:
    """A role's run in lines."""
    may = open_to(document, one.role)
    reached, never = one.successes & may, sorted(may - one.successes)
    share = 100 * len(reached) / max(1, len(may))
    print(f"{one.role}: {one.sent} requests, {len(reached)} of {len(may)} operations with a success ({share:.1f} %)")
    print("  " + ", ".join(f"{status}: {count}" for status, count in sorted(one.statuses.items())))
    if one.links:
        print("  " + one.links)
    if never:
        print("  never with a success: " + ", ".join(never))
    for line in (*one.not_asked, *one.surprises[:20], *one.failures):
        print("  " + line.replace("\n", "\n  "), flush=True)


def say_union(found: Sequence[Told], document: Json) -> None:
    """All roles together, and what none of them reached."""
    may = set().union(*(open_to(document, one.role) for one in found))
    never = sorted(may - set().union(*(one.successes for one in found)))
    print(f"together: {len(may) - len(never)} of {len(may)} operations with a success")
    if never:
        print("  never with a success: " + ", ".join(never))
