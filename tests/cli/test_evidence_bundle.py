"""`bid evidence bundle` and `bid backup` at the console."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import app


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)


def said(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(words))
    return found.exit_code, " ".join(found.output.split())


def test_a_transfer_nobody_knows_leaves_no_file(tmp_path: Path) -> None:
    code, text = said("evidence", "bundle", "KQ7M-3RTX-9A")

    assert code == 1
    assert text
    assert [path.name for path in tmp_path.glob("evidence*")] == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "evidence-X.jsonl").write_text("kept")

    code, text = said("evidence", "bundle", "X")

    assert code == 1
    assert "exists already" in text
    assert (tmp_path / "evidence-X.jsonl").read_text() == "kept"
