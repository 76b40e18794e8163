"""``python -m benchmarks``: which measurements there are."""

NAMES = {
    "benchmarks.api": "bookings a second on one server process, and their delay at a steady 150 a second",
    "benchmarks.day": "the example day planned and split, and the split's growth with the number of players",
    "benchmarks.engines": "plan cost of the portfolio against each engine alone, same seconds, same machine",
    "benchmarks.memory": "memory of server and worker at rest",
}


def main() -> None:
    """Lists the commands."""
    for name, what in NAMES.items():
        print(f"python -m {name:<20} {what}")


if __name__ == "__main__":
    main()
