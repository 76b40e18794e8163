from solver.compiled import Compiled, is_reload, reload_place
from solver.matrix import Matrix
from solver.plan import Action
from solver.problem import Lock, LockedVisit, Problem, Published, TravelProfile, Window
from tests.solver.worlds import collection, parcel, road, transport, van


def lock(vehicle: int = 1, *visits: LockedVisit, type_: str = "van", **changes: object) -> Lock:
    return Lock(vehicle_type=type_, vehicle=vehicle, visits=visits, **changes)  # type: ignore[arg-type]


def done(order: str, action: Action, start_s: int | None = None, end_s: int | None = None) -> LockedVisit:
    return LockedVisit(order=order, action=action, start_s=start_s, end_s=end_s)


def test_a_reload_is_the_complement_of_its_place() -> None:
    assert (is_reload(~0), is_reload(0), reload_place(~5)) == (True, False, 5)


def test_vehicles_that_a_lock_names_become_types_of_their_own() -> None:
    problem = road(
        parcel("a", 1),
        vehicles=(van(count=3), van(id="hired")),
        locks=(lock(2, orders=("a",)), lock(7, type_="hired", closed=True)),
    )
    compiled = Compiled(problem)
    assert compiled.identity == [("van", None), ("hired", None), ("van", 2), ("hired", 7)]
    assert [vehicle.count for vehicle in compiled.vehicle_types] == [2, None, 1, 1]
    assert compiled.type_of == {("van", 2): 2, ("hired", 7): 3}
    # The order rides on van 2 or not at all; the closed vehicle takes nothing.
    assert compiled.compatible.T.astype(int).tolist() == [[0, 0, 1, 0]]


def test_published_vehicles_are_singled_out_only_where_a_change_costs() -> None:
    problem = road(
        parcel("a", 1, outside_milli=900),
        parcel("b", 1),
        vehicles=(van(count=3),),
        published=(Published(order="a", vehicle_type="van", vehicle=3),),
    )
    assert len(Compiled(problem).vehicle_types) == 1
    compiled = Compiled(problem.replace(change_milli=70))
    assert compiled.identity == [("van", None), ("van", 3)]
    assert compiled.change_milli.tolist() == [[70, 0], [0, 0]]
    assert compiled.outside_milli == [970, None]


def test_a_prefix_is_told_in_the_searchs_words() -> None:
    problem = road(
        transport("t", 1, 2),
        parcel("a", 3),
        vehicles=(van(reloads=("km4",)),),
        locks=(
            lock(
                1,
                done("t", Action.PICKUP, 100, 120),
                LockedVisit(place="km4"),
                start_s=5,
            ),
        ),
    )
    compiled = Compiled(problem)
    assert compiled.prefix == [(), (0, ~4)]
    assert compiled.happened == [(), ((100, 120),)]
    assert compiled.left_s == [None, 5]
    assert compiled.aboard == [None, {0}]
    assert compiled.plain == [False, False]


def test_a_vehicle_that_has_left_takes_no_more_from_its_start_unless_it_reloads() -> None:
    def allowed(*reloads: str) -> list[int]:
        orders = (parcel("named", 1), parcel("new", 1), parcel("from km4", 1, hub="km4"), transport("t", 1, 2))
        gone = lock(1, orders=("named",), start_s=0)
        compiled = Compiled(road(*orders, vehicles=(van(reloads=reloads),), locks=(gone,)))
        return compiled.compatible[1].astype(int).tolist()  # type: ignore[no-any-return]

    assert allowed() == [1, 0, 0, 1]
    assert allowed("km4") == [1, 1, 1, 1]
    assert allowed("km3") == [1, 1, 0, 1]


def test_hubs_are_where_trips_begin_and_end() -> None:
    problem = road(
        parcel("from km4", 1, hub="km4"),
        collection("to km4", 1, hub="km4"),
        collection("anywhere", 1),
        vehicles=(
            van(id="reloads", end=None, reloads=("km4",)),
            van(id="never", end=None, reloads=("km4",), reloads_max=0),
        ),
    )
    assert Compiled(problem).compatible.astype(int).tolist() == [[1, 1, 1], [0, 0, 0]]


def test_a_pickup_waits_for_its_release() -> None:
    problem = road(
        collection("early", 1, (0, 50), (100, 200), release_s=120),
        collection("never", 1, (0, 50), release_s=60),
        parcel("delivery", 1, (0, 50), release_s=40),
    )
    compiled = Compiled(problem)
    assert compiled.windows_of[0] == (Window(120, 200),)
    assert compiled.windows_of[2] == ()
    assert compiled.windows_of[5] == (Window(0, 50),)
    assert compiled.open_windows(2) == (Window(0, 50),)
    assert compiled.plain == [False]


def test_groups_apart_are_bits_that_clash() -> None:
    problem = road(
        parcel("food", 1, groups=("food",)),
        parcel("paint", 1, groups=("paint", "heavy")),
        parcel("cement", 1, groups=("heavy",)),
        parcel("other", 1, groups=("unheard of",)),
        apart=(("food", "paint"), ("heavy", "heavy")),
    )
    compiled = Compiled(problem)

    def share(a: int, b: int) -> bool:
        return not compiled.clash_bits[a] & compiled.group_bits[b]

    assert [share(0, 1), share(1, 0), share(0, 2), share(1, 2), share(3, 0)] == [False, False, True, False, True]


def test_rows_of_a_large_matrix_are_integers_too() -> None:
    size = 3_001
    table = Matrix([[abs(a - b) % 7 for b in range(size)] for a in range(3)] + [[0] * size] * (size - 3))
    places = tuple(type(road().places[0])(id=f"p{k}") for k in range(size))
    profile = TravelProfile(id="road", distance_m=table, duration_s=table)
    problem = Problem(places=places, profiles=(profile,), vehicle_types=(van(start="p0", end="p0"),), orders=())
    rows = Compiled(problem).distance_rows[0]
    assert (rows[1][6], type(rows[1][6])) == (5, int)


def test_a_reload_keeps_to_the_docks_opening_hours() -> None:
    problem = road(parcel("a", 1))
    places = tuple(
        type(place)(id=place.id, windows=(Window(50, 90), Window(10, 60)) if place.id == "km2" else ())
        for place in problem.places
    )
    docks = Compiled(problem.replace(places=places)).dock_windows
    assert docks[2] == (Window(10, 90),)
    assert docks[1][0].open_s == 0
