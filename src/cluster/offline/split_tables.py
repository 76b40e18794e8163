"""A split as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.text import Text

from cluster.offline.figures import counted, money, percent, plain
from cluster.offline.split_answer import SplitAnswer
from cluster.offline.tables import PLAIN_WIDTH, table
from cluster.offline.words import RULES, certificate, group
from solver.shares import Split

EXACT = ""
"""What stands where a share is certain."""


def show(answer: SplitAnswer) -> None:
    """Print who pays what, how certain each share is, and what is proven."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    split = answer.split
    parts: list[RenderableType] = [shares(split), Text(f"\n{_rule(split)}"), Text(certificate(split)), *_groups(split)]
    if answer.improved:
        parts.append(Text("A cheaper plan than the one given came out of the work; it is the one that is split."))
    parts.append(
        Text(
            f"{split.coalitions_proven:,} of {counted(split.coalitions, 'coalition')} proven, "
            f"in {answer.seconds:.1f} s",
            style="dim",
        )
    )
    for violation in answer.violations:
        text = f"VIOLATION {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]"
        parts.append(Text(text, style="bold red"))
    console.print(Group(*parts))


def shares(split: Split) -> RenderableType:
    """One row a member; the range that its share would lie in if every cost were proven."""
    rows = table("Who pays what", ("member",), ("alone", "pays", "surely between", "saves", "saved"))
    for share in split.shares:
        alone, low, high = share.stand_alone_minor, share.low_minor, share.high_minor
        cells = (
            plain(share.owner),
            money(alone, split.currency),
            money(share.share_minor, split.currency),
            EXACT if low == high else f"{money(low, split.currency)} – {money(high, split.currency)}",
            money(share.saving_minor, split.currency),
            percent(share.saving_minor / alone) if alone else "",
        )
        rows.add_row(*(Text(cell) for cell in cells))
    rows.add_row(Text("together"), Text(""), Text(money(split.cost_minor, split.currency)), style="bold")
    return rows


def _rule(split: Split) -> str:
    """The rule in words, and where another had to take its place."""
    if split.rule_applied is split.rule:
        repaired = " Shares above the cost alone were cut to it." if split.repaired else ""
        return f"{RULES[split.rule]}.{repaired}"
    return f"{RULES[split.rule_applied]} (instead of {split.rule}, which has no answer here)."


def _groups(split: Split) -> list[Text]:
    """The groups nearest to leaving: by known plans, and by what is proven where that differs."""
    proof = split.certificate
    if not proof.excess_max.players:
        return []
    lines = [Text(f"nearest to leaving   {group(proof.excess_max, split.currency)}")]
    if proof.gain_max.gain_minor != proof.excess_max.gain_minor:
        lines.append(Text(f"not ruled out        {group(proof.gain_max, split.currency)} at most"))
    return lines
