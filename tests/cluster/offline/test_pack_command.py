import json

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from cluster.offline.pack_command import pack_command
from cluster.offline.schema_command import schema_command
from solver.check_stow import check_load
from solver.goods import Placement, Unit
from solver.loads import Cargo, Consignment
from tests.cluster.offline.loaded import CARTON, VAN, one_van, two_stops
from tests.solver.formats.test_packing_sets import BINS, BR_BINS, BR_ITEMS, TRUCK_ITEMS, TRUCKS, gendreau


def run(path, *options, status=0):
    answer = CliRunner().invoke(pack_command, [str(path), "--work", "300", *options], catch_exceptions=False)
    assert answer.exit_code == status, answer.output
    return answer


def written(tmp_path, value, name="question.json"):
    path = tmp_path / name
    path.write_bytes(value if isinstance(value, bytes) else msgspec.json.encode(value))
    return path


def packed(path, *options, status=0):
    answer = run(path, "--json", *options, status=status)
    assert answer.stdout.count("\n") == 1
    return json.loads(answer.stdout)


def faults(path, *options):
    return [(fault["code"], fault["where"]) for fault in packed(path, *options, status=2)["faults"]]


def test_a_load_that_fits_is_placed_and_checked(tmp_path):
    load, _ = two_stops()
    document = packed(written(tmp_path, load))
    assert (document["verdict"], document["violations"], document["not_placed"]) == ("fits", [], [])
    (bin_,) = document["bins"]
    # 1.792 m3 and 8 x 0.072 m3 of 7.2 m3; 140 kg of a tonne.
    assert (document["utilisation_volume"], document["utilisation_weight"]) == (round(2.368 / 7.2, 6), 0.14)
    assert [moment["stop"] for moment in bin_["moments"]] == [0, 1, 2]
    placements = [
        Placement(**{key: entry[key] for key in ("order", "unit", "number", "x_mm", "y_mm", "z_mm", "rotation")})
        for entry in bin_["placements"]
    ]
    placements = msgspec.convert(msgspec.to_builtins(placements), tuple[Placement, ...])
    assert check_load(load, placements) == []
    carton = next(entry for entry in bin_["placements"] if entry["unit"] == "carton")
    assert sorted(carton["edges_mm"]) == [300, 400, 600]
    assert (carton["from_stop"], carton["to_stop"]) == (0, 1)


def test_a_load_that_cannot_fit_says_so_with_its_proof(tmp_path):
    load, _ = two_stops()
    heavy = replace(load, cargo=(*load.cargo, Cargo(order="x", unit=replace(CARTON, weight_g=900_000, quantity=1))))
    document = packed(written(tmp_path, heavy))
    # 140 kg and 900 kg are more than a tonne.
    assert (document["verdict"], document["tier"], document["proved"]) == ("proved_not", "weight", True)
    assert (document["bins"], document["utilisation_volume"]) == ([], 0)
    assert {entry["reason"] for entry in document["not_placed"]} == {"load_constraint"}
    assert sum(entry["quantity"] for entry in document["not_placed"]) == 10
    assert "does not fit, and that is proven" in run(written(tmp_path, heavy)).stdout


def test_containers_are_chosen_and_what_fits_none_is_left_with_its_reason(tmp_path):
    problem, _ = one_van()
    long = Unit(id="pole", length_mm=5_000, width_mm=100, height_mm=100, weight_g=1_000)
    question = replace(problem, consignments=(*problem.consignments, Consignment(id="long", units=(long,))))
    document = packed(written(tmp_path, question))
    # One van at 25.00 takes everything but the pole.
    assert (len(document["bins"]), document["cost_minor"], document["violations"]) == (1, 2_500, [])
    assert [(entry["unit"], entry["quantity"]) for entry in document["not_placed"]] == [("pole", 1)]
    assert document["not_placed"][0]["detail"]
    assert document["not_placed"][0]["cure"]
    assert document["bound_minor"] <= document["cost_minor"]


def test_the_same_seed_gives_the_same_answer(tmp_path):
    path = written(tmp_path, one_van()[0])
    first, second = (packed(path, "--seed", "3") for _ in range(2))
    for document in (first, second):
        del document["seconds"]
    assert first == second


def test_files_follow_the_printed_schemas_and_the_report_holds_everything(tmp_path):
    problem, _ = one_van()
    run(written(tmp_path, problem), "--out", str(tmp_path / "out"))
    for kind, document in (
        ("pack", json.loads(msgspec.json.encode(problem))),
        ("packing", json.loads((tmp_path / "out" / "packing.json").read_bytes())),
        ("load", json.loads(msgspec.json.encode(two_stops()[0]))),
    ):
        schema = json.loads(CliRunner().invoke(schema_command, [kind], catch_exceptions=False).stdout)
        jsonschema.Draft202012Validator(schema).validate(document)
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert html.count("<td class=n>") >= 9


def test_tables_name_containers_and_proof(tmp_path):
    shown = run(written(tmp_path, one_van()[0])).stdout
    assert "van 1" in shown
    assert "25.00 EUR" in shown
    assert "packed and checked in" in shown


def test_every_fault_of_a_question_is_told_at_once(tmp_path):
    problem, _ = one_van()
    bad = msgspec.to_builtins(problem)
    bad["consignments"][0]["units"][0]["weight_g"] = "much"
    bad["consignments"][1]["colour"] = "red"
    assert faults(written(tmp_path, json.dumps(bad).encode())) == [
        ("type_wrong", "consignments[0].units[0].weight_g"),
        ("field_unknown", "consignments[1].colour"),
    ]
    flat = replace(problem.containers[0], hold=replace(VAN, height_mm=0))
    assert len(faults(written(tmp_path, replace(problem, containers=(flat,), currency="eur")))) >= 1
    assert faults(written(tmp_path, replace(two_stops()[0], hold=replace(VAN, width_mm=-1))))[0][1] == "hold.width_mm"


def test_a_pair_of_files_is_read_from_either_of_the_two(tmp_path):
    items = written(tmp_path, BR_ITEMS, "X_items.csv")
    bins = written(tmp_path, BR_BINS, "X_bins.csv")
    first, second = packed(items), packed(bins)
    assert first["bins"] == second["bins"]
    assert first["violations"] == []
    # 40 boxes of 108 x 76 x 30 cm and 33 of 110 x 43 x 25 are 13.75 m3 in a container of 30.
    assert first["not_placed"] == []


def test_trucks_and_bins_are_packed(tmp_path):
    written(tmp_path, TRUCKS, "vehicles.csv")
    document = packed(written(tmp_path, TRUCK_ITEMS, "items.csv"))
    assert (document["cost_minor"], document["currency"]) == (141_060, "EUR")
    bins = packed(written(tmp_path, BINS, "bins.txt"), "--instance", "first")
    # 60, 60 and 40 into bins of 100: two.
    assert (len(bins["bins"]), bins["proved"], bins["violations"]) == (2, True, [])


def test_a_route_of_a_routing_instance_is_a_load(tmp_path):
    document = packed(written(tmp_path, gendreau()), "--route", "2,1")
    assert document["verdict"] == "fits"
    stops = {(entry["order"], entry["to_stop"]) for entry in document["bins"][0]["placements"]}
    assert stops == {("2", 1), ("1", 2)}


@pytest.mark.parametrize(
    ("name", "raw", "options", "code"),
    [
        ("a.json", gendreau(), (), "route_missing"),
        ("a.json", gendreau(), ("--instance", "x"), "option_pointless"),
        ("a.json", gendreau(), ("--route", "7"), "node_unknown"),
        ("a.txt", BINS, (), "instance_unknown"),
        ("a.txt", BINS, ("--instance", "third"), "instance_unknown"),
        ("a.txt", BINS, ("--route", "1"), "option_pointless"),
        ("a.csv", BR_ITEMS, (), "pair_missing"),
        ("b_items.csv", BR_ITEMS, (), "unreadable_file"),
        ("a.txt", b"dear all", (), "malformed_json"),
        ("a.json", b"", (), "malformed_json"),
    ],
)
def test_files_that_cannot_be_used_are_refused_with_a_cure(tmp_path, name, raw, options, code):
    assert [found for found, _ in faults(written(tmp_path, raw, name), *options)] == [code]


@pytest.mark.parametrize("options", [("--seconds", "nan"), ("--seconds", "0"), ("--route", "a"), ("--format", "x")])
def test_options_that_mean_nothing_are_refused(tmp_path, options):
    run(written(tmp_path, two_stops()[0]), *options, status=2)


def test_what_is_typed_into_a_question_cannot_run_in_its_report(tmp_path):
    evil = '</script><img src=x onerror="alert(1)">&'
    load, _ = two_stops()
    named = replace(load, cargo=tuple(replace(line, order=evil + line.order) for line in load.cargo))
    run(written(tmp_path, named), "--out", str(tmp_path / "out"))
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<img" not in html
    assert html.count("</script>") == 2
