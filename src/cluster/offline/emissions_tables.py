"""An account of emissions as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cluster.offline.figures import counted, km, percent, plain
from cluster.offline.tables import PLAIN_WIDTH, table
from solver.emissions import Comparison, Emissions

MILLIGRAMS_A_GRAM = 1_000
MILLIGRAMS_A_KG = 1_000_000


def show(account: Emissions, comparison: Comparison | None) -> None:
    """Print routes, members, the comparison, and what was assumed."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    parts: list[RenderableType] = [_routes(account), _owners(account)]
    if comparison is not None:
        parts.append(_comparison(comparison))
    console.print(Group(*parts, *_summary(account)))


def mass(amount_mg: int) -> str:
    """Milligrams as kilograms, below one as grams."""
    if abs(amount_mg) < MILLIGRAMS_A_KG:
        return f"{amount_mg / MILLIGRAMS_A_GRAM:.1f} g"
    return f"{amount_mg / MILLIGRAMS_A_KG:,.2f} kg"


def intensity(amount_mg_tkm: int | None) -> str:
    """Grams per tonne-kilometre, nothing where there is none."""
    return "" if amount_mg_tkm is None else f"{amount_mg_tkm / MILLIGRAMS_A_GRAM:,.0f} g/tkm"


def _routes(account: Emissions) -> Table:
    rows = table("Routes", ("vehicle", "class"), ("shipments", "km", "empty", "TTW", "WTT", "CO2e", "intensity"))
    for route in account.routes:
        cells = (
            plain(f"{route.vehicle_type} {route.vehicle}"),
            plain(route.vehicle_class) + (" by load" if route.by_load else ""),
            str(route.shipments),
            km(route.driven_m),
            percent(route.empty_m / route.driven_m) if route.driven_m else "",
            mass(route.ttw_mg),
            mass(route.wtt_mg),
            mass(route.wtw_mg),
            intensity(route.intensity_mg_tkm),
        )
        rows.add_row(*(Text(cell) for cell in cells))
    return rows


def _owners(account: Emissions) -> Table:
    rows = table("\nWho bears what", ("member",), ("shipments", "TTW", "WTT", "CO2e", "intensity"))
    for owner in account.owners:
        cells = (
            plain(owner.owner),
            str(owner.shipments),
            mass(owner.ttw_mg),
            mass(owner.wtt_mg),
            mass(owner.wtw_mg),
            intensity(owner.intensity_mg_tkm),
        )
        rows.add_row(*(Text(cell) for cell in cells))
    return rows


def _comparison(comparison: Comparison) -> Table:
    rows = table("\nBeside going alone", ("member",), ("together", "alone", "saved"))
    for entry in comparison.owners:
        saved = "other shipments" if entry.saved_mg is None else mass(entry.saved_mg)
        rows.add_row(
            *(Text(cell) for cell in (plain(entry.owner), mass(entry.together_mg), mass(entry.alone_mg), saved))
        )
    if comparison.saved_mg is not None:
        alone_mg = sum(entry.alone_mg for entry in comparison.owners)
        whole = (mass(comparison.together.wtw_mg), mass(alone_mg), mass(comparison.saved_mg))
        rows.add_row(*(Text(cell, style="bold") for cell in ("all", *whole)))
    return rows


def _summary(account: Emissions) -> list[Text]:
    source = account.source
    grade = f", {intensity(account.intensity_mg_tkm)}" if account.intensity_mg_tkm is not None else ""
    lines = [
        Text(f"\n{mass(account.wtw_mg)} CO2e well to wheel{grade}", style="bold"),
        Text(
            f"{counted(len(account.shipments), 'shipment')} on {counted(len(account.routes), 'route')}, "
            f"{km(account.driven_m)}, {km(account.empty_m)} of them empty; "
            f"{counted(len(account.left_out), 'shipment')} left out"
        ),
        Text(f"by {plain(account.quantity)} and {account.distance.replace('_', ' ')} distance (ISO 14083, GLEC v3)"),
        Text(plain(f"factors: {source.publisher}, {source.title}, {source.region} {source.year}. {source.licence}")),
    ]
    lines += [Text(plain(f"assumed ({entry.where}): {entry.detail}"), style="yellow") for entry in account.assumptions]
    return lines
