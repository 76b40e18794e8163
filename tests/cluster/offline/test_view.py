from cluster.offline.view import views
from tests.cluster.offline.worlds import HOUR_S, one_route, two_members


def test_bars_cover_a_route_from_leaving_to_done_without_a_gap():
    view = views(two_members(), one_route(two_members()))[0]
    edges = [view.route.start_s, *(bar.end_s for bar in view.bars)]
    assert [bar.start_s for bar in view.bars] == edges[:-1]
    assert edges[-1] == view.route.end_s


def test_bars_say_where_time_goes():
    view = views(two_members(), one_route(two_members()))[0]
    # a1 300 s, a2 600 s, b1 300 s
    assert view.seconds_of("serve") == 1_200
    # the van may leave as late as is needed to reach shop two at ten, so nobody waits
    assert view.seconds_of("wait") == 0
    assert next(bar.start_s for bar in view.bars if bar.stop == 1) == 10 * HOUR_S


def test_fill_is_the_fullest_moment():
    view = views(two_members(), one_route(two_members()))[0]
    # 2 + 3 + 4 kg of 10 kg on board when leaving
    assert view.fill == 0.9


def test_way_runs_from_start_over_stops_to_end():
    view = views(two_members(), one_route(two_members()))[0]
    assert [place.id for place in view.way] == ["hub", "shop1", "shop2", "hub"]
    assert view.orders == ("a1", "a2", "b1")


def test_routes_stand_in_the_order_of_types_and_numbers():
    world = two_members()
    plan = one_route(world)
    second = type(plan.routes[0])(
        **{field: getattr(plan.routes[0], field) for field in plan.routes[0].__struct_fields__ if field != "vehicle"},
        vehicle=2,
    )
    shuffled = type(plan)(
        currency=plan.currency, routes=(second, plan.routes[0]), unplanned=(), cost_milli=plan.cost_milli
    )
    assert [view.label for view in views(world, shuffled)] == ["van 1", "van 2"]
