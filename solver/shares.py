"""What a split of the cost says: frozen, integers in whole minor units of the currency."""

from enum import StrEnum

from msgspec import Struct

from solver.plan import Plan


class Rule(StrEnum):
    """How savings are split; explained for members in docs/sharing.md."""

    NUCLEOLUS = "nucleolus"
    PER_CAPITA_NUCLEOLUS = "per_capita_nucleolus"
    PROPORTIONAL_NUCLEOLUS = "proportional_nucleolus"
    EQUAL_PROFIT = "equal_profit"
    SHAPLEY = "shapley"
    WEIGHTED_SHAPLEY = "weighted_shapley"
    OWEN = "owen"
    TAU = "tau"
    ACAM = "acam"
    PROPORTIONAL = "proportional"
    WEIGHT = "weight"
    VOLUME = "volume"
    PALLET_KM = "pallet_km"
    TONNE_KM = "tonne_km"
    ORDERS = "orders"


class Verdict(StrEnum):
    """Whether a group of players would do better by leaving: proven so, proven not so, or not known."""

    STABLE = "stable"
    UNSTABLE = "unstable"
    OPEN = "open"


class Effort(Struct, frozen=True, kw_only=True):
    """
    How much work goes into the costs of coalitions.

    Attributes
    ----------
    players_max
        At most so many players, 1 to 16; with more owners small ones are united.
    search_percent
        Of the usual search for good plans, 1 to 1000.
    labels_first
        Most labels of the first proof of each coalition; 0: none is tried.
    root_only
        The first proof is that of the linear program alone.
    work_more
        Work (labels, and 2,000 for each linear program) of all further proofs together.
    size_max
        Proofs are tried where visits x mean visits of a route, of the plan for everybody, come to at most so much:
        beyond, one proof alone would take longer than all of the rest.
    proof_s
        Seconds after which one proof is ended with what it has, for who cannot wait for its labels; None: never, as
        whoever is to repeat a certificate needs it.
    """

    players_max: int
    search_percent: int
    labels_first: int
    root_only: bool
    work_more: int
    size_max: int
    proof_s: float | None = None


class Gain(Struct, frozen=True, kw_only=True):
    """A coalition and what it pays beyond its cost alone; negative where it pays less. Nobody where there is none."""

    players: tuple[str, ...]
    gain_minor: int


class Certificate(Struct, frozen=True, kw_only=True):
    """
    What is proven about a split; all that anybody needs to check it again (``solver.check_split``).

    Coalitions are masks: bit ``i`` is ``players[i]``. Only the coordinator may see it: it holds every coalition's cost.

    Attributes
    ----------
    players
        In the order of the bits.
    cost_minor
        The bill.
    shares_minor
        By player, whole minor units that sum to the bill.
    lower_minor, upper_minor
        By mask, ``2**n`` entries: no plan of the coalition costs less than the lower (proven), and a plan that costs
        the upper is known. Equal where the cost is proven.
    verdict
        ``stable``: no proper coalition pays more than its lower bound and ``slack_minor``; ``unstable``: one pays more
        than its upper and ``slack_minor``; ``open`` between.
    excess_max
        The proper coalition that pays most beyond its upper (ties: the smallest mask): what it surely could save.
    gain_max
        The proper coalition that pays most beyond its lower: no coalition can gain more than this by leaving.
    slack_minor
        By how much rounding alone may raise a coalition's excess: a quarter of the number of players, rounded down.
        (Largest remainder gives k of n savings a unit more. The n - k others lose k / n each on average at most, which
        makes n / 4 together at most.)
    weights
        Witness: (proper coalition, weight), ascending, weights positive and whole, those of the coalitions that a
        player is in summing to the same for every player, the total; empty for fewer than two players. Then whatever
        the split, the weighted mean of these coalitions' excesses is (bill x total - sum of weight x upper) / sum of
        weights, so no rule could make the largest excess smaller.
    excess_least_minor
        That mean, rounded up: what the largest excess of any split in whole minor units is at least. Where it is
        positive, no split is stable. None without weights.
    digest
        SHA-256, hexadecimal, of players, cost, shares, lowers and uppers as one JSON array without spaces, in UTF-8:
        who holds it knows which tables the certificate speaks of.
    """

    players: tuple[str, ...]
    cost_minor: int
    shares_minor: tuple[int, ...]
    lower_minor: tuple[int, ...]
    upper_minor: tuple[int, ...]
    verdict: Verdict
    excess_max: Gain
    gain_max: Gain
    slack_minor: int
    weights: tuple[tuple[int, int], ...]
    excess_least_minor: int | None
    digest: str


class Share(Struct, frozen=True, kw_only=True):
    """
    One owner's part.

    ``stand_alone_minor`` is what its orders would cost alone, ``saving_minor`` that less ``share_minor``;
    ``incremental_minor`` what everybody together would pay less without its orders. Whatever the true costs within
    their proven intervals, the rule's share is at least ``low_minor`` and at most ``high_minor``.
    """

    owner: str
    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    incremental_minor: int
    low_minor: int
    high_minor: int


class Split(Struct, frozen=True, kw_only=True):
    """
    Who pays what for a plan, and what is known about it.

    Attributes
    ----------
    rule, currency
        The rule, and the currency whose minor units all figures are in.
    rule_applied
        The rule that the shares follow: ``proportional`` where the one that was asked for has no answer, as when a
        scarce fleet makes everybody together dearer than all alone.
    repaired
        Whether shares above their stand-alone cost were cut to it, as asked.
    cost_minor
        The plan's cost; shares sum to it exactly.
    shares
        One an owner, sorted by owner.
    unions
        Owners that entered the game as one player, where there were too many to tell all coalitions apart.
    certificate
        All coalition costs, what is proven about them and about the split; players are owners, united ones joined by
        ", ".
    excess_max_minor
        The most that any group of players pays beyond its cost alone, with shares as rounded; not positive when no
        group would gain by leaving. 0 where there are no groups.
    in_core
        Whether no group would gain by leaving, before rounding (to within half a minor unit).
    individually_rational
        Whether nobody pays more than alone.
    coalitions, coalitions_proven
        How many coalitions were priced, and of how many the cost is proven: no plan of theirs is cheaper.
    pool_digest
        SHA-256 of the routes that coalitions were priced from.
    seconds
        Wall time of the split.
    plan
        A better plan, checked, if the split came across one; all figures then refer to it. None if it did not.
    """

    rule: Rule
    rule_applied: Rule
    repaired: bool
    currency: str
    cost_minor: int
    shares: tuple[Share, ...]
    unions: tuple[tuple[str, ...], ...]
    certificate: Certificate
    excess_max_minor: int
    in_core: bool
    individually_rational: bool
    coalitions: int
    coalitions_proven: int
    pool_digest: str
    seconds: float
    plan: Plan | None


class SplitProgress(Struct, frozen=True, kw_only=True):
    """
    Where a split stands: ``phase`` is ``explore``, ``prove``, ``price`` or ``close``; ``done`` of ``total`` coalitions.

    Of ``close``, the last, nobody knows how many there will be: its total is 0.
    """

    phase: str
    done: int
    total: int
    seconds: float


class ProofsEnded(Exception):  # being told to is no error
    """Enough has been proven, or enough time spent on it: what is open stays open."""


class SplitStopped(Exception):  # being told to stop is no error
    """A split was told to stop before every coalition had its price; there is no half a split."""
