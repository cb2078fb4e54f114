"""`bid user`: the first administrator, roles and tokens, by hand and by script."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest
from typer.testing import CliRunner, Result

from cli.installation import open_installation
from cli.user import app
from core.accounts import sign_in
from core.accounts.sign_in import SignedIn, Ticket
from core.accounts.tokens import actor_for_token
from core.clock import utc_now
from tests.builders.accounts import DESK, PASSWORD

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over a new installation on this machine."""
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))

    def command(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=typed)

    return command


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_first_administrator_is_set_up_from_the_console_and_signs_in(run: Run) -> None:
    made = _json(
        run(
            "add", "admin", "--name", "Agnes Phiri", "--role", "administrator",
            "--password-stdin", "--json", typed=f"{PASSWORD}\n",
        )
    )  # fmt: skip

    now = utc_now()
    app_on_phone = pyotp.parse_uri(made["otpauth_uri"])
    assert isinstance(app_on_phone, pyotp.TOTP)
    code = app_on_phone.at(now)
    with open_installation().unit_of_work() as session:
        ticket = sign_in.begin(session, login="admin", password=PASSWORD, address=DESK, now=now)
        assert isinstance(ticket, Ticket)
        result = sign_in.complete(session, ticket=ticket.token, code=code, address=DESK, now=now)
    assert isinstance(result, SignedIn)
    assert result.account_id == made["account_id"]
    assert len(made["recovery_codes"]) == 10


def test_a_person_at_the_console_is_asked_for_what_is_missing(run: Run) -> None:
    typed = f"admin\nAgnes Phiri\n{PASSWORD}\n{PASSWORD}\n"

    result = run("add", "--ask-password", typed=typed)

    assert result.exit_code == 0, result.output
    assert "otpauth://totp/" in result.output
    assert PASSWORD not in result.output


def test_the_password_is_never_an_option(run: Run) -> None:
    assert run("add", "admin", "--name", "A", "--password", PASSWORD).exit_code == 2


def test_a_poor_password_is_refused_in_words_and_nothing_is_kept(run: Run) -> None:
    refused = run("add", "admin", "--name", "Agnes", "--password-stdin", typed="Password2026\n")

    assert refused.exit_code == 1
    assert "first that a guesser tries" in refused.output
    assert _json(run("list", "--json")) == []


def test_an_invitation_is_shown_once_and_can_be_renewed(run: Run) -> None:
    first = _json(run("add", "t.zimba", "--name", "Thandiwe Zimba", "--json"))["invitation"]

    second = _json(run("invite", "t.zimba", "--json"))["invitation"]

    assert first != second
    assert second not in run("list").output


def test_roles_are_given_with_dates_and_ended(run: Run) -> None:
    run("add", "t.zimba", "--name", "Thandiwe Zimba")
    given = run(
        "grant", "t.zimba", "caseworker", "--scope", "office", "--ref", "ZM-07-LIV",
        "--until", "2199-12-31",
    )  # fmt: skip
    assert given.exit_code == 0, given.output
    assert "caseworker office ZM-07-LIV" in run("list").output

    assert run("end-grant", "t.zimba", "caseworker").exit_code == 0

    assert "no role" in run("list").output
    assert run("end-grant", "t.zimba", "caseworker").exit_code == 1


def test_roles_that_do_not_mix_are_refused_at_the_console_too(run: Run) -> None:
    run("add", "admin", "--name", "Agnes Phiri", "--role", "administrator")
    run("add", "agnes", "--same-person-as", "admin")

    refused = run("grant", "agnes", "caseworker", "--scope", "office", "--ref", "ZM-07-LIV")

    assert refused.exit_code == 1
    assert "One person may not hold both roles" in refused.output


def test_an_account_is_suspended_restored_and_reset(run: Run) -> None:
    run("add", "t.zimba", "--name", "T", "--password-stdin", typed=f"{PASSWORD}\n")

    assert run("suspend", "t.zimba").exit_code == 0
    assert "suspended" in run("list").output
    assert run("restore", "t.zimba").exit_code == 0
    assert run("reset-second-factor", "t.zimba", typed="n\n").exit_code == 1
    reset = _json(run("reset-second-factor", "t.zimba", "--yes", "--json"))

    assert reset["invitation"]
    assert _json(run("list", "--json"))[0]["state"] == "invited"


def test_an_unknown_login_name_ends_in_failure(run: Run) -> None:
    assert run("suspend", "nobody").exit_code == 1


def test_a_token_is_made_listed_and_revoked(run: Run) -> None:
    run(
        "add", "t.zimba", "--name", "T", "--role", "caseworker", "--scope", "office",
        "--ref", "ZM-07-LIV", "--password-stdin", typed=f"{PASSWORD}\n",
    )  # fmt: skip
    made = _json(
        run(
            "token", "add", "t.zimba", "Nightly import", "caseworker", "--scope", "office",
            "--ref", "ZM-07-LIV", "--json",
        )
    )  # fmt: skip
    with open_installation().unit_of_work() as session:
        assert not actor_for_token(session, made["token"], now=utc_now()).is_human

    assert "Nightly import" in run("token", "list").output
    assert run("token", "revoke", made["token_id"]).exit_code == 0

    assert _json(run("token", "list", "--json"))[0]["state"] == "revoked"
