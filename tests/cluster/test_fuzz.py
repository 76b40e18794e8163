"""Drawn requests surprise no operation, whoever asks; ``python -m benchmarks.fuzz`` draws many more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.fuzz import asked_about, fuzz, keys_of
from benchmarks.platform import Measured, running

TAG_OF = {"nobody": "Session", "operator": "Members", "member_user": "Shipments", "member_admin": "Imports"}
TAG_OF |= {"coordinator": "Places"}
"""Each role asks a part of the API, so that this takes seconds."""


@pytest.fixture(scope="module")
def platform() -> Iterator[Measured]:
    """A server with a small cluster."""
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def keys(platform: Measured) -> dict[str, str]:
    """A key of each role."""
    return keys_of(platform)


@pytest.fixture(scope="module")
def document(platform: Measured, keys: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The API's document, with real things to ask about."""
    return asked_about(platform, keys, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("role", TAG_OF)
def test_no_drawn_request_surprises_the_platform(
    platform: Measured, keys: dict[str, str], document: Path, role: str
) -> None:
    url = f"http://127.0.0.1:{platform.port}"
    one = fuzz(url, document, role, keys[role], cases=1, phases="fuzzing", extra=("--include-tag", TAG_OF[role]))
    assert one.sent > 5
    assert not one.surprises
    assert not one.failures, one.failures[0]
    if role in {"member_user", "member_admin", "coordinator"}:
        assert len(one.successes) > 2  # or else the door was shut and nothing was looked at
