"""`bid keys`: the keys with which this installation signs to and opens from other countries.

Every change is said in a new statement, for which the anchor comes from its safe. Partners load the statement.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.anchor import AnchorFile, FromStdin, read_anchor, write_anchor
from cli.officer import operator
from cli.output import fail, say
from core.exchange.keys import OpeningKey, SigningKey
from core.exchange.statements import WhyRevoked
from transfers.rules.key_life import USUAL_LEAD_DAYS
from transfers.service import installation, keys
from transfers.service.installation import ENC, SIG
from transfers.service.keys import KeyView

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keys towards other countries: list, follow, revoke, destroy.\n\n"
    "The master key that seals what is stored here is another one: `bid master-key`.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]
NewAnchor = Annotated[
    Path, typer.Option("--new-anchor-file", help="File of the anchor that follows")
]


@app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List our keys, the oldest first, with what they are for and until when."""
    with operator() as desk:
        found = keys.list_keys(desk.session, desk.actor, now=desk.now)
    rows = [_row(one) for one in found]
    if as_json:
        say(json.dumps(rows))
        return
    for row in rows:
        held = "" if row["held"] else "  private half destroyed"
        say(
            f"{row['kid']}  {row['use']}  {row['status']}  {row['begins_at']} to {row['ends_at']}{held}"
        )


@app.command("rotate")
def rotate(
    use: Annotated[str, typer.Argument(help="sig (to sign with) or enc (to open with)")],
    *,
    anchor_file: AnchorFile,
    lead_days: Annotated[
        int, typer.Option(help="Days between listing and first use, 14 to 90")
    ] = USUAL_LEAD_DAYS,
    passphrase_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """List the key that follows; the present one goes on until then. Hand the new statement to partners."""
    fresh = _fresh(use)
    anchor = _anchor(anchor_file, from_stdin=passphrase_stdin)
    with operator() as desk:
        made = keys.rotate(
            desk.session, desk.actor, fresh, anchor, lead_days=lead_days, now=desk.now
        )
    _show({"kid": fresh.kid, "use": use, "statement_number": made.seq}, as_json=as_json)


@app.command("revoke")
def revoke(
    kid: Annotated[str, typer.Argument(help="Name of the key, from `bid keys list`")],
    *,
    reason: Annotated[WhyRevoked, typer.Option(help="Why it ends before its time")],
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="With compromised: from when somebody else may have had it, UTC",
        ),
    ] = None,
    anchor_file: AnchorFile,
    passphrase_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """End a key before its time; another takes its place at once. Tell partners without delay."""
    with operator() as desk:
        known = {k.kid: k for k in keys.list_keys(desk.session, desk.actor, now=desk.now)}
    if kid not in known:
        fail(f"There is no key {kid}. `bid keys list` shows all.")
    fresh = _fresh(known[kid].use)
    anchor = _anchor(anchor_file, from_stdin=passphrase_stdin)
    moment = None if since is None else since.replace(tzinfo=UTC)
    with operator() as desk:
        made = keys.revoke(
            desk.session, desk.actor, kid, anchor, fresh, why=reason, since=moment, now=desk.now
        )
    _show({"kid": kid, "reason": reason.value, "statement_number": made.seq}, as_json=as_json)


@app.command("destroy-old")
def destroy_old(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    as_json: AsJson = False,
) -> None:
    """Destroy private keys that were followed ninety days ago or more. What they opened opens no more."""
    if not yes:
        typer.confirm("Destroy the private keys that retired ninety days ago?", abort=True)
    with operator() as desk:
        gone = keys.destroy_old(desk.session, desk.actor, now=desk.now)
    _show({"destroyed": gone}, as_json=as_json)


@app.command("announce-anchor")
def announce_anchor(
    *,
    anchor_file: AnchorFile,
    new_anchor_file: NewAnchor,
    passphrase_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make the anchor that is to follow, and announce it. Hand the statement to partners and wait until they have it.

    Two passphrases are asked for, or read a line each: of the present anchor, then of the new one.
    """
    anchor = _anchor(anchor_file, from_stdin=passphrase_stdin)
    following = SigningKey.fresh()
    with operator() as desk:
        name = installation.name_of(desk.session)
    write_anchor(new_anchor_file, following, name, from_stdin=passphrase_stdin)
    with operator() as desk:
        made = keys.announce_anchor(
            desk.session, desk.actor, anchor, following.public, now=desk.now
        )
    fingerprint = " ".join(following.public.fingerprint())
    _show({"next_fingerprint": fingerprint, "statement_number": made.seq}, as_json=as_json)


@app.command("take-anchor")
def take_anchor(
    *,
    new_anchor_file: NewAnchor,
    to: Annotated[Path, typer.Option(help="New file for partners, with both signatures")],
    passphrase_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Sign the announced statement with the new anchor too; from now on it is ours. Partners need the file."""
    if to.exists():
        fail(f"{to} exists already; choose a new name.")
    following = _anchor(new_anchor_file, from_stdin=passphrase_stdin)
    with operator() as desk:
        announced, again = keys.take_anchor(desk.session, desk.actor, following, now=desk.now)
        to.write_text(f"{announced.text}\n{again}\n", encoding="ascii")
    fingerprint = " ".join(following.public.fingerprint())
    _show({"fingerprint": fingerprint, "file": str(to)}, as_json=as_json)


def _fresh(use: str) -> SigningKey | OpeningKey:
    if use not in {SIG, ENC}:
        fail("A key is for sig (to sign with) or enc (to open with).", code=2)
    return SigningKey.fresh() if use == SIG else OpeningKey.fresh()


def _anchor(file: Path, *, from_stdin: bool) -> SigningKey:
    with operator() as desk:
        name = installation.name_of(desk.session)
    return read_anchor(file, name, from_stdin=from_stdin)


def _row(one: KeyView) -> dict[str, Any]:
    return {
        "kid": one.kid,
        "use": one.use,
        "status": one.status.value,
        "begins_at": f"{one.begins_at:%Y-%m-%d}",
        "ends_at": f"{one.ends_at:%Y-%m-%d}",
        "retires_at": None if one.retires_at is None else f"{one.retires_at:%Y-%m-%d}",
        "reason": one.reason,
        "held": one.held,
    }


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(answer))
        return
    for key, value in answer.items():
        shown = ", ".join(value) or "none" if isinstance(value, list) else value
        say(f"{key.replace('_', ' ')}: {shown}")
