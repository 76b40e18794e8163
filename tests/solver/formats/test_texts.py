"""Solomon's and Li and Lim's texts are written as they were read."""

import pytest

from solver.faults import ProblemError
from solver.formats.instance import Instance
from solver.formats.lilim import lilim_instance, read_lilim, write_lilim
from solver.formats.solomon import read_solomon, solomon_instance, write_solomon
from solver.formats.vrplib import vrplib_instance
from tests.shared_data import shared_data
from tests.solver.formats import samples


def test_a_solomon_text_poses_the_same_problem_after_it_is_written() -> None:
    for raw in (samples.SOLOMON, shared_data("routing/vrptw/RC208.txt").read_bytes()):
        assert read_solomon(write_solomon(solomon_instance(raw))).problem == read_solomon(raw).problem


def test_a_li_and_lim_text_poses_the_same_problem_after_it_is_written() -> None:
    for raw in (samples.LILIM, shared_data("routing/pdptw/lr101.txt").read_bytes()):
        assert read_lilim(write_lilim(lilim_instance(raw))).problem == read_lilim(raw).problem


@pytest.mark.parametrize(
    ("instance", "where"),
    [
        (vrplib_instance(samples.CVRP), {"windows"}),
        (vrplib_instance(samples.PRIZES), {"prizes"}),
        (vrplib_instance(samples.TRIPS), {"releases", "vehicles"}),
        (lilim_instance(samples.LILIM), {"pairs"}),
    ],
    ids=["no windows", "prizes", "trips", "pairs"],
)
def test_what_solomons_text_has_no_column_for_is_refused(instance: Instance, where: set[str]) -> None:
    with pytest.raises(ProblemError) as caught:
        write_solomon(instance)
    assert {fault.where for fault in caught.value.faults} == where
