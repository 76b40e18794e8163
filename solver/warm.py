"""
``python -m solver.warm``: compile the kernels ahead of their first use.

Numba keeps what it compiled beside the source (or in the user's cache folder where that cannot be written), so that a
first solve does not wait for it. Run again after a change of the kernels; it is quick where nothing changed.
"""

from solver.colgen import warm as warm_bound
from solver.routing.plain.warm import warm as warm_plain
from solver.routing.rich_engine import warm as warm_rich
from solver.space.warm import warm as warm_space


def main() -> None:
    """Compile everything; takes about two minutes of one core the first time."""
    for warm in (warm_plain, warm_rich, warm_bound, warm_space):
        warm()


if __name__ == "__main__":
    main()
