import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from cluster.offline.schema_command import schema_command
from solver.codec import plan_to_json
from tests.cluster.offline.worlds import one_route, two_members

EXAMPLES = Path(__file__).parents[3] / "examples"


def schema(kind):
    answer = CliRunner().invoke(schema_command, [kind], catch_exceptions=False)
    assert answer.exit_code == 0
    return json.loads(answer.stdout)


def test_the_example_day_follows_the_printed_schema():
    jsonschema.Draft202012Validator(schema("problem")).validate(json.loads((EXAMPLES / "day.json").read_bytes()))


def test_a_plan_follows_the_printed_schema():
    document = json.loads(plan_to_json(one_route(two_members())))
    validator = jsonschema.Draft202012Validator(schema("plan"))
    validator.validate(document)
    document["routes"][0]["start_s"] = "eight"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(document)


def test_other_kinds_are_refused():
    assert CliRunner().invoke(schema_command, ["tour"]).exit_code == 2
