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
from tests.builders.papers import a_desk, a_paper


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
