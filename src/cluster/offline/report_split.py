"""The split: what each member would pay alone, what it pays, and what is proven about that."""

from cluster.offline.figures import counted, money, percent
from cluster.offline.markup import escape
from cluster.offline.words import RULES, certificate
from solver.shares import Share, Split


def section(split: Split) -> str:
    """Bars and figures a member, with the sentence that says who could do better by leaving."""
    scale = max((max(share.stand_alone_minor, share.share_minor) for share in split.shares), default=0) or 1
    shares = sorted(split.shares, key=lambda share: (-share.stand_alone_minor, share.owner))
    rows = "".join(_row(share, scale, split.currency) for share in shares)
    return (
        "<section><h2>Who pays what</h2>"
        f"<p>{escape(certificate(split))}</p>"
        "<p class=key><span><svg width=26 height=14><rect class=alone y=2 width=26 height=10 rx=2 /></svg>alone</span>"
        "<span><svg width=26 height=14><rect class=pays y=2 width=26 height=10 rx=2 /></svg>pays</span></p>"
        f"<div class=shares>{rows}</div>"
        f"<p class=quiet>Rule: {escape(RULES[split.rule])}. The shares add up to exactly "
        f"{escape(money(split.cost_minor, split.currency))}.{_unions(split)}</p></section>"
    )


def _row(share: Share, scale: int, currency: str) -> str:
    alone, pays = 100 * share.stand_alone_minor / scale, 100 * max(share.share_minor, 0) / scale
    saved = percent(share.saving_minor / share.stand_alone_minor) if share.stand_alone_minor else "0.0 %"
    loses = " loses" if share.saving_minor < 0 else ""
    return (
        f'<div class="share{loses}"><b>{escape(share.owner)}</b>'
        f'<svg height=26 role=img aria-label="{escape(_words(share, currency))}">'
        f'<rect class=alone y=2 height=10 rx=2 width="{alone:.2f}%"/>'
        f'<rect class=pays y=14 height=10 rx=2 width="{pays:.2f}%"/></svg>'
        f"<span class=figures><span>{escape(money(share.share_minor, currency))}</span>"
        f"<small>alone {escape(money(share.stand_alone_minor, currency))}</small></span>"
        f"<em>{escape(saved)}<small>saved</small></em></div>"
    )


def _words(share: Share, currency: str) -> str:
    return f"alone {money(share.stand_alone_minor, currency)}, pays {money(share.share_minor, currency)}"


def _unions(split: Split) -> str:
    """Members that the game counted as one player, so that many members stay computable."""
    if not split.unions:
        return ""
    named = "; ".join(" with ".join(union) for union in split.unions)
    return escape(
        f" {counted(len(split.unions), 'union')} of members counted as one player each, inside which everyone pays the "
        f"same part of what it would pay alone: {named}."
    )
