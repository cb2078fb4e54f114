"""The part of `bid plan` over the record of this installation: ask, make, show, say why, accept, set aside.

A secretary or coordinator signs in for each act; making plans that wait is work for the server and needs nobody.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import fail, say
from cli.plan_words import fixed_by, half_day_of, lines_of, more_of
from cli.refusals import our_words

AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]
Login = Annotated[
    str, typer.Option("--as", help="Login name of the secretary; asked for when left out")
]
FromStdin = Annotated[
    bool,
    typer.Option("--secrets-stdin", help="Read password and code from standard input, a line each"),
]
PlanId = Annotated[str, typer.Argument(help="Id of the plan, as `ask` and `list` say it")]
PanelCode = Annotated[str, typer.Argument(help="Code of the panel, for example ZM-LIV")]


def add_to(app: typer.Typer) -> None:
    """Add the commands over the record to the group."""
    app.command("wishes")(wishes)
    app.command("ask")(ask)
    app.command("make")(make)
    app.command("list")(list_plans)
    app.command("show")(show)
    app.command("why")(why)
    app.command("accept")(accept)
    app.command("set-aside")(set_aside)
    app.command("load")(load)
    app.command("groups")(groups)
    app.command("calendar")(calendar)


def wishes(
    panel: PanelCode,
    *,
    half_day: Annotated[
        list[str],
        typer.Option(help="Weekday@begin+minutes, Monday is 0: 1@09:00+180; may be repeated"),
    ],
    timezone: Annotated[str, typer.Option(help="Where the panel sits, for example Africa/Lusaka")],
    place: Annotated[str, typer.Option(help="Where members go")] = "",
    room: Annotated[
        list[str] | None,
        typer.Option(help="Code of a room of the district; may be repeated"),
    ] = None,
    minutes: Annotated[int, typer.Option(min=5, max=480, help="Minutes for one child")] = 30,
    on_call: Annotated[
        list[str] | None,
        typer.Option(help="Language for which an interpreter can always be had; may be repeated"),
    ] = None,
    login: Login = "",
    secrets_stdin: FromStdin = False,
) -> None:
    """Say how a panel wants its sittings planned; from then on proposals are made for it."""
    from cli.officer import officer
    from panels.rules.planning import Wishes
    from panels.service import plan_wishes

    halves = tuple(half_day_of(one) for one in half_day)
    wanted = Wishes(
        halves, timezone, rooms=tuple(room or ()), minutes={"default": minutes},
        on_call=tuple(on_call or ()),
    )  # fmt: skip
    with officer(login, from_stdin=secrets_stdin) as desk:
        panel_id = _panel(desk, panel)
        plan_wishes.set_wishes(
            desk.session, desk.actor, panel_id, wanted, now=desk.now, place=place
        )
    say(f"{len(halves)} half-days a week. Ask for a plan with `bid plan ask {panel}`.")


def ask(
    panel: PanelCode,
    *,
    days: Annotated[
        int, typer.Option(min=0, max=180, help="How far ahead; 0: as the panel wishes")
    ] = 0,
    seconds: Annotated[int, typer.Option(min=1, max=120, help="How much work to spend")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Breaks ties; same seed, same plan")] = 0,
    fix: Annotated[
        list[str] | None,
        typer.Option(
            help="Fixed by hand, may be repeated: case_slot:SLOT:CASE, slot_closed:SLOT, slot_open:SLOT, "
            "member_in:SLOT:MEMBER, member_out:SLOT:MEMBER"
        ),
    ] = None,
    more: Annotated[
        str,
        typer.Option(
            help="What one more would change: member:SECTOR, interpreter:LANGUAGE, half-day:1@09:00+180"
        ),
    ] = "",
    mass: Annotated[
        str,
        typer.Option(help="A situation of `bid plan groups`: plan an exercise for its children"),
    ] = "",
    login: Login = "",
    secrets_stdin: FromStdin = False,
) -> None:
    """Ask for a plan of a panel's sittings and print its id; the server makes it, or `bid plan make`."""
    from cli.officer import officer
    from panels.service import plans

    wanted, held = more_of(more), tuple(fixed_by(one) for one in fix or ())

    with officer(login, from_stdin=secrets_stdin) as desk:
        panel_id = _panel(desk, panel)
        asked = plans.Asking(days, seconds, seed, wanted, held, mass)
        made = plans.ask_plan(desk.session, desk.actor, panel_id, asked, now=desk.now)
    say(made)


def make(
    *,
    look: Annotated[
        bool,
        typer.Option(
            help="Look first for sittings on holidays or without quorum, as the server does"
        ),
    ] = True,
) -> None:
    """Make every plan that waits, as the server does by itself; proposals move nothing."""
    from cli.installation import open_installation, read_settings
    from core.clock import utc_now
    from panels.service import plan_making, plans, proposals

    database = open_installation(read_settings())
    count = 0
    try:
        if look:
            with database.unit_of_work() as session:
                proposals.look_at_sittings(session, now=utc_now())
        while True:
            with database.unit_of_work() as session:
                found = plans.take_up(session, runner="console", now=utc_now())
            if found is None:
                break
            if isinstance(found, plans.Task):
                made = plan_making.make(
                    found.built.instance,
                    beside=found.beside,
                    seconds=found.seconds,
                    seed=found.seed,
                )
                with database.unit_of_work() as session:
                    count += plans.keep(session, found, made, now=utc_now())
    finally:
        database.dispose()
    say(f"{count} plans made.")


def list_plans(
    panel: PanelCode,
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """List the plans of a panel, newest first, with why each was made."""
    from cli.officer import officer
    from panels.service import plans

    with officer(login, from_stdin=secrets_stdin) as desk:
        rows = plans.list_plans(desk.session, desk.actor, _panel(desk, panel), now=desk.now)
        found: list[dict[str, Any]] = [
            {"id": row.id, "state": row.state, "cause": row.cause,
             "asked_at": row.asked_at.isoformat(), "numbers": row.numbers}
            for row in rows
        ]  # fmt: skip
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        say(f"{one['id']}  {one['state']:<9}  {one['cause']:<14}  {one['asked_at'][:16]}")
    if not found:
        say("There is no plan yet. `bid plan ask --help` says how to ask for one.")


def show(
    plan_id: PlanId, *, login: Login = "", secrets_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Show a plan beside today's calendar: sittings, who waits, and every change with its reason."""
    from cli.officer import officer
    from panels.service import plans

    with officer(login, from_stdin=secrets_stdin) as desk:
        view = plans.show_plan(
            desk.session, desk.actor, plan_id, now=desk.now, words=our_words().told
        )
        found: dict[str, Any] = {
            "id": view.plan.id, "state": view.plan.state, "cause": view.plan.cause,
            "status": view.plan.status, "digest": view.plan.digest, "seed": view.plan.seed,
            "numbers": view.plan.numbers, "beside": dict(view.beside), "proven": view.plan.proven,
            "calendar": list(view.calendar), "slots": dict(view.slots),
            "members": dict(view.names), "child_codes": dict(view.codes),
            "at_risk": list(view.at_risk), "hints_set_aside": list(view.set_aside),
            **{name: view.document.get(name, [])
               for name in ("sittings", "unscheduled", "changes", "conflict")},
        }  # fmt: skip
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    for line in lines_of(found):
        say(line)


def why(
    plan_id: PlanId,
    *,
    case: Annotated[str, typer.Option("--case", help="Id of the case asked about")],
    slot: Annotated[str | None, typer.Option("--slot", help="Only this slot")] = None,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Say why a case is heard when it is, why not earlier, and what would help."""
    from cli.officer import officer
    from panels.service import plans

    with officer(login, from_stdin=secrets_stdin) as desk:
        found = plans.explain(
            desk.session, desk.actor, plan_id, case, slot=slot, now=desk.now, words=our_words().told
        )
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    say(f"{case} is heard at {found['slot'] or '-'}; deadline {found['deadline']}.")
    for one in found["slots"]:
        texts = " ".join(reason["text"] for reason in one["reasons"])
        say(f"  {one['slot']} [{', '.join(one['codes']) or 'plan'}] {texts}")
    for one in found["help"]:
        say(f"  would help: {one['text']}")


def accept(plan_id: PlanId, *, login: Login = "", secrets_stdin: FromStdin = False) -> None:
    """Carry out a plan: sittings are planned, cases listed, members told. All of it or nothing."""
    from api.problems.catalogue import gap_sentence
    from cli.officer import officer
    from panels.service import plan_accepting

    with officer(login, from_stdin=secrets_stdin) as desk:
        done = plan_accepting.accept_plan(desk.session, desk.actor, plan_id, now=desk.now)
    say(f"{len(done.planned)} sittings planned, {len(done.cancelled)} called off.")
    say(f"{len(done.listed)} cases listed, {len(done.taken_off)} taken off an agenda before.")
    for gap in done.warnings:
        say(f"  note: {gap_sentence(gap)}")


def set_aside(plan_id: PlanId, *, login: Login = "", secrets_stdin: FromStdin = False) -> None:
    """Set a plan aside; nothing moves."""
    from cli.officer import officer
    from panels.service import plans

    with officer(login, from_stdin=secrets_stdin) as desk:
        plans.set_aside(desk.session, desk.actor, plan_id, now=desk.now)
    say("Set aside. Nothing was moved.")


def groups(
    panel: PanelCode,
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Show which children could be heard in one exercise, and who is heard apart; for the coordinator."""
    from cli.officer import officer
    from panels.service import mass

    with officer(login, from_stdin=secrets_stdin) as desk:
        found = mass.waiting_groups(desk.session, desk.actor, _panel(desk, panel), now=desk.now)
    if as_json:
        shown = {
            "groups": {one.situation: one.children for one in found.groups},
            "apart": found.apart,
        }
        say(json.dumps(shown, ensure_ascii=False))
        return
    for one in found.groups:
        say(f"{one.situation}  {one.children} children")
    for case_id, reasons in sorted(found.apart.items()):
        say(f"apart: {case_id}  {', '.join(reasons).replace('_', ' ')}")


def load(
    panel: PanelCode,
    *,
    login: Login = "",
    secrets_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Show who carried a panel's sittings over the last year, and which nearly failed."""
    from dataclasses import asdict

    from cli.officer import officer
    from panels.service import plan_load

    with officer(login, from_stdin=secrets_stdin) as desk:
        found = plan_load.load_of(desk.session, desk.actor, _panel(desk, panel), now=desk.now)
    if as_json:
        say(json.dumps(asdict(found), ensure_ascii=False, default=str))
        return
    say(
        f"{found.sittings} sittings; {found.inquorate} could not open, {len(found.narrow)} nearly failed, "
        f"to {found.stood_in} somebody came for another."
    )
    for one in found.shares:
        say(f"  {one.name or one.member_id}  {one.role}  came to {one.came} of {one.called}")


def calendar(
    member: Annotated[str, typer.Argument(help="Id of the member, as `bid panel show` says it")],
    *,
    source: Annotated[Path, typer.Option("--from", help="The member's calendar, an .ics file")],
    login: Login = "",
    secrets_stdin: FromStdin = False,
) -> None:
    """Read when a member is away from the member's own calendar; only hours are kept."""
    from cli.officer import officer
    from panels.service import busy_times

    try:
        data = source.read_bytes()
    except OSError as wrong:
        fail(f"{source} cannot be read: {wrong.strerror}.")
    with officer(login, from_stdin=secrets_stdin) as desk:
        count = busy_times.take_calendar(desk.session, desk.actor, member, data, now=desk.now)
    say(f"{count} times away were read; the file itself is not kept.")


def _panel(desk: Any, code: str) -> str:
    from panels.service import panels

    found: list[str] = [
        row.id
        for row in panels.list_panels(desk.session, desk.actor, now=desk.now, limit=10_000)
        if row.code == code
    ]
    if not found:
        fail(f"There is no panel {code} of yours. `bid panel list` says which there are.")
    return found[0]
