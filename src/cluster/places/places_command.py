"""``cluster places``: reference data from their owners' files."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from cluster.base.db import Connection, Database, system_scope
from cluster.base.settings import Settings

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
Load = Callable[[Connection, Path], Awaitable[str]]


def commands(read_settings: Callable[[], Settings]) -> click.Group:
    """The group of commands, for the command line to add."""

    @click.group("places")
    def group() -> None:
        """Import reference data: administrative units, UN/LOCODE, postcodes (needs DATABASE_URL)."""

    @group.command("import-units")
    @FILES
    def import_units(files: tuple[Path, ...]) -> None:
        """Vietnam's units: lists of two and of three tiers (.json), then boundaries of wards (.tgz or .geojson)."""
        from cluster.places.units import import_units as load

        _import(read_settings(), files, load)

    @group.command("import-unlocode")
    @FILES
    def import_unlocode(files: tuple[Path, ...]) -> None:
        """UN/LOCODE, one YAML file a country."""
        from cluster.places.unlocodes import import_unlocodes as load

        _import(read_settings(), files, load)

    @group.command("import-postcodes")
    @FILES
    def import_postcodes(files: tuple[Path, ...]) -> None:
        """Middles of postcodes, in the tables of GeoNames (DE.txt and the like)."""
        from cluster.places.postcodes import import_postcodes as load

        _import(read_settings(), files, load)

    return group


def _import(settings: Settings, files: tuple[Path, ...], load: Load) -> None:
    """Imports files one after the other, each as a whole or not at all."""
    url = settings.database_url
    if url is None:
        raise click.ClickException("Set DATABASE_URL.")

    async def run() -> None:
        async with Database.open(url, 1) as database:
            for path in files:
                async with database.unit(system_scope()) as db:
                    done = await load(db, path)
                click.echo(f"{path.name}: {done}")
                sys.stdout.flush()

    try:
        asyncio.run(run())
    except ValueError as error:  # what the readers of files raise
        raise click.ClickException(str(error)) from None
