"""Use cases of what a cluster settles from a day on; each change is a version that follows, none is ever changed."""

from collections.abc import Collection
from datetime import date

import asyncpg
import msgspec

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Forbidden, Invalid
from cluster.base.etags import Outdated, must_match
from cluster.base.outbox import Audience
from cluster.base.pages import Page
from cluster.members import settings_queries as queries
from cluster.members.models import RuleTerms, SharingRule
from cluster.members.settings_models import (
    OF_SECTION,
    ClusterSettings,
    FreightSettings,
    LanguageSettings,
    MapSettings,
    PlanningSettings,
    Section,
    SectionSettings,
    Settled,
    SettledVersion,
    SettleSection,
    SharingSettings,
)

COMING_MAX = 100
YEARS_AHEAD_MAX = 5
FOR_EVERYBODY = (Section.SHARING, Section.MAP, Section.LANGUAGES)
"""What members are told too; how the cluster plans, and what it lets carriers bill, is its coordinator's."""


async def sharing(db: Connection, scope: Scope, on: date | None = None) -> SharingSettings:
    """How a service day's plan is split (left out: today's)."""
    found = await effective(db, scope, Section.SHARING, on)
    assert isinstance(found, SharingSettings)
    return found


async def planning(db: Connection, scope: Scope, on: date | None = None) -> PlanningSettings:
    """How a service day is planned; for members what every cluster begins with, as theirs is not theirs to see."""
    found = await effective(db, scope, Section.PLANNING, on)
    assert isinstance(found, PlanningSettings)
    return found


async def map_of(db: Connection, scope: Scope, on: date | None = None) -> MapSettings:
    """What maps are drawn on."""
    found = await effective(db, scope, Section.MAP, on)
    assert isinstance(found, MapSettings)
    return found


async def languages(db: Connection, scope: Scope, on: date | None = None) -> LanguageSettings:
    """Which languages are offered."""
    found = await effective(db, scope, Section.LANGUAGES, on)
    assert isinstance(found, LanguageSettings)
    return found


async def freight(db: Connection, scope: Scope, on: date | None = None) -> FreightSettings:
    """How far off carriers' invoices may be; for the neutral side."""
    found = await effective(db, scope, Section.FREIGHT, on)
    assert isinstance(found, FreightSettings)
    return found


async def effective(db: Connection, scope: Scope, section: Section, on: date | None = None) -> Settled:
    """What a section says on a day: its version that began last, or how every cluster begins."""
    row = await queries.effective(db, scope, section, on or await queries.today(db, scope))
    return await _initial(db, scope, section) if row is None else msgspec.convert(row["body"], OF_SECTION[section])


async def every(db: Connection, scope: Scope, on: date | None) -> ClusterSettings:
    """All sections that the caller may see."""
    day = on or await queries.today(db, scope)
    seen = tuple(Section) if scope.neutral else FOR_EVERYBODY
    return ClusterSettings(on=day, sections=[await section_of(db, scope, section, day) for section in seen])


async def section_of(db: Connection, scope: Scope, section: Section, on: date | None) -> SectionSettings:
    """
    One section on a day, and what is to follow.

    Raises
    ------
    Forbidden
        When it is the coordinator's alone.
    """
    _may_see(scope, section)
    today = await queries.today(db, scope)
    day = on or today
    rows = await queries.versions(db, scope, section, None, COMING_MAX)
    now = await queries.effective(db, scope, section, day)
    then = now if day == today else await queries.effective(db, scope, section, today)
    standing = 0 if then is None else then["version"]
    coming = sorted((row for row in rows if row["effective_from"] > day), key=_order)
    return SectionSettings(
        section=section,
        on=day,
        latest_version=rows[0]["version"] if rows else 0,
        applies=await _beginning(db, scope, section, standing) if now is None else _shown(scope, now, standing),
        coming=[_shown(scope, row, standing) for row in coming],
    )


async def versions(
    db: Connection, scope: Scope, section: Section, before: int | None, limit: int
) -> Page[SettledVersion]:
    """The history of a section, the newest version first, ending with how every cluster begins."""
    _may_see(scope, section)
    now = await queries.effective(db, scope, section, await queries.today(db, scope))
    standing = 0 if now is None else now["version"]
    rows = await queries.versions(db, scope, section, before, limit + 1)
    found = [_shown(scope, row, standing) for row in rows]
    if len(found) <= limit and before != 0:
        found.append(await _beginning(db, scope, section, standing))
    more = len(found) > limit
    return Page(data=found[:limit], next_cursor=str(found[limit - 1].version) if more else None, has_more=more)


async def settle(
    db: Connection, scope: Scope, section: Section, if_match: str | None, body: SettleSection, hosts: Collection[str]
) -> SectionSettings:
    """
    Settles the next version of a section.

    Parameters
    ----------
    hosts
        Where the operator lets pages load map tiles from.

    Raises
    ------
    VersionMissing, Outdated
        When the caller does not say which version it follows, or another one came after it.
    Invalid
        When the body is of another section, the day is past or years ahead, or the map's host is not let in.
    """
    rows = await queries.versions(db, scope, section, None, 1)
    last = rows[0]["version"] if rows else 0
    must_match(if_match, last)
    today = await queries.today(db, scope)
    starts = body.effective_from or today
    faults = [*_misfits(section, body), *_day_faults(starts, today), *_host_faults(body.map, hosts)]
    if body.sharing is not None:
        faults += await stranger_faults(db, scope, body.sharing.terms, "/sharing/terms")
    if faults:
        raise Invalid(faults)
    value = msgspec.to_builtins(getattr(body, section))
    await _follow(db, scope, section, last + 1, starts, value, body.note)
    return await section_of(db, scope, section, None)


async def stranger_faults(db: Connection, scope: Scope, terms: RuleTerms, at: str) -> list[FieldFault]:
    """Members that terms name and the cluster does not have, a fault for each."""
    named = list(terms.named())
    if not named:
        return []
    cause, cure = "the cluster has no such member", "see GET /v1/members"
    there = {ids.show("mem", entry) for entry in await queries.member_ids(db, scope)}
    return [
        FieldFault(pointer=at + pointer, code="no_such_member", cause=cause, cure=cure)
        for pointer, member_id in named
        if member_id not in there
    ]


async def follow_rule(db: Connection, scope: Scope, rule: SharingRule) -> None:
    """The cluster's rule was changed at once: where sharing has versions, a new one says so from today on."""
    rows = await queries.versions(db, scope, Section.SHARING, None, 1)
    if rows:
        now = await sharing(db, scope)
        terms = now.terms if rule is now.rule else RuleTerms()
        value = msgspec.to_builtins(msgspec.structs.replace(now, rule=rule, terms=terms))
        today = await queries.today(db, scope)
        await _follow(db, scope, Section.SHARING, rows[0]["version"] + 1, today, value, "")


async def _follow(
    db: Connection, scope: Scope, section: Section, version: int, starts: date, value: dict[str, object], note: str
) -> None:
    setting_id = ids.new()
    if not await queries.insert(db, scope, setting_id, section, version, starts, value, note):
        raise Outdated
    facts: dict[str, object] = {"section": section, "version": version, "effective_from": starts.isoformat()}
    await audit.record(db, scope, "cluster_settings.settled", "set", setting_id, facts)
    if section in FOR_EVERYBODY:
        await outbox.emit(db, scope, scope.cluster, "cluster_settings.settled", facts, audience=Audience.EVERYBODY)


def _may_see(scope: Scope, section: Section) -> None:
    if not scope.neutral and section not in FOR_EVERYBODY:
        raise Forbidden("How the cluster plans is its coordinator's to see.")


def _order(row: asyncpg.Record) -> tuple[date, int]:
    return row["effective_from"], row["version"]


def _misfits(section: Section, body: SettleSection) -> list[FieldFault]:
    if getattr(body, section) is not None:
        return []
    cure = f"send it in the field {section}"
    return [FieldFault(pointer=f"/{section}", code="section_missing", cause="another section is told", cure=cure)]


def _day_faults(starts: date, today: date) -> list[FieldFault]:
    if starts < today:
        cause, cure = f"{starts} is past", f"{today} or later"
        return [FieldFault(pointer="/effective_from", code="in_the_past", cause=cause, cure=cure)]
    if starts.year > today.year + YEARS_AHEAD_MAX:
        cause, cure = f"in the year {starts.year}", f"at most {YEARS_AHEAD_MAX} years ahead"
        return [FieldFault(pointer="/effective_from", code="out_of_range", cause=cause, cure=cure)]
    return []


def _host_faults(chosen: MapSettings | None, hosts: Collection[str]) -> list[FieldFault]:
    if chosen is None or chosen.host is None or chosen.host in hosts:
        return []
    cure = f"one of {', '.join(sorted(hosts))}" if hosts else "ask the operator to let it in (CLUSTER_TILE_HOSTS)"
    cause = f"pages may not load from {chosen.host}"
    return [FieldFault(pointer="/map/tile_url", code="tile_host_refused", cause=cause, cure=cure)]


async def _initial(db: Connection, scope: Scope, section: Section) -> Settled:
    """How every cluster begins."""
    if section is Section.SHARING:
        return SharingSettings(rule=SharingRule(await queries.founding_rule(db, scope)))
    if section is Section.PLANNING:
        return PlanningSettings()
    if section is Section.FREIGHT:
        return FreightSettings()
    return MapSettings() if section is Section.MAP else LanguageSettings()


async def _beginning(db: Connection, scope: Scope, section: Section, standing: int) -> SettledVersion:
    return SettledVersion(
        id=f"{section}-0",
        section=section,
        version=0,
        effective_from=None,
        in_force=standing == 0,
        note=None,
        key_id=None,
        user_id=None,
        created_at=None,
        **{section.value: await _initial(db, scope, section)},  # type: ignore[arg-type]
    )


def _shown(scope: Scope, row: asyncpg.Record, standing: int) -> SettledVersion:
    section = Section(row["section"])
    return SettledVersion(
        id=ids.show("set", row["setting_id"]),
        section=section,
        version=row["version"],
        effective_from=row["effective_from"],
        in_force=row["version"] == standing,
        note=row["note"] if scope.neutral else None,
        key_id=ids.show("key", row["key_id"]) if scope.neutral and row["key_id"] else None,
        user_id=ids.show("usr", row["user_id"]) if scope.neutral and row["user_id"] else None,
        created_at=row["created_at"],
        **{section.value: _told(scope, msgspec.convert(row["body"], OF_SECTION[section]))},  # type: ignore[arg-type]
    )


def _told(scope: Scope, settled: Settled) -> Settled:
    """Members are not told who else there is, nor what others weigh."""
    if scope.neutral or not isinstance(settled, SharingSettings):
        return settled
    own = "" if scope.member_id is None else ids.show("mem", scope.member_id)
    return msgspec.structs.replace(settled, terms=settled.terms.seen_by(own))
