import csv
import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.check_stow import check_load
from solver.goods import ANY_WAY, UPRIGHT, Hold, OnTop, Rotation, Unit
from solver.loads import Cargo, Load
from solver.packing.cartons import Carton, Package, Packages, cartonise
from tests.shared_data import shared_data

SMALL = Carton(id="small", inner_length_mm=200, inner_width_mm=100, inner_height_mm=100, tare_g=50, cost_milli=10)
LARGE = Carton(
    id="large", inner_length_mm=400, inner_width_mm=200, inner_height_mm=200, wall_mm=5, tare_g=200, cost_milli=50
)
CUBE = Unit(id="cube", length_mm=100, width_mm=100, height_mm=100, weight_g=300)
CATALOGUE = tuple(
    Carton(
        id=f"c{length}",
        inner_length_mm=length,
        inner_width_mm=width,
        inner_height_mm=height,
        wall_mm=4,
        tare_g=length * width // 500,
        weight_max_g=30_000,
        cost_milli=cost,
    )
    for length, width, height, cost in (
        (200, 150, 100, 300),
        (300, 200, 150, 500),
        (401, 300, 200, 850),
        (400, 300, 300, 1_000),
        (500, 400, 300, 1_400),
        (600, 400, 400, 1_900),
        (800, 600, 500, 3_400),
        (1_000, 600, 600, 4_400),
    )
)


def inside(hold: Hold, items: Sequence[Unit], package: Package) -> None:
    """What is in or on a package passes the checker, as a load of its own."""
    units = {item.id: item for item in items}
    numbers: dict[str, list[int]] = {}
    for entry in package.placements:
        numbers.setdefault(entry.unit, []).append(entry.number)
    cargo = tuple(
        Cargo(order=package.placements[0].order, unit=replace(units[name], quantity=len(own)))
        for name, own in numbers.items()
    )
    own = [replace(entry, number=numbers[entry.unit].index(entry.number) + 1) for entry in package.placements]
    assert check_load(Load(hold=hold, cargo=cargo), own) == []


def checked(items: Sequence[Unit], cartons: Sequence[Carton], answer: Packages) -> Packages:
    """Every item once, in a carton or left; weights and costs add up."""
    kinds = {carton.id: carton for carton in cartons}
    for package in answer.packages:
        inside(kinds[package.kind].hold, items, package)
        weight_g = sum(next(item.weight_g for item in items if item.id == at.unit) for at in package.placements)
        assert package.unit.weight_g == weight_g + kinds[package.kind].tare_g
    packed = sorted((entry.unit, entry.number) for package in answer.packages for entry in package.placements)
    kept = {unit.id for unit in answer.left}
    assert packed == sorted((i.id, number + 1) for i in items if i.id not in kept for number in range(i.quantity))
    assert answer.cost_milli == sum(kinds[package.kind].cost_milli for package in answer.packages)
    assert len(answer.packages) >= answer.bound
    return answer


def names(answer: Packages) -> list[str]:
    return sorted(package.kind for package in answer.packages)


def test_the_cheapest_carton_that_holds_everything_is_taken() -> None:
    """Two cubes fill the small carton."""
    two = [replace(CUBE, quantity=2)]
    answer = checked(two, [LARGE, SMALL], cartonise(two, [LARGE, SMALL]))
    assert names(answer) == ["small"]
    assert answer.proved
    unit = answer.packages[0].unit
    assert (unit.length_mm, unit.weight_g, unit.on_top) == (200, 650, OnTop.ANYTHING)


def test_two_small_cartons_are_taken_where_they_cost_less_than_a_large_one() -> None:
    """Four cubes: 20 for two small ones, 50 for a large one."""
    four = [replace(CUBE, quantity=4)]
    answer = checked(four, [LARGE, SMALL], cartonise(four, [LARGE, SMALL]))
    assert names(answer) == ["small", "small"]
    assert answer.proved


def test_one_large_carton_is_taken_where_it_costs_less() -> None:
    """Sixteen cubes fill the large one (50); eight small ones cost 80."""
    sixteen = [replace(CUBE, quantity=16)]
    answer = checked(sixteen, [LARGE, SMALL], cartonise(sixteen, [LARGE, SMALL]))
    assert names(answer) == ["large"]
    assert answer.proved
    assert answer.packages[0].unit.length_mm == 410


def test_where_nothing_costs_anything_the_fewest_cartons_are_taken_and_then_the_smallest() -> None:
    free = [replace(SMALL, cost_milli=0), replace(LARGE, cost_milli=0)]
    three = [replace(CUBE, quantity=3)]
    assert names(checked(three, free, cartonise(three, free))) == ["large"]
    two = [replace(CUBE, quantity=2)]
    answer = checked(two, free, cartonise(two, free))
    assert names(answer) == ["small"]
    assert answer.proved
    assert answer.cost_milli == 0


def test_weight_divides_what_volume_would_not() -> None:
    """Two cubes of 300 g in a carton that carries 500 g."""
    weak = replace(SMALL, weight_max_g=500)
    two = [replace(CUBE, quantity=2)]
    answer = checked(two, [weak], cartonise(two, [weak]))
    assert names(answer) == ["small", "small"]
    assert answer.bound == 2


def test_nothing_is_put_on_what_is_fragile_and_its_carton_is_fragile_too() -> None:
    """Two slabs of 200 x 100 x 50: neither bears the other, so that each needs a carton."""
    slab = Unit(id="slab", length_mm=200, width_mm=100, height_mm=50, on_top=OnTop.NOTHING, quantity=2)
    answer = checked([slab], [SMALL], cartonise([slab], [SMALL]))
    assert names(answer) == ["small", "small"]
    assert {package.unit.on_top for package in answer.packages} == {OnTop.NOTHING}


def test_an_item_is_turned_only_as_it_may_be() -> None:
    bottle = Unit(id="bottle", length_mm=80, width_mm=80, height_mm=180)
    assert cartonise([bottle], [SMALL]).left == (bottle,)
    lying = replace(bottle, rotations=ANY_WAY)
    answer = checked([lying], [SMALL], cartonise([lying], [SMALL]))
    assert answer.packages[0].placements[0].rotation in {Rotation.HLW, Rotation.HWL}


def test_what_no_carton_takes_is_left_and_the_rest_is_packed() -> None:
    mast = Unit(id="mast", length_mm=3_000, width_mm=100, height_mm=100)
    answer = checked([mast, CUBE], [SMALL], cartonise([mast, CUBE], [SMALL]))
    assert answer.left == (mast,)
    assert names(answer) == ["small"]
    assert cartonise([mast], []).left == (mast,)


def test_a_hundred_thousand_items_are_packed_in_layers() -> None:
    """200 x 100 x 100 mm hold 1,000 of 20 x 10 x 10 mm."""
    chip = Unit(id="chip", length_mm=20, width_mm=10, height_mm=10, weight_g=1, quantity=100_000)
    answer = cartonise([chip], [SMALL])
    assert len(answer.packages) == 100 == answer.bound
    assert answer.proved


def test_real_products_find_their_cartons() -> None:
    """Shipments of one to eight products of a marketplace; nothing is lost, and most go into one carton."""
    with shared_data("parcels", "olist_products.csv").open(encoding="utf-8") as file:
        rows = [row for _, row in zip(range(4_000), csv.DictReader(file), strict=False)]
    products = [product(row) for row in rows if all(float(row[name] or 0) > 0 for name in MEASURES)]
    rng = random.Random(1)
    single = 0
    for _ in range(60):
        chosen = [replace(rng.choice(products), id=f"p{number}") for number in range(rng.randint(1, 8))]
        answer = checked(chosen, CATALOGUE, cartonise(chosen, CATALOGUE))
        single += len(answer.packages) <= 1
    assert single >= 45


MEASURES = ("product_weight_g", "product_length_cm", "product_width_cm", "product_height_cm")


def product(row: dict[str, str]) -> Unit:
    weight_g, length_cm, width_cm, height_cm = (int(float(row[name])) for name in MEASURES)
    return Unit(
        id=row["product_id"],
        length_mm=10 * length_cm,
        width_mm=10 * width_cm,
        height_mm=10 * height_cm,
        weight_g=weight_g,
        rotations=ANY_WAY,
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 100_000))
def test_random_shipments_are_packed_whole_and_claims_of_proof_stand(seed: int) -> None:
    rng = random.Random(seed)
    items = [
        Unit(
            id=f"i{number}",
            length_mm=rng.randint(20, 500),
            width_mm=rng.randint(20, 400),
            height_mm=rng.randint(20, 300),
            weight_g=rng.randint(1, 9_000),
            quantity=rng.randint(1, 4),
            rotations=rng.choice((UPRIGHT, ANY_WAY)),
            on_top=rng.choice((*OnTop, OnTop.ANYTHING, OnTop.ANYTHING)),
            bearing_max_g=rng.choice((None, None, 3_000)),
        )
        for number in range(rng.randint(1, 6))
    ]
    answer = checked(items, CATALOGUE, cartonise(items, CATALOGUE, seed=seed))
    assert answer == cartonise(items, CATALOGUE, seed=seed)
    if answer.proved:
        harder = cartonise(items, CATALOGUE, passes=200, seed=seed + 1)
        assert harder.cost_milli >= answer.cost_milli
