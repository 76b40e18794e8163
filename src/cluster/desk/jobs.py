"""Background jobs of drafts: those of plans, with another question."""

import asyncio
from functools import partial

from cluster.base.db import Database, system_scope
from cluster.base.jobs import Job
from cluster.desk import finishing, hands
from cluster.desk.finishing import FINISH_JOB, REOPTIMISE_JOB
from cluster.planning.jobs import plan_pool_window
from cluster.planning.solving import Work
from cluster.planning.storing import OnSolved
from cluster.planning.translate import Problem, Unsolvable

JOBS = (FINISH_JOB, REOPTIMISE_JOB)


async def make_plan(database: Database, job: Job, *, cores: int, memory_max_mb: int, on_solved: OnSolved) -> None:
    """Makes a plan of a draft: as it is, or searched on around its locks."""
    question = _fixed if job.kind == FINISH_JOB else _around_locks
    await plan_pool_window(
        database,
        job,
        cores=cores,
        memory_max_mb=memory_max_mb,
        on_solved=on_solved,
        question=partial(question, database, job),
    )


async def _fixed(database: Database, job: Job, work: Work, cores: int) -> tuple[bytes, Problem]:
    async with database.unit(system_scope(job.cluster_id)) as db:
        found = await finishing.fixed(db, system_scope(job.cluster_id), work.plan_id)
    line = await asyncio.to_thread(
        hands.fixed_line,
        found.packed,
        found.state,
        seconds=work.seconds,
        seed=work.seed,
        rule=work.rule,
        players_max=work.players_max,
        cores=cores,
        terms=work.terms,
    )
    if isinstance(line, hands.No):
        raise Unsolvable(line.detail)
    return _of_today(work, *line)


async def _around_locks(database: Database, job: Job, work: Work, cores: int) -> tuple[bytes, Problem]:
    async with database.unit(system_scope(job.cluster_id)) as db:
        packed = await finishing.packed_of(db, system_scope(job.cluster_id), work.plan_id)
    line = await asyncio.to_thread(
        hands.around_locks_line,
        packed,
        work.task or {},
        seconds=work.seconds,
        seed=work.seed,
        rule=work.rule,
        players_max=work.players_max,
        cores=cores,
        terms=work.terms,
    )
    if isinstance(line, hands.No):
        raise Unsolvable(line.detail)
    return _of_today(work, *line)


def _of_today(work: Work, line: bytes, problem: Problem) -> tuple[bytes, Problem]:
    """The question, if all its shipments still are to be carried."""
    known = {shipment.id for shipment in work.day.shipments}
    if not all(order.id in known for order in problem.orders):
        raise Unsolvable("Shipments of the draft have been cancelled or taken out of the pool; revise its base plan.")
    return line, problem
