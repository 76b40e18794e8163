"""Real data that is kept beside the repository; tests that want it are skipped where it is not."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """The path of a file or folder of real data; skips the test when it is absent."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data not at hand: {'/'.join(parts)}")
    return path
