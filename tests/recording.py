"""
Examples for the API reference, taken from what the platform's tests send and get.

    python -m tests.recording

runs those tests and writes ``src/cluster/base/reference/examples.json``: for each operation one request and one answer
that succeeded. Tests named behind it are run in their place, and add to what was recorded before and still fits. Nothing
in it opens anything, for secrets are blotted out and the databases are gone.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "cluster" / "base" / "reference" / "examples.json"
WHERE = ["tests/cluster/test_isolation.py", "tests/cluster/people", "tests/cluster/members", "tests/cluster/shipments"]
WHERE += [f"tests/cluster/{name}" for name in ("webhooks", "imports", "places", "quotes", "channels", "test_edge.py")]
WHERE += [f"tests/cluster/{name}" for name in ("planning", "desk", "dispatch", "insights", "carriers")]
WHERE += [f"tests/cluster/{name}" for name in ("tenders", "freight", "gateways", "space", "ledger", "books")]
ENTRIES_MAX = 2
TEXT_MAX = 300
SIZE_MAX = 6000
SECRET = re.compile(r"(^|_)(password|token|secret|api_key|key|uri|qr|codes?|text|challenge|signature|hash)(_|$)")
OPAQUE = re.compile(r"^[A-Za-z0-9_=+/:?&%.-]{24,}$")
IDENTIFIER = re.compile(r"^[a-z]+_[0-9a-z]{26}$")
IN_LINK = re.compile(r"(?<=[=/_])(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{24,}$")
"""A secret at the end of a link: identifiers have no capitals."""
HERE = re.compile(r"http://127\.0\.0\.1:\d+")
BLOT = "x" * 16


class Recorder:
    """Takes down the best exchange of each operation."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.best: dict[str, dict[str, Any]] = {}
        self._known = [
            (path.count("{"), method.upper(), re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), operation["operationId"])
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ]
        self._known.sort(key=lambda entry: entry[0])

    def take(self, request: httpx.Request, response: httpx.Response) -> None:
        """Keeps an exchange when it is the first of its operation that says something."""
        path = urlsplit(str(request.url)).path.rstrip("/") or "/"
        name = next(
            (name for _, verb, form, name in self._known if verb == request.method and form.fullmatch(path)), None
        )
        if name is None or not response.is_success:
            return
        sent = _json(request.content) if "json" in request.headers.get("content-type", "") else None
        got = _json(response.content) if "application/json" in response.headers.get("content-type", "") else None
        entry = {"request": short(sent), "status": response.status_code, "response": short(got)}
        if worth(entry) > worth(self.best.get(name)):
            self.best[name] = entry


def worth(entry: dict[str, Any] | None) -> int:
    """Much said, but not too much."""
    if entry is None:
        return -1
    size = len(json.dumps(entry))
    full = (
        entry["response"] is not None and entry["response"].get("data") != []
        if isinstance(entry["response"], dict)
        else True
    )
    return (size if size < SIZE_MAX else 1) + (SIZE_MAX if full else 0)


def short(value: Any, name: str = "") -> Any:
    """A value with long lists cut and secrets blotted out."""
    if isinstance(value, dict):
        return {key: short(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [short(inner, name) for inner in value[:ENTRIES_MAX]]
    if isinstance(value, str):
        if SECRET.search(name) and "sha256" not in name and OPAQUE.fullmatch(value) and not IDENTIFIER.fullmatch(value):
            return BLOT
        value = HERE.sub("https://shop.example", IN_LINK.sub(BLOT, value))
        value = value.replace("http://testserver", "https://logistics.example")
        return "correct horse battery staple" if "password" in name else value[:TEXT_MAX]
    return value


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def record(arguments: list[str]) -> Recorder:
    """Runs tests and takes down what they exchange."""
    from cluster.app import build
    from cluster.base.reference.document import document
    from cluster.base.settings import Settings

    app = build(Settings(data_dir=Path.cwd(), database_url="postgresql://nobody@localhost/none"))
    recorder = Recorder(document(app))
    send = httpx.AsyncClient.send

    async def listening(self: httpx.AsyncClient, request: httpx.Request, **given: Any) -> httpx.Response:
        response = await send(self, request, **given)
        if "testserver" in request.url.host and not given.get("stream"):
            recorder.take(request, response)
        return response

    httpx.AsyncClient.send = listening  # type: ignore[assignment, method-assign]
    pytest.main(["-q", "-p", "no:cacheprovider", "-x", "--maxfail=1000", *arguments])
    return recorder


def fitting(document: Any, found: dict[str, Any]) -> dict[str, Any]:
    """Examples without what does not fit the document: cut texts, and bodies that were to be refused in part."""
    for methods in document["paths"].values():
        for operation in methods.values():
            entry = found.get(operation["operationId"])
            if entry is None:
                continue
            asked, answers = operation.get("requestBody", {}), operation["responses"]
            if not fits(document, entry["request"], asked):
                entry["request"] = None
            if not fits(document, entry["response"], answers.get(str(entry["status"]), {})):
                entry["response"] = None
    return {name: entry for name, entry in found.items() if entry["request"] or entry["response"]}


def whole(document: Any, name: str, entry: dict[str, Any]) -> bool:
    """Whether nothing of an example has to be left out."""
    return fitting(document, {name: dict(entry)}).get(name) == entry


def fits(document: Any, value: Any, described: Any) -> bool:
    """Whether a body is what its description says, or there is none."""
    schema = described.get("content", {}).get("application/json", {}).get("schema")
    whole = {"components": document["components"], "allOf": [schema]}
    return value is None or schema is None or Draft202012Validator(whole).is_valid(value)


def main() -> None:
    """Writes the examples."""
    recorder = record(sys.argv[1:] or WHERE)
    before = json.loads(TARGET.read_text()) if sys.argv[1:] and TARGET.exists() else {}
    there = {operation["operationId"] for path in recorder.document["paths"].values() for operation in path.values()}
    kept = {name: entry for name, entry in before.items() if name in there}
    fine = {name: entry for name, entry in kept.items() if whole(recorder.document, name, entry)}
    found = dict(sorted(fitting(recorder.document, kept | recorder.best | fine).items()))
    TARGET.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    sys.stdout.write(f"{len(found)} operations\n")


if __name__ == "__main__":
    main()
