"""Find the pack of a country. Read once, kept for the life of the process.

Packs are looked for in the folder the operator set (``BID_PACKS_DIR``, handed in once at start-up
by ``use_folder``) and then in ``countries/`` beside ``core/``. A version in the operator's folder
takes the place of a built-in one.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from core.clock import utc_now
from core.packs.errors import NoPack
from core.packs.models import Pack
from core.packs.reading import load_pack

BUILT_IN: Final = Path(__file__).resolve().parents[2] / "countries"

_folders: list[Path] = [BUILT_IN]


def use_folder(folder: Path | None) -> None:
    """Look for packs in a folder of the operator's own first; ``None`` goes back to the built-in."""
    _folders[:] = [BUILT_IN] if folder is None else [folder.resolve(), BUILT_IN]
    _read_once.cache_clear()
    _paths.cache_clear()


def countries() -> tuple[str, ...]:
    """Return the codes of all countries that have a pack, in alphabetical order."""
    names = {path.parent.name for folder in _folders for path in folder.glob("[A-Z][A-Z]/*.toml")}
    return tuple(sorted(name for name in names if versions(name)))


def versions(country: str) -> tuple[int, ...]:
    """Return the versions a country's pack has, oldest first; empty when there is none."""
    return tuple(sorted(_paths(country, tuple(_folders))))


def pack_of(country: str, version: int | None = None, *, on: date | None = None) -> Pack:
    """Return a country's pack: one version, or the newest in force on a day.

    A service that opens a case passes ``on=now.date()`` and pins ``pack.version`` to the case; for
    an existing case it passes the pinned version. Without either, the day is today.

    Raises:
        NoPack: no such country, no such version, or none in force yet.
        PackError: the file cannot be used; every error is named.
    """
    if version is not None:
        return _one(country, version)
    day = on or utc_now().date()
    for number in reversed(versions(country)):
        pack = _one(country, number)
        if pack.valid_from <= day:
            return pack
    raise NoPack(country, None)


def _one(country: str, version: int) -> Pack:
    path = _paths(country, tuple(_folders)).get(version)
    if path is None:
        raise NoPack(country, version)
    return _read_once(path)


@lru_cache(maxsize=256)
def _read_once(path: Path) -> Pack:
    return load_pack(path, _folders)


@lru_cache(maxsize=256)
def _paths(country: str, folders: tuple[Path, ...]) -> dict[int, Path]:
    found: dict[int, Path] = {}
    if not (len(country) == 2 and country.isascii() and country.isupper()):  # noqa: PLR2004
        return found
    for folder in reversed(folders):
        for path in (folder / country).glob("*.toml"):
            if path.stem.isdigit():
                found[int(path.stem)] = path
    return found
