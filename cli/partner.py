"""`bid partner`: who we are to other countries, and whom of them we trust.

Setting up and issuing statements is for whoever keeps this installation. Trusting is for trust officers, who sign in
with their own password and code: the console alone trusts nobody.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.anchor import FromStdin as PassphraseFromStdin
from cli.anchor import read_anchor, write_anchor
from cli.officer import Desk, FromStdin, Login, officer, operator
from cli.output import fail, say
from cli.refusals import words_of
from core.exchange.keys import SigningKey
from core.exchange.shapes import is_installation
from transfers.errors import FingerprintDiffers, StatementRefused
from transfers.rules.partnership import Channel, State
from transfers.service import installation, keys, partner_statements, partners
from transfers.service.installation import FreshKeys
from transfers.service.partners import PartnerView

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Installations of other countries: whom we trust, and who we are.\n\n"
    "Begin with `bid partner init ZM.mcdss --anchor-file /media/stick/anchor.json`, then "
    "`bid partner statement --to FILE` and hand FILE over. docs/exchange.md has every step.",
)
Partner = Annotated[str, typer.Argument(help="Name of the installation, for example NA.mgepesw")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]
Why = Annotated[str, typer.Option(help="Why, as a code without blanks, for example suspicion")]
Address = Annotated[
    str | None, typer.Option(help="https address where partners reach us; none: they use files")
]


_NEXT: Final = {
    State.HALF_CONFIRMED: "Next: a second officer hears it over another way, and gives `bid partner confirm` too.",
    State.ACTIVE: "From now on packages may go to and come from this installation.",
}


@app.command("init")
def init(
    name: Annotated[str, typer.Argument(help="Name of this installation, for example ZM.mcdss")],
    *,
    anchor_file: Annotated[
        Path, typer.Option("--anchor-file", help="New file for the anchor, on a stick for the safe")
    ],
    address: Address = None,
    passphrase_stdin: PassphraseFromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Give this installation its name, anchor and first keys. The anchor is written to the file and nowhere else."""
    if not is_installation(name):
        fail(
            "A name is country, dot and up to 40 small letters, digits or dashes: ZM.mcdss", code=2
        )
    with operator() as desk:
        if installation.name_if_any(desk.session) is not None:
            fail(f"This installation is {installation.name_of(desk.session)} already.")
    anchor, fresh = SigningKey.fresh(), FreshKeys.make()
    write_anchor(anchor_file, anchor, name, from_stdin=passphrase_stdin)
    with operator() as desk:
        installation.set_up(
            desk.session, desk.actor, name=name, anchor=anchor.public, fresh=fresh,
            base_url=address, now=desk.now,
        )  # fmt: skip
        made = keys.issue(desk.session, desk.actor, anchor, now=desk.now)
    shown = {
        "installation": name,
        "fingerprint": " ".join(anchor.public.fingerprint()),
        "anchor_file": str(anchor_file),
        "statement_number": made.seq,
    }
    _show(shown, as_json=as_json)
    if not as_json:
        say(
            "Put the anchor file into the safe, the passphrase into another, and a copy of each elsewhere."
        )


@app.command("statement")
def statement(
    *,
    to: Annotated[Path | None, typer.Option(help="New file for the partner; shown when left out")] = None,
    issue: Annotated[bool, typer.Option("--issue", help="Sign a new one first; needs the anchor")] = False,
    anchor_file: Annotated[Path | None, typer.Option(help="With --issue: the anchor, from its safe")] = None,
    address: Address = None,
    passphrase_stdin: PassphraseFromStdin = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Export our key statement for a partner, with the fingerprint to read out."""
    if issue:
        _issue(anchor_file, address, from_stdin=passphrase_stdin)
    if to is not None and to.exists():
        fail(f"{to} exists already; choose a new name.")
    with operator() as desk:
        own = installation.identity(desk.session, desk.actor, now=desk.now)
    if to is not None:
        to.write_text(own.statement.text + "\n", encoding="ascii")
    shown = {
        "installation": own.installation,
        "fingerprint": " ".join(own.fingerprint),
        "statement_number": own.statement.seq,
        **({"file": str(to)} if to is not None else {"key_statement": own.statement.text}),
    }
    _show(shown, as_json=as_json)


@app.command("propose")
def propose(
    file: Annotated[Path, typer.Argument(help="Key statement the other side exported")],
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Load the key statement of an installation nobody trusts yet."""
    data = _read(file)
    with officer(login, from_stdin=secrets_stdin) as desk:
        partner_id = partners.propose(desk.session, desk.actor, data, now=desk.now)
        found = partners.read_partner(desk.session, desk.actor, partner_id, now=desk.now)
    _show(_line(found), as_json=as_json)
    if not as_json:
        say(
            "Next: two officers compare the fingerprint over two ways, each with `bid partner confirm`."
        )


@app.command("confirm")
def confirm(
    partner: Partner,
    *,
    channel: Annotated[Channel, typer.Option(help="Over which way you heard the fingerprint")],
    groups: Annotated[str, typer.Option(help="Its last two groups, as heard; asked for when left out")] = "",
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say that you heard the end of the fingerprint from the partner. It takes two people, over two ways."""
    if secrets_stdin and not groups:
        fail("Give --groups too: with --secrets-stdin nothing is asked on the terminal.")
    typed = groups or str(typer.prompt("Last two groups of the fingerprint, as you hear them"))
    with officer(login, from_stdin=secrets_stdin) as desk:
        answer = partners.confirm(
            desk.session, desk.actor, partners.id_of(desk.session, partner), channel=channel,
            groups=tuple(typed.split()), now=desk.now,
        )  # fmt: skip
    if isinstance(answer, FingerprintDiffers):
        fail(words_of(answer))
    _stands(partner, answer, as_json=as_json)


@app.command("suspend")
def suspend(
    partner: Partner,
    *,
    reason: Why,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Stop sending and receiving at once; one person is enough."""
    with officer(login, from_stdin=secrets_stdin) as desk:
        state = partners.suspend(
            desk.session, desk.actor, _id(desk, partner), reason=reason, now=desk.now
        )
    _stands(partner, state, as_json=as_json)


@app.command("resume")
def resume(
    partner: Partner,
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Trust a suspended partner again; it takes two people."""
    with officer(login, from_stdin=secrets_stdin) as desk:
        state = partners.resume(desk.session, desk.actor, _id(desk, partner), now=desk.now)
    _stands(partner, state, as_json=as_json)


@app.command("revoke")
def revoke(
    partner: Partner,
    *,
    reason: Why,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """End a partnership for good: two people from suspended, one while nobody trusted it."""
    with officer(login, from_stdin=secrets_stdin) as desk:
        state = partners.revoke(
            desk.session, desk.actor, _id(desk, partner), reason=reason, now=desk.now
        )
    _stands(partner, state, as_json=as_json)


@app.command("load")
def load(
    partner: Partner,
    file: Annotated[Path, typer.Argument(help="Newer key statement of this partner")],
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Load a newer key statement of a partner; one that does not hold leaves the old one and raises the alarm."""
    data = _read(file)
    with officer(login, from_stdin=secrets_stdin) as desk:
        found = partner_statements.load_statement(
            desk.session, desk.actor, _id(desk, partner), data, now=desk.now
        )
    fault = next((one.fault for one in found if one.fault is not None), None)
    if fault is not None:
        fail(words_of(StatementRefused(str(fault))))
    taken = found[-1]
    _show(
        {
            "installation": partner,
            "is_new": taken.is_new,
            "short_notice": list(taken.short_notice),
            "compromised": list(taken.compromised),
        },
        as_json=as_json,
    )


@app.command("review")
def review(
    partner: Partner,
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """List what came in signed with a key of this partner that was in other hands by then."""
    with officer(login, from_stdin=secrets_stdin) as desk:
        found = partner_statements.review(
            desk.session, desk.actor, _id(desk, partner), now=desk.now
        )
    rows = [{**asdict(one), "received_at": one.received_at.isoformat()} for one in found]
    if as_json:
        say(json.dumps(rows))
        return
    for row in rows:
        say(f"{row['received_at']}  {row['kind']}  {row['subject']}  {row['sha256']}")
    if not rows:
        say("Nothing came in signed with a compromised key.")


@app.command("list")
def list_partners(*, as_json: AsJson = False) -> None:
    """List the installations of other countries we know, by name."""
    with operator() as desk:
        found = partners.list_partners(desk.session, desk.actor, now=desk.now)
    if as_json:
        say(json.dumps([_line(one) for one in found]))
        return
    for one in found:
        waits = f"  waits for a second person: {one.waits_for}" if one.waits_for else ""
        say(
            f"{one.installation}  {one.state}  statement until {one.statement_ends_at:%Y-%m-%d}{waits}"
        )
    if not found:
        say("No partner yet. docs/exchange.md says how to set one up.")


def _issue(anchor_file: Path | None, address: str | None, *, from_stdin: bool) -> None:
    if anchor_file is None:
        fail("--issue needs the anchor: name its file with --anchor-file.", code=2)
    with operator() as desk:
        name = installation.name_of(desk.session)
    anchor = read_anchor(anchor_file, name, from_stdin=from_stdin)
    with operator() as desk:
        if address is not None:
            keys.set_address(desk.session, desk.actor, address or None, now=desk.now)
        keys.issue(desk.session, desk.actor, anchor, now=desk.now)


def _id(desk: Desk, name: str) -> str:
    return partners.id_of(desk.session, name)


def _read(file: Path) -> bytes:
    if not file.is_file():
        fail(f"There is no file {file}. Name the key statement that the other side exported.")
    with file.open("rb") as content:
        return content.read(300_000)


def _line(found: PartnerView) -> dict[str, Any]:
    return {
        "id": found.id,
        "installation": found.installation,
        "state": found.state.value,
        "fingerprint": " ".join(found.fingerprint),
        "waits_for": None if found.waits_for is None else found.waits_for.value,
        "statement_number": found.seq,
        "statement_ends_at": found.statement_ends_at.isoformat(),
    }


def _stands(name: str, state: State, *, as_json: bool) -> None:
    _show({"installation": name, "state": state.value}, as_json=as_json)
    if not as_json and state in _NEXT:
        say(_NEXT[state])


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(answer))
        return
    for key, value in answer.items():
        if value is not None:
            shown = ", ".join(value) if isinstance(value, list) else _plain(key, str(value))
            say(f"{key.replace('_', ' ')}: {shown}")


def _plain(key: str, value: str) -> str:
    """Return a code or a moment as a person reads it."""
    if key in {"state", "waits_for"}:
        return value.replace("_", " ")
    return f"{datetime.fromisoformat(value):%Y-%m-%d}" if key.endswith("_at") else value
