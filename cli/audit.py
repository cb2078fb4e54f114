"""`bid audit`: check the audit log, here or from a file alone, and export it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.installation import open_installation, read_settings
from cli.output import fail, private_file, say
from core import audit
from core.accounts.system import operator_actor
from core.clock import utc_now

NEEDED = frozenset(audit.Entry.__dataclass_fields__)

app = typer.Typer(
    help="The audit log: who did and saw what.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Option(help="Check this export instead of the database; needs nothing else."),
    ] = None,
    expect_head: Annotated[
        str | None,
        typer.Option(
            help="ROWS:HASH noted earlier, for example on paper; finds a log that was cut or rewritten."
        ),
    ] = None,
) -> None:
    """Check every row against the one before it and name the first bad one. Exit code 0 only if all holds."""
    rows, head = _expected(expect_head)
    if file is not None and not file.is_file():
        fail(f"There is no file {file}. Name one made by `bid audit export`.")
    if file is None:
        with open_installation(migrate=False).unit_of_work() as session:
            verdict = audit.verify_database(session)
            if verdict.holds and rows is not None:
                kept = audit.rows_in_order(session)
                verdict = audit.verify(
                    (r for r in kept if r["n"] <= rows), expected_rows=rows, expected_head=head
                )
    else:
        verdict = audit.verify(_lines(file), expected_rows=rows, expected_head=head)
    if not verdict.holds:
        fail(
            f"Row {verdict.first_bad} does not fit: {verdict.reason}. The {verdict.rows} rows before it hold."
        )
    say(f"{verdict.rows} rows, all hold. Head {verdict.rows}:{verdict.head}")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="New file; one row on each line, as JSON.")],
) -> None:
    """Write the whole log to a file that can be checked on any computer."""
    if file.exists():
        fail(f"{file} exists already; choose a new name.")
    if not file.absolute().parent.is_dir():
        fail(f"There is no folder {file.absolute().parent}. Make it first, or choose another.")
    partial = file.with_suffix(file.suffix + ".partial")
    count = 0
    with open_installation(migrate=False).unit_of_work() as session, private_file(partial) as out:
        for row in audit.rows_in_order(session):
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
        actor = operator_actor(read_settings().country)
        audit.record(
            session, actor, "audit.exported", thing="audit", thing_id="log", now=utc_now(),
            codes={"rows": count},
        )  # fmt: skip
    partial.replace(file)
    say(f"{count} rows written to {file}")


def _expected(text: str | None) -> tuple[int | None, str | None]:
    if text is None:
        return None, None
    rows, _, head = text.partition(":")
    if not rows.isdigit() or len(head) != len(audit.BEGINNING):
        fail("--expect-head is ROWS:HASH as `bid audit verify` prints it.", code=2)
    return int(rows), head


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except ValueError:
                fail(f"Line {number} of {file} is not a row of an audit log.")
            if not isinstance(row, dict) or not row.keys() >= NEEDED:
                fail(f"Line {number} of {file} is not a row of an audit log.")
            yield row
