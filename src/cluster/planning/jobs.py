"""The background job that makes a plan: thin, and safe to be killed at any moment."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine

from cluster.base.db import Database, system_scope
from cluster.base.jobs import LEASE_S, Job, LeaseLost, finish, give_back, renew
from cluster.places import lines
from cluster.places.roads_engine import RoadsAway, TravelEngine
from cluster.places.roads_engines import Roads
from cluster.planning import reach, settled, solving
from cluster.planning.models import PlanStatus, Rejected
from cluster.planning.scenarios import searched_of
from cluster.planning.solver_process import SolverFailed, SolverProcess, solver_process
from cluster.planning.solving import Stale, Work
from cluster.planning.storing import OnSolved
from cluster.planning.translate import (
    Answer,
    Problem,
    Unsolvable,
    answer_of,
    plan_of,
    problem_of,
    progress_of,
    request_line,
    unsolvable,
)

log = logging.getLogger("cluster.planning")

HEARTBEAT_S = 0.4
SPLIT_ALLOWANCE_S = 360
RETRY_DELAY_S = 5
ROADS_RETRY_S = 60
ROADS_SECONDS_MAX = 3600
"""Nobody waits for legs that are computed ahead."""


Question = Callable[[Work, int], Awaitable[tuple[bytes, Problem]]]
"""Makes the line that the solver's child reads, for so many cores, and the problem that its answer is a plan of."""


class Aborted(Exception):
    """Somebody asked for the plan to be aborted."""


async def plan_pool_window(
    database: Database,
    job: Job,
    *,
    cores: int,
    memory_max_mb: int,
    on_solved: OnSolved,
    roads: Roads | None = None,
    question: Question | None = None,
) -> None:
    """
    Makes one plan: gather, solve in a child process, check, apply.

    Every way out leaves plan and job in a state that says what happened; a killed worker leaves a lease that runs out.
    ``question`` makes what the child is asked, where that is not the window's day as it is.
    """
    scope = system_scope(job.cluster_id)
    try:
        if job.worn_out:
            raise SolverFailed(f"gave up after {job.attempts_max} attempts")
        async with database.unit(scope) as db:
            work = await solving.begin(db, job)
        work = work if roads is None else await _on_roads(database, job, work, roads)
        line, problem = await (question or _question)(work, cores)
        answer, raw = await _solve(database, job, work, problem, line, memory_max_mb)
        async with database.unit(scope) as db:
            await solving.apply(db, job, work, problem, answer, raw, on_solved)
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)
    except Stale:
        await _put_back(database, job, 0, "the day changed while it was being planned")
    except Aborted:
        await _give_up(database, job, PlanStatus.ABORTED, "aborted", "Aborted by the coordinator.")
    except Unsolvable as error:
        await _give_up(database, job, PlanStatus.FAILED, "unsolvable", str(error))
    except Rejected as error:
        log.exception("the checker rejected a plan of job %s", job.job_id)
        await _give_up(database, job, PlanStatus.FAILED, "plan_rejected", str(error))
    except SolverFailed as error:
        await _after_failure(database, job, str(error))
    except asyncio.CancelledError:
        await asyncio.shield(_put_back(database, job, 0, "the worker was stopped"))
        raise


async def _on_roads(database: Database, job: Job, work: Work, roads: Roads) -> Work:
    """The day with the legs it lacked: computed while the lease is kept, and nothing else of ours waits."""
    scope = system_scope(job.cluster_id)
    filling = asyncio.create_task(reach.fill(database, scope, roads, work.day.pool.pool_window_id))
    try:
        while not filling.done():
            await asyncio.wait({filling}, timeout=HEARTBEAT_S)
            async with database.unit(scope) as db:
                if (await solving.note_progress(db, job, [])).abort:
                    raise Aborted
        await filling
    finally:
        filling.cancel()
    calibration = await asyncio.to_thread(roads.calibration)
    async with database.unit(scope) as db:
        return await solving.on_roads(db, scope, work, calibration)


async def look_at_roads(database: Database, job: Job, roads: Roads) -> None:
    """Computes legs and checks points of all that is booked, so that plans need not wait and the coordinator knows."""
    await _asking_roads(
        database, job, roads, lambda engine: reach.fill_all(database, job.cluster_id, engine, ROADS_SECONDS_MAX)
    )


async def draw_roads(database: Database, job: Job, roads: Roads) -> None:
    """Computes the lines along roads that whoever looks at routes lacks."""
    scope = system_scope(job.cluster_id)
    await _asking_roads(
        database, job, roads, lambda engine: lines.compute(database, scope, engine, seconds=ROADS_SECONDS_MAX)
    )


async def _asking_roads(
    database: Database, job: Job, roads: Roads, work: Callable[[TravelEngine], Coroutine[None, None, None]]
) -> None:
    """What a road engine is needed for; while it is away, later again."""
    scope = system_scope(job.cluster_id)
    try:
        engine = await asyncio.to_thread(roads.engine)
        if engine is not None:
            await _kept(database, job, work(engine))
        async with database.unit(scope) as db:
            await finish(db, job, "done")
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)
    except RoadsAway as error:
        log.warning("roads of job %s: %s", job.job_id, error)
        async with database.unit(scope) as db:
            await give_back(db, job, ROADS_RETRY_S * job.attempts, str(error))
    except asyncio.CancelledError:
        async with database.unit(scope) as db:
            await asyncio.shield(give_back(db, job, 0, "the worker was stopped"))
        raise


async def _kept(database: Database, job: Job, work: Coroutine[None, None, None]) -> None:
    """Renews the lease for as long as the work takes."""
    doing = asyncio.create_task(work)
    try:
        while not doing.done():
            await asyncio.wait({doing}, timeout=LEASE_S / 3)
            async with database.unit(system_scope(job.cluster_id)) as db:
                await renew(db, job)
        await doing
    finally:
        doing.cancel()


async def _question(work: Work, cores: int) -> tuple[bytes, Problem]:
    """The request to the solver, made beside the event loop: a large day takes a moment."""
    return await asyncio.to_thread(_asked, work, cores)


def _asked(work: Work, cores: int) -> tuple[bytes, Problem]:
    problem, ground = problem_of(work.day), None
    if work.road is not None:
        problem, ground = settled.held(problem, work.road), problem
    base = None if work.base is None else plan_of(work.base)
    searched = searched_of(work.day, problem, base, work.change_minor)
    line = request_line(
        problem,
        work.seconds,
        work.seed,
        work.rule,
        work.players_max,
        cores,
        searched=searched,
        ground=ground,
        start=base,
        terms=work.terms,
    )
    return line, problem


async def _solve(
    database: Database, job: Job, work: Work, problem: Problem, line: bytes, memory_max_mb: int
) -> tuple[Answer, bytes]:
    """The child's answer, checked."""
    async with solver_process(line) as child:
        try:
            async with asyncio.timeout(work.seconds + SPLIT_ALLOWANCE_S):
                raw = await _follow(database, job, child, memory_max_mb)
        except TimeoutError:
            raise SolverFailed(f"no answer {SPLIT_ALLOWANCE_S} s after the search should have ended") from None
    return await asyncio.to_thread(answer_of, problem, raw), raw


async def _follow(database: Database, job: Job, child: SolverProcess, memory_max_mb: int) -> bytes:
    """Heartbeats until the child has answered; progress goes along."""
    points: list[dict[str, object]] = []
    answers: list[bytes] = []
    planned = False
    listening = asyncio.create_task(_listen(child, points, answers))
    try:
        while not listening.done():
            await asyncio.wait({listening}, timeout=HEARTBEAT_S)
            new, points[:] = list(points), []
            async with database.unit(system_scope(job.cluster_id)) as db:
                wish = await solving.note_progress(db, job, new)
            if wish.abort:
                raise Aborted
            planned = planned or any(point["cost_minor"] is not None for point in new)
            if wish.stop and planned:  # before there is a plan, nothing could be kept
                await child.stop()
            if child.memory_mb() > memory_max_mb:
                raise SolverFailed(f"the solve needs more than {memory_max_mb} MB of memory")
        await listening
    finally:
        listening.cancel()
    if not answers:
        raise SolverFailed("the solver ended without an answer")
    return answers[0]


async def _listen(child: SolverProcess, points: list[dict[str, object]], answers: list[bytes]) -> None:
    last = 0.0
    async for message in child.messages():
        if "progress" in message:
            point = progress_of(bytes(message["progress"]))
            # A phase that passes quickly is not overwritten by the next.
            fresh = not points or points[-1]["phase"] != point["phase"]
            if fresh or time.monotonic() - last > HEARTBEAT_S / 4:
                points.append(point)
                last = time.monotonic()
            else:
                points[-1] = point
        elif "faults" in message:
            raise unsolvable(bytes(message["faults"]))
        else:
            answers.append(bytes(message["answer"]))


async def _after_failure(database: Database, job: Job, detail: str) -> None:
    """A crashed solver may have been bad luck: try again, then give up."""
    log.warning("solve of job %s failed (attempt %d): %s", job.job_id, job.attempts, detail)
    if job.attempts >= job.attempts_max:
        await _give_up(database, job, PlanStatus.FAILED, "solver_failed", detail)
    else:
        await _put_back(database, job, RETRY_DELAY_S * job.attempts, detail)


async def _give_up(database: Database, job: Job, status: PlanStatus, code: str, detail: str) -> None:
    try:
        async with database.unit(system_scope(job.cluster_id)) as db:
            await solving.give_up(db, job, status, code, detail)
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)


async def _put_back(database: Database, job: Job, delay_s: int, why: str) -> None:
    async with database.unit(system_scope(job.cluster_id)) as db:
        await solving.put_back(db, job, delay_s, why)
