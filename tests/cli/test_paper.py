"""`bid paper check`: for somebody who telephones with a paper in hand."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.installation import open_installation
from cli.paper import app
from core.clock import utc_now
from core.papers.codes import grouped
from core.papers.issuing import issue
from core.papers.paper import text
from tests.builders.accounts import OPERATOR
from tests.builders.filled_in import an_empty_form, as_jpeg, drawn, ticked
from tests.builders.papers import a_desk, a_paper
from transfers.service.answer_forms import laid_out


def test_the_console_says_genuine_superseded_or_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))
    now = utc_now() - timedelta(days=1)
    database = open_installation()
    with database.unit_of_work() as session:
        old, new = (
            issue(
                session, OPERATOR, a_paper(text(f"{n}"), edition=n), a_desk(), thing_id="x",
                case_id=None, now=now,
            )
            for n in (1, 2)
        )  # fmt: skip

    database.dispose()

    def said(code: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["check", code])
        return done.exit_code, done.output

    assert said(grouped(new.code).lower())[0] == 0
    assert "decision letter dated 2 March 2026" in said(new.code)[1]
    assert said(old.code)[0] == 4
    assert "no longer valid" in said(old.code)[1]
    assert said("2222-2222-2222")[0] == 1
    assert "one sign is wrong" in said("ABCD-EFGH")[1]


def test_a_filled_in_form_is_read_without_an_installation_and_nothing_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    sheet = laid_out()["H1"]
    page = drawn(an_empty_form("H1"))
    day = ("day_tens:0", "day_units:4", "month:3")
    whole = ("answer:receipt", "condition:well", *day, f"year:{utc_now().year % 10}")
    files = {
        "whole": as_jpeg(ticked(page, sheet, whole)),
        "half": as_jpeg(ticked(page, sheet, ("condition:well", "condition:injured", *day))),
        "none": b"\xff\xd8\xff nothing",
    }

    def said(name: str) -> tuple[int, str]:
        file = tmp_path / f"{name}.jpg"
        file.write_bytes(files[name])
        done = CliRunner().invoke(app, ["read", str(file)])
        return done.exit_code, done.output

    read, doubtful, broken = (said(name) for name in files)
    assert read[0] == 0
    assert "Answer: We have received the child" in read[1]
    assert f"Date: 4 March {utc_now().year}" in read[1]
    assert "Nothing was recorded" in read[1]
    assert doubtful[0] == 4
    assert "the date is not complete" in doubtful[1]
    assert broken[0] == 3
    assert not (tmp_path / "data").exists()
