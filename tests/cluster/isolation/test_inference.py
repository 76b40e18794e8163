"""What an attentive rival can make of a year of its own figures: no better a guess than without them."""

from functools import cache

import numpy as np
import pytest

from tests.cluster.isolation.attacker import Floats, guesses, simulated

CLUSTERS = 12
SIZES = (3, 4, 5, 8, 15)
WAYS = ("inverted", "least squares", "differences", "believed")


@cache
def errors(members: int) -> dict[str, tuple[float, float, float]]:
    """By way of guessing: median relative errors of drops and of shares, and the largest part of weeks hit exactly."""
    drops: dict[str, list[Floats]] = {}
    shares: dict[str, list[Floats]] = {}
    hits: dict[str, float] = {}
    for seed in range(CLUSTERS):
        weeks = simulated(members, seed)
        true, paid = weeks.drops[:, 1:], weeks.shares_minor[:, 1:]
        for way, (sent, share) in guesses(weeks).items():
            drops.setdefault(way, []).append((np.abs(sent[:, None] - true) / true).ravel())
            shares.setdefault(way, []).append((np.abs(share[:, None] - paid) / paid).ravel())
            exact = (np.round(sent)[:, None] == true).mean(axis=0).max()
            hits[way] = max(hits.get(way, 0.0), float(exact))
    return {
        way: (float(np.median(np.concatenate(drops[way]))), float(np.median(np.concatenate(shares[way]))), hits[way])
        for way in drops
    }


@pytest.mark.parametrize("members", SIZES)
def test_a_rivals_volume_stays_unknown_by_half(members: int) -> None:
    found = errors(members)
    assert {way: found[way][0] for way in WAYS if found[way][0] < 0.5} == {}


@pytest.mark.parametrize("members", SIZES)
def test_no_rival_is_read_off_week_by_week(members: int) -> None:
    """Small whole numbers are hit now and then by anybody: one week in eight at most for the blind guess as well."""
    assert {way: hit for way, (_, _, hit) in errors(members).items() if hit > 0.2} == {}


@pytest.mark.parametrize("members", SIZES)
def test_what_is_shown_makes_no_guess_better_than_knowing_the_trade(members: int) -> None:
    """Of volumes and of shares, where "blind" knows how large firms of the trade are and nothing else."""
    found = errors(members)
    blind_drops, blind_share, _ = found["blind"]
    better = [way for way in WAYS if found[way][0] < 0.95 * blind_drops or found[way][1] < 0.95 * blind_share]
    assert better == []


def test_the_attacker_is_no_fool_where_nothing_hides_a_rival() -> None:
    """Two members, and tours that do not vary: then a member's saving gives its rival away in every week."""
    weeks = simulated(2, 1, scatter=0.0)
    assert (guesses(weeks)["inverted"][0] == weeks.drops[:, 1]).all()
