"""What `bid` says when a value, a file or the database is not what it needs: what to do, and no traceback."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import app

DATABASE_AWAY = "postgresql://somebody:not-shown@127.0.0.1:1/none"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))
    return tmp_path


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("backup {here}/no/b.zip", "There is no folder"),
        ("restore {here}/none.zip", "There is no file"),
        ("audit verify --file {here}/none.jsonl", "There is no file"),
        ("audit export {here}/no/log.jsonl", "There is no folder"),
        ("user add ab --name A", "3 characters or more"),
        ("user add a.b --name A --role caseworker --scope office", "with --ref"),
        ("user suspend nobody.here", "There is no account nobody.here"),
        ("panel show NOPE", "There is no panel with this code"),
    ],
)
def test_a_wrong_value_at_the_console_is_answered_with_what_to_do(
    installation: Path, line: str, words: str
) -> None:
    result = CliRunner().invoke(app, line.format(here=installation).split())

    assert result.exit_code == 1, result.output
    assert words in result.output
    assert "form" not in result.output


def test_a_database_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BID_DATABASE_URL", DATABASE_AWAY)

    result = CliRunner().invoke(app, ["init"])

    assert result.exit_code == 1
    assert "BID_DATABASE_URL" in result.output
    assert "not-shown" not in result.output


def test_help_is_the_same_plain_text_for_every_command() -> None:
    for name in ("serve", "import", "init", "keys", "pack", "audit", "case"):
        help_text = CliRunner().invoke(app, [name, "--help"]).output

        assert help_text.startswith("Usage: "), name
        assert "╭" not in help_text, name
