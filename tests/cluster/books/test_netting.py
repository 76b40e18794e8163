"""Netting: everybody is settled, by the fewest payments where that can be found."""

from hypothesis import given
from hypothesis import strategies as st

from cluster.books.netting import EXACT_MAX, netted


def after(balances: dict[str, int]) -> dict[str, int]:
    """What is left once everybody has paid."""
    left = dict(balances)
    for transfer in netted(balances).transfers:
        assert transfer.amount_minor > 0
        left[transfer.payer] -= transfer.amount_minor
        left[transfer.payee] += transfer.amount_minor
    return left


def test_two_pairs_pay_each_other_and_not_across() -> None:
    """5 and -5, 3 and -3: two payments; the largest first would take three, for 5 + 3 = 8 owed to one and so on."""
    found = netted({"a": 5, "b": 3, "c": -3, "d": -5})
    assert (len(found.transfers), found.fewest) == (2, True)


def test_groups_that_sum_to_zero_settle_among_themselves() -> None:
    """7 = 4 + 3 and 6 = 5 + 1: six balances, two groups, four payments; greedy needs five."""
    found = netted({"a": 7, "b": 6, "c": -4, "d": -3, "e": -5, "f": -1})
    assert len(found.transfers) == 4


def test_nobody_pays_where_nobody_owes() -> None:
    assert netted({"a": 0}).transfers == ()


def most_groups(amounts: tuple[int, ...]) -> int:
    """By trying every first group: another way to the same number."""
    if not amounts:
        return 0
    best = 1
    for subset in range(1, 1 << len(amounts), 2):
        one = [amount for i, amount in enumerate(amounts) if subset >> i & 1]
        rest = tuple(amount for i, amount in enumerate(amounts) if not subset >> i & 1)
        if sum(one) == 0 and rest:
            best = max(best, 1 + most_groups(rest))
    return best


@given(st.lists(st.integers(-4, 4).filter(bool), max_size=6))
def test_no_fewer_payments_settle_it(amounts: list[int]) -> None:
    whole = [*amounts, -sum(amounts)] if sum(amounts) else amounts
    balances = {str(i): amount for i, amount in enumerate(whole)}
    assert len(netted(balances).transfers) == len(whole) - most_groups(tuple(whole))
    assert not any(after(balances).values())


@given(st.lists(st.integers(-(10**12), 10**12), min_size=EXACT_MAX + 1, max_size=60))
def test_many_are_settled_too_with_fewer_payments_than_parties(amounts: list[int]) -> None:
    balances = {str(i): amount for i, amount in enumerate([*amounts, -sum(amounts)])}
    assert not any(after(balances).values())
    assert len(netted(balances).transfers) <= max(0, sum(1 for amount in balances.values() if amount) - 1)
