"""Problems that a helper process keeps compiled, for all questions about plans of them."""

from collections import OrderedDict

from cluster.desk.why_models import Stored
from cluster.planning.translate import Problem, unpacked
from solver.compiled import Compiled

COMPILED_MAX = 4
"""Problems that the helper keeps ready; one of 1,000 shipments takes some 30 MB."""

_compiled: OrderedDict[bytes, tuple[Problem, Compiled]] = OrderedDict()


def compiled_of(stored: Stored) -> tuple[Problem, Compiled]:
    """A stored plan's problem, compiled once."""
    if stored.digest not in _compiled:
        problem = unpacked(stored.problem)
        _compiled[stored.digest] = problem, Compiled(problem)
    _compiled.move_to_end(stored.digest)
    while len(_compiled) > COMPILED_MAX:
        _compiled.popitem(last=False)
    return _compiled[stored.digest]
