"""A cluster over weeks, what one member of it sees, and what it can make of that."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cluster.quotes.bracket import bracket, stepped
from solver.sharing.apportion import apportioned

WEEKS = 52
AREA_KM = 20.0
DROPS_A_VAN = 25
VAN_MINOR, KM_MINOR = 300_000, 9_000
ROAD = 0.7124
"""The constant of Beardwood, Halton and Hammersley (1959) for tours through random points: length = ROAD * sqrt(n * A)."""
BLIND_DROPS = np.arange(1, 1500)
PRIVACY_MIN = 3
"""What a cluster is founded with: a quote looks into the pool where this many others have booked."""

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]


class Seen(NamedTuple):
    """What An records in a week: its own drops, costs and share, the saving in percent, and a quote's bracket."""

    drops: int
    stand_alone_minor: int
    share_minor: int
    saving_percent: float
    quote_low_minor: int | None
    quote_high_minor: int | None


class Weeks(NamedTuple):
    """The truth, member 0 being An: drops and shares by week and member; and what An sees."""

    drops: Wholes
    shares_minor: Wholes
    seen: list[Seen]


def cost_minor(drops: float | Floats) -> Floats:
    """What a day of so many drops costs on average: vans, and tours through random points."""
    return VAN_MINOR * np.ceil(np.asarray(drops) / DROPS_A_VAN) + KM_MINOR * ROAD * AREA_KM * np.sqrt(drops)


def simulated(members: int, seed: int, scatter: float = 0.06) -> Weeks:
    """A cluster of firms of very different sizes, whose weeks vary, and whose tours vary around their average."""
    random = np.random.default_rng([members, seed])
    sizes = np.exp(random.normal(3.0, 0.8, members))  # 20 drops a week at the median; SMEs of one trade
    drops = 1 + random.poisson(sizes * np.exp(random.normal(0.0, 0.35, (WEEKS, members))))
    shares, seen = [], []
    key = random.uniform(-0.5, 0.5, WEEKS)  # the keyed sum moves a step by up to half, anew for each window
    for week in range(WEEKS):
        tours = np.exp(random.normal(0.0, scatter, members + 1))  # where the points lie
        alone = [max(1, round(float(cost))) for cost in cost_minor(drops[week].astype(float)) * tours[1:]]
        bill = min(round(float(cost_minor(drops[week].sum())) * tours[0]), sum(alone))
        names = [str(member) for member in range(members)]
        paid = apportioned(names, alone, bill)
        shares.append(paid)
        low = high = None
        if members - 1 >= PRIVACY_MIN:
            others = float(drops[week, 1:].sum())
            part = float(cost_minor(others + 1) - cost_minor(others)) / float(cost_minor(1.0))
            told = bracket(int(cost_minor(1.0)), stepped(part, float(key[week])), [], None)
            low, high = told.low_minor, told.high_minor
        saving = round(100 * (alone[0] - paid[0]) / alone[0], 1)
        seen.append(Seen(int(drops[week, 0]), alone[0], paid[0], saving, low, high))
    return Weeks(drops, np.array(shares), seen)


def others_drops(weeks: Weeks) -> Floats:
    """
    What An makes of its share, knowing tariffs, area and the rule: the drops of all others that explain its saving best.

    Under a proportional rule everybody saves the same part, so An's own saving is the pool's. For each number of drops
    that the others might have sent, An computes the part that a pool of so many saves, and takes the nearest.
    """
    rivals = weeks.drops.shape[1] - 1
    found = []
    for seen in weeks.seen:
        together = cost_minor(BLIND_DROPS + float(seen.drops))
        apart = rivals * cost_minor(BLIND_DROPS / rivals) + float(seen.stand_alone_minor)
        part = seen.share_minor / seen.stand_alone_minor
        found.append(float(BLIND_DROPS[np.argmin(np.abs(together / apart - part))]))
    return np.array(found)


def believed_drops(weeks: Weeks) -> Floats:
    """
    What Bayes makes of the same: the trade's sizes as the prior, and a saving that scatters by what tours scatter.

    An knows more here than anybody tells it: how sizes, weeks and tours of its trade are spread.
    """
    rivals = weeks.drops.shape[1] - 1
    spread = 0.9 / math.sqrt(rivals)
    prior = np.exp(-0.5 * (np.log(BLIND_DROPS / (rivals * 28.0)) / spread) ** 2) / BLIND_DROPS
    found = []
    for seen in weeks.seen:
        together = cost_minor(BLIND_DROPS + float(seen.drops))
        apart = rivals * cost_minor(BLIND_DROPS / rivals) + float(seen.stand_alone_minor)
        part = seen.share_minor / seen.stand_alone_minor
        chance = prior * np.exp(-0.5 * ((together / apart - part) / 0.06) ** 2)
        found.append(float(BLIND_DROPS[np.searchsorted(np.cumsum(chance), chance.sum() / 2)]))
    return np.array(found)


def guesses(weeks: Weeks) -> dict[str, tuple[Floats, Floats]]:
    """
    What An believes one rival sent and paid, week by week, by each of its ways.

    ``blind`` knows the trade alone and nothing of what the platform shows: the yardstick for the others.
    """
    rivals = weeks.drops.shape[1] - 1
    own = np.array([seen.drops for seen in weeks.seen], dtype=float)
    paid = np.array([seen.share_minor for seen in weeks.seen], dtype=float)
    part = paid / np.array([seen.stand_alone_minor for seen in weeks.seen], dtype=float)
    inverted = np.maximum(others_drops(weeks) / rivals, 1.0)
    features = np.stack([np.ones(WEEKS), own, paid, part, [seen.saving_percent for seen in weeks.seen]], axis=1)
    quoted = [math.nan if seen.quote_low_minor is None else seen.quote_low_minor for seen in weeks.seen]
    if not np.isnan(quoted).any():
        features = np.column_stack([features, quoted, [seen.quote_high_minor or 0 for seen in weeks.seen]])
    fitted = np.maximum(features @ np.linalg.lstsq(features, inverted, rcond=None)[0], 1.0)
    believed = np.maximum(believed_drops(weeks) / rivals, 1.0)
    differences = np.maximum(believed.mean() + np.cumsum(np.diff(inverted, prepend=inverted[0])), 1.0)
    found = {
        "blind": np.full(WEEKS, 20.0),
        "inverted": inverted,
        "least squares": fitted,
        "differences": differences,
        "believed": believed,
    }
    return {name: (drops, part * cost_minor(drops)) for name, drops in found.items()}
