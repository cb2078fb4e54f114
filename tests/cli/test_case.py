"""`bid case show`: who signs in sees what they may know of; the console alone opens nothing."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cases.rules.children import Alert, Child, Names
from cases.rules.consent import NotAskedReason
from cases.service import registration
from cli.case import app
from cli.installation import open_installation
from core.actors import Actor, Role
from core.clock import utc_now
from core.db import Database
from tests.builders.accounts import PASSWORD, Known, country_wide, in_office, someone
from tests.builders.cases import OFFICE, a_caseworker


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A new installation on this machine."""
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.delenv("BID_TOKEN", raising=False)
    database = open_installation()
    yield database
    database.dispose()


def a_code(database: Database, worker: Actor) -> str:
    child = Child(names=Names(given="Amani"))
    with database.unit_of_work() as session:
        return registration.register_new(
            session, worker, Alert(office=OFFICE), child,
            not_asked=NotAskedReason.UNWELL, now=utc_now(),
        ).child_code  # fmt: skip


def a_known(database: Database, login: str, role: Role) -> Known:
    with database.unit_of_work() as session:
        nationwide = role is Role.ADMINISTRATOR
        held = country_wide(role) if nationwide else in_office(role, OFFICE)
        return someone(session, utc_now(), login, held)


def show(code: str, who: Known) -> Any:
    typed = f"{who.login}\n{PASSWORD}\n{who.code(utc_now())}\n"
    return CliRunner().invoke(app, ["show", code], input=typed)


def test_a_supervisor_sees_state_wait_and_steps_but_no_words(database: Database) -> None:
    code = a_code(database, a_caseworker())

    result = show(code.lower(), a_known(database, "supervisor", Role.SUPERVISOR))

    assert result.exit_code == 0, result.output
    assert code in result.output
    assert "Awaiting allocation" in result.output
    assert "T2" in result.output
    assert "Amani" not in result.output


def test_the_administrator_of_the_machine_sees_no_case(database: Database) -> None:
    code = a_code(database, a_caseworker())

    result = show(code, a_known(database, "admin", Role.ADMINISTRATOR))

    assert result.exit_code == 1
    assert "no case with this code" in result.output


def test_a_wrong_code_and_a_wrong_token_let_nobody_in(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = a_code(database, a_caseworker())
    who = a_known(database, "supervisor", Role.SUPERVISOR)

    wrong = CliRunner().invoke(app, ["show", code], input=f"{who.login}\n{PASSWORD}\n000000\n")
    monkeypatch.setenv("BID_TOKEN", "nonsense")
    token = CliRunner().invoke(app, ["show", code])

    for result in (wrong, token):
        assert result.exit_code == 1
        assert "did not let you in" in result.output
