"""`bid plan`: plan, check and explain from files, in words, with exit codes for scripts."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.plan import app
from tests.builders.plans import a_case, an_instance


class Desk:
    """Files in a folder and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, value: Any) -> str:
        path = self.folder / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(path)

    def run(self, *words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    def plan(self, document: Any) -> Any:
        source = self.write("in.json", document)
        return self.run("--in", source, "--out", str(self.folder / "out.json"), "--seconds", "0.5")

    @property
    def out(self) -> Any:
        return json.loads((self.folder / "out.json").read_text())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_plan_is_written_and_found_lawful(desk: Desk) -> None:
    result = desk.plan(an_instance())

    assert result.exit_code == 0, result.output
    assert "proven least" in result.output
    checked = desk.run(
        "check", "--in", str(desk.folder / "in.json"), "--plan", str(desk.folder / "out.json")
    )
    assert checked.exit_code == 0
    assert "keeps every rule" in checked.output


def test_an_unlawful_plan_is_named_rule_by_rule_and_explains_nothing(desk: Desk) -> None:
    desk.plan(an_instance())
    bad = desk.out
    bad["sittings"][0]["members"] = bad["sittings"][0]["members"][:1]
    files = ("--in", str(desk.folder / "in.json"), "--plan", desk.write("bad.json", bad))

    checked = desk.run("check", *files)
    explained = desk.run("explain", *files, "--case", "c1")

    assert checked.exit_code == explained.exit_code == 4
    assert "rule 8: Case c1 has no quorum" in checked.output
    assert "breaks" in explained.output


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"format": "x"}', "[" * 50_000])
def test_what_is_no_instance_is_refused_with_place_and_reason(desk: Desk, text: str) -> None:
    result = desk.plan(text)

    assert result.exit_code == 2
    assert " at /" in result.output
    assert "Traceback" not in result.output
    assert not (desk.folder / "out.json").exists()


def test_a_missing_file_is_said_in_words(desk: Desk) -> None:
    result = desk.run(
        "--in", str(desk.folder / "none.json"), "--out", str(desk.folder / "out.json")
    )

    assert result.exit_code == 2
    assert "cannot be read" in result.output


def test_overrides_that_conflict_end_with_their_own_code(desk: Desk) -> None:
    overrides = [
        {"type": "case_slot", "case": "c1", "slot": "s1"},
        {"type": "slot_closed", "slot": "s1"},
    ]

    result = desk.plan(an_instance(overrides=overrides))

    assert result.exit_code == 3
    assert "cannot hold together" in result.output
    assert desk.out["conflict"] == overrides


def test_a_case_is_explained_in_words_and_for_scripts(desk: Desk) -> None:
    document = an_instance(cases=[a_case("c1", recused=[{"member": "deputy", "reason": "x"}])])
    document["members"][0]["unavailable"] = [
        ["2026-01-12T00:00:00+02:00", "2026-01-13T00:00:00+02:00"]
    ]
    desk.plan(document)
    files = (
        "--in",
        str(desk.folder / "in.json"),
        "--plan",
        str(desk.folder / "out.json"),
        "--case",
        "c1",
    )

    said = desk.run("explain", *files)
    found = json.loads(desk.run("explain", *files, "--json").output)
    one = json.loads(desk.run("explain", *files, "--slot", "s1", "--json").output)

    assert "c1 is heard at" in said.output
    assert "would help: Let chair sit at s1." in said.output
    assert found["slots"][0]["codes"] == one["slots"][0]["codes"] == ["quorum"]


def test_what_if_shows_the_six_numbers_side_by_side(desk: Desk) -> None:
    desk.plan(an_instance())
    files = ("--in", str(desk.folder / "in.json"), "--plan", str(desk.folder / "out.json"))

    result = desk.run(
        "explain", *files, "--case", "c1", "--slot", "s4", "--what-if", "--seconds", "1"
    )

    assert result.exit_code == 0, result.output
    assert "cost" in result.output


@pytest.mark.parametrize("words", [("--case", "nobody"), ("--case", "c1", "--slot", "nowhere")])
def test_an_unknown_case_or_slot_is_said_in_words(desk: Desk, words: tuple[str, ...]) -> None:
    desk.plan(an_instance())
    files = ("--in", str(desk.folder / "in.json"), "--plan", str(desk.folder / "out.json"))

    result = desk.run("explain", *files, *words)

    assert result.exit_code == 2
    assert "There is no" in result.output
