"""Settings: read once, refused with every fault at once, shown without passwords."""

import os
from pathlib import Path

import pytest

from cluster.base.settings import PORT_MAX, Settings, SettingsError, hide_password


def test_an_empty_environment_gives_settings_that_work() -> None:
    settings = Settings.from_env({"XDG_DATA_HOME": "/data"})
    assert settings.data_dir == Path("/data/cluster-logistics")
    assert (settings.host, settings.port) == ("127.0.0.1", 8765)
    assert settings.database_url is None
    assert settings.redis_url is None
    assert settings.solve_cores == os.cpu_count()
    assert settings.body_max_bytes == 256 * 1024


def test_what_is_set_is_read_and_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "CLUSTER_DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": "postgresql://app@db/cluster",
            "REDIS_URL": "",
            "CLUSTER_PORT": "9000",
            "CLUSTER_LOG_LEVEL": "WARNING",
            "CLUSTER_TILE_URL": "https://tiles/{z}/{x}/{y}.png",
        }
    )
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == "postgresql://app@db/cluster"
    assert settings.redis_url is None
    assert (settings.port, settings.log_level) == (9000, "warning")


def test_every_fault_is_named_at_once_with_cause_and_cure() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(
            {
                "CLUSTER_PORT": "54321",
                "CLUSTER_LOG_LEVEL": "loud",
                "CLUSTER_SOLVE_CORES": "0",
                "DATABASE_URL": "mysql://db",
                "DATABASE_OWNER_URL": "postgresql://owner@db/cluster",
                "CLUSTER_TILE_URL": "https://tiles/{z}.png",
                "CLUSTER_DATA_DIRECTORY": "/data",
            }
        )
    faults = {fault.name: fault for fault in refused.value.faults}
    assert list(faults) == [
        "DATABASE_URL",
        "CLUSTER_PORT",
        "CLUSTER_LOG_LEVEL",
        "CLUSTER_SOLVE_CORES",
        "CLUSTER_TILE_URL",
        "DATABASE_OWNER_URL",
        "CLUSTER_DATA_DIRECTORY",
    ]
    assert all(fault.cause and fault.cure for fault in faults.values())
    assert faults["CLUSTER_DATA_DIRECTORY"].cure == "Did you mean CLUSTER_DATA_DIR?"
    assert str(PORT_MAX) in faults["CLUSTER_PORT"].cause
    assert all(name in str(refused.value) for name in faults)


def test_a_scheduler_is_an_address_with_a_port() -> None:
    assert Settings.from_env({"CLUSTER_SCHEDULER": "tcp://dask:8786"}).scheduler == "tcp://dask:8786"
    assert Settings.from_env({}).scheduler is None


@pytest.mark.parametrize("value", ["dask:8786", "http://dask:8786", "tcp://dask", "tcp://:8786", "tcp://dask:port"])
def test_what_is_no_address_of_a_scheduler_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="CLUSTER_SCHEDULER"):
        Settings.from_env({"CLUSTER_SCHEDULER": value})


@pytest.mark.parametrize("value", ["-1", "0", "32768", "8.5", "1e3", "٣", "80 80", "9" * 5000])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="CLUSTER_PORT"):
        Settings.from_env({"CLUSTER_PORT": value})


def test_the_variable_kubernetes_makes_for_a_service_of_that_name_is_explained() -> None:
    with pytest.raises(SettingsError, match="enableServiceLinks"):
        Settings.from_env({"CLUSTER_PORT": "tcp://10.0.0.7:80"})


def test_the_owner_of_the_tables_is_refused_as_application_role() -> None:
    url = "postgresql://owner@db/cluster"
    with pytest.raises(SettingsError, match="row-level security"):
        Settings.from_env({"DATABASE_URL": url, "DATABASE_OWNER_URL": url})


def test_a_variable_of_somebody_else_is_left_alone() -> None:
    Settings.from_env({"CLUSTER_NAME": "prod-7", "SLURM_CLUSTER_PORT": "x"})


def test_a_password_is_never_shown() -> None:
    settings = Settings.from_env(
        {
            "DATABASE_URL": "postgresql://app:s3cret@db:5432/cluster?sslmode=require",
            "DATABASE_OWNER_URL": "postgresql://db/cluster?user=owner&password=s3cret",
            "REDIS_URL": "rediss://:s3cret@cache/0",
        }
    )
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in f"{settings}"
    assert hide_password("postgresql://app:s3cret@db:5432/c") == "postgresql://app:***@db:5432/c"
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"DATABASE_URL": "mysql://app:s3cret@db/cluster"})
    assert "s3cret" not in str(refused.value)


def test_settings_survive_the_way_to_a_child_process(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("")
    settings = Settings(
        data_dir=tmp_path,
        database_url="postgresql://app@/cluster?host=/tmp/x",
        redis_url="unix:///tmp/x.sock",
        port=9001,
        db_pool_max=3,
        web_processes=2,
        web_dir=tmp_path,
    )
    assert Settings.from_env(settings.to_env()) == settings


def test_a_dashboard_folder_without_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no index.html.*make web"):
        Settings.from_env({"CLUSTER_WEB_DIR": str(tmp_path)})
    (tmp_path / "index.html").write_text("")
    assert Settings.from_env({"CLUSTER_WEB_DIR": str(tmp_path)}).web_dir == tmp_path
