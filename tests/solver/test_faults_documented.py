from pathlib import Path

import pytest

from solver.plan import Reason
from tests.solver.test_check import MUTATIONS, PROBLEM_CHANGES
from tests.solver.test_check_full import STRICTER, WRONG_PLANS
from tests.solver.test_validate import WRONG
from tests.solver.test_validate_settled import WRONG_SETTLED

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"

RAISED = {
    *(code for _, code, _ in WRONG.values()),
    *(code for _, code in MUTATIONS.values()),
    *(code for _, _, _, code in PROBLEM_CHANGES.values()),
    *(code for _, code, _ in WRONG_SETTLED.values()),
    *(code for table in (WRONG_PLANS, STRICTER) for _, _, code in table.values()),
    *("malformed_json", "type_wrong", "field_unknown", "field_missing", "matrix_malformed"),
    *("no_way", "order_on_two_routes", "outside_wrong"),
    *Reason,
}


@pytest.mark.parametrize("code", sorted(RAISED))
def test_every_code_is_explained(code: str) -> None:
    assert f"`{code}`" in DOCUMENT.read_text(encoding="utf-8")
