"""The catalogue's containers are what they are said to be."""

import pytest

from solver.loads import Cargo, Consignment, Load, PackProblem, Verdict
from solver.packing.catalogue import HOLDS, PALLETS, container
from solver.packing.fits import fits
from solver.validate_loads import faults_of_pack


def test_every_container_can_be_asked_for() -> None:
    consignment = Consignment(id="one", units=(PALLETS["pallet_eur_half"],))
    problem = PackProblem(containers=tuple(container(name, 1) for name in HOLDS), consignments=(consignment,))
    assert faults_of_pack(problem) == []


def test_larger_containers_of_a_family_hold_more() -> None:
    volume = {name: hold.length_mm * hold.width_mm * hold.height_mm for name, hold in HOLDS.items()}
    assert volume["20ft"] < volume["40ft"] < volume["40ft_high_cube"] < volume["45ft_high_cube"]
    # Carriers give 33.2, 67.7 and 76.3 cubic metres.
    for name, litres in (("20ft", 33_200), ("40ft", 67_700), ("40ft_high_cube", 76_300)):
        assert volume[name] / 1e6 == pytest.approx(litres, rel=0.01)


@pytest.mark.parametrize(
    ("name", "pallets"), [("van_large", 2), ("truck_7_5t", 15), ("semitrailer_curtain", 33), ("45ft_pallet_wide", 33)]
)
def test_a_vehicle_is_as_long_and_wide_as_its_eur_pallets_in_rows_need(name: str, pallets: int) -> None:
    hold = HOLDS[name]
    lengthwise = (hold.length_mm // 1_200) * (hold.width_mm // 800)
    across = (hold.length_mm // 800) * (hold.width_mm // 1_200)
    assert max(lengthwise, across) >= min(pallets, 33)


def test_an_iso_container_takes_no_two_eur_pallets_side_by_side_across() -> None:
    pair = Load(hold=HOLDS["20ft"], cargo=(Cargo(order="o", unit=PALLETS["pallet_eur"]),))
    assert fits(pair).verdict is Verdict.FITS
    assert HOLDS["20ft"].width_mm < 2 * 1_200
    assert HOLDS["45ft_pallet_wide"].width_mm >= 2 * 1_200


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="zeppelin"):
        container("zeppelin", 1)
