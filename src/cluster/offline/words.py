"""What codes mean, in the words of the trade; the same on the terminal and in the report."""

from cluster.offline.figures import counted, money, plain
from solver.plan import Reason
from solver.shares import Rule, Split

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
    Reason.RELEASE: "Its goods are ready too late",
    Reason.BREAK: "No time fits beside the driver's breaks",
    Reason.APART: "It may not share a vehicle with what is there",
    Reason.LOCK: "What is settled already leaves no room for it",
    Reason.FLEET: "All vehicles are taken",
    Reason.NOT_FOUND: "No place found for it",
}
RULES = {
    Rule.NUCLEOLUS: "nucleolus: the group with the least reason to stay gets as much reason as can be given",
    Rule.SHAPLEY: "Shapley: everyone pays the average of what it adds to every group it could join",
    Rule.PROPORTIONAL: "proportional: everyone pays the same part of what it would pay alone",
}


def certificate(split: Split) -> str:
    """What is proven about a split, in words: does anyone gain by leaving, alone or in a group?"""
    most = money(split.excess_max_minor, split.currency)
    if not split.individually_rational:
        paying_more = ", ".join(plain(share.owner) for share in split.shares if share.saving_minor < 0)
        return (
            f"{paying_more} would pay less alone; the most that anyone, alone or in a group, would gain by leaving is "
            f"{most}."
        )
    if not split.in_core:
        return (
            f"Nobody pays more than alone. Some group of members could still do better by leaving together: the most "
            f"that any of them would gain is {most}."
        )
    if split.unions:
        players = len(split.shares) - sum(len(union) - 1 for union in split.unions)
        if players == 1:
            return "Nobody pays more than alone. Groups of members were not compared: that takes more time."
        return (
            f"Nobody pays more than alone. With members told apart as {counted(players, 'player')}, no group of "
            "players would pay less by planning its shipments apart, on any of the routes that were found."
        )
    return (
        "Nobody could do better by leaving: neither a member alone nor any group of members would pay less by planning "
        "its shipments apart, on any of the routes that were found."
    )
