"""`bid exchange` on a new installation: what it says, and what it answers to files that are none."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import app
from cli.installation import open_installation, read_settings
from core.clock import utc_now
from core.ids import new_id
from core.vault import vault_of
from tests.builders.accounts import PASSWORD
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.transfers import Office, an_enquiry, trust
from transfers.service import incoming
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow
from transfers.tables.disclosure import GrantHeldRow

runner = CliRunner()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)


def said(*words: str) -> tuple[int, str]:
    found = runner.invoke(app, ["exchange", *words])
    return found.exit_code, " ".join(found.output.split())


def test_an_installation_without_a_name_exchanges_nothing_and_says_so_quietly() -> None:
    assert said("run", "--once")[0] == 0
    code, text = said("status")
    assert code == 0
    assert "0 messages wait to be sealed, 0 packages to be opened." in text


def test_a_file_that_is_no_package_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "x.bidx"
    file.write_bytes(b"PK but no archive")
    code, text = said("import", str(file))

    assert code == 1
    assert "was not taken in and is as it was" in text
    assert file.read_bytes() == b"PK but no archive"


def test_nothing_is_handed_out_that_does_not_wait(tmp_path: Path) -> None:
    code, text = said("export", "KQ7M-3RTX-9A", str(tmp_path))

    assert code == 1
    assert text
    assert list(tmp_path.glob("*.bidx")) == []


def test_a_clock_that_was_never_doubted_is_no_matter() -> None:
    code, text = said("clock-is-right")

    assert code == 0
    assert text.endswith("The clock was not in doubt.")


def an_officer() -> list[str]:
    """An officer of the secretariat who can sign in at the console; returns codes that each work once."""
    words = [
        "user", "add", "mutale", "--name", "Mutale", "--role", "secretariat", "--password-stdin",
        "--json",
    ]  # fmt: skip
    made = runner.invoke(app, words, input=f"{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    codes: list[str] = json.loads(made.stdout.splitlines()[-1])["recovery_codes"]
    return codes


def acts(code: str, *words: str) -> tuple[int, str]:
    """An officer signs in for one command."""
    found = runner.invoke(
        app, ["exchange", *words, "--as", "mutale", "--secrets-stdin"],
        input=f"{PASSWORD}\n{code}\n",
    )  # fmt: skip
    return found.exit_code, " ".join(found.output.split())


def something_that_came(retain_until: date) -> str:
    """A delivery that was admitted; returns our id of it."""
    database = open_installation(read_settings())
    now = utc_now()
    with database.unit_of_work() as session:
        row = DeliveryInRow(
            partner="NA.mgepesw", delivery_id=new_id(), package_id=new_id(), chain=new_id(), seq=1,
            token="t", token_sha256=retain_until.isoformat(), size=0, state="admitted", offered_at=now, moved_at=now,
            retain_until=retain_until,
        )  # fmt: skip
        session.add(row)
        vault_of(session).make_key(session, incoming.owner_of(row), now=now)
        row_id = row.id
    database.dispose()
    return row_id


@pytest.mark.threat("TT55")
def test_an_officer_destroys_at_the_console_what_may_not_be_kept_and_nobody_else_does() -> None:
    codes = an_officer()
    over, kept = something_that_came(date(2020, 1, 1)), something_that_came(date(2120, 1, 1))

    assert over in said("status")[1]
    assert acts("000000", "destroy", over)[0] == 1
    code, text = acts(codes[0], "destroy", over)
    assert (code, "is destroyed: no key opens it any more" in text) == (0, True), text
    assert acts(codes[1], "destroy", over)[0] == 1
    code, text = acts(codes[2], "destroy", kept)
    assert (code, "Its time is not over" in text) == (1, True), text
    code, text = acts(codes[3], "destroy", kept, "--national-rule")
    assert code == 1, text  # before its time only the head may
    assert kept not in text
    assert over not in said("status")[1]


def test_a_grant_nobody_gave_is_not_redeemed() -> None:
    code, text = acts(an_officer()[0], "redeem", new_id())

    assert code == 1
    assert text


def a_grant_they_gave() -> tuple[str, str]:
    """A grant of Namibia on a transfer of ours; its id, and the transfer's."""
    database = open_installation(read_settings())
    now = utc_now()
    with database.unit_of_work() as session:
        office = Office(session, "ZM", ZAMBIA)
        trust(office, NAMIBIA)
        _, transfer, message = an_enquiry(office)
        row = GrantHeldRow(
            grant_id=new_id(), partner=NAMIBIA, transfer_id=transfer, message_id=message,
            token="aaa.bbb.ccc", token_sha256="x", office="MGEPESW", role="A17", scope=["summary"],
            record_version=1, redaction="R0", purpose="package", came_at=now, state="held",
            expires_at=now + timedelta(days=3), next_try_at=now,
        )  # fmt: skip
        session.add(row)
        found = row.id, transfer
    database.dispose()
    return found


def test_a_grant_is_brought_back_by_file_once_a_colleague_signs() -> None:
    held, transfer = a_grant_they_gave()

    code, text = acts(an_officer()[0], "redeem", held, "--by-file")

    assert (code, "Another officer signs it" in text) == (0, True), text
    database = open_installation(read_settings())
    with database.unit_of_work() as session:
        made = transfer_store.messages(session, transfer)[-1]
        assert (made.type, made.standing, made.id in text) == ("INFO_REQUEST", "written", True)
    database.dispose()
