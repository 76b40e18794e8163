"""
The door to the sharing core: what each member pays for a period of jointly rented space.

1. The rent is split over reservations, by a rule on the peak game: each group would have to rent what it reserved on
   its fullest day. The price of a place is the rent divided by the places that all need together, in whole minor units.
2. Running costs, and what that division leaves over, go by units and days used; where nothing was used, reserved.
3. What was used beyond one's own reservation costs what was agreed, first in places that others gave back.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import compress

import numpy as np
from msgspec import Struct

from cluster.space.split_models import SpaceAccount, SpaceCertificate, SpaceRule, SpaceShare
from solver.shares import Rule
from solver.sharing.apportion import apportioned
from solver.sharing.space_bill import SpaceBill, SpaceTariff, SpaceUse, space_bill

MEMBERS_MAX = 16


class Terms(Struct, frozen=True, kw_only=True):
    """A period and what it cost."""

    offer_id: str
    first_on: date
    last_on: date
    rule: SpaceRule
    rent_minor: int
    running_minor: int
    overflow_milli: int
    relet_milli: int
    counted: list[date]


class NothingReserved(Exception):
    """Nobody reserved anything, so there is nobody to pay."""


def split(terms: Terms, accounts: Sequence[SpaceAccount]) -> SpaceCertificate:
    """
    Who pays what, with all that it follows from; sums exactly to the rent, the running costs and the overflow.

    Parameters
    ----------
    accounts
        At most ``MEMBERS_MAX``, each of as many days as the period has.

    Raises
    ------
    NothingReserved
        When there is nothing to split by.
    """
    accounts = sorted(accounts, key=lambda account: account.member_id)
    together = np.array([account.reserved for account in accounts]).sum(axis=0)
    rented = int(np.max(together, initial=0))
    if not rented:
        raise NothingReserved
    place_minor = terms.rent_minor // rented
    bill = space_bill(
        [
            SpaceUse(
                member=account.member_id,
                reserved_places=tuple(account.reserved),
                used_places=tuple(account.used),
                released_places=tuple(account.released),
            )
            for account in accounts
        ],
        SpaceTariff(peak_minor=place_minor, overflow_milli=terms.overflow_milli, relet_milli=terms.relet_milli),
        Rule(terms.rule.value),
    )
    running_minor = terms.running_minor + terms.rent_minor - place_minor * rented
    joint_peak = int(np.argmax(together))
    shares = _shares(terms, accounts, bill, running_minor, place_minor, joint_peak)
    gain, members = gain_max(accounts, [share.reserved_minor for share in shares], place_minor)
    return SpaceCertificate(
        offer_id=terms.offer_id,
        first_on=terms.first_on,
        last_on=terms.last_on,
        rule=terms.rule,
        rent_minor=terms.rent_minor,
        running_minor=terms.running_minor,
        overflow_milli=terms.overflow_milli,
        relet_milli=terms.relet_milli,
        accounts=accounts,
        counted=terms.counted,
        rented_units=rented,
        place_minor=place_minor,
        cost_minor=bill.cost_minor + running_minor,
        shares=shares,
        gain_max_minor=gain,
        gain_members=members,
    )


def _shares(
    terms: Terms,
    accounts: Sequence[SpaceAccount],
    bill: SpaceBill,
    running_minor: int,
    place_minor: int,
    joint_peak: int,
) -> list[SpaceShare]:
    names = [account.member_id for account in accounts]
    used = [sum(account.used) for account in accounts]
    weights = used if any(used) else [sum(account.reserved) for account in accounts]
    running = apportioned(names, weights, running_minor)
    found = []
    for account, part, days_minor in zip(accounts, bill.shares, running, strict=True):
        peak = max(range(len(account.reserved)), key=lambda day: (account.reserved[day], -day))
        over = (u - (r - g) for u, r, g in zip(account.used, account.reserved, account.released, strict=True))
        share = SpaceShare(
            member_id=account.member_id,
            reserved_minor=part.reserved_minor,
            running_minor=days_minor,
            overflow_minor=part.overflow_minor,
            relet_minor=part.relet_minor,
            credit_minor=part.credit_minor,
            share_minor=part.share_minor + days_minor,
            alone_minor=place_minor * account.reserved[peak],
            peak_units=account.reserved[peak],
            peak_on=terms.first_on + timedelta(days=peak),
            joint_peak_on=terms.first_on + timedelta(days=joint_peak),
            at_joint_peak=account.reserved[joint_peak],
            used_days=sum(account.used),
            over_days=sum(max(units, 0) for units in over),
            released_days=sum(account.released),
        )
        found.append(share)
    return found


def gain_max(
    accounts: Sequence[SpaceAccount], reserved_minor: Sequence[int], place_minor: int
) -> tuple[int, list[str]]:
    """
    The most that a group pays for its reservations beyond what they would cost it alone, and that group.

    All groups are looked at but the empty one and that of all.
    """
    days = len(accounts[0].reserved)
    peaks, paid = np.zeros((1, days), dtype=np.int64), np.zeros(1, dtype=np.int64)
    for account, minor in zip(accounts, reserved_minor, strict=True):
        peaks = np.concatenate([peaks, peaks + np.array(account.reserved, dtype=np.int64)])
        paid = np.concatenate([paid, paid + minor])
    gains = (paid - place_minor * peaks.max(axis=1))[1:-1]
    if not len(gains):
        return 0, []
    best = int(np.argmax(gains))
    group = [bool((best + 1) >> at & 1) for at in range(len(accounts))]
    return int(gains[best]), list(compress((account.member_id for account in accounts), group))
