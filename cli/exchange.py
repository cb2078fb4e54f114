"""`bid exchange`: packages to and from other countries, over the line or by hand.

Only sealed bytes pass here. What a package says is read by officers in the product.
"""

import io
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from cli.installation import open_installation, read_settings
from cli.officer import FromStdin, Login, officer
from cli.output import fail, say
from cli.refusals import words_of
from cli.wall_clock import moment
from core.accounts.system import operator_actor
from core.actors import Actor
from core.clock import utc_now
from core.db import Database
from core.errors import DomainError
from core.exchange.errors import FileRefused
from core.exchange.files import file_name, write_receipts
from core.settings import Settings
from transfers.service import (
    admitting,
    exchange_files,
    exchange_status,
    grants_carried,
    grants_held,
    outgoing,
    receipts_shown,
    retention,
)
from transfers.service.incoming import Ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Packages to and from other countries: send and fetch, see what waits, hand over as files.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]
TYPED = Path("-")
MOST_TYPED = 1024 * 1024
WHY = {
    "newer": "It was made by a newer version of the exchange. Ask for an update of this product.",
    "version-unsupported": "It was made by a newer version of the exchange. Ask for an update of this product.",
    "may-not-be-told": "It may not be told now: look at the transfer, there is a consent, a fear or a danger.",
    "bytes-gone": "Its sealed bytes are gone. `bid exchange run --once` seals it anew; then try again.",
    "stranger": "It comes from an installation nobody here trusts.",
    "delivery": "What is in it was not signed as it must be.",
    "delivery-invalid": "What is in it was not signed by its sender for us, or not as it must be.",
    "delivery-expired": "Its time is over. Ask the sender for a new delivery.",
    "delivery-conflict": "Another delivery came under the same id.",
    "unknown-encryption-key": "It is sealed to a key we no longer have. Ask the sender to seal it anew.",
    "insufficient-storage": "There is no room here. Make room and import it again.",
    "hash-mismatch": "Bytes in it were changed on the way. Copy it again from where it came.",
    "sizes": "Its parts are not as long as was signed. Copy it again from where it came.",
}


@app.command()
def run(
    *,
    once: Annotated[bool, typer.Option("--once", help="Look once and end")] = False,
    every: Annotated[int, typer.Option(min=1, help="Seconds between two looks")] = 30,
    as_json: AsJson = False,
) -> None:
    """Seal, send, fetch and open what waits. Works without Prefect; several may run, one works at a time."""
    from workflows.exchange_run import run_exchange
    from workflows.leases import name_here
    from workflows.stamping import stamper_of

    settings = read_settings()
    database = open_installation(settings)
    holder = name_here(settings.data_dir / "runners", "exchange")
    try:
        while True:
            worked = run_exchange(
                database, _ground(settings), holder=holder, stamper=stamper_of(settings)
            )
            if once or worked.did_something:
                _show(asdict(worked), as_json=as_json)
            if once:
                return
            time.sleep(every)
    finally:
        database.dispose()


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Show what is on its way, what needs a person, and how each line is."""
    with _installation() as (database, _, _ground_here, now), database.unit_of_work() as session:
        found = exchange_status.status(session, now=now)
    if as_json:
        say(json.dumps(asdict(found), default=str))
        return
    _say_counts(found)
    for one in found.on_the_way:
        trouble = f" ({one.trouble})" if one.trouble else ""
        say(
            f"{one.delivery_id}  {one.partner}  {one.state}{trouble}, next try {moment(one.next_try_at)}"
        )
    _say_for_people(found)
    for line in found.lines:
        _say_line(line)
    if found.clock_doubted_at is not None:
        say("The clock jumped: nothing is ended until `bid exchange clock-is-right`.")


@app.command("clock-is-right")
def clock_is_right() -> None:
    """Say that the clock of this machine is right after it moved by a day or more."""
    with _installation() as (database, actor, ground, now), database.unit_of_work() as session:
        was = outgoing.trust_clock(session, actor, ground.storage, now=now)
    say("Noted." if was else "The clock was not in doubt.")


@app.command()
def release(
    delivery: Annotated[str, typer.Argument(help="Id as `bid exchange status` shows it")],
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
) -> None:
    """Take in a delivery that waits for a person. A trust officer signs in, who asked its sender on the telephone."""
    ground = _ground(read_settings())
    with officer(login, from_stdin=secrets_stdin) as desk:
        state = admitting.release(desk.session, desk.actor, delivery, ground=ground, now=desk.now)
    say(f"{delivery} is {state} now.")


@app.command()
def again(
    delivery: Annotated[str, typer.Argument(help="Id as `bid exchange status` shows it")],
) -> None:
    """Seal what a delivery holds anew, for the partner's key of today, and send it."""
    with _installation() as (database, actor, ground, now), database.unit_of_work() as session:
        made = exchange_files.send_again(session, actor, delivery, storage=ground.storage, now=now)
    say(f"{made} stands in for {delivery}." if made else f"{delivery} needs no other.")


@app.command()
def redeem(
    grant: Annotated[
        str,
        typer.Argument(help="Id of the grant, as `bid exchange status` or the transfer shows it"),
    ],
    *,
    by_file: Annotated[
        bool,
        typer.Option("--by-file", help="No line reaches them: bring the grant back in a package"),
    ] = False,
    login: Login = "",
    secrets_stdin: FromStdin = False,
) -> None:
    """Have what another country's grant gives fetched. An officer signs in; what names a person is for them alone."""
    with officer(login, from_stdin=secrets_stdin) as desk:
        if by_file:
            made = grants_carried.ask_by_file(desk.session, desk.actor, grant, now=desk.now)
        else:
            grants_held.ask(desk.session, desk.actor, grant, now=desk.now)
    if by_file:
        say(
            f"Message {made} brings the grant back. Another officer signs it; then `bid exchange export` the "
            "reference, and import what they hand you for it."
        )
        return
    say(f"{grant} is redeemed at the next look; `bid exchange run --once` looks now.")


@app.command()
def destroy(
    delivery: Annotated[str, typer.Argument(help="Id as `bid exchange status` shows it")],
    *,
    national_rule: Annotated[
        bool,
        typer.Option("--national-rule", help="The law of this country asks for it before its time"),
    ] = False,
    login: Login = "",
    secrets_stdin: FromStdin = False,
) -> None:
    """Destroy for good what another country sent. An officer signs in; the sender gets a signed receipt."""
    ground = retention.Ground.NATIONAL_RULE if national_rule else retention.Ground.TIME_OVER
    with officer(login, from_stdin=secrets_stdin) as desk:
        retention.destroy_content(desk.session, desk.actor, delivery, ground=ground, now=desk.now)
    with _installation() as (database, _, place, _now), database.unit_of_work() as session:
        retention.remove_bytes(session, place.storage)
    say(
        f"{delivery} is destroyed: no key opens it any more. Its sender is told with the next look."
    )


@app.command("export")
def export_file(
    name: Annotated[str, typer.Argument(help="Reference of the transfer, or id of a delivery")],
    target: Annotated[Path, typer.Argument(help="Folder, or new file, for what is handed over")],
) -> None:
    """Write what waits for a partner as a sealed file (.bidx), to be handed over. The line goes on trying."""
    with _installation() as (database, actor, ground, now):
        with database.unit_of_work() as session:
            found = exchange_files.to_hand_out(session, actor, name)
        if not target.is_dir() and len(found) > 1:
            fail(f"{len(found)} deliveries wait for {name}. Name a folder.")
        for delivery_id in found:
            path = target / file_name(delivery_id) if target.is_dir() else target
            if path.exists():
                fail(f"{path} exists already; choose a new name.")
            partial = path.with_name(path.name + ".partial")
            try:
                with partial.open("w+b") as out, database.unit_of_work() as session:
                    exchange_files.hand_out(
                        session, actor, delivery_id, out, storage=ground.storage, now=now
                    )
            except FileRefused as refused:
                partial.unlink()
                fail(f"{delivery_id} was not written. {WHY[refused.why]}")
            partial.replace(path)
            say(f"{path} for {name}. Bring it over; receipts come back as a file or over the line.")


@app.command("import")
def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files .bidx or .bidr another country handed over; - reads a typed or scanned receipt"
        ),
    ],
    *,
    receipts: Annotated[
        Path | None, typer.Option(help="New file (.bidr) for our receipts, to be handed back")
    ] = None,
) -> None:
    """Take in sealed packages and receipts that came by hand. The same file again changes nothing."""
    if receipts is not None and receipts.exists():
        fail(f"{receipts} exists already; choose a new name.")
    given: list[str] = []
    failed = False
    with _installation() as (database, actor, ground, now):
        for path in paths:
            try:
                given += _take(database, actor, ground, path, now)
            except FileRefused as refused:
                failed = True
                why = WHY.get(
                    refused.why, "It is no package or receipts as two countries exchange them."
                )
                fail(f"{path} was not taken in and is as it was. {why}", stop=False)
    if receipts is not None and given:
        receipts.write_bytes(write_receipts(given))
        say(f"{len(given)} receipts in {receipts}. Hand it back to the sender.")
    if failed:
        raise typer.Exit(1)


@app.command()
def receipts(
    name: Annotated[
        str, typer.Argument(help="Reference of the transfer, or id of a delivery of theirs")
    ],
    *,
    qr: Annotated[bool, typer.Option("--qr", help="Show each as a QR code")] = False,
    svg: Annotated[
        Path | None, typer.Option(help="Folder for codes to be printed, one file a receipt")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="New file (.bidr) to be handed back")] = None,
) -> None:
    """Show what we signed about what came: as text, as a file, or as codes for a partner without a line.

    Whatever reads a code gives the text of the receipt; `bid exchange import` takes it, from a file or as `-`.
    """
    from core.exchange import qr as codes

    if out is not None and out.exists():
        fail(f"{out} exists already; choose a new name.")
    with _installation() as (database, actor, _, now), database.unit_of_work() as session:
        found = receipts_shown.receipts_for(session, actor, name, now=now)
    for number, one in enumerate(found, start=1):
        say(f"{one.subject}  {one.event}  {moment(one.signed_at)}  for {one.partner}")
        if qr:
            say(codes.as_text(one.text))
        if svg is not None:
            svg.mkdir(parents=True, exist_ok=True)
            path = svg / f"{one.subject}-{number}-{one.event}.svg"
            path.write_bytes(codes.as_svg(one.text))
            say(f"  {path}")
        if not (qr or svg or out):
            say(one.text)
    if out is not None:
        out.write_bytes(write_receipts(one.text for one in found))
        say(f"{len(found)} receipts in {out}. Hand it back to the sender.")


def _typed() -> BinaryIO:
    """What comes by standard input, as a file."""
    return io.BytesIO(sys.stdin.buffer.read(MOST_TYPED))


def _take(
    database: Database, actor: Actor, ground: Ground, path: Path, now: datetime
) -> tuple[str, ...]:
    if path != TYPED and not path.is_file():
        fail(f"There is no file {path}.")
    with _typed() if path == TYPED else path.open("rb") as file:
        if file.read(2) != b"PK":
            file.seek(0)
            count, codes = exchange_files.take_receipts(database.unit_of_work, actor, file, now=now)
            say(
                f"{path}: {count} receipts count" + (f", not: {', '.join(codes)}" if codes else ".")
            )
            return ()
        file.seek(0)
        found = exchange_files.take_file(database.unit_of_work, actor, file, ground=ground, now=now)
    why = f" ({found.why})" if found.why else ""
    say(f"{path}: delivery {found.delivery_id} of {found.partner} is {found.state}{why}.")
    return found.receipts


@contextmanager
def _installation() -> Iterator[tuple[Database, Actor, Ground, datetime]]:
    settings = read_settings()
    database = open_installation(settings)
    try:
        yield database, operator_actor(settings.country), _ground(settings), utc_now()
    except FileRefused:
        raise
    except DomainError as refusal:
        fail(words_of(refusal))
    finally:
        database.dispose()


def _ground(settings: Settings) -> Ground:
    from workflows.exchange_run import ground_of

    return ground_of(settings)


def _say_for_people(found: exchange_status.Status) -> None:
    for row_id, partner, why in found.for_a_person:
        say(
            f"{row_id}  {partner}  waits for a person: {why}. `bid exchange release {row_id}` takes it in."
        )
    for recall_id, partner, reason in found.recalls_to_answer:
        say(f"{recall_id}  {partner} took a package back ({reason}); an officer answers.")
    for row_id, partner in found.kept_too_long:
        say(
            f"{row_id}  {partner}  may not be kept any longer: `bid exchange destroy {row_id}` by an officer."
        )
    for grant_id, partner, trouble in found.grants_to_redeem:
        say(
            f"{grant_id}  grant of {partner}, to be redeemed"
            + (f" ({trouble})." if trouble else ".")
        )


def _say_counts(found: exchange_status.Status) -> None:
    say(f"{found.to_seal} messages wait to be sealed, {found.not_opened} packages to be opened.")
    if found.not_scanned:
        say(
            f"{found.not_scanned} packages were taken in without being looked at for viruses "
            "(no scanner is set: virus_scanner)."
        )


def _say_line(line: exchange_status.LineView) -> None:
    heard = "never" if line.heard_at is None else moment(line.heard_at)
    text = f"{line.partner}: last contact {heard}"
    if line.failing_since is not None:
        why = f" ({line.trouble})" if line.trouble else ""
        text += f", no contact since {moment(line.failing_since)}{why}"
    if line.next_call_at is not None:
        text += f", next call {moment(line.next_call_at)}"
    if line.skew_seconds:
        text += f", its clock is {line.skew_seconds} seconds ahead"
    say(text)
    for gap in line.missing:
        say(f"  message {gap} has not arrived")


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(found))
        return
    say(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in found.items() if value))
