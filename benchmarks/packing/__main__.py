"""
Loads, containers and space, measured: ``python -m benchmarks.packing``.

``[--set smoke|full] [--only NAME,...] [--peers packingsolver,packvium,cpsat] [--json] [--write] [--results FILE]
[--table FILE] [--data FOLDER]``

One core; times are CPU seconds, so that a busy machine changes them little. Peers answer in the same run; what they
place is settled and held against the same checker as ours.
"""

from benchmarks.routing.clock import count_processor_time


def main() -> None:
    """The clock first: the solver's modules keep the one that is there when they are first read."""
    count_processor_time()
    from benchmarks.packing.command import main as run

    run()


if __name__ == "__main__":
    main()
