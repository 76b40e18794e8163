"""A world with nothing offered yet, for each test."""

import pytest

from tests.cluster.api import World
from tests.cluster.space.warehouse import Warehouse


@pytest.fixture
def store(world: World) -> Warehouse:
    """Riverside."""
    return Warehouse(world)
