"""Fixtures for all tests. Nothing is started for a test that does not ask for it; those of the solver never do."""

import gc
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from cluster.base.embedded import Servers
from tests.databases import Database, fresh_database, make_template, throw_away_servers

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""A slow machine is no fault of what is tested."""


LONG = (
    *("journeys/test_real_city", "journeys/test_demo", "journeys/test_main_job"),
    *("cluster/planning/test_plan", "cluster/planning/test_workflow", "cluster/planning/test_reach"),
    *("cluster/offline/test_report_in_browser", "cluster/offline/test_loads_in_browser"),
    *("cluster/test_fuzz", "cluster/test_hostile", "cluster/webhooks/test_delivery", "cluster/people/test_users"),
    *("cluster/isolation/test_noninterference", "cluster/isolation/test_policies_needed"),
    *("cluster/attacks/test_dispatch", "cluster/attacks/test_escalation", "cluster/attacks/test_canaries"),
    *("cluster/dispatch/test_replans", "cluster/dispatch/test_journey", "cluster/desk/test_drafts"),
    *("client/test_journey", "client/test_quick_start", "client/test_webhooks", "house/test_client"),
    *("solver/features/test_hold_days", "solver/test_first_plans_full", "solver/test_oracle", "solver/test_workers"),
    *("solver/test_regions", "solver/test_solve", "benchmarks/test_sharing_benchmark"),
)
"""Files of few tests that take long: begun last, one of them would be waited for by all processes but one."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among processes, long files are handed out first, then those of many tests (``--no-loadscope-reorder``)."""
    if not hasattr(config, "workerinput"):
        return
    files = {item: item.nodeid.partition("::")[0] for item in items}
    tests = Counter(files.values())
    first = {f"tests/{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: (first.get(files[item], len(LONG)), -tests[files[item]], files[item]))


def pytest_collection_finish() -> None:
    """What was imported stays: no collection of garbage has to look through it for the rest of the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, the one the platform uses."""
    return "asyncio"


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey of this test run, not durable, gone afterwards."""
    with throw_away_servers() as found:
        make_template(found)
        yield found


@pytest.fixture
def database(servers: Servers) -> Iterator[Database]:
    """A migrated, empty database for one test: ``url`` (application role), ``owner_url``, ``redis_url``."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="module")
def module_database(servers: Servers) -> Iterator[Database]:
    """A migrated database shared by the tests of one file."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture
def owner_url(database: Database) -> str:
    """Address of the role that owns the tables of ``database``."""
    return database.owner_url
