"""The summary as tables on the screen."""

from pathlib import Path
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
    console.print(_transfers(found["transfers"]))
    console.print(_refusals(found["refusals"]))
    _proofs(console, found)


def where_to_look(console: Console, data: Path, address: str, person: dict[str, str]) -> None:
    """Say where the data lie, what is served, and how to sign in."""
    console.print(f"Data folder:   {data}")
    console.print(f"Sign in as:    {person['login']} ({person['name']}, secretary)")
    console.print(f"  password:    {person['password']}")
    console.print(f"  authenticator secret: {person['authenticator_secret']}")
    console.print(f"API:           {address}/openapi.json")


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


def _transfers(transfers: list[dict[str, Any]]) -> Table:
    """One line a message, with the rungs of its receipts; what was seen on the way below."""
    table = Table(title="Between two countries")
    for name in ("Transfer", "Message", "Way", "Signed receipts"):
        table.add_column(name)
    for one in transfers:
        stands = ", ".join(f"{country} {state}" for country, state in one["states"].items())
        table.add_row(f"{one['title']} ({one['ref']})", "", "", stands)
        for message in one["messages"]:
            way = f"{message['from']} → {message['to']}"
            table.add_row("", message["type"], way, " · ".join(message["receipts"]) or "–")
        for note in one["notes"]:
            table.add_row("", "", "", note)
        if "verified" in one:
            said = one["verified"]
            table.add_row("", "", "", f"bid verify {' '.join(said['files'])}: {said['outcome']}")
        table.add_section()
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
    for one in found["evidence"]:
        verdict = "verifies and agrees with the others" if one["holds"] else str(one["fault"])
        console.print(f"Evidence:      {one['installation']}, {one['rows']} rows, {verdict}")
    console.print(f"Prefect runs:  {runs}")
    console.print(f"API requests:  {found['requests']}, sign-ins {found['sign_ins']}")
    console.print(f"Time taken:    {found['seconds']} seconds")
