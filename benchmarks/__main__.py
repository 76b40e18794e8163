"""``python -m benchmarks``: which measurements there are."""

NAMES = {
    "benchmarks.api": "bookings and reads a second, and delay at a steady 150 a second, a million shipments stored",
    "benchmarks.crash": "web, worker and database killed at random moments under load, and what is left judged",
    "benchmarks.day": "the example day planned and split, and the split's growth with the number of players",
    "benchmarks.desk": "edits of a plan by hand and alternatives of late orders, beside timing the whole plan anew",
    "benchmarks.engines": "plan cost of the portfolio against each engine alone, same seconds, same machine",
    "benchmarks.fuzz": "drawn requests to every operation, once a role: nothing of 5xx, nothing undocumented",
    "benchmarks.imports": "files of 100,000 bookings, CSV and XLSX: seconds of each step, memory of worker and server",
    "benchmarks.ledger": "entries posted to the books a second, and a month of 50,000 shipments closed",
    "benchmarks.memory": "memory of server and worker at rest",
    "benchmarks.packing": "loads, containers, pallets and space against exact answers, bounds and other packers",
    "benchmarks.progress": "what telling its progress costs a search, and how long it is silent",
    "benchmarks.roads": "road networks built and asked; the straight line beside them, before and after calibration",
    "benchmarks.routing": "planning against PyVRP, OR-Tools, VROOM and HGS-CVRP on research instances and drawn days",
    "benchmarks.routing.ablation": "variants of our own search against one another",
    "benchmarks.space": "thousands book the same places at once: exactly as many get one; the calendar of a large zone",
    "benchmarks.twins": "a thousand twins with one idempotency key, for each of fifty",
    "benchmarks.views": "the desk with 2,000 stops in Chromium: opening, choosing, frames a second",
    "benchmarks.webhooks": "events to many endpoints that fail a third of the time, workers killed",
    "benchmarks.sharing": "every coalition's cost proven, beside one search for each; given games, exact",
}


def main() -> None:
    """Lists the commands."""
    for name, what in NAMES.items():
        print(f"python -m {name:<28} {what}")


if __name__ == "__main__":
    main()
