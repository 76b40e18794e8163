"""Two other ways to plan the example day, beside the plan that applies."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from cluster.demo.client import Client, wait_for_plan
from cluster.demo.day import SPLIT_ALLOWANCE_S, Founded


def try_others(
    founded: Founded,
    url: str,
    published: dict[str, Any],
    seconds: int,
    players_max: int,
    tries: int,
    say: Callable[[str], None],
) -> None:
    """Plans the day with a vehicle less, then with ten minutes to spare, as many as ``tries`` says; neither applies."""
    coordinator = Client(url, founded.logins[0].api_key)
    routes = coordinator.get(f"/v1/plans/{published['id']}/routes")["routes"]
    most, used = Counter(route["vehicle_type_id"] for route in routes).most_common(1)[0]
    fewer = {"vehicle_limits": [{"vehicle_type_id": most, "vehicles_max": max(1, used - 1)}]}
    scenarios = (("One vehicle less", fewer), ("Ten minutes to spare", {"buffer_s": 600}))
    for label, scenario in scenarios[:tries]:
        asked = {
            "seconds": seconds,
            "players_max": players_max,
            "publish": False,
            "label": label,
            "base_plan_id": published["id"],
            "scenario": scenario,
        }
        started = coordinator.post(f"/v1/pool-windows/{founded.pool_window_id}/plans", asked)
        solved = wait_for_plan(coordinator, started["id"], seconds + SPLIT_ALLOWANCE_S, lambda _: None)
        say(f"candidate '{label}': {solved['result']['cost_minor']:,}")
