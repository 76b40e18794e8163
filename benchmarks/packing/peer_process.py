"""
What runs in a process of its own: ``python -m benchmarks.packing.peer_process PEER``, question and answer as JSON.

A peer fills one hold. Its answer comes back as it was given, with the CPU seconds that it took; whoever asked settles
and checks it.
"""

import json
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

import msgspec

from solver.goods import Hold, Placement, Rotation, Unit
from solver.packing.challenger import challenge

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 6
"""So many times its seconds and a minute a peer may take before it is ended."""


class Question(msgspec.Struct):
    """Fill one hold within so many seconds."""

    hold: Hold
    units: tuple[Unit, ...]
    seconds: float


class Answer(msgspec.Struct):
    """Placements of order ``o``, and how long it took; ``note`` says why there are none."""

    placements: tuple[Placement, ...] = ()
    cpu_s: float = 0.0
    note: str = ""


def ask(peer: str, hold: Hold, units: tuple[Unit, ...], seconds: float) -> Answer:
    """A peer's answer; with a note where it has none."""
    question = msgspec.json.encode(Question(hold, units, seconds))
    command = [sys.executable, "-m", "benchmarks.packing.peer_process", peer]
    try:
        done = subprocess.run(
            command, input=question, capture_output=True, cwd=ROOT, timeout=60 + PATIENCE * seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Answer(note="did not end")
    if done.returncode:
        return Answer(note=done.stderr.decode(errors="replace").strip().splitlines()[-1][:200])
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Answer)


def packingsolver(question: Question) -> list[Placement]:
    """PackingSolver's box solver as a knapsack of volumes: no support, no order of unloading."""
    given, _ = challenge(question.hold, [("o", unit) for unit in question.units], question.seconds)
    return list(given)


def packvium(question: Question) -> list[Placement]:
    """Packvium, balanced, with its own support of the base."""
    import packvium as library

    config = library.PackingConfig(
        time_limit_ms=int(question.seconds * 1000),
        minimum_support_ratio=question.hold.support_percent / 100,
        max_containers=1,
        validate_result=False,
    )
    items = [
        library.Item.create(
            unit.id,
            _mm(library, unit.length_mm, unit.width_mm, unit.height_mm),
            weight=_grams(library, unit.weight_g),
            quantity=unit.quantity,
            allowed_rotations=tuple(library.Rotation(way.value.upper()) for way in unit.rotations),
        )
        for unit in question.units
    ]
    hold = question.hold
    payload = {} if hold.weight_max_g is None else {"max_payload": _grams(library, hold.weight_max_g)}
    inner = _mm(library, hold.length_mm, hold.width_mm, hold.height_mm)
    result = library.Packer(config).pack(items=items, containers=[library.Container.create("hold", inner, **payload)])
    units = {unit.id: unit for unit in question.units}
    used: dict[str, int] = {}
    placements = []
    for container in result.containers:
        for entry in container.placements:
            name = entry.instance.item.id
            used[name] = used.get(name, 0) + 1
            per_mm = library.Length.TICKS_PER_MM
            corner = tuple(getattr(entry.position, axis) // per_mm for axis in "xyz")
            way = Rotation(entry.rotation.value.lower())
            placements.append(_placement(units[name], used[name], corner, way))
    return placements


def _mm(library: Any, *edges_mm: int) -> Any:
    return library.Dimensions.mm(*(str(edge) for edge in edges_mm))


def _grams(library: Any, weight_g: int) -> Any:
    return library.Weight(ticks=weight_g * library.Weight.TICKS_PER_G)


def _placement(unit: Unit, number: int, corner: tuple[int, ...], way: Rotation) -> Placement:
    x, y, z = corner
    return Placement(order="o", unit=unit.id, number=number, x_mm=x, y_mm=y, z_mm=z, rotation=way)


PEERS = {"packingsolver": packingsolver, "packvium": packvium}


def main() -> None:
    """Reads a question, prints an answer."""
    question = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    began = process_time()
    try:
        placements = PEERS[sys.argv[1]](question)
        answer = Answer(tuple(placements), process_time() - began)
    except ImportError as error:
        answer = Answer(note=str(error))
    print(json.dumps(msgspec.to_builtins(answer)))


if __name__ == "__main__":
    main()
