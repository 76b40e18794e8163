"""``cluster split`` of a game: players and the cost of every coalition are given, and no route is planned."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import click
import msgspec
from msgspec import Struct
from rich.console import Console, Group
from rich.text import Text

from cluster.offline.figures import counted, percent, plain
from cluster.offline.reading import read, refuse
from cluster.offline.split_answer import coalition_costs
from cluster.offline.split_terms import TermsFile
from cluster.offline.tables import PLAIN_WIDTH, table
from cluster.offline.words import RULES
from solver.check_split import check_certificate
from solver.codec import value_from_json
from solver.faults import ProblemError
from solver.plan import Violation
from solver.shares import Certificate, Rule
from solver.sharing.certify import certificate
from solver.sharing.game import Game, game_of
from solver.sharing.rules import Shares, split


class GameFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A game as a file says it.

    ``costs`` in whole units of whatever is paid, of every coalition but nobody, by its players joined by ", ";
    ``keys`` by player are for the rules that split by one.
    """

    players: tuple[str, ...]
    costs: dict[str, Any]
    keys: dict[str, Any] | None = None


class GameAnswer(Struct, frozen=True, kw_only=True):
    """Shares of a game with their certificate; ``violations`` are what its check by other code found."""

    game: Game
    shares: Shares
    certificate: Certificate
    violations: tuple[Violation, ...]
    seconds: float

    def say(self, *, certificate: bool, as_json: bool) -> None:
        """Print it; ends with status 1 where the certificate does not hold."""
        if as_json:
            click.echo(msgspec.json.encode(as_document(self, certificate=certificate)))
        else:
            _show(self)
            if certificate:
                click.echo(msgspec.json.encode(self.certificate))
        if self.violations:
            raise SystemExit(1)


def is_game(raw: bytes) -> bool:
    """Whether a file holds a game: a JSON object with ``costs``."""
    try:
        found = msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "costs" in found


def game_from_json(raw: bytes) -> tuple[Game, dict[str, Any] | None]:
    """The game in a file, and the keys of its players. Raises ProblemError with all faults."""
    found = value_from_json(raw, GameFile)
    # Whether amounts are whole numbers, and what else is wrong with them, is said by the game.
    costs = cast("Mapping[str | tuple[str, ...], int]", found.costs)
    return game_of(found.players, costs), found.keys


def split_game(path: Path, rule: Rule, terms: TermsFile, *, repair: bool, as_json: bool) -> GameAnswer:
    """Split the game in a file; one that cannot be used ends the command with status 2, all faults said."""
    began = time.monotonic()
    game, keys = read(path, game_from_json, as_json=as_json)
    weights = None
    if terms.weights is not None:
        weights = dict.fromkeys(game.players, 1) | terms.weights
    try:
        shares = split(game, rule, weights=weights, unions=terms.unions, keys=keys, repaired=repair)
    except ProblemError as error:
        refuse(error.faults, path, as_json=as_json)
    proof = certificate(game, shares.minor)
    return GameAnswer(
        game=game,
        shares=shares,
        certificate=proof,
        violations=tuple(check_certificate(proof)),
        seconds=time.monotonic() - began,
    )


def as_document(answer: GameAnswer, *, certificate: bool) -> dict[str, Any]:
    """The answer as ``--json`` prints it, in the words of a split of a plan; amounts in the game's own units."""
    shares, proof = answer.shares, answer.certificate
    document: dict[str, Any] = {
        "rule": shares.rule,
        "rule_applied": shares.applied,
        "repaired": shares.repaired,
        "cost_minor": proof.cost_minor,
        "players": shares.players,
        "shares": [
            {
                "owner": player,
                "stand_alone_minor": round(alone),
                "share_minor": paid,
                "share_exact": exact,
                "saving_minor": round(alone) - paid,
                "incremental_minor": round(incremental),
            }
            for player, alone, paid, exact, incremental in zip(
                shares.players,
                answer.game.stand_alone.tolist(),
                shares.minor,
                shares.exact,
                answer.game.incremental.tolist(),
                strict=True,
            )
        ],
        "verdict": proof.verdict,
        "individually_rational": shares.individually_rational,
        "excess_max_minor": proof.excess_max.gain_minor,
        "gain_max_minor": proof.gain_max.gain_minor,
        "coalitions": len(proof.upper_minor) - 1,
        "coalition_costs": coalition_costs(proof),
        "violations": answer.violations,
        "seconds": round(answer.seconds, 3),
    }
    return document | ({"certificate": proof} if certificate else {})


def _show(answer: GameAnswer) -> None:
    """Print who pays what, and whether a group would rather leave."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    rows = table("Who pays what", ("player",), ("alone", "pays", "saves", "saved"))
    game, shares = answer.game, answer.shares
    for player, alone, paid in zip(shares.players, game.stand_alone.tolist(), shares.minor, strict=True):
        saved = percent((alone - paid) / alone) if alone else ""
        cells = (plain(player), f"{alone:,.0f}", f"{paid:,}", f"{alone - paid:,.0f}", saved)
        rows.add_row(*(Text(cell) for cell in cells))
    instead = "" if shares.applied is shares.rule else f" (instead of {shares.rule}, which has no answer here)"
    most = answer.certificate.excess_max
    lines = [Text(f"\n{RULES[shares.applied]}{instead}."), Text(f"verdict: {answer.certificate.verdict}")]
    if most.players:
        word = "gains" if most.gain_minor > 0 else "loses"
        named = ", ".join(plain(player) for player in most.players)
        lines.append(Text(f"nearest to leaving: {named}, which {word} {abs(most.gain_minor):,}"))
    lines.append(Text(f"{counted(len(game.cost) - 1, 'coalition')} in {answer.seconds:.2f} s", style="dim"))
    for violation in answer.violations:
        text = f"VIOLATION {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]"
        lines.append(Text(text, style="bold red"))
    console.print(Group(rows, *lines))
