"""Encoded lines: as others write them, and without what nobody sees on a map."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.places.polylines import POINTS_MAX, decoded, drawn, encoded
from cluster.places.roads_models import PointE6
from tests.cluster.places.towns import polyline6

EXAMPLE = "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
"""From the description of the format."""
POINTS = [(38_500_000, -120_200_000), (40_700_000, -120_950_000), (43_252_000, -126_453_000)]
ON_EARTH = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))


def test_the_example_of_the_formats_description_is_read_and_written() -> None:
    assert decoded(EXAMPLE) == POINTS
    assert encoded(POINTS) == EXAMPLE


@given(st.lists(ON_EARTH, max_size=8))
@settings(max_examples=60)
def test_lines_of_both_precisions_are_read_as_they_were_written(points: list[PointE6]) -> None:
    assert decoded(polyline6(points), 6) == points
    assert decoded(encoded(points)) == [(round(lat / 10) * 10, round(lon / 10) * 10) for lat, lon in points]


@pytest.mark.parametrize("text", ["_", "_p~iF", "\x1f?", "é?", "~~~~~~~~~~~?", "_p~iF_ojboG"])
def test_what_is_no_line_or_leaves_the_globe_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        decoded(text)


def test_bends_that_nobody_sees_are_left_out_and_corners_stay() -> None:
    # 100 points along a street, 2 m aside at every second one; then a corner, and 1 km east
    street = [(10_800_000 + 100 * number, 106_600_000 + number % 2 * 20) for number in range(100)]
    corner = (10_810_000, 106_600_000)
    assert decoded(drawn([*street, corner, (10_810_000, 106_610_000)])) == [
        (10_800_000, 106_600_000),
        corner,
        (10_810_000, 106_610_000),
    ]


def test_a_street_that_leads_back_on_itself_keeps_its_end() -> None:
    there = [(10_800_000, 106_600_000), (10_810_000, 106_600_000), (10_800_000, 106_600_000)]
    assert decoded(drawn(there)) == there
    assert drawn([]) == ""


def test_a_line_of_very_many_corners_is_made_coarser_until_it_is_short_enough() -> None:
    zigzag = [(10_000_000 + 200 * number, 106_600_000 + number % 2 * 200) for number in range(3 * POINTS_MAX)]
    line = drawn(zigzag)
    assert len(decoded(line)) <= POINTS_MAX
    assert len(line) <= 65_536
