"""Use cases of a cluster's rules and agreements."""

from uuid import UUID

from msgspec import structs

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Busy, FieldFault, Invalid, NotFound
from cluster.base.etags import Outdated, must_match
from cluster.base.outbox import Audience
from cluster.base.pages import Page, page
from cluster.members import rules_queries, service, settings, tokens
from cluster.members.models import Cluster
from cluster.members.rules_models import (
    AcceptAgreement,
    Acceptance,
    Agreement,
    ApplicationCode,
    ChangeCluster,
    ClusterChange,
    PublishAgreement,
)

FIRST = UUID(int=0)


async def change(db: Connection, scope: Scope, if_match: str | None, body: ChangeCluster) -> Cluster:
    """
    Changes a cluster's rules at once, and keeps what they were.

    Raises
    ------
    VersionMissing, Outdated
        When the caller does not say which version it changes, or another one is there.
    """
    now = await service.cluster_of(db, scope)
    must_match(if_match, now.version)
    wanted = {name: value for name, value in structs.asdict(body).items() if value is not None}
    changed = {name: [getattr(now, name), value] for name, value in wanted.items() if getattr(now, name) != value}
    if not changed:
        return now
    if not await rules_queries.change(db, scope, now.version, structs.replace(now, **wanted)):
        raise Outdated
    if body.sharing_rule is not None and "sharing_rule" in changed:
        await settings.follow_rule(db, scope, body.sharing_rule)
    then = await service.cluster_of(db, scope)
    await rules_queries.note_change(db, scope, then, changed)
    facts = {"version": then.version, "changed": sorted(changed)}
    await audit.record(db, scope, "cluster.changed", "clu", scope.cluster, facts)
    await outbox.emit(db, scope, scope.cluster, "cluster.changed", facts, audience=Audience.EVERYBODY)
    return then


async def list_changes(db: Connection, scope: Scope, after: int, limit: int) -> Page[ClusterChange]:
    """The history of the cluster's rules."""
    return page(await rules_queries.changes(db, scope, after, limit + 1), limit)


async def renew_code(db: Connection, scope: Scope) -> ApplicationCode:
    """A fresh application code; the one before it opens nothing any more."""
    code_id = ids.new()
    token = tokens.make(tokens.APPLICATION, scope.cluster, code_id)
    await rules_queries.insert_code(db, scope, code_id, token)
    await audit.record(db, scope, "application_code.renewed", "clu", scope.cluster)
    return ApplicationCode(application_code=token.text, link=f"/#apply={token.text}")


async def publish(db: Connection, scope: Scope, body: PublishAgreement) -> Agreement:
    """Publishes a new version of the agreement."""
    agreement_id = ids.new()
    if not await rules_queries.insert_agreement(db, scope, agreement_id, body):
        raise Busy("Somebody else publishes a version at this moment.")
    made = await agreement(db, scope, agreement_id)
    facts = {"version": made.version}
    await audit.record(db, scope, "agreement.published", "agr", agreement_id, facts)
    await outbox.emit(db, scope, agreement_id, "agreement.published", facts, audience=Audience.EVERYBODY)
    return made


async def agreement(db: Connection, scope: Scope, agreement_id: UUID) -> Agreement:
    """One version."""
    found = await rules_queries.agreements(db, scope, FIRST, 1, agreement_id)
    if not found:
        raise NotFound("agr")
    return found[0]


async def list_agreements(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Agreement]:
    """All versions, oldest first."""
    return page(await rules_queries.agreements(db, scope, after, limit + 1), limit)


async def accept(db: Connection, scope: Scope, body: AcceptAgreement) -> Acceptance:
    """
    Accepts a version for the caller's firm; accepting it again changes nothing.

    Raises
    ------
    NotFound
        When there is no such version.
    Invalid
        When the digest is not that of its text.
    """
    agreement_id = ids.parse("agr", body.agreement_id)
    of = await agreement(db, scope, agreement_id)
    if of.text_sha256 != body.text_sha256:
        cure = "read the text at its url and send the digest of what you read"
        cause = "not the digest of this version's text"
        raise Invalid([FieldFault(pointer="/text_sha256", code="other_text", cause=cause, cure=cure)])
    if scope.member_id is None:
        raise NotFound("mem")
    await rules_queries.accept(db, scope, scope.member_id, agreement_id, body.text_sha256)
    await audit.record(db, scope, "agreement.accepted", "agr", agreement_id, {"version": of.version})
    return (await rules_queries.acceptances(db, scope, FIRST, 1, agreement_id))[0]


async def list_acceptances(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Acceptance]:
    """Who accepted what: all for the coordinator, its own for a member."""
    return page(await rules_queries.acceptances(db, scope, after, limit + 1), limit)
