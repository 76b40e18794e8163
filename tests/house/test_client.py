"""The Python client is what the generator makes of the platform's document, and has every operation that a key can ask."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from cluster_client import AsyncClient, Client
from cluster_client._async import AsyncGroup
from cluster_client._calls import Operation
from cluster_client._sync import Group
from deploy.client_models import Undescribable, for_keys, models
from deploy.client_operations import methods
from deploy.generate_client import GENERATED, document, write

Described = dict[str, Any]


@pytest.fixture(scope="module")
def described() -> Described:
    """What the platform says of itself."""
    found: Described = document()
    return found


def test_the_committed_client_is_current(tmp_path: Path, described: Described) -> None:
    write(tmp_path, described)
    fresh = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.py")}
    committed = {path.name: path.read_text("utf-8") for path in GENERATED.glob("*.py")}
    assert [name for name in {*fresh, *committed} if fresh.get(name) != committed.get(name)] == [], "run: make client"


@pytest.mark.parametrize(("client", "group"), [(Client, Group), (AsyncClient, AsyncGroup)])
def test_every_operation_for_keys_is_a_method_of_both_clients(described: Described, client: type, group: type) -> None:
    asked = {
        operation["operationId"]
        for path, verbs in described["paths"].items()
        for operation in verbs.values()
        if isinstance(operation, dict) and for_keys(path, operation)
    }
    assert len(asked) > 100
    made = client("http://127.0.0.1:9")
    groups = [made, *(getattr(made, name) for name in methods(described) if name)]
    assert all(isinstance(entry, group) for entry in groups)
    names = {name for entry in groups for name in _operations(type(entry))}
    assert names == asked


def _operations(group: type) -> set[str]:
    """Operations that a group's own methods ask for."""
    found = set()
    for base in group.__mro__:
        module = inspect.getmodule(base)
        if module is not None and "_generated" in module.__name__:
            constants = set(re.findall(r"self\._\w+\(\s*(_[A-Z_]+)", inspect.getsource(base)))
            found |= {getattr(module, name).name for name in constants}
            assert all(isinstance(getattr(module, name), Operation) for name in constants)
    return found


def test_names_that_python_or_the_reader_would_confuse_are_refused() -> None:
    schema = {"type": "object", "properties": {"class": {"type": "string"}}}
    use = {"get": {"operationId": "x", "responses": {"200": {"$ref": "#/components/schemas/Odd"}}}}
    with pytest.raises(Undescribable, match=r"Odd\.class"):
        models({"paths": {"/v1/x": use}, "components": {"schemas": {"Odd": schema}}})
