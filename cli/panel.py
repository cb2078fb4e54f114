"""`bid panel`: panels of this installation, from the console of the server. Reads no case."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from cli.installation import open_installation, read_settings
from cli.output import fail, say
from cli.refusals import words_of
from core.accounts.system import operator_actor
from core.actors import Actor
from core.clock import utc_now
from core.errors import BadInput, DomainError
from panels.rules.roster import SeatRole, Sector
from panels.service import members, panels
from panels.service.panels import NewPanel, NewSeat, PanelKind

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Panels and who sits on them.\n\n"
    "Begin with `bid panel add ZM-LIV --name 'Livingstone' --district ZM-07-LIV --terms terms.txt "
    "--seat chair:welfare:social_welfare --seat member:police:police`. Members are added by the "
    "secretariat through the API, with their accounts.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]


@app.command("list")
def list_panels(*, as_json: AsJson = False) -> None:
    """List the panels of this country: code, kind, district, name."""
    with _console() as (session, actor, now):
        rows = panels.list_panels(session, actor, now=now, limit=10_000)
        found = [_line(row) for row in rows]
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        say(f"{one['code']}  {one['kind']}  {one['district']}  {one['name']}")
    if not found:
        say("There is no panel yet. `bid panel add --help` says how to set one up.")


@app.command("show")
def show_panel(
    code: Annotated[str, typer.Argument(help="Code of the panel")], *, as_json: AsJson = False
) -> None:
    """Show one panel: seats, members with their terms and undertakings, rules, terms of reference."""
    with _console() as (session, actor, now):
        panel_id = _id_of(session, actor, code, now)
        found = panels.show_panel(session, actor, panel_id, now=now)
        people = members.list_members(session, actor, panel_id, now=now)
        shown = _line(found.panel) | {
            "seats": [
                {"id": seat.id, "role": seat.role, "agency": seat.agency, "sector": seat.sector}
                for seat in found.seats
            ],
            "members": [_member(one) for one in people],
            "rules": found.rules.to_json(),
            "terms": found.terms,
        }
    say(json.dumps(shown, ensure_ascii=False) if as_json else _as_text(shown))


@app.command("add")
def add_panel(
    code: Annotated[str, typer.Argument(help="Code of the panel, unique, without spaces")],
    *,
    name: Annotated[str, typer.Option(help="Name people use")],
    district: Annotated[
        str, typer.Option(help="Place code of the district, for example ZM-07-LIV")
    ],
    terms: Annotated[Path, typer.Option(help="Text file with the terms of reference")],
    kind: Annotated[PanelKind, typer.Option(help="district, joint or review")] = PanelKind.DISTRICT,
    country: Annotated[
        list[str] | None, typer.Option(help="Further country of a joint panel; may be repeated")
    ] = None,
    seat: Annotated[
        list[str] | None,
        typer.Option(help="ROLE:AGENCY:SECTOR, role chair, deputy or member; may be repeated"),
    ] = None,
) -> None:
    """Set up a panel with the rules of its country and print its id."""
    if not terms.is_file():
        fail(f"{terms} cannot be read. Write the terms of reference into a text file first.")
    home = read_settings().country
    new = NewPanel(
        code,
        name,
        kind,
        (home, *(country or ())),
        district,
        terms.read_text(encoding="utf-8"),
        tuple(_seat(text, home) for text in seat or ()),
    )
    with _console() as (session, actor, now):
        made = panels.set_up_panel(session, actor, new, now=now)
    say(made)


@contextmanager
def _console() -> Iterator[tuple[Session, Actor, datetime]]:
    """Open one unit of work as the operator; a refusal is said in words and ends the command."""
    settings = read_settings()
    database = open_installation(settings)
    try:
        with database.unit_of_work() as session:
            yield session, operator_actor(settings.country), utc_now()
    except DomainError as refusal:
        fail(words_of(refusal))
    finally:
        database.dispose()


def _seat(text: str, country: str) -> NewSeat:
    parts = text.split(":")
    roles, sectors = {role.value for role in SeatRole}, {sector.value for sector in Sector}
    if len(parts) != len(("role", "agency", "sector")):
        fail(f"A seat is ROLE:AGENCY:SECTOR, for example member:police:police; got {text}")
    if parts[0] not in roles or parts[2] not in sectors:
        fail(f"Roles: {', '.join(sorted(roles))}. Sectors: {', '.join(sorted(sectors))}.")
    return NewSeat(SeatRole(parts[0]), parts[1], parts[2], country)


def _id_of(session: Session, actor: Actor, code: str, now: datetime) -> str:
    rows = panels.list_panels(session, actor, now=now, limit=10_000)
    found = next((row.id for row in rows if row.code == code), None)
    if found is None:
        raise BadInput("/code", "no_such_panel")
    return found


def _line(panel: Any) -> dict[str, Any]:
    return {
        "id": panel.id,
        "code": panel.code,
        "name": panel.name,
        "kind": panel.kind,
        "countries": panel.countries,
        "district": panel.district,
    }


def _member(one: members.MemberView) -> dict[str, Any]:
    holder = one.holder
    return {
        "id": holder.member_id,
        "person_id": holder.person_id,
        "seat_id": holder.seat_id,
        "alternate_rank": holder.alternate_rank,
        "term_from": holder.term_from.isoformat(),
        "term_to": holder.term_to.isoformat() if holder.term_to else None,
        "undertaking_until": str(holder.undertaking_until or "none"),
    }


def _as_text(shown: dict[str, Any]) -> str:
    lines = [f"{shown['code']}  {shown['name']}  ({shown['kind']}, {shown['district']})", "Seats:"]
    for seat in shown["seats"]:
        lines.append(f"  {seat['role']}  {seat['agency']}  {seat['sector']}")
        lines += [
            f"    person {one['person_id']} rank {one['alternate_rank']}, from {one['term_from']} "
            f"to {one['term_to'] or 'open'}, undertaking until {one['undertaking_until']}"
            for one in shown["members"]
            if one["seat_id"] == seat["id"]
        ]
    lines += ["Rules: " + json.dumps(shown["rules"]), "Terms of reference:", shown["terms"]]
    return "\n".join(lines)
