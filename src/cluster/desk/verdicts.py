"""The fairness of a split in plain words."""

from cluster.desk import wording
from cluster.desk.why_models import Said


def saving(saved_minor: int, percent: float, alone_minor: int, cost_minor: int, currency: str) -> Said:
    """What a day together saves."""
    text = (
        f"Alone, members would pay {wording.amount(alone_minor, currency)} in all; together they pay "
        f"{wording.amount(cost_minor, currency)}. That saves {wording.amount(saved_minor, currency)} ({percent:g} %)."
    )
    return wording.said(
        "saving", text, saving_minor=saved_minor, percent=percent, alone_minor=alone_minor, cost_minor=cost_minor
    )


def another_rule(rule: str, applied: str) -> Said:
    """A rule that has no answer for the day."""
    text = f"The rule {rule} has no answer for this day; {applied} is applied in its place."
    return wording.said("another_rule_applied", text, rule=rule, rule_applied=applied)


def _names(members: list[str]) -> str:
    return members[0] if len(members) == 1 else f"{', '.join(members[:-1])} and {members[-1]}"


def stable(members: list[str], loses_minor: int, currency: str) -> Said:
    """Nobody would do better by leaving: proven."""
    lost = f"at least {wording.amount(loses_minor, currency)} more" if loses_minor else "no less"
    text = (
        "No group of members would pay less by leaving: that is proven. "
        f"The least reason to stay has {_names(members)}: on their own they would pay {lost}."
    )
    return wording.said("stable", text, members=", ".join(members), loses_minor=loses_minor)


def unstable(members: list[str], gains_minor: int, currency: str) -> Said:
    """A group would surely do better by leaving."""
    gain = wording.amount(gains_minor, currency)
    text = f"{_names(members)} would pay {gain} less on their own: a plan that cheap is known."
    return wording.said("unstable", text, members=", ".join(members), gains_minor=gains_minor)


def undecided(members: list[str], gains_minor: int, currency: str) -> Said:
    """Nobody is known to do better by leaving, which is not proven."""
    text = (
        "No group of members is known to pay less by leaving, but that is not proven: "
        f"{_names(members)} could gain at most {wording.amount(gains_minor, currency)}."
    )
    return wording.said("undecided", text, members=", ".join(members), gains_minor=gains_minor)


def nobody_to_leave() -> Said:
    """Fewer than two players."""
    return wording.said("nobody_to_leave", "There is only one who pays: nobody to split with.")


def savers(least: str, least_percent: float, most: str, most_percent: float) -> Said:
    """Who saves least and most."""
    text = f"{most} saves most of its cost alone ({most_percent:g} %), {least} least ({least_percent:g} %)."
    return wording.said("savers", text, least=least, least_percent=least_percent, most=most, most_percent=most_percent)
