"""Embedded servers: started, shared, found again after a crash, and gone when the last user leaves."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
import redis

from cluster.base.embedded import EmbeddedError, paths, ports, running_database_url, servers, start
from cluster.base.settings import Settings

ROOT = Path(__file__).resolve().parents[3]

HOLD = """
import signal
import sys
from pathlib import Path
from cluster.base.embedded import servers
from cluster.base.settings import Settings

# Checks that run in the background ignore both, and what they start inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
with servers(Settings(data_dir=Path(sys.argv[1])), fast=True) as found:
    print(*found.started, flush=True)
    sys.stdin.read()
"""


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cluster-embedded-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="module")
def created() -> Iterator[Path]:
    """A data folder whose servers were started and stopped once; copying it is quicker than creating another."""
    folder = new_folder()
    with servers(settings(folder), fast=True):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(created: Path) -> Iterator[Path]:
    folder = new_folder()
    subprocess.run(["cp", "-a", created / "postgres", folder], check=True)
    yield folder
    if folder.exists():
        start(settings(folder), fast=True).discard()
        shutil.rmtree(folder)


@pytest.fixture
def hold() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Start another process that uses the servers until its input ends."""
    holders: list[subprocess.Popen[str]] = []

    def begin(folder: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, str(folder)]
        holders.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT))
        return holders[-1]

    yield begin
    for holder in holders:
        holder.kill()
        holder.communicate()


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder)


def ask(url: str, query: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def left_running(folder: Path) -> list[str]:
    shown = subprocess.run(["ps", "-eww", "-o", "args"], check=True, capture_output=True, text=True).stdout
    marks = (str(folder), paths.key_of(folder))  # PostgreSQL shows its folder, Valkey its socket
    return [line for line in shown.splitlines() if "ps -eww" not in line and any(mark in line for mark in marks)]


def postmaster(folder: Path) -> int:
    return int((paths.database_home(folder, paths.service_account()) / "data/postmaster.pid").read_text().split()[0])


def test_the_application_role_can_neither_bypass_row_level_security_nor_create(data_dir: Path) -> None:
    with servers(settings(data_dir), fast=True) as found:
        role = (
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert ask(found.database_url, role) is False
        assert ask(found.database_url, "SELECT has_schema_privilege('public', 'CREATE')") is False
        assert found.owner_url
        assert ask(found.owner_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(found.owner_url, "SELECT has_schema_privilege('public', 'CREATE')") is True
        assert ask(found.owner_url, "SHOW listen_addresses") == ""
        assert redis.Redis.from_url(found.redis_url).config_get("maxmemory-policy") == {
            "maxmemory-policy": "noeviction"
        }
        assert [line.split(":")[0] for line in found.describe()] == ["PostgreSQL", "Valkey"]


def test_what_was_stored_is_there_after_stop_and_start_and_nothing_runs_in_between(data_dir: Path) -> None:
    with servers(settings(data_dir)) as found:
        assert found.owner_url
        ask(found.owner_url, "CREATE TABLE kept (id int)")
        redis.Redis.from_url(found.redis_url).set("kept", "yes")
        assert running_database_url(settings(data_dir)) == found.database_url
    assert running_database_url(settings(data_dir)) is None
    assert left_running(data_dir) == []
    with servers(settings(data_dir)) as found:
        assert found.started == ["PostgreSQL", "Valkey"]
        assert ask(found.owner_url or "", "SELECT to_regclass('kept')::text") == "kept"
        assert redis.Redis.from_url(found.redis_url).get("kept") == b"yes"


def test_other_servers_named_in_the_settings_are_used_and_none_started(tmp_path: Path) -> None:
    named = Settings(
        data_dir=tmp_path / "unused",
        database_url="postgresql://app:secret@db/cluster",
        database_owner_url="postgresql://owner@db/cluster",
        redis_url="redis://cache:6379/1",
    )
    with servers(named) as found:
        assert (found.database_url, found.owner_url) == (named.database_url, named.database_owner_url)
        assert (found.redis_url, found.started) == (named.redis_url, [])
        assert "secret" not in "".join(found.describe())
    assert not (tmp_path / "unused").exists()


def test_two_starts_at_the_same_moment_share_one_server_and_the_last_to_leave_stops_it(
    data_dir: Path, hold: Callable[[Path], subprocess.Popen[str]]
) -> None:
    one, two = hold(data_dir), hold(data_dir)
    assert one.stdout
    assert two.stdout
    assert sorted([one.stdout.readline().strip(), two.stdout.readline().strip()]) == ["", "PostgreSQL Valkey"]
    one.communicate()  # ends its input, and waits for its end
    assert one.returncode == 0
    assert ask(running_database_url(settings(data_dir)) or "", "SELECT 1") == 1
    two.communicate()
    assert two.returncode == 0
    assert left_running(data_dir) == []


def test_servers_of_a_killed_process_are_found_again_and_stopped_by_the_next(
    data_dir: Path, hold: Callable[[Path], subprocess.Popen[str]]
) -> None:
    holder = hold(data_dir)
    assert holder.stdout
    assert holder.stdout.readline().strip() == "PostgreSQL Valkey"
    before = postmaster(data_dir)
    holder.kill()
    holder.wait()
    assert len(left_running(data_dir)) == 2
    with servers(settings(data_dir), fast=True) as found:
        assert found.started == []
        assert postmaster(data_dir) == before
        assert ask(found.database_url, "SELECT 1") == 1
        assert redis.Redis.from_url(found.redis_url).ping()
    assert left_running(data_dir) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_servers_with_the_process(
    data_dir: Path, hold: Callable[[Path], subprocess.Popen[str]], number: signal.Signals
) -> None:
    holder = hold(data_dir)
    assert holder.stdout
    holder.stdout.readline()
    holder.send_signal(number)
    holder.wait(30)
    assert holder.returncode != 0
    assert left_running(data_dir) == []


def test_a_killed_postgres_starts_again_though_its_children_still_hold_its_memory(data_dir: Path) -> None:
    held = start(settings(data_dir))
    ask(held.owner_url or "", "CREATE TABLE kept (id int)")
    os.kill(postmaster(data_dir), signal.SIGKILL)
    again = start(settings(data_dir))
    assert again.started == ["PostgreSQL"]
    assert ask(again.owner_url or "", "SELECT to_regclass('kept')::text") == "kept"
    again.stop()
    held.stop()
    assert left_running(data_dir) == []


def test_a_number_left_in_the_pid_file_that_belongs_to_somebody_else_by_now_does_not_hinder(data_dir: Path) -> None:
    with servers(settings(data_dir), fast=True):
        pid_file = paths.database_home(data_dir, paths.service_account()) / "data/postmaster.pid"
        words = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *words[1:]]))  # as after a reboot
    shutil.chown(pid_file, pid_file.parent.stat().st_uid)
    with servers(settings(data_dir), fast=True) as found:
        assert found.started == ["PostgreSQL", "Valkey"]


def test_servers_whose_folder_was_deleted_under_them_give_way_to_new_ones(data_dir: Path) -> None:
    first = start(settings(data_dir), fast=True)
    shutil.rmtree(paths.database_home(data_dir, paths.service_account()))
    shutil.rmtree(data_dir / "valkey")
    second = start(settings(data_dir), fast=True)
    assert second.started == ["PostgreSQL", "Valkey"]
    time.sleep(0.2)  # the old ones are gone by now, and took nothing along
    assert ask(second.database_url, "SELECT 1") == 1
    assert redis.Redis.from_url(second.redis_url).ping()
    first.stop()
    second.stop()
    assert left_running(data_dir) == []


def test_an_interrupted_creation_is_begun_anew(data_dir: Path) -> None:
    account = paths.service_account()
    home = paths.database_home(data_dir, account)
    shutil.rmtree(home / "data")
    half = home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with servers(settings(data_dir), fast=True) as found:
        assert ask(found.database_url, "SELECT 1") == 1


def test_a_database_of_another_version_is_refused_with_a_way_out(data_dir: Path) -> None:
    with servers(settings(data_dir), fast=True):
        version = paths.database_home(data_dir, paths.service_account()) / "data/PG_VERSION"
    ours = version.read_text()
    version.write_text("14\n")
    with pytest.raises(EmbeddedError, match=r"written by PostgreSQL 14.*pg_dump"):
        start(settings(data_dir))
    version.write_text(ours)


def test_a_server_that_cannot_start_says_why_in_its_own_words(data_dir: Path) -> None:
    with servers(settings(data_dir), fast=True):
        conf = paths.database_home(data_dir, paths.service_account()) / "data/postgresql.conf"
    text = conf.read_text()
    conf.write_text(f"{text}\nnonsense = 1\n")
    with pytest.raises(EmbeddedError, match=r'unrecognized configuration parameter "nonsense"'):
        start(settings(data_dir))
    assert left_running(data_dir) == []
    conf.write_text(text)


def test_discard_leaves_nothing_but_not_while_another_uses_the_servers(data_dir: Path) -> None:
    first, second = start(settings(data_dir), fast=True), start(settings(data_dir), fast=True)
    home = paths.database_home(data_dir, paths.service_account())
    assert not first.discard()
    assert ask(second.database_url, "SELECT 1") == 1
    assert second.discard()
    assert not home.exists()
    assert not paths.socket_path(data_dir, "pg").exists()
    assert not paths.socket_path(data_dir, "vk").exists()


def test_a_very_deep_data_folder_works_because_sockets_lie_elsewhere(data_dir: Path) -> None:
    deep = data_dir.joinpath(*["folder with a long name"] * 12)  # 12 x 24 = 288 bytes; a socket path may have 103
    deep.mkdir(parents=True)
    for folder in [deep, *deep.parents][:12]:
        folder.chmod(0o711)
    found = start(settings(deep), fast=True)
    assert ask(found.database_url, "SELECT 1") == 1
    assert redis.Redis.from_url(found.redis_url).ping()
    assert found.discard()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_below_a_folder_closed_to_its_user_the_database_moves_out_and_stays_findable(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    inner = closed / "data"
    with servers(settings(inner), fast=True) as found:
        ask(found.owner_url or "", "CREATE TABLE kept (id int)")
    home = Path((inner / "postgres.location").read_text().strip())
    assert not home.is_relative_to(data_dir)
    assert home.stat().st_mode & 0o777 == 0o700
    moved = closed / "moved"
    inner.rename(moved)
    again = start(settings(moved), fast=True)
    assert ask(again.owner_url or "", "SELECT to_regclass('kept')::text") == "kept"
    assert again.discard()
    assert not home.exists()


def test_a_prepared_link_or_a_stranger_s_folder_is_not_trusted(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(EmbeddedError, match="is not a folder of user"):
        paths.private_folder(link, None)
    if os.geteuid() == 0:
        other = tmp_path / "other"
        other.mkdir()
        os.chown(other, 12345, 12345)
        with pytest.raises(EmbeddedError, match="is not a folder of user"):
            paths.private_folder(other, None)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedError, match=r"file/data cannot be created.*CLUSTER_DATA_DIR"):
        start(settings(tmp_path / "file" / "data"))


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    first = ports.next_free("127.0.0.1", 20000)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert not ports.is_free("127.0.0.1", first)
        assert ports.next_free("127.0.0.1", first) > first
        with pytest.raises(OSError, match="no free port"):
            ports.next_free("127.0.0.1", first, tries=1)
