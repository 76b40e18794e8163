"""One effect for one key: effect and answer stand or fall together."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from cluster.base import idempotency, ids
from cluster.base.db import Connection, Role, Scope, system_scope
from cluster.base.db import Database as Pool
from cluster.base.errors import Invalid
from tests.databases import Database

pytestmark = pytest.mark.anyio
CLUSTER = ids.new()


def caller() -> Scope:
    """A coordinator with a key of its own."""
    return Scope(role=Role.COORDINATOR, cluster_id=CLUSTER, key_id=ids.new())


@pytest.fixture(scope="module")
async def pool(module_database: Database) -> AsyncIterator[Pool]:
    """The connection pool on a database with one cluster."""
    async with Pool.open(module_database.url, 6) as found:
        async with found.unit(system_scope(CLUSTER)) as db:
            await db.execute(
                "INSERT INTO clusters (cluster_id, name, country_code, currency, time_zone) "
                "VALUES ($1, 'C', 'VN', 'VND', 'UTC')",
                CLUSTER,
            )
        yield found


async def admit(db: Connection, code: str) -> dict[str, str]:
    """An effect to be had once."""
    await db.execute(
        "INSERT INTO members (cluster_id, member_id, code, name) VALUES ($1, $2, $3, $3)", CLUSTER, ids.new(), code
    )
    return {"code": code}


async def ask(
    pool: Pool, scope: Scope, code: str, *, key: str = "k", operation: str = "POST /members", request: bytes = b"{}"
) -> idempotency.Answer:
    """One request to admit a member."""
    async with pool.unit(scope) as db:
        return await idempotency.once(
            db, scope, key=key, operation=operation, request=request, do=lambda: admit(db, code)
        )


async def count(pool: Pool, code: str) -> int:
    """How many members have a code."""
    async with pool.unit(system_scope(CLUSTER)) as db:
        found: int = await db.fetchval("SELECT count(*) FROM members WHERE code = $1", code)
    return found


async def remembered(pool: Pool, key_id: UUID | None) -> int:
    """How many answers are kept of one caller."""
    async with pool.unit(system_scope()) as db:
        found: int = await db.fetchval("SELECT count(*) FROM idempotency WHERE key_id = $1", key_id)
    return found


async def test_the_second_request_gets_the_first_answer_and_has_no_effect(pool: Pool) -> None:
    scope = caller()
    first = await ask(pool, scope, "once")
    second = await ask(pool, scope, "twice")  # would admit another, if it ran
    assert (first.body, first.status, first.replayed) == (b'{"code":"once"}', 201, False)
    assert (second.body, second.status, second.replayed) == (first.body, 201, True)
    assert (await count(pool, "once"), await count(pool, "twice")) == (1, 0)


async def test_twins_at_the_same_moment_have_one_effect(pool: Pool) -> None:
    scope = caller()
    answers = await asyncio.gather(*(ask(pool, scope, "twin") for _ in range(6)))
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 5
    assert {answer.body for answer in answers} == {b'{"code":"twin"}'}
    assert await count(pool, "twin") == 1


async def test_a_failing_effect_leaves_nothing_and_the_key_may_be_used_again(pool: Pool) -> None:
    scope = caller()

    async def half(db: Connection) -> None:
        await admit(db, "half")
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        async with pool.unit(scope) as db:
            await idempotency.once(db, scope, key="k", operation="POST /members", request=b"{}", do=lambda: half(db))
    assert (await count(pool, "half"), await remembered(pool, scope.key_id)) == (0, 0)
    again = await ask(pool, scope, "half")
    assert (again.replayed, await count(pool, "half")) == (False, 1)


async def test_an_effect_whose_answer_cannot_be_kept_does_not_happen(pool: Pool) -> None:
    scope = caller()
    with pytest.raises(asyncpg.DataError):
        async with pool.unit(scope) as db:
            await idempotency.once(
                db, scope, key="k", operation="o", request=b"", do=lambda: admit(db, "unkept"), status=2**40
            )
    assert (await count(pool, "unkept"), await remembered(pool, scope.key_id)) == (0, 0)


async def test_a_transaction_that_fails_later_takes_the_answer_with_it(pool: Pool) -> None:
    scope = caller()

    async def fails_after_the_answer() -> None:
        async with pool.unit(scope) as db:
            await idempotency.once(db, scope, key="k", operation="o", request=b"", do=lambda: admit(db, "late"))
            raise LookupError("before the commit")

    with pytest.raises(LookupError):
        await fails_after_the_answer()
    assert (await count(pool, "late"), await remembered(pool, scope.key_id)) == (0, 0)


@pytest.mark.parametrize(("operation", "request_"), [("POST /sites", b"{}"), ("POST /members", b"{ }")])
async def test_a_key_used_for_something_else_is_refused(pool: Pool, operation: str, request_: bytes) -> None:
    scope = caller()
    code = f"other-{operation[6:]}-{len(request_)}".replace("/", "")
    await ask(pool, scope, code)
    with pytest.raises(Invalid) as refusal:
        await ask(pool, scope, f"{code}-2", operation=operation, request=request_)
    assert [fault.code for fault in refusal.value.errors] == ["idempotency_key_reused"]
    assert await count(pool, f"{code}-2") == 0


async def test_operation_and_body_cannot_be_shifted_into_each_other(pool: Pool) -> None:
    scope = caller()
    await ask(pool, scope, "shift", operation="POST /a", request=b"b")
    with pytest.raises(Invalid):
        await ask(pool, scope, "shift-2", operation="POST /ab", request=b"")


@pytest.mark.parametrize("key", ["", None, "x" * 256, "new\nline", "nul\0"])
async def test_keys_that_are_none_are_refused_before_anything_happens(pool: Pool, key: str | None) -> None:
    scope = caller()
    with pytest.raises(Invalid):
        async with pool.unit(scope) as db:
            await idempotency.once(db, scope, key=key, operation="o", request=b"", do=lambda: admit(db, "never"))
    assert await count(pool, "never") == 0


async def test_two_callers_may_use_the_same_key(pool: Pool) -> None:
    assert not (await ask(pool, caller(), "mine")).replayed
    assert not (await ask(pool, caller(), "yours")).replayed
    assert await count(pool, "yours") == 1


async def test_answers_are_forgotten_when_their_time_is_over_and_not_before(
    pool: Pool, module_database: Database
) -> None:
    scope = caller()
    for name in ("old", "young"):
        await ask(pool, scope, name, key=name)
    owner = await asyncpg.connect(module_database.owner_url)
    await owner.execute("ALTER TABLE idempotency NO FORCE ROW LEVEL SECURITY")
    age = "UPDATE idempotency SET created_at = now() - make_interval(days => $1) WHERE idem_key = $2"
    await owner.execute(age, idempotency.KEPT_DAYS + 1, "old")
    await owner.execute(age, idempotency.KEPT_DAYS - 1, "young")
    await owner.execute("ALTER TABLE idempotency FORCE ROW LEVEL SECURITY")
    await owner.close()
    async with pool.unit(system_scope()) as db:
        assert await idempotency.forget_old(db) == 1
    assert (await ask(pool, scope, "young", key="young")).replayed
    assert not (await ask(pool, scope, "old-again", key="old")).replayed


async def test_nobody_but_the_platform_forgets_answers(pool: Pool) -> None:
    scope = caller()
    await ask(pool, scope, "kept")
    async with pool.unit(caller()) as db:
        assert await db.execute("DELETE FROM idempotency") == "DELETE 0"
    assert await remembered(pool, scope.key_id) == 1
