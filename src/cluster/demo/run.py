"""``cluster demo``: embedded servers, API and worker, the example day, and sample logins at the end."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec

from cluster.base.db import Database, system_scope
from cluster.base.embedded import Servers, servers
from cluster.base.migrate import migrate_now
from cluster.base.settings import Settings
from cluster.base.supervise import run_platform
from cluster.demo import rehearsal
from cluster.demo.before import drive_days, tours_to_tender
from cluster.demo.client import Client, DemoFailed
from cluster.demo.day import Founded, plan, set_up
from cluster.demo.scenarios import try_others
from cluster.members import service as members

Echo = Callable[[str], None]
REMEMBERED = "demo.json"
TRIES_SECONDS, TRIES_PLAYERS_MAX = 4, 3
"""They are split among fewer players than the day itself, so that a newcomer does not wait for them."""
UNFOLDING = rehearsal.Extent(speed=60.0, pause_s=3.0)
"""A day in some ten minutes: one can look at what happens, and see how it ends."""


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """
    How much the demonstration does: seconds and players of the day's plan, ``tries`` beside it, ``days`` before it.

    ``once``: it ends when all is done. ``unfold``: afterwards a day before it is tendered to carriers and driven.
    """

    once: bool
    seconds: int
    players_max: int
    tries: int
    days: int
    unfold: bool = True


def demo(settings: Settings, echo: Echo, extent: Extent) -> int:
    """
    Runs the platform with example data until Ctrl-C, or with ``once`` until the main job is done.

    Returns
    -------
    int
        Exit status: 0 when all went well.
    """
    began = time.monotonic()
    with servers(settings) as found:
        for line in found.describe():
            echo(line)
        if found.owner_url is not None:
            applied = migrate_now(found.owner_url)
            echo(f"database up to date ({len(applied)} migrations applied)")
        visitor = Visitor(settings, found, echo, extent, began)
        code = run_platform(settings, found, echo, on_ready=visitor.begin)
        return visitor.code if visitor.code is not None else code


def rehearse(settings: Settings, echo: Echo, url: str | None, key: str | None, extent: rehearsal.Extent) -> int:
    """
    Has a day driven by simulated carriers: on the platform at ``url`` with a coordinator's key, or on the example's.

    Returns
    -------
    int
        Exit status: 0 when all went well.
    """
    remembered = settings.data_dir / REMEMBERED
    if url is None or key is None:
        if not remembered.is_file():
            echo("no example day here: run `cluster demo`, or give --url and --key")
            return 2
        founded = msgspec.json.decode(remembered.read_bytes(), type=Founded)
        url, key = url or founded.url, key or founded.logins[0].api_key
    try:
        outcome = rehearsal.rehearse(url, key, extent, echo)
    except (DemoFailed, OSError, httpx.HTTPError) as error:
        echo(f"the rehearsal failed: {error}")
        return 1
    echo(_told(outcome))
    return 0


def _told(outcome: rehearsal.Outcome) -> str:
    driven = f"{outcome.awarded} tours driven, {outcome.untaken} taken by nobody"
    return f"{driven}; {outcome.done} visits done, {outcome.failed} failed"


class Visitor:
    """Does the example day once the platform answers, beside the process that keeps it running."""

    def __init__(self, settings: Settings, found: Servers, echo: Echo, extent: Extent, began: float) -> None:
        self._remembered = settings.data_dir / REMEMBERED
        self._database_url = found.database_url
        self._echo = echo
        self._extent = extent
        self._began = began
        self.code: int | None = None

    def begin(self, url: str) -> None:
        """Starts the visit in a thread of its own."""
        threading.Thread(target=self._visit, args=(url,), daemon=True).start()

    def _visit(self, url: str) -> None:
        try:
            founded = None if self._extent.once else self._known(url)
            fresh = founded is None
            if founded is None:
                key = asyncio.run(_operator_key(self._database_url))
                founded = set_up(url, key, self._echo)
                outcome = plan(founded, url, self._extent.seconds, self._echo, self._extent.players_max)
                _summarise(outcome, self._echo)
                founded = self._surround(founded, url, outcome["plan"])
                _remember(self._remembered, founded)
            self._farewell(founded, url)
            if self._extent.once:
                self._end(0)
            elif self._extent.unfold and fresh:
                self._unfold(founded, url)
        except (DemoFailed, OSError, httpx.HTTPError) as error:
            self._echo(f"the example day failed: {error}")
            self._end(1)

    def _unfold(self, founded: Founded, url: str) -> None:
        """Simulated carriers answer tenders for today's tours and drive them, while somebody may be watching."""
        self._echo("a day unfolds: as the coordinator, watch the page Tours (not with `--no-unfold`)")
        try:
            tours = tours_to_tender(founded, url)
            outcome = rehearsal.rehearse(url, founded.logins[0].api_key, UNFOLDING, self._echo, tours)
        except (DemoFailed, OSError, httpx.HTTPError) as error:
            self._echo(f"no day unfolds: {error}")
            return
        self._echo(_told(outcome))

    def _surround(self, founded: Founded, url: str, published: dict[str, Any]) -> Founded:
        """What makes the day one of many: candidates beside its plan, and days before it that were driven."""
        players_max = min(self._extent.players_max, TRIES_PLAYERS_MAX)
        try_others(founded, url, published, TRIES_SECONDS, players_max, self._extent.tries, self._echo)
        links = drive_days(founded, url, self._extent.days, self._echo)
        return msgspec.structs.replace(founded, links=links)

    def _known(self, url: str) -> Founded | None:
        """The example day of an earlier run, if its service day is still to come and its keys still open."""
        if not self._remembered.is_file():
            return None
        try:
            founded = msgspec.json.decode(self._remembered.read_bytes(), type=Founded)
            Client(url, founded.logins[0].api_key).get("/v1/me")
        except (msgspec.DecodeError, DemoFailed) as error:
            self._echo(f"the example day of an earlier run cannot be used ({error}); making a new one")
            return None
        return founded if founded.service_date > date.today() else None  # noqa: DTZ011  (the reader's own day)

    def _farewell(self, founded: Founded, url: str) -> None:
        members_shown = [login for login in founded.logins if login.role == "member"][:3]
        width = max(len(login.name) for login in founded.logins)
        self._echo("")
        self._echo(f"ready after {time.monotonic() - self._began:.0f} s")
        self._echo("sample logins (paste the key):")
        for login in [founded.logins[0], *members_shown]:
            self._echo(f"  {login.role:<12} {login.name:<{width}}  {login.api_key}")
        if founded.people:
            self._echo("or sign in with e-mail address and password:")
        for person in founded.people:
            self._echo(f"  {person.role:<12} {person.email}  {person.password}")
        for link in founded.links:
            self._echo(f"{link.whose}: {link.url}")
        self._echo(f"dashboard: {url}")
        if not self._extent.once:
            self._echo("Ctrl-C ends it")

    def _end(self, code: int) -> None:
        self.code = code
        os.kill(os.getpid(), signal.SIGTERM)


async def _operator_key(database_url: str) -> str:
    async with Database.open(database_url, 1) as database, database.unit(system_scope()) as db:
        return await members.issue_operator_key(db)


def _remember(path: Path, founded: Founded) -> None:
    """Keeps the sample logins where only this user reads them."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(founded))


def _summarise(outcome: dict[str, Any], echo: Echo) -> None:
    result, shares = outcome["plan"]["result"], outcome["shares"]
    currency = result["currency"]
    echo(
        f"plan: {result['planned']} shipments on {result['routes']} routes, {result['unplanned']} unplanned, "
        f"{result['distance_m'] / 1000:,.0f} km"
    )
    bound = f"no plan can cost less than {result['bound_minor']:,}"
    echo(f"cost: {result['cost_minor']:,} {currency} in minor units; {bound}")
    echo(f"split by {shares['rule_applied']}:")
    echo(f"  {'member':<24} {'alone':>14} {'pays':>14} {'saves':>8}")
    for share in shares["shares"]:
        echo(
            f"  {share['member_name']:<24} {share['stand_alone']['amount']:>14} {share['share']['amount']:>14} "
            f"{share['saving_percent']:>6.1f} %"
        )
    certificate = shares["certificate"]
    echo(f"{certificate['coalitions_proven']:,} of {certificate['coalitions']:,} groups have their exact cost proven")
    most, known = (certificate[name]["amount"] for name in ("gain_max", "excess_max"))
    if certificate["verdict"] == "stable":
        echo("proven: no group of members would pay less on its own")
    elif certificate["verdict"] == "open":
        echo(f"no group is known to pay less on its own; proven: none could gain more than {most} {currency}")
    else:
        echo(f"a group of members would pay {known} {currency} less on its own; none could gain more than {most}")
