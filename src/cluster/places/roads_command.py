"""``cluster roads``: building road networks, looking at them, measuring them."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import click

from cluster.base.settings import Settings
from cluster.places import roads_measure, roads_network, roads_straight
from cluster.places.roads_engine import RoadsAway, TravelEngine
from cluster.places.roads_engines import Roads
from cluster.places.roads_models import Mode, SetTravelProfile
from cluster.places.roads_network import Network, RoadsError
from cluster.places.roads_straight import BANDS_M, Band, Calibration, ModeCalibration

MODES = [Mode.VAN, Mode.TRUCK, Mode.MOTORBIKE]
CHECK_POINTS = 60
T = TypeVar("T")


def commands(read_settings: Callable[[], Settings]) -> click.Group:
    """The group of commands, for the command line to add."""

    @click.group("roads")
    def group() -> None:
        """Road networks: build one from OpenStreetMap extracts, check it, measure it."""

    @group.command()
    @click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
    def build(files: tuple[Path, ...]) -> None:
        """Build a road network from FILES (*.osm.pbf) and make it the current one."""
        network = _told(lambda: roads_network.build(read_settings().roads_folder, files))
        _describe(network)
        click.echo("Set CLUSTER_ROADS_ENGINE=valhalla for the workers to use it.")

    @group.command()
    @click.option("--box", help="SOUTH,WEST,NORTH,EAST in degrees; the whole network if left out.")
    @click.option("--seed", default=1, show_default=True, help="Which points are drawn.")
    def check(box: str | None, seed: int) -> None:
        """Say what the current network holds, and how much of it hangs together."""
        settings = read_settings()
        network = _network(settings)
        if network is not None:
            _describe(network)
        within = _box(network, box)
        _told(lambda: _check(_engine(settings), within, seed))

    @group.command()
    @click.option("--mode", "modes", type=click.Choice([mode.value for mode in Mode]), multiple=True)
    @click.option("--points", default=240, show_default=True, type=click.IntRange(40, 2_000), help="Points drawn.")
    @click.option("--box", help="SOUTH,WEST,NORTH,EAST in degrees; the whole network if left out.")
    @click.option("--seed", default=1, show_default=True, help="Which points are drawn.")
    def calibrate(modes: tuple[str, ...], points: int, box: str | None, seed: int) -> None:
        """Measure how crooked and how fast roads are, for where no road network answers."""
        settings = read_settings()
        ways = {mode: SetTravelProfile(mode=mode) for mode in [Mode(name) for name in modes] or MODES}
        within = _box(_network(settings), box)
        found = _told(lambda: roads_measure.calibrate(_engine(settings), ways, within, points=points, seed=seed))
        settings.roads_folder.mkdir(parents=True, exist_ok=True)
        roads_straight.store(settings.roads_folder, found)
        _report(found)

    return group


def _told(work: Callable[[], T]) -> T:
    """Expected faults as a line for people."""
    try:
        return work()
    except (RoadsError, RoadsAway, roads_measure.NotEnough) as error:
        raise click.ClickException(str(error)) from error


def _network(settings: Settings) -> Network | None:
    """The network built here, unless a server was chosen."""
    if settings.roads_engine not in ("none", "valhalla"):
        return None
    return _told(lambda: roads_network.current(settings.roads_folder))


def _engine(settings: Settings) -> TravelEngine:
    """The engine that was chosen, or the network built here."""
    kind = "valhalla" if settings.roads_engine == "none" else settings.roads_engine
    engine = Roads(kind, settings.roads_url, settings.roads_folder).engine()
    if engine is None:
        raise RoadsAway("no road engine was chosen")
    return engine


def _box(network: Network | None, given: str | None) -> roads_network.Box:
    if given is None and network is None:
        raise click.ClickException(
            "No road network was built here (`cluster roads build`), and a server does not tell its area: "
            "give --box SOUTH,WEST,NORTH,EAST."
        )
    if given is None and network is not None:
        return network.box
    try:
        south, west, north, east = (float(part) for part in (given or "").split(","))
    except ValueError:
        raise click.ClickException("--box takes SOUTH,WEST,NORTH,EAST in degrees.") from None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise click.ClickException("--box: south must be below north, west left of east.")
    return south, west, north, east


def _describe(network: Network) -> None:
    click.echo(f"network      {network.name} ({network.engine}, built {network.built_at:%Y-%m-%d %H:%M} UTC)")
    for extract in network.extracts:
        day = "date unknown" if extract.data_at is None else f"data of {extract.data_at:%Y-%m-%d}"
        click.echo(f"extract      {extract.name}, {extract.bytes / 1e6:.1f} MB, {day}")
    south, west, north, east = network.box
    click.echo(f"area         {south:.3f} to {north:.3f} N, {west:.3f} to {east:.3f} E")
    click.echo(f"graph        {network.nodes:,} nodes, {network.edges:,} directed edges")
    click.echo(f"tiles        {network.tiles}, {network.bytes / 1e6:.1f} MB, built in {network.build_s} s")


def _check(engine: TravelEngine, box: roads_network.Box, seed: int) -> None:
    for mode in MODES:
        way = SetTravelProfile(mode=mode)
        points = roads_measure.sample(engine, way, box, CHECK_POINTS, seed)
        found = roads_measure.connectivity(engine, way, points)
        click.echo(f"{mode.value:<12} {found.connected_percent} % of pairs among {found.points} points have a way")


def _report(found: Calibration) -> None:
    for mode, entry in found.modes.items():
        click.echo(f"{mode.value}: {len(entry.cells)} cells of 0.05 degrees")
        click.echo("  straight line      pairs  circuity %  p10  p50  p90   km/h")
        for (low_m, high_m), band in zip(pairwise(BANDS_M), entry.bands, strict=True):
            if band.pairs:
                click.echo(f"  {low_m / 1000:>5g} to {high_m / 1000:>4g} km {_row(band)}")
        _errors(entry)


def _row(band: Band) -> str:
    percents = (band.circuity_percent_p10, band.circuity_percent_p50, band.circuity_percent_p90)
    return f"{band.pairs:>8} {'':>11}" + "".join(f"{value:>5}" for value in percents) + f"{band.speed_kmh:>7}"


def _errors(entry: ModeCalibration) -> None:
    for name, error in (("one factor", entry.error_one_factor), ("by cell and band", entry.error)):
        click.echo(
            f"  {name:<17} off by {error.distance_median} % (median) and {error.distance_p90} % (p90) in distance, "
            f"{error.duration_median} % and {error.duration_p90} % in time, on {error.pairs} pairs held out"
        )
