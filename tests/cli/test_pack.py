"""`bid pack`: an officer writes a pack, is told what is wrong, and sees what it changes."""

import pytest
from typer.testing import CliRunner

from cli.pack import app
from core.packs.lookup import use_folder
from transfers.service import corridor_packs


@pytest.fixture
def run():
    """The command, with the folder of packs put back afterwards."""
    yield lambda *args: CliRunner().invoke(app, args)
    use_folder(None)
    corridor_packs.use_folder(None)


def test_every_pack_that_comes_with_the_engine_can_be_used(run):
    result = run("check")

    assert result.exit_code == 0
    assert "Every pack can be used" in result.output


def test_a_broken_file_is_named_with_its_keys_and_ends_in_failure(run, tmp_path):
    (tmp_path / "ZM").mkdir()
    file = tmp_path / "ZM/3.toml"
    file.write_text('extends = "ZM/2.toml"\nversion = 3\n[limits.D7]\nhigh = "soon"\n')

    result = run("check", str(file))

    assert result.exit_code == 1
    assert "ZM/3.toml: limits.D7.high: is not a length of time" in result.output


def test_a_broken_corridor_is_named_with_its_keys_too(run, tmp_path):
    (tmp_path / "ZM-NA").mkdir()
    file = tmp_path / "ZM-NA/2.toml"
    file.write_text(
        'extends = "ZM-NA/1.toml"\nversion = 2\nretain_days = 0\n[limits.D4]\nhigh = "2 days"\n'
    )

    result = run("check", str(file))

    assert result.exit_code == 1
    assert "ZM-NA/2.toml: retain_days" in result.output


def test_a_corridor_of_the_operators_own_is_checked_with_the_others(run, tmp_path, monkeypatch):
    folder = tmp_path / "corridors" / "ZM-NA"
    folder.mkdir(parents=True)
    (folder / "9.toml").write_text('extends = "ZM-NA/1.toml"\nversion = 9\nretain_days = 0\n')
    monkeypatch.setenv("BID_PACKS_DIR", str(tmp_path))

    result = run("check")

    assert result.exit_code == 1
    assert "ZM-NA/9.toml: retain_days" in result.output


def test_the_list_marks_the_version_new_cases_follow(run):
    lines = run("list").output.splitlines()

    assert any(line.startswith("  ZM/1") for line in lines)
    assert any(line.startswith("* ZM/2") for line in lines)


def test_the_difference_between_two_versions_is_shown_key_by_key(run):
    result = run("diff", "ZM", "1", "2")

    assert 'limits.D10.medium: "5 days" -> "3 days"' in result.output
    assert "ages.child_under: 18 -> 19" in result.output


def test_a_version_that_does_not_exist_ends_in_failure(run):
    result = run("diff", "ZM", "1", "99")

    assert result.exit_code == 1
    assert "no country pack ZM/99" in result.output


def test_the_operators_own_packs_are_listed_too(run, tmp_path, monkeypatch):
    (tmp_path / "ZM").mkdir()
    (tmp_path / "ZM/3.toml").write_text(
        'extends = "ZM/2.toml"\nversion = 3\nvalid_from = 2999-01-01\n'
    )
    monkeypatch.setenv("BID_PACKS_DIR", str(tmp_path))

    lines = run("list").output.splitlines()

    assert any(line.startswith("  ZM/3   from 2999-01-01") for line in lines)
