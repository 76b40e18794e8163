"""
What is wrong with a certificate of split space: a second, plain writing of what ``splitting`` promises.

It shares no code with it, nor with the sharing core: whole numbers, one group after the other.
"""

from collections.abc import Iterator

from cluster.space.split_models import SpaceCertificate


class WrongCertificate(Exception):
    """A split that the checker refuses: a bug."""


def violations(found: SpaceCertificate) -> list[str]:
    """Everything wrong; empty where the split follows from its accounts and nobody was forgotten."""
    return [*_sums(found), *_places(found), *_parts(found), *_gains(found)]


def _sums(found: SpaceCertificate) -> Iterator[str]:
    days = (found.last_on - found.first_on).days + 1
    for account in found.accounts:
        if {len(account.reserved), len(account.used), len(account.released)} != {days}:
            yield f"{account.member_id} has not {days} days"
        if any(
            min(reserved, released, used) < 0 or released > reserved
            for reserved, released, used in zip(account.reserved, account.released, account.used, strict=True)
        ):
            yield f"{account.member_id} gave back what it had not reserved"
    if [share.member_id for share in found.shares] != [account.member_id for account in found.accounts]:
        yield "not a share for each account"
    for share in found.shares:
        parts = share.reserved_minor + share.running_minor + share.overflow_minor
        if share.share_minor != parts + share.relet_minor + share.credit_minor:
            yield f"the parts of {share.member_id} are not its share"
    if sum(share.share_minor for share in found.shares) != found.cost_minor:
        yield "shares do not sum to the cost"


def _places(found: SpaceCertificate) -> Iterator[str]:
    together = [sum(day) for day in zip(*(account.reserved for account in found.accounts), strict=True)]
    if max(together) != found.rented_units:
        yield "not the joint peak of reservations"
    if not 0 <= found.rent_minor - found.rented_units * found.place_minor < found.rented_units:
        yield "not the rent of a place"
    if sum(share.reserved_minor for share in found.shares) != found.rented_units * found.place_minor:
        yield "reserved parts do not sum to the rent of the places"


def _parts(found: SpaceCertificate) -> Iterator[str]:
    """What was used beyond reservations, day by day, and what is left for running costs."""
    taken = beyond = 0
    over = {account.member_id: 0 for account in found.accounts}
    for day in range((found.last_on - found.first_on).days + 1):
        today = {a.member_id: max(a.used[day] - a.reserved[day] + a.released[day], 0) for a in found.accounts}
        for member, units in today.items():
            over[member] += units
        taken += min(sum(today.values()), sum(account.released[day] for account in found.accounts))
        beyond += max(sum(account.used[day] for account in found.accounts) - found.rented_units, 0)
    relet, overflow = _minor(taken * found.relet_milli), _minor(beyond * found.overflow_milli)
    if sum(share.overflow_minor for share in found.shares) != overflow:
        yield "overflow is not what was used beyond all reservations"
    if sum(share.relet_minor for share in found.shares) != relet:
        yield "what was let again is not paid for"
    if sum(share.credit_minor for share in found.shares) != -relet:
        yield "what was let again is not credited"
    running = found.running_minor + found.rent_minor - found.rented_units * found.place_minor
    if sum(share.running_minor for share in found.shares) != running:
        yield "running costs are not split whole"
    for share in found.shares:
        if share.over_days != over[share.member_id]:
            yield f"{share.member_id} did not overshoot by that"
        if not over[share.member_id] and (share.overflow_minor or share.relet_minor):
            yield f"{share.member_id} pays for what others overshot"


def _gains(found: SpaceCertificate) -> Iterator[str]:
    """No group of members can gain more than is said, and the one that is named does."""
    paid = {share.member_id: share.reserved_minor for share in found.shares}
    size, most = len(found.accounts), None
    for group in range(1, 2**size - 1):
        inside = [account for at, account in enumerate(found.accounts) if group >> at & 1]
        peak = max(map(sum, zip(*(account.reserved for account in inside), strict=True)))
        gain = sum(paid[account.member_id] for account in inside) - found.place_minor * peak
        most = gain if most is None else max(most, gain)
        names = [account.member_id for account in inside]
        if names == found.gain_members and gain != found.gain_max_minor:
            yield "the group that is named does not gain that"
    if (most or 0) != found.gain_max_minor:
        yield f"a group gains {most}"


def _minor(milli: int) -> int:
    return (milli + 500) // 1000
