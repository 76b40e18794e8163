"""What the solver's process answers and tells, asked without the process around it."""

import threading
from typing import Any

import msgspec
import pytest

from solver import child
from solver.check_split import check_certificate
from solver.codec import problem_to_json
from solver.faults import ProblemError
from solver.plan import Budget
from solver.problem import Problem
from solver.shares import Rule, Split
from solver.split import PREVIEW, USUAL
from tests.solver.sharing.worlds import parcel, road

# Four neighbours 10 km out: a van is 80, out and back 20. Any group pays 100.
DAY = road(*(parcel(name, name, 10) for name in ("anna", "binh", "chi", "dung")), fixed=80)


def answered(problem: Problem, **asked: Any) -> child.Answer:
    """Plan and split of a short search."""
    request = {"budget": Budget(seconds=1.0, cores=1), "seed": 1, "rule": Rule.NUCLEOLUS} | asked
    return child._answer(child.Request(problem=msgspec.Raw(problem_to_json(problem)), **request), threading.Event())


def answered_in_full() -> Split:
    """The split with all proofs."""
    with pytest.MonkeyPatch.context() as unlimited:
        unlimited.setattr(child, "PROVE_S", 1e9)
        return answered(DAY).split


def test_a_split_is_made_with_the_players_wanted() -> None:
    split = answered(DAY).split
    assert [share.share_minor for share in split.shares] == [25, 25, 25, 25]
    assert (split.unions, split.coalitions) == ((), 15)


def test_a_split_that_takes_too_long_is_made_again_with_fewer_players(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "ATTEMPTS", ((USUAL, 12, 0.0), (PREVIEW, 2, None)))
    split = answered(DAY).split
    assert split.coalitions == 3
    assert sum(len(union) for union in split.unions) >= 3
    assert sum(share.share_minor for share in split.shares) == 100


def test_when_time_for_proofs_is_up_what_is_proven_by_then_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PROVE_S", 0.0)
    split = answered(DAY).split
    assert [share.share_minor for share in split.shares] == [25, 25, 25, 25]
    assert (split.unions, split.coalitions) == ((), 15)
    assert check_certificate(split.certificate) == ()
    assert split.coalitions_proven < answered_in_full().coalitions_proven


def test_attempts_get_coarser_and_the_last_is_never_given_up() -> None:
    efforts, players, seconds = zip(*child.ATTEMPTS, strict=True)
    assert list(players) == sorted(players, reverse=True)
    assert [effort.work_more for effort in efforts] == sorted((effort.work_more for effort in efforts), reverse=True)
    assert [limit is None for limit in seconds] == [False] * (len(seconds) - 1) + [True]


@pytest.mark.parametrize("rule", [Rule.VOLUME, Rule.PALLET_KM])
def test_a_rule_that_nothing_can_be_measured_for_is_a_fault_before_anything_is_searched(
    rule: Rule, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with pytest.raises(ProblemError) as told:
        answered(DAY, rule=rule)
    [fault] = told.value.faults
    assert fault.code == "key_missing"
    assert capfdbinary.readouterr().out == b""


def test_each_phase_of_a_split_is_told(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    answered(DAY)
    lines = [msgspec.json.decode(line)["progress"] for line in capfdbinary.readouterr().out.splitlines()]
    phases = [line["phase"] for line in lines]
    assert {"search", "explore", "prove"} <= set(phases)
    assert phases.index("search") < phases.index("explore")
    assert [line["seconds"] for line in lines] == sorted(line["seconds"] for line in lines)
