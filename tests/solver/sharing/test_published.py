from random import Random

import msgspec
import pytest

from benchmarks.sharing.games import differences, oracle, random_game, reference, wrong_figures
from tests.shared_data import shared_data


def test_published_games_come_out_as_published() -> None:
    path = shared_data("reference_games.json")
    assert [figure for entry in msgspec.json.decode(path.read_bytes()) for figure in wrong_figures(entry)] == []
    assert reference(path) == (25, 0)


def test_a_wrong_figure_would_be_noticed() -> None:
    path = shared_data("reference_games.json")
    entry = msgspec.json.decode(path.read_bytes())[0]
    entry["expected"]["nucleolus"] = ["33", "33", "34"]
    assert len(list(wrong_figures(entry))) == 1


@pytest.mark.parametrize("seed", range(20))
def test_random_games_come_out_as_in_another_library(seed: int) -> None:
    assert list(differences(random_game(Random(seed), 3, 6))) == []


def test_so_do_games_of_up_to_twelve_players() -> None:
    assert oracle(3, 5) == (3, 0)
