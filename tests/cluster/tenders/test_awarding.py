"""Who wins, by each rule."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.tenders.awarding import Record, Standing, is_taken, scores, winner
from cluster.tenders.models import AwardRule, OfferStatus

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def answered(number: int, price: int | None, minutes: int = 0, **fields: object) -> Standing:
    """Carrier ``number`` names a price some minutes after nine."""
    status = fields.pop("status", OfferStatus.COUNTERED if price is not None else OfferStatus.DECLINED)
    return Standing(
        offer_id=UUID(int=number),
        carrier_id=UUID(int=100 + number),
        status=status,  # type: ignore[arg-type]
        answer_minor=price,
        answer_starts_at=fields.get("starts_at"),  # type: ignore[arg-type]
        answered_at=NINE + timedelta(minutes=minutes),
    )


def test_the_lowest_price_wins_and_of_equal_ones_the_first() -> None:
    offers = [answered(1, 900, 1), answered(2, 800, 3), answered(3, 800, 2), answered(4, None)]
    assert winner(AwardRule.PRICE, offers, 1_000, {}) == UUID(int=3)


def test_a_record_of_missed_visits_makes_a_price_dearer() -> None:
    offers = [answered(1, 1_000), answered(2, 1_040)]
    # Carrier 1 missed 50 of 1,000 visits: 1,000 counts as 1,050. Carrier 2 missed none.
    records = {UUID(int=101): Record(visits=1_000, missed=50), UUID(int=102): Record(visits=1_000, missed=0)}
    assert scores(offers, records) == {UUID(int=1): 1_050, UUID(int=2): 1_040}
    assert winner(AwardRule.SCORE, offers, 2_000, records) == UUID(int=2)
    assert winner(AwardRule.PRICE, offers, 2_000, records) == UUID(int=1)


def test_a_newcomer_counts_as_everybody_together() -> None:
    offers = [answered(1, 1_000), answered(2, 1_000)]
    # Carrier 2 has 19 visits, one too few. All together missed 100 of 1,000: its 1,000 counts as 1,100.
    records = {UUID(int=101): Record(visits=981, missed=100), UUID(int=102): Record(visits=19, missed=0)}
    assert scores(offers, records) == {UUID(int=1): 1_101, UUID(int=2): 1_100}  # 1,000 x 100 / 981 = 101.9


def test_nobody_has_a_record_yet() -> None:
    assert scores([answered(1, 1_000)], {}) == {UUID(int=1): 1_000}


@pytest.mark.parametrize(
    ("offer", "ceiling", "taken"),
    [
        (answered(1, 500, status=OfferStatus.ACCEPTED), None, True),
        (answered(1, 500), 500, True),
        (answered(1, 501), 500, False),
        (answered(1, 500), None, False),
        (answered(1, 100, starts_at=NINE), 500, False),
        (answered(1, None), 500, False),
    ],
)
def test_what_can_win_by_itself(offer: Standing, ceiling: int | None, taken: bool) -> None:
    assert is_taken(offer, ceiling) is taken


def test_the_coordinators_choice_is_nobody_elses() -> None:
    assert winner(AwardRule.CHOICE, [answered(1, 1)], 10, {}) is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.randoms())
def test_who_wins_does_not_depend_on_the_order_of_the_answers(prices: list[int], random: object) -> None:
    offers = [answered(number, price, number % 3) for number, price in enumerate(prices)]
    shuffled = list(offers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for rule in (AwardRule.PRICE, AwardRule.SCORE):
        first = winner(rule, offers, 10**9, {})
        assert first == winner(rule, shuffled, 10**9, {})
        assert next(offer.answer_minor for offer in offers if offer.offer_id == first) == min(prices)
