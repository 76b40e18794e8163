"""How the time grows, as a picture: seconds (logarithmic) by members and by stops, one line a world."""

from collections.abc import Sequence
from math import ceil, floor, log10
from pathlib import Path

from benchmarks.sharing.records import Series

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "sharing-growth.svg"
COLOURS = {"R": "#1b6ca8", "RC": "#7a5195", "city": "#d1600c"}
NAMES = {"R": "tight windows (R)", "RC": "clusters (RC)", "city": "city, windows of 2-4 h"}
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 380, 300, 60, 40, 50
TITLES = {"members": "6 stops each: by members", "stops": "6 members: by stops each"}


def picture(lines: Sequence[Series]) -> str:
    """An SVG document of two panels; one of them is empty where nothing was measured for it."""
    panels = "".join(
        f'<g transform="translate({WIDTH * number},0)">{_panel([one for one in lines if one.by == by], by)}</g>'
        for number, by in enumerate(TITLES)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="#fff"/>{panels}</svg>\n'
    )


def _panel(lines: Sequence[Series], by: str) -> str:
    title = f'<text x="{LEFT}" y="22" font-weight="bold">{TITLES[by]}, seconds on 2 cores</text>'
    if not lines:
        return title
    sizes = [size for one in lines for size, _ in one.points]
    logs = [log10(max(seconds, 0.01)) for one in lines for _, seconds in one.points]
    low, high = floor(min(logs)), max(ceil(max(logs)), floor(min(logs)) + 1)
    smallest, largest = min(sizes), max(*sizes, min(sizes) + 1)

    def x(size: float) -> float:
        return LEFT + (size - smallest) / (largest - smallest) * (WIDTH - LEFT - 30)

    def y(power: float) -> float:
        return HEIGHT - BOTTOM - (power - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [title]
    for power in range(low, high + 1):
        parts.append(f'<path d="M{LEFT} {y(power):.1f}H{WIDTH - 30}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(power) + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for size in sorted(set(sizes)):
        parts.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{size}</text>')
    for number, one in enumerate(lines):
        spots = [(x(size), y(log10(max(seconds, 0.01)))) for size, seconds in one.points]
        parts.append(_line(spots, COLOURS[one.world]))
        name = f'<text x="{LEFT + 115 * number}" y="{HEIGHT - 10}" fill="{COLOURS[one.world]}">'
        parts.append(f"{name}{NAMES[one.world]}</text>")
    return "".join(parts)


def _line(spots: Sequence[tuple[float, float]], colour: str) -> str:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'
