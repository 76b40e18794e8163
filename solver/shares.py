"""What a split of the cost says: frozen, integers in whole minor units of the currency."""

from enum import StrEnum

from msgspec import Struct

from solver.plan import Plan


class Rule(StrEnum):
    """How savings are split; explained for members in docs/sharing.md."""

    NUCLEOLUS = "nucleolus"
    SHAPLEY = "shapley"
    PROPORTIONAL = "proportional"


class Share(Struct, frozen=True, kw_only=True):
    """
    One owner's part.

    ``stand_alone_minor`` is what its orders would cost alone, ``saving_minor`` that less ``share_minor``;
    ``incremental_minor`` what everybody together would pay less without its orders.
    """

    owner: str
    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    incremental_minor: int


class Split(Struct, frozen=True, kw_only=True):
    """
    Who pays what for a plan, and what is known about it.

    Attributes
    ----------
    rule, currency
        The rule, and the currency whose minor units all figures are in.
    cost_minor
        The plan's cost; shares sum to it exactly.
    shares
        One an owner, sorted by owner.
    unions
        Owners that entered the game as one player, where there were too many to tell all coalitions apart.
    excess_max_minor
        The most that any group of players pays beyond its cost alone, with shares as rounded; not positive when no
        group would gain by leaving. 0 where there are no groups.
    in_core
        Whether no group would gain by leaving, before rounding (to within half a minor unit).
    individually_rational
        Whether nobody pays more than alone.
    coalition_costs_minor
        By the owners of a coalition, sorted and joined by ", "; None where there are more than 10 players.
    coalitions, coalitions_proven
        How many coalitions were priced, and for how many no choice from the pool is cheaper, proven.
    pool_digest
        SHA-256 of the routes that all coalitions were priced from.
    seconds
        Wall time of the split.
    plan
        A better plan, checked, if the split came across one; all figures then refer to it. None if it did not.
    """

    rule: Rule
    currency: str
    cost_minor: int
    shares: tuple[Share, ...]
    unions: tuple[tuple[str, ...], ...]
    excess_max_minor: int
    in_core: bool
    individually_rational: bool
    coalition_costs_minor: dict[str, int] | None
    coalitions: int
    coalitions_proven: int
    pool_digest: str
    seconds: float
    plan: Plan | None


class SplitProgress(Struct, frozen=True, kw_only=True):
    """Where a split stands: ``phase`` is ``explore`` or ``price``; ``done`` of ``total`` coalitions."""

    phase: str
    done: int
    total: int
    seconds: float


class SplitStopped(Exception):  # being told to stop is no error
    """A split was told to stop before every coalition had its price; there is no half a split."""
