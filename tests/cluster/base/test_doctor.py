"""The doctor: finds what is wrong, says what to do, and touches nothing."""

import socket
from pathlib import Path

import pytest

from cluster.base import doctor
from cluster.base.doctor import Finding, examine
from cluster.base.embedded import Servers, ports
from cluster.base.settings import Settings
from tests.databases import Database, execute, named


def settings_for(database: Database, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database.url, redis_url=database.redis_url)


def finding(findings: list[Finding], words: str) -> Finding:
    found = [one for one in findings if words in one.what]
    assert len(found) == 1, findings
    return found[0]


def test_a_sound_installation_has_nothing_bad(database: Database, tmp_path: Path) -> None:
    findings = examine(settings_for(database, tmp_path))
    assert [one for one in findings if one.level == "bad"] == []
    assert finding(findings, "All migrations are applied").level == "ok"
    assert finding(findings, "cluster_app is held back").level == "ok"
    assert finding(findings, "PostgreSQL at").level == "ok"
    assert finding(findings, "Redis at").level == "ok"


def test_it_starts_and_creates_nothing(tmp_path: Path) -> None:
    findings = examine(Settings(data_dir=tmp_path / "none"))
    assert "cluster demo" in finding(findings, "PostgreSQL is not running").what
    assert "cluster demo" in finding(findings, "Valkey is not running").what
    assert not (tmp_path / "none").exists()


def test_every_bad_or_doubtful_finding_has_a_cure(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url="postgresql://app@127.0.0.1:1/none",
        redis_url="redis://127.0.0.1:1",
        host="192.0.2.1",
        solve_memory_max_mb=10**9,
    )
    findings = examine(settings)
    assert {one.level for one in findings} == {"ok", "warn", "bad"}
    assert all(one.cure for one in findings if one.level != "ok")
    assert finding(findings, "PostgreSQL at").level == "bad"
    assert finding(findings, "Redis at").level == "bad"
    assert finding(findings, "cannot be listened on").level == "bad"
    assert finding(findings, "A solve may take").level == "warn"


def test_a_role_that_row_level_security_does_not_hold_back_is_bad(
    database: Database, servers: Servers, tmp_path: Path
) -> None:
    superuser = named(servers.admin_url or "", database.url.partition("?")[0].rpartition("/")[2])
    findings = examine(Settings(data_dir=tmp_path, database_url=superuser, redis_url=database.redis_url))
    assert finding(findings, "bypasses row-level security").level == "bad"
    execute(database.owner_url, "CREATE TABLE of_the_owner (id int)")
    findings = examine(Settings(data_dir=tmp_path, database_url=database.owner_url, redis_url=database.redis_url))
    assert finding(findings, "owns tables").level == "bad"


def test_migrations_still_to_apply_and_edited_ones_are_told_apart(database: Database, tmp_path: Path) -> None:
    execute(database.owner_url, "ALTER TABLE schema_migrations RENAME TO kept")
    findings = examine(settings_for(database, tmp_path))
    missing = finding(findings, "still to apply")
    assert (missing.level, missing.cure) == ("bad", "Run `make migrate`.")
    execute(database.owner_url, "ALTER TABLE kept RENAME TO schema_migrations")
    execute(database.owner_url, "UPDATE schema_migrations SET sha256 = 'other' WHERE version = 1")
    assert finding(examine(settings_for(database, tmp_path)), "does not fit this release").level == "bad"


def test_a_taken_port_is_doubtful_and_another_one_offered(tmp_path: Path) -> None:
    port = ports.next_free("127.0.0.1", 21000)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        found = finding(examine(Settings(data_dir=tmp_path, port=port)), "is taken")
    assert found.level == "warn"
    assert "CLUSTER_PORT" in found.cure


@pytest.mark.parametrize(("version", "level"), [((3, 10), "bad"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "bad")])
def test_python_from_3_11_to_3_13_will_do(version: tuple[int, int], level: str) -> None:
    assert doctor._python(version).level == level


def test_a_password_does_not_reach_the_findings(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url="postgresql://app:s3cret@127.0.0.1:1/none",
        redis_url="redis://:s3cret@127.0.0.1:1",
    )
    assert "s3cret" not in str(examine(settings))
