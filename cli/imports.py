"""`bid import`: take cases from a Primero export, a CSV or an XLSX file."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlmodel import Session

from cases.errors import ImportFileUnusable, MappingUnusable
from cases.service.imports.mappings import FOLDER, mapping_for
from cases.service.imports.reading import columns_of, is_json, rows_of
from cases.service.imports.taking import Outcome, Plan, Result, Tally, take_rows
from cli.installation import open_installation
from cli.output import fail, private_file, say
from core.accounts.authenticate import actor_at_console
from core.accounts.errors import NotSignedIn
from core.accounts.people import account_id_of, person_of_login
from core.actors import Actor, Role
from core.clock import utc_now
from core.db import Database
from core.errors import DomainError
from core.packs.lookup import pack_of

REASONS = {
    "empty": "The file is empty.",
    "encoding": "The file is UTF-16. Save it as UTF-8 (in a spreadsheet program: CSV UTF-8) and try again.",
    "no_data": 'The JSON has neither a list at its top nor a list under "data"; it is not a list of cases.',
    "too_many_columns": "The first line names more than 200 columns. Use the template (docs/import.md).",
    "no_source_id_column": "There is no column source_id. Use the template (docs/import.md).",
    "column_twice": "Two columns have the same name. Rename one and try again.",
    "not_a_spreadsheet": "The file is no readable XLSX. Save it again as XLSX or CSV.",
    "too_large_inside": "The spreadsheet is far larger inside than any case list; it was not opened.",
}
WORDS = {
    Result.TAKEN: "taken",
    Result.KNOWN: "here already, unchanged",
    Result.CHANGED: "here already, changed at the source: compare by hand",
    Result.HELD: "held back: see the report",
    Result.CLOSED: "closed at the source: not taken",
    Result.REFUSED: "refused by a rule: see the report",
}
File = Annotated[
    Path, typer.Argument(help="Primero JSON, CSV or XLSX.", exists=True, dir_okay=False)
]


def import_file(
    file: File,
    login: Annotated[str, typer.Option("--as", help="Sign-in name of the caseworker who imports.")],
    office: Annotated[str, typer.Option(help="Place code of the office that takes the cases, e.g. ZM-01-SES.")],
    mapping: Annotated[Path | None, typer.Option(help="A mapping of your own (docs/import.md).")] = None,
    report: Annotated[Path | None, typer.Option(help="Write what became of each row to this CSV file.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look; nothing is stored.")] = False,
    accept_unknown: Annotated[
        bool, typer.Option("--accept-unknown", help="Take values that do not map as unknown.")
    ] = False,
) -> None:  # fmt: skip
    """Take cases in. Every row is taken whole or not at all; giving the same file again changes nothing.

    Codes that do not map are listed and never guessed. The exit code is 0 when every row was taken or known.
    """
    tally = take_file(
        open_installation(), file, login=login, office=office, mapping=mapping, report=report,
        dry_run=dry_run, accept_unknown=accept_unknown,
    )  # fmt: skip
    _summary(tally, dry_run=dry_run)


def take_file(
    database: Database,
    file: Path,
    *,
    login: str,
    office: str,
    mapping: Path | None = None,
    report: Path | None = None,
    dry_run: bool = False,
    accept_unknown: bool = False,
    clock: Callable[[], datetime] = utc_now,
    is_quiet: bool = False,
) -> Tally:
    """Take one file in on behalf of a caseworker; says why and stops when it cannot be used."""
    actor = _actor(database, login, clock)
    pack = pack_of(actor.country, on=clock().date())
    if office not in pack.places:
        fail(
            f"The country pack knows no place {office}. `bid pack list` and docs/country-packs.md help."
        )
    if not actor.has_in({Role.CASEWORKER}, office=office, country=actor.country):
        fail(
            f"{login} is no caseworker of {office}. An administrator gives the role: bid user grant --help"
        )
    try:
        chosen = mapping or FOLDER / ("primero_2.toml" if is_json(file) else "template_1.toml")
        plan = Plan(
            mapping_for(chosen, pack), office,
            dry_run=dry_run, accept_unknown=accept_unknown,
            owners=lambda session, name: owner_of(session, name, clock),
        )  # fmt: skip
        return _run(database, actor, file, plan, report=report, clock=clock, is_quiet=is_quiet)
    except ImportFileUnusable as error:
        fail(REASONS[error.reason])
    except MappingUnusable as error:
        fail(f"The mapping cannot be used: look at {error.part}.")


def owner_of(session: Session, login: str, clock: Callable[[], datetime] = utc_now) -> str | None:
    """Return the person behind a worker's name at the source, if an account here has the same name."""
    return person_of_login(session, login, now=clock())


def _run(
    database: Database,
    actor: Actor,
    file: Path,
    plan: Plan,
    *,
    report: Path | None,
    clock: Callable[[], datetime],
    is_quiet: bool,
) -> Tally:
    tally = Tally()
    known = {name for names in plan.mapping.fields.values() for name in names}
    strange = [name for name in columns_of(file) if name not in known]
    if strange:
        say(
            f"Columns nobody knows here, left out: {', '.join(strange)}. docs/import.md has the names."
        )
    with _bar(is_quiet=is_quiet) as bar, _report(report) as write:
        task = bar.add_task("Reading", total=None)
        for outcome in take_rows(database, actor, rows_of(file), plan, clock=clock):
            tally.add(outcome)
            write(outcome)
            bar.update(task, advance=1, description=f"Row {outcome.number}")
    return tally


def _actor(database: Database, login: str, clock: Callable[[], datetime]) -> Actor:
    try:
        with database.unit_of_work() as session:
            account_id = account_id_of(session, login, now=clock())
            return actor_at_console(session, account_id, now=clock())
    except (NotSignedIn, DomainError):
        fail(f"There is no account {login} in use. See `bid user list`.")


@contextmanager
def _report(path: Path | None) -> Iterator[Any]:
    if path is None:
        yield lambda _outcome: None
        return
    partial = path.with_suffix(path.suffix + ".partial")
    with private_file(partial) as file:
        out = csv.writer(file)
        out.writerow(["row", "source", "result", "child_code", "possible_duplicates", "why"])
        yield lambda outcome: out.writerow(_line(outcome))
    partial.replace(path)


def _line(outcome: Outcome) -> list[str]:
    why = "; ".join(
        f"{c.field}: {c.code}" + (f" ({c.value})" if c.value else "") for c in outcome.complaints
    )
    cells = [
        outcome.number,
        outcome.shown_id,
        outcome.result,
        outcome.child_code,
        outcome.hints,
        why,
    ]
    return [_harmless(str(cell)) for cell in cells]


def _harmless(cell: str) -> str:
    """Keep a spreadsheet program from reading a cell as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _summary(tally: Tally, *, dry_run: bool) -> None:
    say(f"{tally.rows} rows read." + (" Dry run: nothing was stored." if dry_run else ""))
    for result in Result:
        if tally.results[result]:
            say(f"  {tally.results[result]:>7}  {WORDS[result]}")
    if tally.unmapped:
        say("Codes that do not map (add them to the mapping, docs/import.md):")
        for (name, value), count in sorted(tally.unmapped.items(), key=lambda item: -item[1]):
            say(f"  {count:>7}  {name}: {value or 'a value that is no plain code'}")
    if tally.results[Result.HELD] or tally.results[Result.REFUSED] or tally.results[Result.CHANGED]:
        raise typer.Exit(3)


def _bar(*, is_quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        transient=True, disable=is_quiet,
    )  # fmt: skip
