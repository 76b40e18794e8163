"""What codes mean, in the words of the trade; the same on the terminal and in the report."""

from solver.shares import Rule, Split

from cluster.offline.figures import money, plain
from solver.plan import Reason

REASONS = {
    Reason.OUTSIDE_OPTION: "Its outside option is cheaper",
    Reason.CAPACITY: "Too much for the vehicles",
    Reason.TIME_WINDOW: "No time fits",
    Reason.SKILL: "No vehicle offers what it requires",
    Reason.REACHABLE: "There is no way to it",
    Reason.HUB: "No vehicle works from its hub",
    Reason.MAX_DISTANCE: "Too far for one route",
    Reason.MAX_DURATION: "Takes too long for one route",
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
    if split.in_core:
        return (
            "Nobody could do better by leaving: neither a member alone nor any group of members would pay less by "
            "planning its shipments apart, on any of the routes that were found."
        )
    most = money(split.excess_max_minor, split.currency)
    if split.individually_rational:
        return (
            f"Nobody pays more than alone. Some group of members could still do better by leaving together: the most "
            f"that any of them would gain is {most}."
        )
    paying_more = [share.owner for share in split.shares if share.saving_minor < 0]
    return (
        f"{plain(', '.join(paying_more)) or 'Some member'} would pay less alone; the most that anyone, alone or in a "
        f"group, would gain by leaving is {most}."
    )
