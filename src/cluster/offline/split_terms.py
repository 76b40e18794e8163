"""What some rules need beside the costs, from a file."""

from msgspec import Struct

from solver.codec import value_from_json
from solver.split import Terms


class TermsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What members agreed on.

    ``weights`` by member for weighted Shapley (from 1; 1 for who is not named), ``unions`` of members for Owen (who is
    in none is one by itself).
    """

    weights: dict[str, int] | None = None
    unions: tuple[tuple[str, ...], ...] = ()

    def terms(self, *, repaired: bool) -> Terms:
        """The same for the solver."""
        return Terms(weights=self.weights, unions=self.unions, repaired=repaired)


def terms_from_json(raw: bytes) -> TermsFile:
    """From a file; ProblemError with every fault of its form."""
    return value_from_json(raw, TermsFile)
