"""``cluster schema``: the JSON Schemas of problems and plans."""

from typing import Literal

import click
import msgspec


@click.command("schema")
@click.argument("kind", type=click.Choice(["problem", "plan"]))
def schema_command(kind: Literal["problem", "plan"]) -> None:
    """Print the JSON Schema (2020-12) of a problem or a plan."""
    from solver.codec import schema

    click.echo(msgspec.json.format(msgspec.json.encode(schema(kind)), indent=2))
