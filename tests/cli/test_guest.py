"""`bid guest`: two officers name a person abroad, by script, each proving who they are."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import guest, user
from cli.installation import open_installation, read_settings
from core.clock import utc_now
from core.ids import new_id
from tests.builders.accounts import PASSWORD
from tests.builders.guests import Abroad
from tests.builders.messages import a_body
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import guest_answers

PERSON = (
    "--country", "NA", "--name", "Selma Amukoshi", "--office", "Ministry of Gender, Windhoek",
    "--post", "Social worker", "--phone", "+264 61 000 000", "--number-from", "State directory",
)  # fmt: skip
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


class Secretariat:
    """The console of one installation, and officers with their codes on paper."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BID_DATA_DIR", str(folder / "data"))
        monkeypatch.chdir(folder)
        self.codes = {login: self._officer(login) for login in ("agnes", "bwalya")}

    def _officer(self, login: str) -> list[str]:
        words = (
            "add",
            login,
            "--name",
            login,
            "--role",
            "secretariat",
            "--password-stdin",
            "--json",
        )
        made = CliRunner().invoke(user.app, list(words), input=f"{PASSWORD}\n")
        assert made.exit_code == 0, made.output
        return list(json.loads(made.stdout.splitlines()[-1])["recovery_codes"])

    def does(self, login: str, *words: str) -> tuple[int, Any]:
        """Run a command as an officer; exit code, and what it answers to a script or to a person."""
        typed = f"{PASSWORD}\n{self.codes[login].pop()}\n"
        found = CliRunner().invoke(
            guest.app, [*words, "--as", login, "--secrets-stdin", "--json"], input=typed
        )
        return found.exit_code, json.loads(found.stdout) if found.exit_code == 0 else found.output


def test_one_officer_proposes_another_verifies_and_hands_an_account_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Secretariat(tmp_path, monkeypatch)
    until = (
        (utc_now() + timedelta(days=30)).date().isoformat()
    )  # the console has the clock of this machine

    made = desk.does("agnes", "propose", *PERSON, "--until", until)[1]["id"]
    alone = desk.does("agnes", "verify", made, "--how", "known_number")
    verified = desk.does("bwalya", "verify", made, "--how", "known_number")
    account = desk.does("bwalya", "account", made)
    listed = desk.does("agnes", "list")
    no_item = desk.does("agnes", "link", new_id(), "--link-by", "email", "--code-by", "phone")
    ended = desk.does("agnes", "end", made)

    assert alone[0] == 1
    assert "A second officer is needed" in alone[1]
    assert (verified[0], ended[0], no_item[0]) == (0, 0, 1)
    assert set(account[1]) == {"login", "token", "ends_at"}
    assert listed[1][0]["identity"]["name"] == "Selma Amukoshi"


def _sent_back() -> tuple[str, str, str]:
    """A recipient abroad answered an enquiry and sent a paper; the transfer, the answer, the paper."""
    settings = read_settings()
    database = open_installation(settings)
    with database.unit_of_work() as session:
        abroad = Abroad(session)
        here = abroad.here(abroad.item())
        answer = guest_answers.answer(
            session, here, str(here.only), MessageType.ENQUIRY_REPLY,
            a_body(MessageType.ENQUIRY_REPLY), no=new_id(), now=NOON,
        )  # fmt: skip
        paper = guest_answers.take_paper(
            session, here, str(here.only), guest_answers.Paper("scan.pdf", PDF),
            folder=settings.files_dir, now=NOON,
        )  # fmt: skip
        transfer = abroad.transfer_id
    database.dispose()
    return transfer, answer, paper


@pytest.mark.rule("R36")
def test_an_officer_reads_what_came_confirms_the_answer_and_settles_the_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Secretariat(tmp_path, monkeypatch)
    transfer, answer, paper = _sent_back()
    to = tmp_path / "scan.pdf"

    waiting = desk.does("agnes", "answers", "list")[1]
    confirmed = desk.does("agnes", "answers", "confirm", answer)
    again = desk.does("bwalya", "answers", "set-aside", answer, "--why", "mistake")
    opened = desk.does("agnes", "papers", "open", paper, "--to", str(to))
    over = desk.does("bwalya", "papers", "open", paper, "--to", str(to))
    settled = desk.does("agnes", "papers", "settle", paper, "--keep")
    listed = desk.does("agnes", "papers", "list", transfer)[1]

    assert [one["id"] for one in waiting["answers"]] == [answer]
    assert waiting["answers"][0]["body"]["text"] == "The aunt is there."
    assert confirmed == (0, {"id": answer, "state": "answered_positive"})
    assert again[0] == 1
    assert (opened[0], settled[0]) == (0, 0)
    assert to.read_bytes() == PDF
    assert to.stat().st_mode & 0o077 == 0
    assert over[0] == 1
    assert "is there already" in over[1]
    assert [(one["id"], one["state"]) for one in listed] == [(paper, "confirmed")]
