"""
What a member would pay once everybody's cost and its own have changed: an estimate from few figures.

With c(N) the bill, c(N - i) what the others would pay without the member and c(i) its stand-alone cost, the share x
lies somewhere between what the member adds, m = c(N) - c(N - i), and c(i). Then c(N) falls by D and c(i) by d:

- rules by a key (weight, orders, ...): the member's part of all keys, times the new bill; exact for the new costs;
- proportional to stand-alone costs: exact for the new costs too;
- all other rules: the share keeps its place between the new m and the new c(i). Where every coalition with the member
  gets cheaper by the same amount (D = d) this gives x - d, which is what Shapley value, nucleolus, tau value and every
  other rule that is covariant under such a change gives (Peleg and Sudhölter, *Introduction to the Theory of
  Cooperative Games*, 2007, section 2.3); elsewhere it is an interpolation.
"""

from fractions import Fraction
from typing import NamedTuple

from solver.compiled import Compiled
from solver.measures import DIMENSION, key_of_owners
from solver.plan import MILLI
from solver.shares import Rule, Share

HALF = Fraction(1, 2)
"""Of a saving that there was none of before: what two players who need each other equally get of it."""
KEYS = (Rule.WEIGHT, Rule.VOLUME, Rule.PALLET_KM, Rule.TONNE_KM, Rule.ORDERS)


class Changed(NamedTuple):
    """
    A split and what a change does to it.

    ``cost_minor`` is the bill, ``alone_minor`` the sum of all stand-alone costs, ``saved_milli`` D,
    ``saved_alone_milli`` d, ``keys_left`` the part of the member's key that stays (None where it is not known).
    """

    share: Share
    cost_minor: int
    alone_minor: int
    saved_milli: int
    saved_alone_milli: int
    keys_left: Fraction | None

    @property
    def alone_then(self) -> Fraction:
        """The new c(i), in minor units."""
        return max(Fraction(0), self.share.stand_alone_minor - Fraction(self.saved_alone_milli, MILLI))

    @property
    def alone_then_minor(self) -> int:
        """The new c(i), rounded up as stand-alone costs are."""
        return -(-self.alone_then.numerator // self.alone_then.denominator)

    @property
    def cost_then(self) -> Fraction:
        """The new bill, in minor units."""
        return max(Fraction(0), self.cost_minor - Fraction(self.saved_milli, MILLI))

    @property
    def incremental_then(self) -> Fraction:
        """The new m: not negative, and not above the new c(i), as the member might as well be planned by itself."""
        added = self.share.incremental_minor - Fraction(self.saved_milli, MILLI)
        return min(max(Fraction(0), added), self.alone_then)

    def within_limits(self, rule: Rule) -> bool:
        """Whether the share lies between m and c(i), and the rule is one that keeps it there."""
        kept = self.share.incremental_minor <= self.share.share_minor <= self.share.stand_alone_minor
        return kept and rule not in KEYS and rule is not Rule.PROPORTIONAL


def share_then(rule: Rule, changed: Changed) -> int:
    """The estimated share in minor units, rounded half up; not negative."""
    share, cost = changed.share, changed.cost_minor
    if rule in KEYS and changed.keys_left is not None and cost:
        key = Fraction(share.share_minor, cost)
        left = key * changed.keys_left
        then = changed.cost_then * left / (1 - key + left) if 1 - key + left else Fraction(0)
    elif rule is Rule.PROPORTIONAL:
        alone = changed.alone_minor - share.stand_alone_minor + changed.alone_then
        then = changed.cost_then * changed.alone_then / alone if alone else Fraction(0)
    else:
        then = _kept_place(changed)
    return max(0, (2 * then.numerator + then.denominator) // (2 * then.denominator))


def _kept_place(changed: Changed) -> Fraction:
    share = changed.share
    low, high = share.incremental_minor, share.stand_alone_minor
    place = Fraction(share.share_minor - low, high - low) if high > low else HALF
    return changed.incremental_then + place * (changed.alone_then - changed.incremental_then)


def keys_left(rule: Rule, own: Compiled, staying: frozenset[int]) -> Fraction | None:
    """The part of the member's key that stays when only some of its orders do; None for rules without, or no key."""
    dimension = DIMENSION.get(rule)
    if dimension is not None and not any(order.load.get(dimension) for order in own.problem.orders):
        return None
    whole = key_of_owners(own, rule, range(len(own.problem.orders)))
    left = key_of_owners(own, rule, staying)
    if whole is None or left is None or not sum(whole.values()):
        return None
    return Fraction(sum(left.values()), sum(whole.values()))
