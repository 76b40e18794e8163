import json

import msgspec
import pytest
from click.testing import CliRunner

from cluster.offline.check_split_command import check_split_command
from solver.sharing.certify import certificate
from solver.sharing.game import Game

# Anna alone 60, Binh alone 100, together 100: they pay 30 and 70, and each gains 30 by staying.
CERTIFICATE = certificate(Game(["anna", "binh"], [0, 60, 100, 100]), [30, 70])


def checked(tmp_path, raw, *options):
    path = tmp_path / "certificate.json"
    path.write_bytes(raw)
    return CliRunner().invoke(check_split_command, [str(path), *options], catch_exceptions=False)


def test_a_good_certificate_is_valid_and_says_what_is_proven(tmp_path):
    answer = checked(tmp_path, msgspec.json.encode(CERTIFICATE))
    assert answer.exit_code == 0
    assert answer.output.splitlines()[:2] == [
        "valid: stable, 2 players",
        "  3 of 3 coalitions at their proven least cost",
    ]
    assert "gains any coalition nothing" in answer.output


def test_what_a_coalition_could_gain_is_said_where_it_could(tmp_path):
    # Binh alone costs at least 50, so that it might gain 20 of its 70; nobody knows.
    open_ = certificate(Game(["anna", "binh"], [0, 60, 100, 100], [0, 60, 50, 100]), [30, 70])
    answer = checked(tmp_path, msgspec.json.encode(open_))
    assert answer.exit_code == 0
    assert "valid: open" in answer.output
    assert "2 of 3 coalitions" in answer.output
    assert "at most 20" in answer.output


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("verdict", "open", "verdict_wrong"),
        ("shares_minor", [31, 70], "sum_wrong"),
        ("upper_minor", [0, 61, 100, 100], "digest_wrong"),
    ],
)
def test_a_false_certificate_ends_with_status_1_and_every_violation(tmp_path, field, value, code):
    raw = json.dumps(msgspec.to_builtins(CERTIFICATE) | {field: value}).encode()
    said = checked(tmp_path, raw)
    assert said.exit_code == 1
    assert f"[{code}]" in said.output
    document = json.loads(checked(tmp_path, raw, "--json").output)
    assert document["valid"] is False
    assert code in [violation["code"] for violation in document["violations"]]


def test_the_answer_for_programs_has_the_verdict(tmp_path):
    answer = checked(tmp_path, msgspec.json.encode(CERTIFICATE), "--json")
    assert json.loads(answer.output) == {"valid": True, "verdict": "stable", "violations": []}


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"players": 3}', b"\xff"])
def test_a_file_that_is_no_certificate_ends_with_status_2(tmp_path, raw):
    answer = checked(tmp_path, raw, "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.output)["faults"]


def test_a_certificate_of_no_players_is_of_a_day_without_orders(tmp_path):
    answer = checked(tmp_path, msgspec.json.encode(certificate(Game([], [0]), [])))
    assert (answer.exit_code, answer.output.splitlines()[0]) == (0, "valid: stable, 0 players")
