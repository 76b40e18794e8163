"""A running platform with a small cluster, made through the client alone."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.base.embedded import Servers
from cluster.members.service import issue_operator_key
from cluster_client import Client, models
from tests.databases import Database, fresh_database
from tests.journeys.live import Platform, platform

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SECRET_KEY = "a secret of the tests that is long enough"


class Harbour:
    """Cluster "Harbour": a hub, a van, a pool window for tomorrow, and the firms An and Binh, which are rivals."""

    live: Platform
    http: httpx.Client
    coordinator: Client
    an: Client
    an_key: str
    binh: Client
    window: models.PoolWindow
    day: date

    def client(self, key: str) -> Client:
        """Whoever holds a key."""
        return Client(self.live.url, key, http=self.http)

    def admit(self, code: str) -> str:
        """One more member; the key of its admin."""
        member = self.coordinator.members.admit(models.AdmitMember(code=code, name=code.title()))
        issue = models.IssueKey(name="tests", role=models.KeyRole.MEMBER_ADMIN, member_id=member.id)
        return self.coordinator.keys.issue(issue).api_key

    def at(self, clock: str) -> datetime:
        """A time of the service day."""
        return datetime.fromisoformat(f"{self.day}T{clock}").replace(tzinfo=ZONE)


@pytest.fixture(scope="session")
def own_database(servers: Servers) -> Iterator[Database]:
    """The database of this folder's tests."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="session")
def live(own_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Server and worker, allowed to send webhooks to this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLUSTER_WEBHOOKS_ALLOW_PRIVATE", "1")
        patch.setenv("CLUSTER_SECRET_KEY", SECRET_KEY)
        with platform(own_database, tmp_path_factory.mktemp("live")) as running:
            yield running


@pytest.fixture(scope="session")
def harbour(live: Platform, own_database: Database) -> Iterator[Harbour]:
    """The cluster above."""
    made = Harbour()
    made.live = live
    with httpx.Client(trust_env=False) as http:
        made.http = http
        founding = models.FoundCluster(name="Harbour", country_code="VN", currency="VND", time_zone=ZONE.key)
        founded = made.client(_operator_key(own_database)).found_cluster(founding)
        made.coordinator = made.client(founded.coordinator_key.api_key)
        _equip(made)
        made.an_key = made.admit("an")
        made.an, made.binh = made.client(made.an_key), made.client(made.admit("binh"))
        yield made


def _equip(made: Harbour) -> None:
    hub = made.coordinator.sites.add(
        models.AddSite(
            code="HUB",
            name="Shared hub",
            kind=models.SiteKind.HUB,
            address_line1="1 Hub Road",
            country_code="VN",
            lat=10.80,
            lon=106.64,
        )
    )
    made.coordinator.vehicle_types.add(
        models.AddVehicleType(
            code="van",
            name="Van",
            capacity=models.Capacity(weight_g=1_000_000, volume_cm3=6_000_000, pallet_places=2),
            tariff=models.Tariff(fixed_minor=300_000, km_minor=9_000, hour_minor=60_000),
            start_site_id=hub.id,
            end_site_id=hub.id,
        )
    )
    made.day = (datetime.now(ZONE) + timedelta(days=1)).date()
    opening = models.OpenPoolWindow(service_date=made.day, cut_off_at=made.at("04:00"))
    made.window = made.coordinator.pool_windows.open(opening)


def _operator_key(database: Database) -> str:
    async def issue() -> str:
        async with Pool.open(database.url, 1) as pool, pool.unit(system_scope()) as db:
            return await issue_operator_key(db)

    return asyncio.run(issue())


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests of this folder put files."""
    return tmp_path_factory.mktemp("client")
