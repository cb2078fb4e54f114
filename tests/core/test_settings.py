"""Every setting is documented, and a wrong one is refused instead of ignored."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()

    for name, field in Settings.model_fields.items():
        assert f"| `BID_{name.upper()}` | `{name}` |" in text
        assert field.description is not None
        assert field.description in text
        assert field.default is None or f"`{field.default}`" in text


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bid.toml").write_text('country = "NA"\nport = 9000\n')
    monkeypatch.setenv("BID_COUNTRY", "CD")

    settings = Settings()

    assert (settings.country, settings.port) == ("CD", 9000)


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bid.toml").write_text('contry = "NA"\n')

    with pytest.raises(ValidationError, match="contry"):
        Settings()


def test_an_address_is_all_that_postgresql_needs() -> None:
    address = Settings(database_url="postgresql://u:p@h/n").database

    assert address == "postgresql+psycopg://u:p@h/n"


def test_without_an_address_data_live_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).database == f"sqlite:///{tmp_path}/bid.sqlite3"


def test_a_colour_on_which_white_letters_cannot_be_read_is_refused() -> None:
    assert Settings(page_colour="#1d4e50").page_colour == "#1d4e50"

    with pytest.raises(ValidationError, match="darker"):
        Settings(page_colour="#9fc5e8")
