"""A country whose rules a test changes: the built-in pack of Zambia with a few values of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.packs.lookup import BUILT_IN, use_folder

Says = Callable[[str], None]
ON = """
[simplified]
allowed = true
triggers = ["B1", "B2", "B4", "B5"]
"""


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Says]:
    """Let the country say something else from now on; after the test it says what it said."""
    folder = Path(shutil.copytree(BUILT_IN, tmp_path / "packs"))
    (folder / "ZM" / "1.toml").rename(folder / "base" / "zambia.toml")

    def says(text: str) -> None:
        (folder / "ZM" / "1.toml").write_text('extends = "base/zambia.toml"\n' + text)
        use_folder(folder)

    yield says
    use_folder(None)
