"""Opening an installation: what stops it before anything is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from cli.installation import open_installation, read_settings
from core.packs.lookup import use_folder
from transfers.service import corridor_packs


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    yield
    use_folder(None)
    corridor_packs.use_folder(None)


@pytest.mark.rule("R52")
def test_data_that_lie_where_the_law_does_not_want_them_stop_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BID_DATA_COUNTRY", "ZA")

    with pytest.raises(typer.Exit) as stopped:
        open_installation(read_settings())

    assert stopped.value.exit_code == 2
    assert "personal data stay in ZM" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


@pytest.mark.rule("R52")
@pytest.mark.parametrize(
    "settings", [{"BID_DATA_COUNTRY": "ZM"}, {"BID_DATA_COUNTRY": "ZA", "BID_DATA_PERMIT": "12/2026"}, {}]
)  # fmt: skip
def test_data_at_home_or_abroad_by_permit_may_be_kept(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    open_installation(read_settings()).dispose()


def test_corridors_of_the_operators_own_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "packs" / "corridors" / "ZM-NA"
    folder.mkdir(parents=True)
    (folder / "9.toml").write_text('extends = "ZM-NA/1.toml"\nversion = 9\n')
    monkeypatch.setenv("BID_PACKS_DIR", str(tmp_path / "packs"))

    open_installation(read_settings()).dispose()

    assert corridor_packs.versions("ZM-NA") == (1, 9)
