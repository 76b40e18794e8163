"""``cluster schema``: the JSON Schemas of questions and answers."""

from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from solver.codec import Kind


@click.command("schema")
@click.argument("kind", type=click.Choice(["problem", "plan", "pack", "packing", "load", "fit", "space", "allocation"]))
def schema_command(kind: "Kind") -> None:
    """
    Print a JSON Schema (2020-12).

    A problem is answered by a plan (`cluster plan`); pack, a choice of containers, by a packing, and load, one hold, by
    a fit (`cluster pack`). Space, shared over days, is answered by an allocation (`cluster space`).
    """
    from solver.codec import schema

    click.echo(msgspec.json.format(msgspec.json.encode(schema(kind)), indent=2))
