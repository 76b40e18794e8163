"""What did not go as planned, and who bears it: arithmetic by hand."""

from cluster.books.delivered import Account, Entry, Miss, Missed, TourCost, trued_up

SHARES = {"an": 400, "binh": 600}
WEIGHTS = {"an": {"a1": 10, "a2": 30}, "binh": {"b1": 50}}
"""An's first shipment stands for a quarter of its share, 100."""


def tour(accepted: int, planned: int = 1000) -> TourCost:
    return TourCost(tour="t", carrier="swift", planned_minor=planned, accepted_minor=accepted)


def sums(entries: tuple[Entry, ...]) -> dict[str, int]:
    """What each holder pays beside its share; the cluster under its own name."""
    found: dict[str, int] = {}
    for entry in entries:
        name = entry.holder if entry.account is not Account.CLUSTER else "cluster"
        found[name] = found.get(name, 0) + entry.amount_minor
    return {name: amount for name, amount in found.items() if amount}


def test_as_planned_nothing_is_left_to_post() -> None:
    assert sums(trued_up(SHARES, WEIGHTS, [tour(1000)], [])) == {}


def test_what_is_dearer_through_nobodys_fault_is_borne_by_the_cluster() -> None:
    assert sums(trued_up(SHARES, WEIGHTS, [tour(1100)], [])) == {"cluster": 100}


def test_what_is_cheaper_goes_to_members_by_share() -> None:
    """100 less, 40 of it An's and 60 Binh's."""
    assert sums(trued_up(SHARES, WEIGHTS, [tour(900)], [])) == {"an": -40, "binh": -60}


def test_what_a_carrier_did_not_carry_is_credited_to_its_member_first() -> None:
    """150 less: 100 for An's shipment; the other 50 by what is left of the shares, 300 and 600."""
    missed = [Missed(shipment="a1", member="an", tour="t", why=Miss.CARRIER)]
    assert sums(trued_up(SHARES, WEIGHTS, [tour(850)], missed)) == {"an": -117, "binh": -33}


def test_called_off_late_a_member_is_credited_what_was_avoided_and_no_more() -> None:
    missed = [Missed(shipment="a1", member="an", tour="t", why=Miss.LATE)]
    assert sums(trued_up(SHARES, WEIGHTS, [tour(970)], missed)) == {"an": -30}
    assert sums(trued_up(SHARES, WEIGHTS, [tour(1000)], missed)) == {}


def test_called_off_in_time_a_member_pays_nothing_for_it_and_others_no_more_than_told() -> None:
    missed = [Missed(shipment="a1", member="an", tour=None, why=Miss.IN_TIME)]
    assert sums(trued_up(SHARES, WEIGHTS, [tour(1000)], missed)) == {"an": -100, "cluster": 100}


def test_entries_sum_to_what_is_billed_less_the_shares() -> None:
    missed = [Missed(shipment="b1", member="binh", tour="t", why=Miss.CARRIER)]
    for accepted in (0, 333, 999, 1000, 1001, 5000):
        entries = trued_up(SHARES, WEIGHTS, [tour(accepted)], missed)
        assert sum(entry.amount_minor for entry in entries) == accepted - 1000


def test_a_tour_that_was_never_driven_costs_nobody_anything() -> None:
    assert sums(trued_up(SHARES, WEIGHTS, [], [])) == {"an": -400, "binh": -600}
