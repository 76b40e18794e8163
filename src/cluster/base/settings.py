"""What an operator may set, read once from the environment and refused with every fault at once."""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit, urlunsplit

import msgspec

PORT_DEFAULT = 8765
PORT_MAX = 32767
"""Above it the kernel hands out ports to outgoing connections, and a restart may find its own taken."""

GEOCODERS = ("nominatim", "photon", "pelias")
ROADS_ENGINES = ("none", "valhalla", "valhalla_http", "osrm_http")
LOG_LEVELS = ("debug", "info", "warning", "error")
_DATABASE_SCHEMES = ("postgresql", "postgres")
_REDIS_SCHEMES = ("redis", "rediss", "unix")
_SCHEDULER_SCHEMES = ("tcp", "tls", "ws", "wss")
_HIDDEN = frozenset({"database_url", "database_owner_url", "redis_url"})
_SECRET = frozenset({"geocoder_key", "secret_key", "oidc_client_secret"})
_UNPREFIXED = _HIDDEN | {"oidc_issuer", "oidc_client_id", "oidc_client_secret"}
SECRET_LENGTH_MIN = 32

T = TypeVar("T")


class Fault(NamedTuple):
    """One thing wrong with the settings."""

    name: str
    cause: str
    cure: str


class SettingsError(ValueError):
    """Every fault found in the environment.

    Attributes
    ----------
    faults : list of Fault
        ``(name, cause, cure)``, never empty.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{fault.name}: {fault.cause}. {fault.cure}" for fault in faults))


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one process.

    Attributes
    ----------
    data_dir : Path
        Folder of the embedded servers and of uploads; absolute.
    database_url : str or None
        The application role of an existing PostgreSQL; None starts the embedded one.
    database_owner_url : str or None
        The role that owns the tables, needed by migrations alone.
    redis_url : str or None
        An existing Redis or Valkey; None starts the embedded one.
    host : str
        Address to listen on.
    port : int
        1 to 32767.
    log_level : str
        One of ``LOG_LEVELS``.
    solve_memory_max_mb : int
        Memory one solve may take, MB, from 128.
    solve_cores : int
        Processor cores one solve may use, from 1 to those of the machine.
    scheduler : str or None
        Dask scheduler whose workers run the parts of large solves; None keeps them on this machine.
    body_max_bytes : int
        Largest request body outside of uploads, from 1 KiB to 1 GiB.
    rate_per_s, rate_burst : int
        Requests a second that one key or person gets through in the long run, and at once after a pause; 1 to 100,000.
    db_pool_max : int
        Most database connections of one process, 1 to 1000.
    web_processes : int
        Processes that answer HTTP side by side, 1 to 64; each has a pool of connections and a memory of its own.
    helpers_warm : bool
        Whether each of them starts the desk's two helper processes at once, some 150 MB each, instead of when they are
        first needed, which is then seconds slower.
    geocoder : str or None
        Kind of the service that finds coordinates of addresses, one of ``GEOCODERS``; None asks nobody.
    geocoder_url : str or None
        Its address, without the name of an operation.
    geocoder_key : str or None
        Key of that service, where it asks for one (Pelias).
    geocoder_agent : str
        What it is told who asks, as public services demand.
    geocoder_interval_ms : int
        Least time between two questions of all processes together, ms, 0 to 60,000.
    geocoder_timeout_ms : int
        Longest wait for an answer, ms, 100 to 30,000.
    secret_key : str or None
        What seals second factors and signs forms: one secret of at least 32 characters, or several after a change with
        the new one first; None keeps one in the data folder.
    public_url : str or None
        Where people reach the platform, such as ``https://logistics.example``; None believes the browser.
    webhooks_allow_private : bool
        For tests and development: webhooks may go to http, any port and this machine; never where strangers sign in.
    oidc_issuer, oidc_client_id, oidc_client_secret : str or None
        The provider that people may sign in with (OpenID Connect), and who we are there.
    roads_engine : str
        Where road distances and times come from, one of ``ROADS_ENGINES``.
    roads_url : str or None
        Address of the Valhalla or OSRM server; ``{mode}`` in it is replaced by the mode that is asked about.
    roads_dir : Path or None
        Folder of road networks and of what was measured on them; None takes ``roads`` in the data folder.
    roads_seconds_max : int
        Longest that a plan waits for missing legs, s, 0 to 86,400.
    tile_url : str or None
        Map tiles, with ``{z}``, ``{x}`` and ``{y}``; None draws the map without a background.
    tile_hosts : str or None
        Further hosts, such as ``tiles.example.org``, divided by commas, from which clusters may have their own maps.
    fonts_dir : Path or None
        Further fonts for papers, such as one with Chinese; None takes those of the system alone.
    web_dir : Path or None
        The built dashboard; None serves the API alone.
    """

    data_dir: Path
    database_url: str | None = None
    database_owner_url: str | None = None
    redis_url: str | None = None
    host: str = "127.0.0.1"
    port: int = PORT_DEFAULT
    log_level: str = "info"
    solve_memory_max_mb: int = 2048
    solve_cores: int = 1
    scheduler: str | None = None
    body_max_bytes: int = 262144
    rate_per_s: int = 100
    rate_burst: int = 2000
    db_pool_max: int = 10
    web_processes: int = 1
    helpers_warm: bool = False
    geocoder: str | None = None
    geocoder_url: str | None = None
    geocoder_key: str | None = None
    geocoder_agent: str = "cluster-logistics"
    geocoder_interval_ms: int = 1000
    geocoder_timeout_ms: int = 3000
    secret_key: str | None = None
    public_url: str | None = None
    webhooks_allow_private: bool = False
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    roads_engine: str = "none"
    roads_url: str | None = None
    roads_dir: Path | None = None
    roads_seconds_max: int = 300
    tile_url: str | None = None
    tile_hosts: str | None = None
    fonts_dir: Path | None = None
    web_dir: Path | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the environment.

        Parameters
        ----------
        environ : mapping of str to str
            As ``os.environ``. An empty value counts as not set.

        Raises
        ------
        SettingsError
            With all faults, not only the first.
        """
        reader = _Reader(environ)
        cores = os.cpu_count() or 1
        settings = cls(
            data_dir=reader.take("CLUSTER_DATA_DIR", _folder, _data_dir_default(environ)),
            database_url=reader.take("DATABASE_URL", _address(_DATABASE_SCHEMES), None),
            database_owner_url=reader.take("DATABASE_OWNER_URL", _address(_DATABASE_SCHEMES), None),
            redis_url=reader.take("REDIS_URL", _address(_REDIS_SCHEMES), None),
            host=reader.take("CLUSTER_HOST", _word, "127.0.0.1"),
            port=reader.take("CLUSTER_PORT", _whole(1, PORT_MAX), PORT_DEFAULT),
            log_level=reader.take("CLUSTER_LOG_LEVEL", _log_level, "info"),
            solve_memory_max_mb=reader.take("CLUSTER_SOLVE_MEMORY_MAX_MB", _whole(128, 1 << 20), 2048),
            solve_cores=reader.take("CLUSTER_SOLVE_CORES", _whole(1, cores), cores),
            scheduler=reader.take("CLUSTER_SCHEDULER", _scheduler, None),
            body_max_bytes=reader.take("CLUSTER_BODY_MAX_BYTES", _whole(1024, 1 << 30), 262144),
            rate_per_s=reader.take("CLUSTER_RATE_PER_S", _whole(1, 100_000), 100),
            rate_burst=reader.take("CLUSTER_RATE_BURST", _whole(1, 100_000), 2000),
            db_pool_max=reader.take("CLUSTER_DB_POOL_MAX", _whole(1, 1000), 10),
            web_processes=reader.take("CLUSTER_WEB_PROCESSES", _whole(1, 64), 1),
            helpers_warm=reader.take("CLUSTER_HELPERS_WARM", _flag, True),
            geocoder=reader.take("CLUSTER_GEOCODER", _geocoder, None),
            geocoder_url=reader.take("CLUSTER_GEOCODER_URL", _address(("https", "http")), None),
            geocoder_key=reader.take("CLUSTER_GEOCODER_KEY", str, None),
            geocoder_agent=reader.take("CLUSTER_GEOCODER_AGENT", str, "cluster-logistics"),
            geocoder_interval_ms=reader.take("CLUSTER_GEOCODER_INTERVAL_MS", _whole(0, 60_000), 1000),
            geocoder_timeout_ms=reader.take("CLUSTER_GEOCODER_TIMEOUT_MS", _whole(100, 30_000), 3000),
            secret_key=reader.take("CLUSTER_SECRET_KEY", _secrets, None),
            public_url=reader.take("CLUSTER_PUBLIC_URL", _origin, None),
            webhooks_allow_private=reader.take("CLUSTER_WEBHOOKS_ALLOW_PRIVATE", _flag, False),
            oidc_issuer=reader.take("OIDC_ISSUER", _address(("https", "http")), None),
            oidc_client_id=reader.take("OIDC_CLIENT_ID", str, None),
            oidc_client_secret=reader.take("OIDC_CLIENT_SECRET", str, None),
            roads_engine=reader.take("CLUSTER_ROADS_ENGINE", _roads_engine, "none"),
            roads_url=reader.take("CLUSTER_ROADS_URL", _address(("http", "https")), None),
            roads_dir=reader.take("CLUSTER_ROADS_DIR", _folder, None),
            roads_seconds_max=reader.take("CLUSTER_ROADS_SECONDS_MAX", _whole(0, 86_400), 300),
            tile_url=reader.take("CLUSTER_TILE_URL", _tiles, None),
            tile_hosts=reader.take("CLUSTER_TILE_HOSTS", _hosts, None),
            fonts_dir=reader.take("CLUSTER_FONTS_DIR", _existing_folder, None),
            web_dir=reader.take("CLUSTER_WEB_DIR", _existing_folder, web_dir_default()),
        )
        _contradict(settings, reader)
        reader.refuse()
        return settings

    @property
    def roads_folder(self) -> Path:
        """Where road networks are."""
        return self.roads_dir or self.data_dir / "roads"

    def to_env(self) -> dict[str, str]:
        """Return the variables that make ``from_env`` read these settings again, for child processes."""
        values = {name: getattr(self, field) for field, name in _VARIABLES.items()}
        return {name: str(value) for name, value in values.items() if value is not None}

    @property
    def tile_sources(self) -> frozenset[str]:
        """Hosts that pages may load map tiles from over https."""
        own = [urlsplit(self.tile_url).netloc.lower()] if (self.tile_url or "").startswith("https://") else []
        return frozenset((*own, *(self.tile_hosts.split(",") if self.tile_hosts else ())))

    def __repr__(self) -> str:
        """Show the settings without passwords."""
        shown = {
            field: _veiled(field, value) if value else value for field, value in msgspec.structs.asdict(self).items()
        }
        return f"Settings({', '.join(f'{field}={value!r}' for field, value in shown.items())})"


_VARIABLES = {
    field: field.upper() if field in _UNPREFIXED else f"CLUSTER_{field.upper()}" for field in Settings.__struct_fields__
}


def _veiled(field: str, value: object) -> object:
    """A value fit for logs."""
    if field in _SECRET:
        return "***"
    return hide_password(str(value)) if field in _HIDDEN or field in ("geocoder_url", "roads_url") else value


def hide_password(url: str) -> str:
    """Return an address fit for logs: the password, wherever it stands, replaced by ``***``."""
    parts = urlsplit(url)
    place = parts.netloc
    if parts.password is not None:
        user, _, host = place.rpartition("@")
        place = f"{user.partition(':')[0]}:***@{host}"
    query = "&".join(
        "password=***" if pair.startswith("password=") else pair for pair in parts.query.split("&") if pair
    )
    return urlunsplit((parts.scheme, place, parts.path, query, parts.fragment))


def web_dir_default() -> Path | None:
    """Return the dashboard built in the checkout or shipped in the wheel, or None where there is neither."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_web", package.parents[1] / "web" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


def _data_dir_default(environ: Mapping[str, str]) -> Path:
    home = environ.get("XDG_DATA_HOME") or ""
    if home and Path(home).is_absolute():
        return Path(home) / "cluster-logistics"
    try:
        return Path.home() / ".local" / "share" / "cluster-logistics"
    except RuntimeError:  # a user without a home folder, as in slim containers
        return Path(tempfile.gettempdir()) / "cluster-logistics"


class _Reader:
    """Takes variables one by one and keeps what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[Fault] = []

    def take(self, name: str, parse: Callable[[str], T], default: T) -> T:
        text = self._environ.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except _WrongError as wrong:
            self.fault(name, *wrong.args)
            return default

    def fault(self, name: str, cause: str, cure: str) -> None:
        self._faults.append(Fault(name, cause, cure))

    def refuse(self) -> None:
        known = set(_VARIABLES.values())
        for name in sorted(self._environ):
            if not name.startswith("CLUSTER_") or name in known:
                continue
            meant = get_close_matches(name, known, n=1, cutoff=0.8)
            if meant:
                self.fault(name, "is not a setting", f"Did you mean {meant[0]}?")
        if self._faults:
            raise SettingsError(self._faults)


def _contradict(settings: Settings, reader: _Reader) -> None:
    """Finds settings that do not go together."""
    if settings.database_owner_url and not settings.database_url:
        reader.fault("DATABASE_OWNER_URL", "is set without DATABASE_URL", "Set both, or none for the embedded one.")
    if settings.roads_engine.endswith("_http") and not settings.roads_url:
        reader.fault("CLUSTER_ROADS_URL", "is not set", f"{settings.roads_engine} needs a server's address.")
    if settings.database_url and settings.database_url == settings.database_owner_url:
        reader.fault(
            "DATABASE_URL",
            "names the role that owns the tables, which row-level security does not hold back",
            "Connect the application as cluster_app.",
        )
    if settings.oidc_issuer and not settings.oidc_client_id:
        reader.fault("OIDC_CLIENT_ID", "is missing", "The provider of OIDC_ISSUER gives one out.")
    if settings.geocoder == "pelias" and not settings.geocoder_url:
        reader.fault("CLUSTER_GEOCODER_URL", "is missing", "There is no public Pelias; give the address of one.")


class _WrongError(ValueError):
    """Cause and cure of one unusable value."""


def _word(text: str) -> str:
    if any(sign.isspace() for sign in text):
        raise _WrongError(f"{text!r} holds a space", "Give one address, such as 127.0.0.1 or 0.0.0.0.")
    return text


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if text.startswith("tcp://"):
            raise _WrongError(
                f"{text!r} was put there by Kubernetes for a service named cluster",
                "Rename the service or set enableServiceLinks: false.",
            )
        if not (text.isascii() and text.isdigit() and low <= int(text[:20]) <= high):
            raise _WrongError(f"{text!r} is not a whole number from {low} to {high}", "Give one in that range.")
        return int(text)

    return parse


def _flag(text: str) -> bool:
    if text.lower() not in ("1", "0", "true", "false"):
        raise _WrongError(f"{text!r} is neither yes nor no", "Give 1 or 0.")
    return text.lower() in ("1", "true")


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise _WrongError(f"{text!r} is not a log level", f"Choose one of {', '.join(LOG_LEVELS)}.")
    return text.lower()


def _address(schemes: tuple[str, ...]) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        scheme = text.partition("://")[0]
        if "://" not in text or scheme not in schemes:
            # The value may hold a password, so the message does not repeat it.
            raise _WrongError(
                f"does not start with {schemes[0]}://", f"Give an address as {schemes[0]}://user@host/name."
            )
        return text

    return parse


def _geocoder(text: str) -> str:
    if text.lower() not in GEOCODERS:
        raise _WrongError(f"{text!r} is no kind of geocoder", f"Choose one of {', '.join(GEOCODERS)}.")
    return text.lower()


def _secrets(text: str) -> str:
    if any(len(secret.strip()) < SECRET_LENGTH_MIN for secret in text.split(",")):
        raise _WrongError(
            f"holds a secret of fewer than {SECRET_LENGTH_MIN} characters",
            'Make one with `python -c "import secrets; print(secrets.token_urlsafe(32))"`.',
        )
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise _WrongError(f"{text!r} is not scheme and host alone", "Give one such as https://logistics.example.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _roads_engine(text: str) -> str:
    if text not in ROADS_ENGINES:
        raise _WrongError(f"{text!r} is not a road engine", f"Choose one of {', '.join(ROADS_ENGINES)}.")
    return text


def _scheduler(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in _SCHEDULER_SCHEMES or not parts.hostname or not text.rpartition(":")[2].isdigit():
        raise _WrongError(f"{text!r} is no address of a Dask scheduler", "Give one such as tcp://host:8786.")
    return text


def _tiles(text: str) -> str | None:
    if not text.startswith(("https://", "http://", "/")) or any(mark not in text for mark in ("{z}", "{x}", "{y}")):
        raise _WrongError(f"{text!r} is no address of map tiles", "Give one with {z}, {x} and {y} in it.")
    return text


def _hosts(text: str) -> str:
    found = [entry.strip().lower() for entry in text.split(",")]
    for entry in found:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", entry):
            raise _WrongError(f"{entry!r} is no host", "Give names such as tiles.example.org, divided by commas.")
    return ",".join(found)


def _folder(text: str) -> Path:
    folder = Path(text).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise _WrongError(f"{str(folder)!r} is a file", "Name a folder; it is created if missing.")
    return folder


def _existing_folder(text: str) -> Path | None:
    folder = Path(text).expanduser().absolute()
    if not (folder / "index.html").is_file():
        raise _WrongError(f"{str(folder)!r} holds no index.html", "Build the dashboard with `make web`.")
    return folder
