import json

from cluster.offline.geojson import geojson
from solver.problem import Place, TravelProfile
from tests.cluster.offline.worlds import one_route, two_members


def features(problem, plan):
    document = json.loads(geojson(problem, plan))
    assert document["type"] == "FeatureCollection"
    return document["features"]


def test_a_route_is_a_line_with_longitude_first():
    world = two_members()
    line = features(world, one_route(world))[0]
    assert line["geometry"]["type"] == "LineString"
    assert line["geometry"]["coordinates"] == [[106.6, 10.8], [106.61, 10.81], [106.62, 10.82], [106.6, 10.8]]
    assert line["properties"]["vehicle"] == "van 1"
    assert line["properties"]["cost_milli"] == one_route(world).routes[0].cost.total_milli


def test_stops_are_points_in_sequence_with_their_orders():
    world = two_members()
    first, second = features(world, one_route(world))[1:]
    assert first["geometry"] == {"type": "Point", "coordinates": [106.61, 10.81]}
    assert [first["properties"]["sequence"], second["properties"]["sequence"]] == [1, 2]
    assert second["properties"]["arrival"] == "10:00"
    assert second["properties"]["orders"] == [
        {"order": "a2", "action": "delivery"},
        {"order": "b1", "action": "delivery"},
    ]


def test_a_place_without_coordinates_leaves_a_point_unlocated_and_out_of_the_line():
    world = two_members()
    n = len(world.places)
    ones = [[0 if row == column else 60 for column in range(n)] for row in range(n)]
    bare = (world.places[0], Place(id="shop1"), *world.places[2:])
    world = world.replace(
        places=bare, profiles=(TravelProfile(id="default", distance_m=matrix(ones), duration_s=matrix(ones)),)
    )
    line, first, second = features(world, one_route(world))
    assert first["geometry"] is None
    assert second["geometry"] is not None
    assert len(line["geometry"]["coordinates"]) == 3


def matrix(rows):
    from solver.matrix import Matrix

    return Matrix(rows)
