"""Each engine by itself is asked for every world of features that it says it models."""

from collections.abc import Callable

import pytest

from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.routing.alone import Alone
from solver.routing.construct import construct
from solver.routing.engine import ENGINES, Engine
from tests.solver.features import worlds_fleet, worlds_orders, worlds_settled, worlds_times, worlds_trips
from tests.solver.features.roads import World

MODULES = (worlds_times, worlds_trips, worlds_fleet, worlds_orders, worlds_settled)
WORLDS = [world for module in MODULES for world in module.WORLDS]
MODELLED = [(engine, world) for world in WORLDS for engine in ENGINES if not engine.supports(world().problem)]


@pytest.mark.parametrize(("engine", "world"), MODELLED, ids=lambda part: getattr(part, "name", "") or part.__name__)
def test_an_engine_finds_the_optimum_of_what_it_models(engine: Engine, world: Callable[[], World]) -> None:
    problem, optimum_milli, _, mandatory_left = world()
    compiled = Compiled(problem)
    alone = Alone(compiled)
    routes = engine.search(
        compiled,
        orders=alone.servable,
        start=construct(compiled, alone),
        seed=1,
        seconds=None,
        iterations=300,
        found=lambda type_, visits: None,
        improved=lambda routes: None,
        stop=lambda: False,
    )
    plan = assemble(compiled, routes)
    assert check(problem, plan) == []
    assert (plan.mandatory_unplanned, plan.cost_milli) == (mandatory_left, optimum_milli)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_the_first_plan_is_right_and_no_cheaper_than_the_optimum(world: Callable[[], World]) -> None:
    problem, optimum_milli, _, mandatory_left = world()
    compiled = Compiled(problem)
    plan = assemble(compiled, construct(compiled, Alone(compiled)))
    assert check(problem, plan) == []
    assert (plan.mandatory_unplanned, plan.cost_milli) >= (mandatory_left, optimum_milli)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_every_feature_is_modelled_by_some_engine(world: Callable[[], World]) -> None:
    assert [engine.name for engine in ENGINES if not engine.supports(world().problem)] != []
