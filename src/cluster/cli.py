"""The command line: ``cluster --help``."""

import sys
from pathlib import Path

import click

from cluster.base.settings import Settings, SettingsError
from cluster.offline import commands as offline_commands
from cluster.places.places_command import commands as places_commands
from cluster.places.roads_command import commands as roads_commands


def read_settings() -> Settings:
    """Settings of this process, or every fault in them and exit status 2."""
    import os

    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def say(line: str) -> None:
    """A line for people, at once."""
    click.echo(line)
    sys.stdout.flush()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Shared logistics for clusters of small firms: one plan, split fairly, with proof."""


@main.command()
@click.option("--once", is_flag=True, help="Do the whole main job over HTTP, print a summary, and end.")
@click.option("--seconds", default=15, show_default=True, help="How long to search for the plan.")
@click.option("--players", default=8, show_default=True, help="Players of the cost game; fewer take less time.")
@click.option("--tries", default=2, show_default=True, help="Other ways to plan the day, to compare with: up to 2.")
@click.option("--days", default=3, show_default=True, help="Days before it that are driven.")
@click.option("--unfold/--no-unfold", default=True, help="Afterwards simulated carriers drive a day; not with --once.")
def demo(*, once: bool, seconds: int, players: int, tries: int, days: int, unfold: bool) -> None:
    """Run everything with embedded servers and an example cluster; prints sample logins and the dashboard's address."""
    from cluster.demo.run import Extent
    from cluster.demo.run import demo as run_demo

    extent = Extent(once=once, seconds=seconds, players_max=players, tries=tries, days=days, unfold=unfold)
    sys.exit(run_demo(read_settings(), say, extent))


@main.command()
@click.option("--url", help="Where the platform is; the example of `cluster demo` if left out.")
@click.option("--key", help="A key of the coordinator; that of the example if left out.")
@click.option("--carriers", type=click.IntRange(1, 4), default=4, show_default=True, help="Simulated carriers.")
@click.option("--speed", type=click.FloatRange(0), default=60.0, show_default=True, help="How fast; 0: at once.")
@click.option("--seed", default=1, show_default=True, help="Another one, another day.")
def rehearse(*, url: str | None, key: str | None, carriers: int, speed: float, seed: int) -> None:
    """Let simulated carriers answer tenders for the published plan's tours, drive them and report, through the API."""
    from cluster.demo.rehearsal import Extent
    from cluster.demo.run import rehearse as run_rehearsal

    sys.exit(run_rehearsal(read_settings(), say, url, key, Extent(carriers=carriers, speed=speed, seed=seed)))


@main.command()
def dev() -> None:
    """Run API, worker and embedded servers together; files that change restart them."""
    from cluster.base.embedded import servers
    from cluster.base.migrate import migrate_now
    from cluster.base.supervise import run_platform

    settings = read_settings()
    with servers(settings) as found:
        for line in found.describe():
            say(line)
        if found.owner_url is not None:
            migrate_now(found.owner_url)
        sys.exit(run_platform(settings, found, say, reload=True))


@main.command()
def serve() -> None:
    """Run the API and the dashboard (needs DATABASE_URL)."""
    from granian import Granian
    from granian.constants import Interfaces

    settings = read_settings()
    if settings.database_url is None:
        raise click.ClickException("DATABASE_URL is not set. `cluster dev` runs everything with embedded servers.")
    Granian(
        "cluster.app:create",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.web_processes,
        log_access=False,
    ).serve()


@main.command()
def worker() -> None:
    """Run a worker (needs DATABASE_URL; REDIS_URL wakes it at once)."""
    from cluster.worker import main as run_worker

    if read_settings().database_url is None:
        raise click.ClickException("DATABASE_URL is not set. `cluster dev` runs everything with embedded servers.")
    run_worker()


@main.command()
def migrate() -> None:
    """Bring the database up to date: that of DATABASE_OWNER_URL, or the embedded one."""
    from cluster.base.embedded import servers
    from cluster.base.migrate import MigrationError, migrate_now

    with servers(read_settings()) as found:
        if found.owner_url is None:
            raise click.ClickException("Set DATABASE_OWNER_URL to the role that owns the tables.")
        try:
            applied = migrate_now(found.owner_url)
        except MigrationError as error:
            raise click.ClickException(str(error)) from error
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("up to date")


@main.command()
def doctor() -> None:
    """Say what is wrong with this set-up, and what to do about it."""
    from cluster.base.doctor import examine

    findings = examine(read_settings())
    for finding in findings:
        click.echo(f"{finding.level:<5} {finding.what}" + (f"\n      {finding.cure}" if finding.cure else ""))
    sys.exit(1 if any(finding.level == "bad" for finding in findings) else 0)


@main.command("operator-key")
def operator_key() -> None:
    """Issue a key that can found clusters (needs DATABASE_URL). It is shown once."""
    import asyncio

    from cluster.base.db import Database, system_scope
    from cluster.members.service import issue_operator_key

    url = read_settings().database_url
    if url is None:
        raise click.ClickException("Set DATABASE_URL.")

    async def issue(database_url: str) -> str:
        async with Database.open(database_url, 1) as database, database.unit(system_scope()) as db:
            return await issue_operator_key(db)

    click.echo(asyncio.run(issue(url)))


@main.command("check-audit")
@click.option(
    "--seals",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of seals kept outside the database: audit-seals.jsonl of a worker's data folder.",
)
def check_audit(seals: Path | None) -> None:
    """Compute the audit log's chain of digests again (needs DATABASE_URL); exit status 1 if it was tampered with."""
    import asyncio
    from uuid import UUID

    from cluster.base import ids
    from cluster.base.audit import Verdict
    from cluster.base.db import Database
    from cluster.base.sealing import check

    url = read_settings().database_url
    if url is None:
        raise click.ClickException("Set DATABASE_URL.")

    async def look(database_url: str) -> dict[UUID, Verdict]:
        async with Database.open(database_url, 1) as database:
            return await check(database, seals)

    found = asyncio.run(look(url))
    for cluster_id, verdict in found.items():
        say(f"{ids.show('clu', cluster_id)}  {verdict.entries} entries under {verdict.seals} seals, "
            f"{verdict.unsealed} not yet sealed: {verdict.fault or 'whole'}")  # fmt: skip
    if not found:
        say("no entries")
    sys.exit(1 if any(verdict.fault for verdict in found.values()) else 0)


@main.command("check-books")
def check_books() -> None:
    """Read all books again: sums, chain of digests, statements (needs DATABASE_URL); exit status 1 if not whole."""
    import asyncio
    from uuid import UUID

    from cluster.base import ids
    from cluster.base.db import Database
    from cluster.ledger.checking import Reading, check_all

    url = read_settings().database_url
    if url is None:
        raise click.ClickException("Set DATABASE_URL.")

    async def look(database_url: str) -> dict[UUID, Reading]:
        async with Database.open(database_url, 1) as database:
            return await check_all(database)

    found = asyncio.run(look(url))
    for cluster_id, reading in found.items():
        say(f"{ids.show('clu', cluster_id)}  {reading.to_no} entries, chain {reading.chain.hex()[:16]}: "
            f"{len(reading.faults) or 'no'} faults")  # fmt: skip
        for fault in reading.faults:
            say(f"  entry {fault.entry_no}: {fault.code}: {fault.detail}")
    sys.exit(1 if any(reading.faults for reading in found.values()) else 0)


@main.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), required=False)
def openapi(path: Path | None) -> None:
    """Write the API's OpenAPI document to PATH, or print it."""
    import msgspec

    from cluster.app import build
    from cluster.base.reference.document import document

    settings = Settings(data_dir=Path.cwd(), database_url="postgresql://nobody@localhost/none")
    text = msgspec.json.format(msgspec.json.encode(document(build(settings))), indent=1) + b"\n"
    if path is None:
        click.echo(text.decode(), nl=False)
    else:
        path.write_bytes(text)


main.add_command(places_commands(read_settings))
main.add_command(roads_commands(read_settings))
for command in offline_commands:
    main.add_command(command)

if __name__ == "__main__":
    main()
