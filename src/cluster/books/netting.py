"""Netting: who pays whom so that everybody's balance is settled by few payments."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

EXACT_MAX = 15
"""Up to so many balances that are not zero the payments are the fewest there can be."""


class Transfer(Struct, frozen=True):
    """Somebody who owes pays somebody who is owed."""

    payer: str
    payee: str
    amount_minor: int


class Netted(Struct, frozen=True):
    """Payments that settle everything; ``fewest`` says that no fewer could."""

    transfers: tuple[Transfer, ...]
    fewest: bool


def netted(balances: Mapping[str, int]) -> Netted:
    """
    Payments that settle balances: positive owes, negative is owed.

    A group whose balances sum to zero settles among itself with one payment fewer than it has members, so the fewest
    payments come from the most such groups. They are found over all subsets up to ``EXACT_MAX`` balances; beyond, those
    who match to the unit pay each other, and the largest who owes pays the largest who is owed.

    Raises
    ------
    ValueError
        When the balances do not sum to zero.
    """
    if sum(balances.values()):
        raise ValueError("balances must sum to zero")
    names = sorted(name for name, amount in balances.items() if amount)
    if len(names) > EXACT_MAX:
        pairs, rest = _pairs(names, balances)
        return Netted((*pairs, *_settled(rest, balances)), fewest=False)
    groups = _groups([balances[name] for name in names])
    found = [transfer for group in groups for transfer in _settled([names[i] for i in group], balances)]
    return Netted(tuple(found), fewest=True)


def through(middle: str, balances: Mapping[str, int]) -> Netted:
    """Everybody pays one in the middle or is paid by it: one payment each, and nobody meets anybody else."""
    found = [
        Transfer(name, middle, amount) if amount > 0 else Transfer(middle, name, -amount)
        for name, amount in sorted(balances.items())
        if amount
    ]
    return Netted(tuple(found), fewest=False)


def _groups(amounts: Sequence[int]) -> list[list[int]]:
    """A partition into the most groups that sum to zero: over subsets, how many groups a best order closes."""
    size = len(amounts)
    totals, most = [0] * (1 << size), [0] * (1 << size)
    for subset in range(1, 1 << size):
        low = subset & -subset
        totals[subset] = totals[subset ^ low] + amounts[low.bit_length() - 1]
        best, left = 0, subset
        while left:
            bit = left & -left
            best = max(best, most[subset ^ bit])
            left ^= bit
        most[subset] = best + (totals[subset] == 0)
    groups: list[list[int]] = []
    subset = (1 << size) - 1
    while subset:
        if totals[subset] == 0:
            groups.append([])
        wanted = most[subset] - (totals[subset] == 0)
        bit = next(1 << i for i in range(size) if subset >> i & 1 and most[subset ^ (1 << i)] == wanted)
        groups[-1].append(bit.bit_length() - 1)
        subset ^= bit
    return groups


def _pairs(names: Sequence[str], balances: Mapping[str, int]) -> tuple[list[Transfer], list[str]]:
    """Those who match to the unit, and whoever is left."""
    owed: dict[int, list[str]] = {}
    for name in names:
        if balances[name] < 0:
            owed.setdefault(-balances[name], []).append(name)
    pairs = []
    for name in names:
        if balances[name] > 0 and owed.get(balances[name]):
            pairs.append(Transfer(name, owed[balances[name]].pop(0), balances[name]))
    paired = {party for pair in pairs for party in (pair.payer, pair.payee)}
    return pairs, [name for name in names if name not in paired]


def _settled(names: Sequence[str], balances: Mapping[str, int]) -> list[Transfer]:
    """A group settled with at most one payment fewer than it has members."""
    left = {name: balances[name] for name in names}
    found = []
    while any(left.values()):
        payer = max(left, key=lambda name: (left[name], name))
        payee = min(left, key=lambda name: (left[name], name))
        amount = min(left[payer], -left[payee])
        found.append(Transfer(payer, payee, amount))
        left[payer] -= amount
        left[payee] += amount
    return found
