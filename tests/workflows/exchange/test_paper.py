"""Receipts on paper: shown as codes and text, read back from what was typed or scanned."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import segno
from typer.testing import CliRunner

import cli.exchange
import cli.officer
import cli.upkeep
from cli.__main__ import app
from core.actors import Role
from core.errors import NotThere
from core.exchange import qr
from core.exchange.kinds import Kind
from tests.builders.exchange import NAMIBIA, ZAMBIA, a_token
from tests.builders.line import rows
from tests.builders.partners import an_officer
from tests.builders.proof import digits_of, ref_of
from tests.builders.transfers import an_enquiry
from tests.workflows.exchange.conftest import Both
from transfers.service import exchange_status, receipts_shown
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow

RECEIPT = a_token(Kind.RECEIPT, ZAMBIA, log={"n": 2**40, "head": "A" * 43})


def matrix_of(text: str) -> list[list[bool]]:
    """Dark modules of a code in a terminal, its quiet zone cut off; what is drawn is what is light."""
    rows_: list[list[bool]] = []
    for line in text.rstrip("\n").split("\n"):
        rows_.append([sign not in "█▀" for sign in line])
        rows_.append([sign not in "█▄" for sign in line])
    size = len(rows_[0]) - 8
    return [row[4 : 4 + size] for row in rows_[4 : 4 + size]]


def test_a_receipt_fits_one_code_on_a_screen_and_on_paper() -> None:
    wanted = segno.make_qr(RECEIPT, error="l", mode="byte", boost_error=True)
    dark = [[bool(module) for module in row] for row in wanted.matrix]

    assert matrix_of(qr.as_text(RECEIPT)) == dark
    svg = qr.as_svg(RECEIPT)
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314  made here
    assert b"http://www.w3.org/2000/svg" in svg
    with pytest.raises(qr.TooLong):
        qr.as_text("x" * 3_000)


@pytest.mark.parametrize("way", ["typed", "scanned", "file"])
def test_a_receipt_read_from_paper_moves_the_delivery(
    both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    zambia, namibia = both.zambia, both.namibia
    zambia.do(an_enquiry)
    both.there.meddle = lambda _method, path: "lost" if path.endswith("/complete") else None
    zambia.run()
    (before,) = rows(zambia.database, DeliveryOutRow)
    (came,) = rows(namibia.database, DeliveryInRow)
    operator = an_officer(Role.ADMINISTRATOR, "NA")
    shown = namibia.do(
        lambda office: receipts_shown.receipts_for(
            office.session, operator, ref_of(namibia), now=namibia.now
        )
    )
    texts = [one.text for one in shown]
    typed = {"typed": "\n".join(texts), "scanned": "\r\n".join(texts) + "\r\n", "file": ""}[way]
    file = tmp_path / "scan.txt"
    file.write_text("\n".join(texts))

    monkeypatch.setattr(cli.exchange, "open_installation", lambda _settings: _Lent(zambia.database))
    monkeypatch.setattr(cli.exchange, "utc_now", lambda: zambia.now)
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path))
    named = str(file) if way == "file" else "-"
    found = CliRunner().invoke(cli.exchange.app, ["import", named], input=typed)

    assert before.state == "waiting"
    assert found.exit_code == 0, found.output
    assert "2 receipts count" in found.output
    (after,) = rows(zambia.database, DeliveryOutRow)
    assert after.state == "admitted"
    assert came.delivery_id == after.id


class _Lent:
    """A database that the command gives back instead of closing."""

    def __init__(self, database: object) -> None:
        self._database = database

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)

    def dispose(self) -> None:
        """It is still needed."""


def test_the_console_writes_evidence_that_verifies(
    both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.zambia.do(an_enquiry)
    both.zambia.run()
    monkeypatch.setattr(
        cli.officer, "open_installation", lambda _settings: _Lent(both.zambia.database)
    )
    monkeypatch.setattr(cli.officer, "utc_now", lambda: both.zambia.now)
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "elsewhere"))
    file = tmp_path / "zm.jsonl"

    made = CliRunner().invoke(app, ["evidence", "bundle", ref_of(both.zambia), "--out", str(file)])
    known = [word for digits in digits_of(ZAMBIA, NAMIBIA) for word in ("--fingerprint", digits)]
    found = CliRunner().invoke(app, ["verify", str(file), *known])

    assert made.exit_code == 0, made.output
    assert "bid verify" in made.output
    assert (file.stat().st_mode & 0o077) == 0
    assert found.exit_code == 0, found.output
    assert "signed on" in found.output
    assert "that it opened" in found.output


def test_a_backup_says_what_is_not_in_it(
    both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.zambia.do(an_enquiry)
    both.there.meddle = lambda _method, _path: "down"
    both.zambia.run()

    assert both.zambia.do(lambda office: exchange_status.beside_a_backup(office.session)) == (1, 0)
    monkeypatch.setattr(
        cli.upkeep, "open_installation", lambda _settings, **_: _Lent(both.zambia.database)
    )
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "elsewhere"))
    said = CliRunner().invoke(app, ["backup", str(tmp_path / "b.zip")])

    assert said.exit_code == 0, said.output
    assert "Not in it: sealed packages" in said.output
    assert "1 wait to be sent" in said.output


def test_receipts_are_shown_to_whoever_keeps_the_installation_only(both: Both) -> None:
    both.zambia.do(an_enquiry)
    both.zambia.run()
    (came,) = rows(both.namibia.database, DeliveryInRow)

    def shown(role: Role, name: str) -> int:
        found = both.namibia.do(
            lambda office: receipts_shown.receipts_for(
                office.session, an_officer(role, "NA"), name, now=both.namibia.now
            )
        )
        return len(found)

    assert shown(Role.ADMINISTRATOR, came.delivery_id) == 2
    for role, name in ((Role.SECRETARIAT, came.delivery_id), (Role.ADMINISTRATOR, "nothing")):
        with pytest.raises(NotThere):
            shown(role, name)
