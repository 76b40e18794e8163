"""Every statement has a sentence in each language of the pages, and quantities are told in units that people use."""

import re
from pathlib import Path

import pytest

from cluster.desk import verdicts, wording
from solver.anatomy import Component
from solver.plan import Reason

WEB = Path(__file__).resolve().parents[3] / "web" / "src" / "lib" / "i18n"


def codes() -> set[str]:
    """All codes, as the modules that make them have them."""
    sources = "".join(Path(str(module.__file__)).read_text() for module in (wording, verdicts))
    plain = set(re.findall(r"said\(\s*\"(\w+)\"", sources))
    assert len(plain) > 20
    lifted = {f"lift_{reason}" for reason in wording.CURES}
    reached = {f"at_{reason}" for reason in wording.LIMITS}
    return plain | lifted | reached | {f"component.{name}" for name in wording.COMPONENTS}


@pytest.mark.parametrize("language", ["en", "de", "vi", "zh"])
def test_every_code_is_said_in_every_language(language: str) -> None:
    keys = re.findall(r"^  \"said\.([\w.]+)\":", (WEB / language / "said.ts").read_text(), re.MULTILINE)
    assert set(keys) == codes()


def test_every_reason_and_component_of_the_solver_has_words() -> None:
    assert set(wording.REASONS) == {reason.value for reason in Reason}
    assert set(wording.COMPONENTS) == {component.value for component in Component}
    told_of_plans = {Reason.OUTSIDE_OPTION, Reason.NOT_FOUND}  # these are no constraints that could be lifted
    assert set(wording.CURES) == {reason.value for reason in Reason if reason not in told_of_plans}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2_036_000, "weight_g", "2036 kg"),
        (1_500_000, "volume_cm3", "1.5 m³"),
        (1, "pallet_places", "1 pallet place"),
        (2, "stops", "2 stops"),
        (90, "s", "2 min"),
        (20, "s", "1 min"),
        (12_300, "m", "12.3 km"),
    ],
)
def test_quantities_are_told_as_people_tell_them(value: int, unit: str, text: str) -> None:
    assert wording.quantity(value, unit) == text
