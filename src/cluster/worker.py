"""
The worker: takes jobs from the table, sends what waits in the outbox, keeps house.

arq only rings the bell. Missing a ring costs ``LOOK_EVERY_S`` seconds, losing Redis nothing more.
"""

import asyncio
import contextlib
import functools
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from arq.worker import Worker, func
from redis.exceptions import RedisError

from cluster.base import idempotency, jobs, outbox, sealing, secrets
from cluster.base.db import Database, system_scope
from cluster.base.errors import Busy
from cluster.base.queue import QUEUE, WAKE, WakeUp, deserialize, redis_settings, serialize
from cluster.base.settings import Settings
from cluster.books import posting
from cluster.channels import service as channels
from cluster.channels.jobs import ShopKeeper
from cluster.channels.jobs import ring as ring_channels
from cluster.channels.shop_calls import ShopCalls
from cluster.desk import jobs as desk
from cluster.erasers import ERASERS
from cluster.gateways.jobs import GateKeeper
from cluster.gateways.jobs import ring as ring_gateways
from cluster.imports.jobs import forget_old as forget_old_imports
from cluster.imports.jobs import move_on
from cluster.imports.service import IMPORT_JOB
from cluster.insights import kpis
from cluster.ledger import checking
from cluster.members import archive
from cluster.members.jobs import archive_member, erase_persons
from cluster.members.leaving import ARCHIVE_JOB, ERASURE_JOB
from cluster.people import service as people
from cluster.places.geocoding import Geocoder
from cluster.places.lines import LINES_JOB
from cluster.places.roads_engines import Roads
from cluster.planning import reach
from cluster.planning.jobs import draw_roads, look_at_roads, plan_pool_window
from cluster.planning.service import PLAN_JOB
from cluster.quotes import service as quotes
from cluster.settlement import service as settlement
from cluster.shipments import schedules
from cluster.tenders import amending
from cluster.tenders import service as tenders
from cluster.webhooks import deliveries
from cluster.webhooks.jobs import Deliverer, relay
from cluster.webhooks.policy import Policy
from cluster.webhooks.sending import Sender

log = logging.getLogger("cluster.worker")

LOOK_EVERY_S = 2.0
RELAY_EVERY_S = 0.5
"""Nobody rings when something has happened: most of the time that a message takes is until the relay looks."""
HOUSEKEEPING_EVERY_S = 3600.0
TEND_EVERY_S = 15.0
QUEUE_RETRY_S = 5.0
JOBS_AT_ONCE = 2
SHOPS_AT_ONCE = 2
ON_ROADS = {reach.ROADS_JOB: look_at_roads, LINES_JOB: draw_roads}
AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError, OSError, Busy)
"""What a lost database looks like from here; a job under way is taken again when its lease runs out."""


class Runner:
    """Runs jobs until told to stop."""

    def __init__(self, settings: Settings, database: Database, wake_up: WakeUp) -> None:
        self._settings = settings
        self._database = database
        self._wake_up = wake_up
        self._roads = Roads.of(settings)
        self._bell = asyncio.Event()
        self._post = asyncio.Event()
        self._shop_bell = asyncio.Event()
        self._gate_bell = asyncio.Event()
        self._deliverer: Deliverer | None = None

    async def ring(self, _: dict[Any, Any]) -> None:
        """There may be something to do."""
        self._bell.set()
        self._post.set()
        self._shop_bell.set()
        self._gate_bell.set()
        if self._deliverer is not None:
            self._deliverer.ring()

    async def run(self) -> None:
        """All loops, side by side; the first that ends ends all."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(JOBS_AT_ONCE):
                    group.create_task(self._forever(self._work))
                group.create_task(self._forever(self._relay))
                group.create_task(self._deliver())
                group.create_task(self._keep_shops())
                group.create_task(self._keep_gates())
                group.create_task(self._forever(self._keep_house))
                group.create_task(self._forever(self._seal))
                group.create_task(self._forever(self._tend_windows))
                group.create_task(self._forever(self._tend_tenders))
                group.create_task(self._forever(self._add_up))
                group.create_task(self._forever(self._post_books))
                group.create_task(self._forever(self._check_books))
                group.create_task(self._listen())
        finally:
            self._roads.close()

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        """One step after the other; while the database is away, a pause and another try."""
        while True:
            try:
                await step()
            except AWAY as error:
                log.warning("the database does not answer (%s: %s); trying again", type(error).__name__, error)
                await asyncio.sleep(LOOK_EVERY_S)

    async def _work(self) -> None:
        """Takes one job; when there is none, waits for the bell."""
        async with self._database.unit(system_scope()) as db:
            job = await jobs.claim(db)
        if job is not None:
            await self._run(job)
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), LOOK_EVERY_S)
        self._bell.clear()

    async def _run(self, job: jobs.Job) -> None:
        log.info("job %s (%s), attempt %d", job.job_id, job.kind, job.attempts)
        if job.kind == PLAN_JOB:
            await plan_pool_window(
                self._database,
                job,
                cores=self._settings.solve_cores,
                memory_max_mb=self._settings.solve_memory_max_mb,
                on_solved=settlement.record,
                roads=self._roads,
            )
            return
        if job.kind in desk.JOBS:
            await desk.make_plan(
                self._database,
                job,
                cores=self._settings.solve_cores,
                memory_max_mb=self._settings.solve_memory_max_mb,
                on_solved=settlement.record,
            )
            return
        if job.kind in ON_ROADS:
            await ON_ROADS[job.kind](self._database, job, self._roads)
            return
        if job.kind == ARCHIVE_JOB:
            await archive_member(self._database, job)
            return
        if job.kind == ERASURE_JOB:
            await erase_persons(self._database, job, ERASERS)
            return
        if job.kind == IMPORT_JOB:
            await move_on(self._database, job)
            return
        async with self._database.unit(system_scope(job.cluster_id)) as db:
            await jobs.finish(db, job, "failed", f"no worker here knows jobs of kind {job.kind}")

    async def _relay(self) -> None:
        """Sends waiting outbox events: a queued job rings the bell of every worker."""
        self._post.clear()
        relayed = await relay(self._database)
        if jobs.JOB_QUEUED in relayed.topics:
            self._bell.set()
            await self._wake_up.nudge()
        if self._roads.kind != "none":
            await reach.ask(self._database, relayed.heard)
        await ring_channels(self._database, relayed.heard)
        await ring_gateways(self._database, relayed.heard)
        if relayed.deliveries and self._deliverer is not None:
            self._deliverer.ring()
        if not relayed.events:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._post.wait(), RELAY_EVERY_S)

    async def _deliver(self) -> None:
        """Sends webhooks."""
        policy, allow_private = Policy(), self._settings.webhooks_allow_private
        sender = Sender(timeout_s=policy.timeout_s, connections=policy.slots, allow_private=allow_private)
        async with sender:
            vault = functools.partial(secrets.vault_of, self._settings)
            self._deliverer = Deliverer(self._database, vault, sender, policy)
            try:
                await self._forever(self._deliverer.step)
            finally:
                with contextlib.suppress(*AWAY):
                    await self._deliverer.close()

    async def _keep_shops(self) -> None:
        """Looks at members' shops, some side by side."""
        settings = self._settings
        async with ShopCalls(allow_private=settings.webhooks_allow_private) as calls, asyncio.TaskGroup() as group:
            vault = functools.partial(secrets.vault_of, settings)
            keeper = ShopKeeper(self._database, vault, calls, Geocoder(settings), settings.public_url)

            async def step() -> None:
                self._shop_bell.clear()
                if not await keeper.step():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._shop_bell.wait(), LOOK_EVERY_S)

            for _ in range(SHOPS_AT_ONCE):
                group.create_task(self._forever(step))

    async def _keep_gates(self) -> None:
        """Sees to orders at carriers' systems and to files exchanged with them, some side by side."""
        settings = self._settings
        async with ShopCalls(allow_private=settings.webhooks_allow_private) as calls, asyncio.TaskGroup() as group:
            vault = functools.partial(secrets.vault_of, settings)
            folder = settings.data_dir / "gateways"
            keeper = GateKeeper(self._database, vault, calls, settings.public_url, folder)

            async def step() -> None:
                self._gate_bell.clear()
                if not await keeper.step():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._gate_bell.wait(), LOOK_EVERY_S)

            for _ in range(SHOPS_AT_ONCE):
                group.create_task(self._forever(step))

    async def _keep_house(self) -> None:
        async with self._database.unit(system_scope()) as db:
            forgotten = await idempotency.forget_old(db)
            await quotes.forget_old(db)
            await channels.forget_old(db)
            await archive.drop_expired(db)
            await people.forget_old(db)
            sent, events = await deliveries.forget_old(db), await outbox.forget_old(db)
        if forgotten or sent or events:
            log.info("forgot %d old idempotency keys, %d deliveries, %d events", forgotten, sent, events)
        if forgotten_lines := await forget_old_imports(self._database):
            log.info("forgot %d lines of old imports", forgotten_lines)
        await asyncio.sleep(HOUSEKEEPING_EVERY_S)

    async def _seal(self) -> None:
        await sealing.seal_all(self._database, self._settings.data_dir)
        await asyncio.sleep(sealing.EVERY_S)

    async def _tend_windows(self) -> None:
        """Pool windows are made ahead of their time, and their opening and closing is told."""
        if not await schedules.tend(self._database):
            await asyncio.sleep(TEND_EVERY_S)

    async def _tend_tenders(self) -> None:
        """Tenders go on, and amendments end, at their deadlines."""
        went_on, ended = await tenders.tend(self._database), await amending.tend(self._database)
        if not went_on and not ended:
            await asyncio.sleep(LOOK_EVERY_S)

    async def _add_up(self) -> None:
        """Published plans become figures, and months that are over are told to members."""
        if not await kpis.tend(self._database):
            await asyncio.sleep(TEND_EVERY_S)

    async def _post_books(self) -> None:
        """What was published, billed, delivered and collected becomes entries of the books."""
        if not await posting.tend(self._database):
            await asyncio.sleep(TEND_EVERY_S)

    async def _check_books(self) -> None:
        """What was posted is read again, and an alarm is raised where the books are not whole."""
        if not await checking.tend(self._database):
            await asyncio.sleep(TEND_EVERY_S)

    async def _listen(self) -> None:
        """Hears arq's rings for as long as Redis is there, and comes back to it when it was away."""
        while self._settings.redis_url is not None:
            try:
                bell = Worker(
                    functions=[func(self.ring, name=WAKE)],  # type: ignore[arg-type]
                    redis_settings=redis_settings(self._settings.redis_url),
                    queue_name=QUEUE,
                    handle_signals=False,
                    keep_result=0,
                    poll_delay=0.2,
                    job_serializer=serialize,
                    job_deserializer=deserialize,
                )
                try:
                    await bell.async_run()
                finally:
                    await bell.close()
            except (RedisError, OSError) as error:
                log.warning("the queue does not answer (%s); looking for jobs every %g s", error, LOOK_EVERY_S)
            await asyncio.sleep(QUEUE_RETRY_S)


async def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT; a job under way goes back to the table for another worker."""
    if settings.database_url is None:
        raise LookupError("DATABASE_URL is not set; `cluster dev` runs everything with embedded servers")
    async with (
        Database.open(settings.database_url, settings.db_pool_max) as database,
        WakeUp.open(settings.redis_url) as wake_up,
    ):
        work = asyncio.create_task(Runner(settings, database, wake_up).run())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await work


def main() -> None:
    """The worker for this process's environment."""
    settings = Settings.from_env(os.environ)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("arq").setLevel(logging.WARNING)
    asyncio.run(run(settings))
