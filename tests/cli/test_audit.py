"""`bid audit`: taking the log out of the house is itself on record."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.audit import app
from cli.installation import open_installation
from core.accounts.system import OPERATOR_ID


@pytest.mark.rule("R50")
def test_an_export_of_the_log_is_on_record_and_for_its_writer_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))
    open_installation().dispose()
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"

    for file in (first, second):
        result = CliRunner().invoke(app, ["export", str(file)])
        assert result.exit_code == 0, result.output

    rows = [json.loads(line) for line in second.read_text().splitlines()]
    assert (rows[-1]["action"], rows[-1]["person_id"]) == ("audit.exported", OPERATOR_ID)
    assert second.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
