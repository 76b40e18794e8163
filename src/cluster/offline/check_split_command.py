"""``cluster check-split``: is what a certificate says of a split true?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cluster.offline.figures import counted, plain
from cluster.offline.reading import read

if TYPE_CHECKING:
    from solver.plan import Violation
    from solver.shares import Certificate

INVALID = 1


@click.command("check-split")
@click.argument("certificate_file", metavar="CERTIFICATE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def check_split_command(certificate_file: Path, *, as_json: bool) -> None:
    """
    Check the certificate of a split, by other code than what made it.

    CERTIFICATE is certificate.json of `cluster split --out`, or what GET /v1/plans/{plan_id}/certificate answers. Sums,
    order of the bounds, verdict, both coalitions named and the witness are worked out again. That plans of these costs
    exist, and none below the bounds, cannot be seen from a certificate.

    Exit status: 0 valid, 1 violations (listed), 2 a file that cannot be used.
    """
    from solver.check_split import check_certificate

    certificate = read(certificate_file, _certificate_from_json, as_json=as_json)
    violations = check_certificate(certificate)
    if as_json:
        answer = {"valid": not violations, "verdict": certificate.verdict, "violations": violations}
        click.echo(msgspec.json.encode(answer))
    else:
        _say(certificate, violations)
    if violations:
        raise SystemExit(INVALID)


def _certificate_from_json(raw: bytes) -> "Certificate":
    from solver.codec import value_from_json
    from solver.shares import Certificate

    return value_from_json(raw, Certificate)


def _say(certificate: "Certificate", violations: "tuple[Violation, ...]") -> None:
    """Valid and what is proven, or all violations."""
    if violations:
        click.echo(counted(len(violations), "violation"))
        for violation in violations:
            click.echo(f"  {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]")
        return
    proven = sum(low == high for low, high in zip(certificate.lower_minor, certificate.upper_minor, strict=True)) - 1
    click.echo(f"valid: {certificate.verdict}, {counted(len(certificate.players), 'player')}")
    click.echo(f"  {proven:,} of {counted(len(certificate.upper_minor) - 1, 'coalition')} at their proven least cost")
    if len(certificate.players) > 1:
        gain = certificate.gain_max.gain_minor
        told = f"at most {gain:,}" if gain > 0 else "nothing"
        click.echo(f"  leaving gains any coalition {told} (minor units, rounding up to {certificate.slack_minor})")
