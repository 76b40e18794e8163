"""The whole main job over HTTP, on the example cluster: book, plan, split, see it."""

import os
import signal
import time

import httpx
import psutil

from cluster.demo.day import plan as plan_day
from cluster.demo.day import set_up
from cluster_client import Client, models
from tests.journeys.live import Platform

SHORT = models.StartPlan(seconds=3, players_max=3)


def speaking(live: Platform, key: str) -> Client:
    """A client of this machine, whatever proxies there are."""
    return Client(live.url, key, http=httpx.Client(trust_env=False))


def test_fifteen_firms_book_plan_and_split_a_day(live: Platform, operator_key: str) -> None:
    founded = set_up(live.url, operator_key, lambda line: None)
    outcome = plan_day(founded, live.url, 4, lambda line: None, players_max=4)
    result, shares = outcome["plan"]["result"], outcome["shares"]
    assert result["planned"] + result["unplanned"] == 160
    assert sum(int(share["share"]["amount"]) for share in shares["shares"]) == result["cost_minor"]
    assert len(shares["shares"]) == 15
    for share in shares["shares"]:
        assert int(share["share"]["amount"]) <= int(share["stand_alone"]["amount"])
    member = speaking(live, founded.logins[1].api_key)
    [own] = member.plans.get_shares(outcome["plan"]["id"]).shares
    assert own.member_name == founded.logins[1].name


def test_events_tell_progress_live_and_end_with_the_plan(live: Platform, operator_key: str) -> None:
    founded = set_up(live.url, operator_key, lambda line: None)
    client = speaking(live, founded.logins[0].api_key)
    started = client.pool_windows.start_plan(founded.pool_window_id, SHORT)
    events = list(client.plans.follow(started.id))
    names = [event.event for event in events]
    # A point at least every half second of a search of three seconds, and some for the split.
    assert names.count("progress") >= 6
    assert names[-1] == "plan"
    assert events[-1].data["status"] == "published"


def test_a_worker_killed_during_the_solve_leaves_no_solver_and_another_worker_finishes(
    live: Platform, operator_key: str
) -> None:
    founded = set_up(live.url, operator_key, lambda line: None)
    client = speaking(live, founded.logins[0].api_key)
    started = client.pool_windows.start_plan(founded.pool_window_id, SHORT)
    solver = _solver_of(live.worker.pid)
    live.kill_worker()
    assert _gone(solver, within_s=5)
    live.start_worker()
    # The dead worker's lease of 15 s runs out first.
    list(client.plans.follow(started.id))
    result = client.plans.get(started.id).result
    assert result is not None
    assert result.planned > 0
    assert len(list(client.plans.list())) == 1


def test_a_worker_told_to_stop_gives_its_plan_to_the_next(live: Platform, operator_key: str) -> None:
    founded = set_up(live.url, operator_key, lambda line: None)
    client = speaking(live, founded.logins[0].api_key)
    started = client.pool_windows.start_plan(founded.pool_window_id, SHORT)
    solver = _solver_of(live.worker.pid)
    os.kill(live.worker.pid, signal.SIGTERM)
    assert live.worker.wait(20) == 0
    assert _gone(solver, within_s=5)
    assert client.plans.get(started.id).status == models.PlanStatus.QUEUED
    live.start_worker()
    list(client.plans.follow(started.id))
    assert client.plans.get(started.id).status == models.PlanStatus.PUBLISHED


def _solver_of(worker_pid: int) -> psutil.Process:
    """The worker's solver process, as soon as there is one."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in psutil.Process(worker_pid).children():
            if "solver.child" in child.cmdline():
                return child
        time.sleep(0.05)
    raise AssertionError("the worker started no solver")


def _gone(process: psutil.Process, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False
