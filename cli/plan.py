"""`bid plan`: plan the sittings of panels, say why, check a plan. From files; over the record: ``plan_live``."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cli.output import fail, say
from cli.plan_live import add_to
from cli.refusals import our_words
from panels.errors import DocumentRefused
from panels.planning.answers.words import retold, sentence, told
from panels.planning.reading.instance import Instance
from panels.planning.reading.shapes import MOST_BYTES, document, refuse
from panels.planning.reading.whole import instance_of
from panels.planning.solving.planner import Effort, Plan, Progress, make_plan

REFUSED = 2  # the document cannot be taken, or a file cannot be read
CONFLICT = 3  # what was fixed by hand cannot hold together
UNLAWFUL = 4  # the plan breaks a rule

app = typer.Typer(
    no_args_is_help=True,
    invoke_without_command=True,
    rich_markup_mode=None,
    help="Plan sittings: docs/planning.md.\n\n"
    "`bid plan --in instance.json --out plan.json` writes a plan. Exit codes: 0 a plan was written or is lawful, "
    "2 a document cannot be taken, 3 what was fixed by hand cannot hold together, 4 the plan breaks a rule.\n\n"
    "For the panels of this installation: `bid plan ask PANEL`, `bid plan show ID`, `bid plan accept ID`.",
)
add_to(app)
In = Annotated[Path, typer.Option("--in", help="The instance: panels, people, slots, cases.")]
Given = Annotated[Path, typer.Option("--plan", help="A plan made of this instance.")]


@app.callback()
def plan(
    context: typer.Context,
    *,
    source: Annotated[Path | None, typer.Option("--in", help="The instance to plan.")] = None,
    target: Annotated[Path | None, typer.Option("--out", help="Where the plan is written.")] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=86_400, help="How much work to spend.")
    ] = 30,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help="Breaks ties; same seed, same plan.")
    ] = 0,
    threads: Annotated[
        int, typer.Option(min=1, max=64, help="Bounds of panels proven side by side.")
    ] = 1,
) -> None:
    """Write the best lawful plan that the given work finds; Ctrl-C keeps the best one so far."""
    if context.invoked_subcommand is not None:
        return
    if source is None or target is None:
        fail("Name the instance with --in and the file for the plan with --out.", code=REFUSED)
    instance, _ = _instance(source)
    made = _made(instance, Effort(seconds, seed, threads))
    from panels.planning.answers.told import plan_document

    told = plan_document(made)
    _write(target, told)
    _summary(made, told)


@app.command()
def explain(
    source: In,
    given: Given,
    case: Annotated[str, typer.Option("--case", help="The case asked about.")],
    slot: Annotated[str | None, typer.Option("--slot", help="Only this slot.")] = None,
    *,
    what_if: Annotated[
        bool,
        typer.Option("--what-if", help="Force the case to --slot and compare the six numbers."),
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.1, max=86_400, help="Work for --what-if.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for scripts.")] = False,
) -> None:
    """Say why a case is heard when it is, why not earlier, and what would help."""
    instance, raw = _instance(source)
    asking = _asking(instance, raw, _document(given))
    known = {one.id: number for number, one in enumerate(instance.cases)}
    if case not in known:
        fail(f"There is no case {case} in {source}.", code=REFUSED)
    if slot is not None and slot not in asking.world.slot_number:
        fail(f"There is no slot {slot} in {source}.", code=REFUSED)
    if what_if:
        _what_if(asking, case, slot, seconds)
        return
    number = None if slot is None else asking.world.slot_number[slot]
    _explained(asking, known[case], number, as_json=as_json)


@app.command()
def check(source: In, given: Given) -> None:
    """Check a plan against every hard rule, without the planner; every breach is named."""
    from panels.planning.checker.check import check_plan

    _, raw = _instance(source)
    broken = check_plan(raw, _document(given))
    for one in broken:
        rule = f"rule {one.rule}: " if one.rule else ""
        fail(rule + sentence(one.code, one.facts, our_words().checked), stop=False)
    if broken:
        fail(f"{len(broken)} to put right.", code=UNLAWFUL)
    say("The plan keeps every rule.")


def _document(path: Path) -> Any:
    """Read one JSON file; what cannot be read ends the command with place and reason."""
    try:
        if path.stat().st_size > MOST_BYTES:
            refuse("/", "too_large", most=MOST_BYTES // 1024**2)
        return document(path.read_bytes())
    except OSError as wrong:
        fail(f"{path} cannot be read: {wrong.strerror}.", code=REFUSED)
    except DocumentRefused as refusal:
        _refused(path, refusal)


def _instance(path: Path) -> tuple[Instance, Any]:
    raw = _document(path)
    try:
        return instance_of(raw), raw
    except DocumentRefused as refusal:
        _refused(path, refusal)


def _refused(path: Path, refusal: DocumentRefused) -> NoReturn:
    fail(
        f"{path} at {refusal.path}: {sentence(refusal.code, refusal.facts, our_words().told)}",
        code=REFUSED,
    )


def _made(instance: Instance, effort: Effort) -> Plan:
    """Plan with a line of progress; the first Ctrl-C stops and keeps the best plan."""
    import signal

    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))
    try:
        return make_plan(instance, effort, told=_progress, stop=lambda: bool(asked))
    finally:
        signal.signal(signal.SIGINT, before)
        if sys.stderr.isatty():
            typer.echo(err=True)


def _progress(progress: Progress) -> None:
    if sys.stderr.isatty():
        cost, bound = progress.numbers["cost"], progress.bounds.get("cost")
        gap = f", at most {100 * (cost - bound) / bound:.1f} % above the least" if bound else ""
        typer.echo(f"\r{progress.step:<8} cost {cost}{gap}   ", err=True, nl=False)


def _write(path: Path, told: Mapping[str, Any]) -> None:
    """Write the whole document or nothing."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=1)
        Path(name).replace(path)
    except OSError as wrong:
        fail(f"{path} cannot be written: {wrong.strerror}.", code=REFUSED)


def _summary(made: Plan, told: Mapping[str, Any]) -> None:
    if made.conflict:
        for one in told["conflict"]:
            fail("  " + ", ".join(f"{name} {value}" for name, value in one.items()), stop=False)
        fail(
            "These cannot hold together; leaving out any one of them helps. The plan in force stays.",
            code=CONFLICT,
        )
    say(
        f"{len(told['sittings'])} sittings, {len(told['unscheduled'])} cases not heard ({told['status']})."
    )
    for name, value in told["objective"].items():
        bound = told["bounds"].get(name)
        least = (
            "proven least"
            if name in told["proven"]
            else f"at least {bound}"
            if bound
            else "no bound"
        )
        say(f"  {name:<15} {value:>8}   {least}")
    for one in told["unscheduled"][:20]:
        say(f"  not heard: {one['case']}: {' '.join(reason['text'] for reason in one['reasons'])}")
    if made.stopped:
        say("Stopped before the work was done: another run may give another plan.")


def _asking(instance: Instance, raw: Any, plan_given: Any) -> Any:
    from panels.planning.answers.taken_up import draft_of
    from panels.planning.answers.why import Asking
    from panels.planning.checker.check import check_plan
    from panels.planning.reading.plans import read_plan
    from panels.planning.world.units import Ground
    from panels.planning.world.world import World

    broken = check_plan(raw, plan_given)
    if broken:
        fail(sentence("plan_unlawful", {"count": len(broken)}, our_words().told), code=UNLAWFUL)
    return Asking(draft_of(Ground(World(instance)), read_plan(plan_given)))


def _explained(asking: Any, case: int, slot: int | None, *, as_json: bool) -> None:
    from panels.planning.answers.help import what_would_help
    from panels.planning.answers.told import explained

    found = dict(explained(asking, case, slot))
    until = slot if slot is not None else asking.draft.place.get(asking.unit(case).number)
    help_found = [] if until is None else what_would_help(asking, case, until)
    found["help"] = [told(one) for one in help_found]
    found = retold(found, our_words().told)
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
        return
    where = f"is heard at {found['slot']}" if found["slot"] else "is not heard"
    say(f"{found['case']} {where}; deadline {found['deadline']}.")
    for one in found["slots"]:
        texts = " ".join(reason["text"] for reason in one["reasons"])
        say(f"  {one['slot']} [{', '.join(one['codes']) or 'plan'}] {texts}")
    for one in found["help"]:
        say(f"  would help: {one['text']}")


def _what_if(asking: Any, case: str, slot: str | None, seconds: float) -> None:
    from panels.planning.answers.what_if import what_if
    from panels.planning.world.scoring import numbers

    if slot is None:
        fail("--what-if needs --slot.", code=REFUSED)
    found = what_if(asking.instance, numbers(asking.draft), case, slot, effort=Effort(seconds))
    if found.conflict:
        fail(
            f"{case} cannot be heard at {slot}: a rule or something fixed by hand forbids it.",
            code=CONFLICT,
        )
    for name, more in found.difference.items():
        say(f"  {name:<15} {found.before[name]:>8} -> {found.after[name]:>8}  ({more:+})")
