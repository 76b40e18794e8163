"""The API's document that the dashboard's client is generated from is the one that the platform gives."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_openapi_document_is_current(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.json"
    subprocess.run([sys.executable, "-m", "cluster.cli", "openapi", str(fresh)], check=True, cwd=ROOT)
    committed = ROOT / "web" / "openapi.json"
    assert committed.read_bytes() == fresh.read_bytes(), "run: cluster openapi web/openapi.json && npm run generate"
