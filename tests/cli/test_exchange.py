"""`bid exchange` on a new installation: what it says, and what it answers to files that are none."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import app

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
