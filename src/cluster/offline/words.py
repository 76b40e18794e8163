"""What codes mean, in the words of the trade; the same on the terminal and in the report."""

from cluster.offline.figures import counted, money, plain
from solver.plan import Reason
from solver.shares import Gain, Rule, Split, Verdict

REASONS = {
    Reason.OUTSIDE_OPTION: "Its outside option is cheaper",
    Reason.CAPACITY: "Too much for the vehicles",
    Reason.TIME_WINDOW: "No time fits",
    Reason.SKILL: "No vehicle offers what it requires",
    Reason.REACHABLE: "There is no way to it",
    Reason.HUB: "No vehicle works from its hub",
    Reason.MAX_DISTANCE: "Too far for one route",
    Reason.MAX_DURATION: "Takes too long for one route",
    Reason.MAX_STOPS: "Too many stops for one route",
    Reason.LOAD: "It cannot be stowed in the vehicles",
    Reason.RELEASE: "Its goods are ready too late",
    Reason.BREAK: "No time fits beside the driver's breaks",
    Reason.APART: "It may not share a vehicle with what is there",
    Reason.LOCK: "What is settled already leaves no room for it",
    Reason.FLEET: "All vehicles are taken",
    Reason.NOT_FOUND: "No place found for it",
}
RULES = {
    Rule.NUCLEOLUS: "nucleolus: the group with the least reason to stay gets as much reason as can be given",
    Rule.PER_CAPITA_NUCLEOLUS: (
        "nucleolus by head: as the nucleolus, with a group's reason to stay counted for each of its members"
    ),
    Rule.PROPORTIONAL_NUCLEOLUS: (
        "proportional nucleolus: as the nucleolus, with a group's reason to stay counted by what it would pay alone"
    ),
    Rule.EQUAL_PROFIT: "equal profit: percentages saved are as alike as they can be with no group having to leave",
    Rule.SHAPLEY: "Shapley: everyone pays the average of what it adds to every group it could join",
    Rule.WEIGHTED_SHAPLEY: "weighted Shapley: as Shapley, with what is saved together parted by agreed weights",
    Rule.OWEN: "Owen: as Shapley, among unions of members first, then among the members of each",
    Rule.TAU: "tau value: everyone goes the same part of the way from the most to the least that it may have to pay",
    Rule.ACAM: "ACAM: everyone pays what it adds to all others, and of the rest by its room below alone",
    Rule.PROPORTIONAL: "proportional: everyone pays the same part of what it would pay alone",
    Rule.WEIGHT: "weight: everyone pays by the weight of its orders",
    Rule.VOLUME: "volume: everyone pays by the volume of its orders",
    Rule.PALLET_KM: "pallet-kilometres: everyone pays by its pallet places times the way that they go",
    Rule.TONNE_KM: "tonne-kilometres: everyone pays by its weight times the way that it goes",
    Rule.ORDERS: "orders: everyone pays by how many orders it has",
}


def certificate(split: Split) -> str:
    """What is proven about a split, in words for everybody: does anyone gain by leaving, alone or in a group?"""
    proof = split.certificate
    most, room = money(proof.excess_max.gain_minor, split.currency), money(proof.gain_max.gain_minor, split.currency)
    if not split.individually_rational:
        paying_more = ", ".join(plain(share.owner) for share in split.shares if share.saving_minor < 0)
        return (
            f"{paying_more} would pay less alone; the most that anyone, alone or in a group, would surely gain by "
            f"leaving is {most}."
        )
    if len(proof.players) == 1 and split.unions:
        return "Nobody pays more than alone. Groups of members were not compared: that takes more time."
    apart = f" With members told apart as {counted(len(proof.players), 'player')}:" if split.unions else ""
    if proof.verdict is Verdict.UNSTABLE:
        return (
            f"Nobody pays more than alone.{apart} Some group of members could still do better by leaving together: the "
            f"most that any of them would surely gain is {most}."
        )
    if proof.verdict is Verdict.STABLE:
        return (
            f"Nobody could do better by leaving.{apart} It is proven that neither a member alone nor any group of "
            "members would pay less by planning its shipments apart, whatever the routes."
        )
    return (
        f"Nobody pays more than alone.{apart} No group is known that would pay less by planning its shipments apart; "
        f"what is proven leaves room for a gain of {room} at most."
    )


def group(gain: Gain, currency: str) -> str:
    """A coalition by its players, and what it would gain or lose by leaving: for the coordinator only."""
    names = ", ".join(plain(player) for player in gain.players)
    if gain.gain_minor > 0:
        return f"{names}: {money(gain.gain_minor, currency)} to gain"
    return f"{names}: {money(-gain.gain_minor, currency)} to lose"
