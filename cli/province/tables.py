"""The summary as tables on the screen."""

from typing import Any

from rich.console import Console
from rich.table import Table


def show(console: Console, found: dict[str, Any]) -> None:
    """Print everything the demo found."""
    console.print(_children(found))
    console.print(_ages(found))
    for case in found["waiting"]:
        console.print(f"  Not closed: {case['story']}. State {case['state']}: {case['why']}.")
    console.print(_counts(found["counts"]))
    console.print(_refusals(found["refusals"]))
    _proofs(console, found)


def where_to_look(console: Console, found: dict[str, Any], person: dict[str, str]) -> None:
    """Say where the data lie and how to sign in."""
    console.print(f"Data folder:   {found['data']}")
    console.print(f"Sign in as:    {person['login']} ({person['name']}, secretary)")
    console.print(f"  password:    {person['password']}")
    console.print(f"  authenticator secret: {person['authenticator_secret']}")
    console.print(f"API:           {found['openapi']}")


def _children(found: dict[str, Any]) -> Table:
    table = Table(
        title=f"{found['children']} children, {found['siblings']} of them with a brother or sister"
    )
    table.add_column("What happened")
    table.add_column("Children", justify="right")
    for story, count in found["by_story"].items():
        table.add_row(story.replace("_", " "), str(count))
    table.add_section()
    for state, count in found["by_state"].items():
        table.add_row(f"ended: {state}", str(count))
    return table


def _ages(found: dict[str, Any]) -> Table:
    table = Table(title="By sex and age")
    table.add_column("")
    bands = list(next(iter(found["by_sex_and_age"].values())))
    for name in (*bands, "all"):
        table.add_column(name, justify="right")
    for sex, row in sorted(found["by_sex_and_age"].items()):
        table.add_row(sex, *(str(row[band]) for band in bands), str(sum(row.values())))
    return table


def _counts(counts: dict[str, int]) -> Table:
    table = Table(title="On the way")
    table.add_column("")
    table.add_column("", justify="right")
    for name, count in counts.items():
        table.add_row(name, str(count))
    return table


def _refusals(refusals: list[dict[str, Any]]) -> Table:
    table = Table(title="Refused, as it must be")
    for name in ("Tried", "Rule", "Answer", "Missing"):
        table.add_column(name)
    for one in refusals:
        rules = ", ".join(one["rules"]) or "–"
        answer = f"{one['status']} {one['slug']}"
        table.add_row(one["tried"], rules, answer, ", ".join(one["codes"]) or one["title"])
    return table


def _proofs(console: Console, found: dict[str, Any]) -> None:
    log = found["audit"]
    word = "all hold" if log["holds"] else f"row {log['first_bad']} does not fit"
    runs = ", ".join(f"{count} {name}" for name, count in found["prefect"].items()) or "none"
    console.print(f"Audit log:     {log['rows']} rows verified, {word}")
    console.print(f"Prefect runs:  {runs}")
    console.print(f"API requests:  {found['requests']}, sign-ins {found['sign_ins']}")
    console.print(f"Time taken:    {found['seconds']} seconds")
