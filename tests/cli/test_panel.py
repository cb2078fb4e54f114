"""`bid panel`: set one up from the console and look at it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.panel import app


def test_a_panel_set_up_from_the_console_is_listed_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))
    terms = tmp_path / "terms.txt"
    terms.write_text("The panel decides in the best interests of the child.")
    run = CliRunner().invoke

    made = run(
        app,
        [
            "add", "ZM-LIV", "--name", "Livingstone", "--district", "ZM-07-LIV", "--terms", str(terms),
            "--seat", "chair:welfare:social_welfare", "--seat", "member:police:police",
        ],
    )  # fmt: skip
    listed = run(app, ["list", "--json"])
    shown = run(app, ["show", "ZM-LIV", "--json"])
    wrong = run(app, ["show", "NOT-THERE"])

    assert made.exit_code == 0, made.output
    assert [one["code"] for one in json.loads(listed.stdout)] == ["ZM-LIV"]
    assert [seat["role"] for seat in json.loads(shown.stdout)["seats"]] == ["chair", "member"]
    assert wrong.exit_code == 1
