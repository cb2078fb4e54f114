"""`bid plan` over the record: a secretary signs in, asks, reads, accepts; without a person nothing moves."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import app
from cli.installation import open_installation, read_settings
from tests.builders.accounts import PASSWORD
from tests.builders.planning import waiting_children
from tests.builders.sittings import a_court
from tests.core.test_calendars import a_calendar

runner = CliRunner()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)


class Secretary:
    """A secretary at the console; each code works once."""

    def __init__(self, panel_id: str) -> None:
        words = [
            "user", "add", "chanda", "--name", "Chanda", "--role", "secretary", "--scope", "panel",
            "--ref", panel_id,
            "--password-stdin", "--json",
        ]  # fmt: skip
        made = runner.invoke(app, words, input=f"{PASSWORD}\n")
        assert made.exit_code == 0, made.output
        self.codes = json.loads(made.stdout.splitlines()[-1])["recovery_codes"]

    def __call__(self, *words: str) -> tuple[int, str]:
        code = self.codes.pop()
        found = runner.invoke(
            app,
            ["plan", *words, "--as", "chanda", "--secrets-stdin"],
            input=f"{PASSWORD}\n{code}\n",
        )
        return found.exit_code, found.output.strip()


def test_a_secretary_plans_at_the_console(tmp_path: Path) -> None:
    database = open_installation(read_settings())
    with database.unit_of_work() as session:
        court = a_court(session, code="ZM-LIV")
        [team] = waiting_children(session, 1)
    database.dispose()
    secretary = Secretary(court.panel_id)
    ics = tmp_path / "mine.ics"
    ics.write_bytes(a_calendar("DTSTART:20260310T080000Z\r\nDURATION:PT2H"))

    where = ("--timezone", "Africa/Lusaka", "--place", "Boma", "--on-call", "sw")
    code, said = secretary("wishes", "ZM-LIV", "--half-day", "1@09:00+180", *where)
    assert (code, "1 half-days a week" in said) == (0, True), said
    code, plan_id = secretary("ask", "ZM-LIV", "--seconds", "1")
    assert code == 0, plan_id
    assert "1 plans made." in runner.invoke(app, ["plan", "make"]).output
    assert runner.invoke(app, ["plan", "make"]).output.strip() == "0 plans made."
    code, shown = secretary("show", plan_id)
    assert (code, team.case_id in shown, "draft" in shown) == (0, True, True), shown
    code, why = secretary("why", plan_id, "--case", team.case_id)
    assert (code, "is heard at" in why) == (0, True), why
    code, done = secretary("accept", plan_id)
    assert (code, "1 sittings planned" in done) == (0, True), done
    assert secretary("accept", plan_id)[0] == 1
    code, listed = secretary("list", "ZM-LIV")
    assert (code, "accepted" in listed) == (0, True), listed
    assert secretary("load", "ZM-LIV")[0] == 0
    code, read = secretary("calendar", court.members["chair"], "--from", str(ics))
    assert (code, "times away were read" in read) == (0, True), read
    assert secretary("ask", "NOT-THERE")[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("wishes", "ZM-LIV", "--half-day", "someday", "--timezone", "Africa/Lusaka"),
        ("ask", "ZM-LIV", "--more", "cake"),
        ("ask", "ZM-LIV", "--fix", "case_slot:260310-0900"),
    ],
    ids=["half-day", "more", "fix"],
)
def test_what_is_written_otherwise_is_said_in_words_before_anybody_signs_in(
    words: tuple[str, ...],
) -> None:
    found = runner.invoke(app, ["plan", *words])

    assert found.exit_code == 1
    assert "1@09:00+180" in found.output or "--help" in found.output
