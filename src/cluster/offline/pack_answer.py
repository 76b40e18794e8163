"""From a question of loading to everything that ``cluster pack`` says: the packing, its check, its figures."""

import time
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cluster.offline.load_view import BoxView, LoadView, view_of_load, views_of_bins
from cluster.offline.pack_reading import Question
from solver.check_pack import check_packing
from solver.check_stow import check_load
from solver.formats.instance import NO_CURRENCY
from solver.loads import Fit, Load, NotPlaced, Packed, Packing, PackProblem, Verdict
from solver.plan import MILLI, Reason, Violation, minor

CURES = {
    Verdict.PROVED_NOT: "leave something out, or take a larger hold",
    Verdict.NOT_FOUND: "give more time with --seconds, leave something out, or take a larger hold",
}


class PackAnswer(Struct, frozen=True, kw_only=True):
    """
    What is known about a question of loading.

    ``fit`` is the answer to a ``Load``, whose packing is then its one hold; None for a choice of containers. ``views``
    has one entry for each of ``packing.bins``.
    """

    packing: Packing
    views: tuple[LoadView, ...]
    violations: tuple[Violation, ...]
    seed: int
    fit: Fit | None = None
    seconds: float = 0.0

    @property
    def volume_share(self) -> float:
        """The part of the space of all containers used that is taken."""
        capacity = sum(view.capacity_mm3 for view in self.views)
        return sum(view.volume_mm3 for view in self.views) / capacity if capacity else 0.0

    @property
    def weight_share(self) -> float | None:
        """The part of the weight that containers with a limit may take; None where none has one."""
        limited = [view for view in self.views if view.hold.weight_max_g]
        most = sum(view.hold.weight_max_g or 0 for view in limited)
        return sum(view.weight_g for view in limited) / most if most else None

    @property
    def left_behind(self) -> tuple[int, int]:
        """How many units are nowhere, and how many go as groupage."""
        left = self.packing.not_placed
        sent = sum(entry.quantity for entry in left if entry.groupage)
        return sum(entry.quantity for entry in left) - sent, sent


class Limits(Struct, frozen=True, kw_only=True):
    """Wall time, work in thousands of steps (None: as usual), and the seed. A load in one hold has its own measure."""

    seconds: float | None = None
    work: int | None = None
    seed: int = 0


def answered(question: Question, limits: Limits) -> PackAnswer:
    """Pack and check; a solver's answer that fails its check is shown as it is, with what is wrong with it."""
    begun = time.monotonic()
    answer = _of_load(question, limits.seed) if isinstance(question, Load) else _of_containers(question, limits)
    return replace(answer, seconds=time.monotonic() - begun)


def _of_load(load: Load, seed: int) -> PackAnswer:
    # Only what is asked for is loaded: choosing containers brings a solver of programs along.
    from solver.packing.fits import THOROUGH, fits

    fit = fits(load, THOROUGH._replace(seed=seed))
    packing = _of_fit(load, fit)
    return PackAnswer(
        packing=packing,
        fit=fit,
        views=tuple(view_of_load(load, packed.placements) for packed in packing.bins),
        violations=tuple(check_load(load, fit.placements)) if fit.verdict is Verdict.FITS else (),
        seed=seed,
    )


def _of_containers(problem: PackProblem, limits: Limits) -> PackAnswer:
    from solver.packing.choose import pack
    from solver.packing.line import lies_on_a_line, packed_on_a_line

    seconds, seed = limits.seconds, limits.seed
    on_line = packed_on_a_line(problem, seconds=seconds, seed=seed) if lies_on_a_line(problem) else None
    packing = on_line or pack(problem, seconds=seconds, work=limits.work, seed=seed)
    return PackAnswer(
        packing=packing,
        views=views_of_bins(problem, packing.bins),
        violations=tuple(check_packing(problem, packing)),
        seed=limits.seed,
    )


def _of_fit(load: Load, fit: Fit) -> Packing:
    """A load in its one hold; where it does not fit, all of it is left out."""
    if fit.verdict is Verdict.FITS:
        bins = (Packed(container="hold", number=1, placements=fit.placements),) if fit.placements else ()
        return Packing(currency=NO_CURRENCY, bins=bins, not_placed=(), cost_milli=0, proved=True)
    reason = Reason.LOAD if fit.verdict is Verdict.PROVED_NOT else Reason.NOT_FOUND
    left = tuple(
        NotPlaced(
            consignment=line.order,
            unit=line.unit.id,
            quantity=line.unit.quantity,
            reason=reason.value,
            detail=fit.detail,
            cure=CURES[fit.verdict],
        )
        for line in load.cargo
    )
    proved = fit.verdict is Verdict.PROVED_NOT
    return Packing(currency=NO_CURRENCY, bins=(), not_placed=left, cost_milli=0, proved=proved)


def as_document(answer: PackAnswer) -> dict[str, Any]:
    """The answer as ``--json`` prints it; costs in minor units, rounded once each, the bound rounded down."""
    packing = answer.packing
    document: dict[str, Any] = {
        "bins": [_bin(packed, view) for packed, view in zip(packing.bins, answer.views, strict=True)],
        "cost_minor": minor(packing.cost_milli),
        "bound_minor": packing.bound_milli // MILLI,
        "currency": packing.currency,
        "utilisation_volume": round(answer.volume_share, 6),
        "utilisation_weight": None if answer.weight_share is None else round(answer.weight_share, 6),
        "not_placed": packing.not_placed,
        "proved": packing.proved,
        "violations": answer.violations,
        "seconds": round(answer.seconds, 3),
        "seed": answer.seed,
    }
    if answer.fit is not None:
        document |= {"verdict": answer.fit.verdict, "tier": answer.fit.tier, "detail": answer.fit.detail}
    return document


def _bin(packed: Packed, view: LoadView) -> dict[str, Any]:
    return {
        "container": packed.container,
        "number": packed.number,
        "edges_mm": [view.hold.length_mm, view.hold.width_mm, view.hold.height_mm],
        "units": len(view.boxes),
        "weight_g": view.weight_g,
        "utilisation_volume": round(view.volume_share, 6),
        "utilisation_weight": None if view.weight_share is None else round(view.weight_share, 6),
        "moments": view.moments,
        "placements": [_placement(box) for box in view.boxes],
    }


def _placement(box: BoxView) -> dict[str, Any]:
    x_mm, y_mm, z_mm = box.at_mm
    return {
        "order": box.order,
        "unit": box.unit,
        "number": box.number,
        "x_mm": x_mm,
        "y_mm": y_mm,
        "z_mm": z_mm,
        "edges_mm": box.edges_mm,
        "rotation": box.rotation,
        "weight_g": box.weight_g,
        "from_stop": box.since,
        "to_stop": box.until,
    }
