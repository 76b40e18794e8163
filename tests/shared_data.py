"""Real data beside the repository; tests that need it skip where it is not there."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """A file or folder of the shared data; skips the test when it is missing."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data {'/'.join(parts)} is not here")
    return path
