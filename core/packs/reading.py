"""From files to a pack: TOML, one file laid over another, every error with its file and key.

A pack file may start with ``extends = "base/1.toml"`` (a path inside the folder of packs). Tables
are laid over each other key by key; any other value, lists included, replaces what was there.
``holidays.toml`` beside a pack is laid over it last.
"""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from core.packs.checks import inconsistencies
from core.packs.errors import PackError
from core.packs.explaining import Problem, explained
from core.packs.models import Pack

EXTENDS: Final = "extends"
DEEPEST: Final = 5
LARGEST_BYTES: Final = 2_000_000

M = TypeVar("M", bound=BaseModel)
Key = tuple[str, ...]
Shelf = tuple[Path, ...]


@dataclass(frozen=True)
class Sheet:
    """What files say together, and which file each key comes from."""

    values: Mapping[str, Any]
    origins: Mapping[Key, str]

    def origin(self, key: Key, otherwise: str) -> str:
        """Return the file that wrote a key, or the nearest key around it."""
        for end in range(len(key), 0, -1):
            if key[:end] in self.origins:
                return self.origins[key[:end]]
        return otherwise


def load_pack(path: Path, folders: Sequence[Path] = ()) -> Pack:
    """Read and check one pack.

    Args:
        path: the file, for example ``countries/ZM/1.toml``.
        folders: where else to look: a base that is not in the pack's own folder of packs comes
            from the first that has it, and ``ZM/holidays.toml`` counts in all of them.

    Raises:
        PackError: with every error found, each as ``file: key: what is wrong, what is allowed``.
    """
    path = path.resolve()
    shelf = _shelf(path, folders)
    sheet = _read(path, shelf)
    for folder in reversed(shelf):
        sheet = _over(sheet, _holidays(folder / path.parent.name / "holidays.toml", shelf))
    return _checked(
        sheet,
        Pack,
        _shown(path, shelf),
        lambda pack: [*inconsistencies(pack), *_misplaced(pack, path)],
    )


def load_model(
    path: Path, folders: Sequence[Path], model: type[M], problems: Callable[[M], list[Problem]]
) -> M:
    """Read and check another kind of pack, written in the same way.

    Raises:
        PackError: with every error found.
    """
    path = path.resolve()
    shelf = _shelf(path, folders)
    return _checked(_read(path, shelf), model, _shown(path, shelf), problems)


def _shelf(path: Path, folders: Sequence[Path]) -> Shelf:
    return tuple(dict.fromkeys([path.parents[1], *(folder.resolve() for folder in folders)]))


def _checked(sheet: Sheet, model: type[M], own: str, problems: Callable[[M], list[Problem]]) -> M:
    try:
        found = model.model_validate_json(json.dumps(sheet.values, default=str))
    except ValidationError as error:
        raise _refusal(explained(error, model), sheet, own) from None
    wrong = problems(found)
    if wrong:
        raise _refusal(wrong, sheet, own)
    return found


def _refusal(problems: list[Problem], sheet: Sheet, own: str) -> PackError:
    lines = []
    for problem in problems:
        file = sheet.origin(problem.key, own)
        reader = "" if file == own else f" (read for {own})"
        lines.append(f"{file}: {'.'.join(problem.key)}: {problem.what}{reader}")
    return PackError(tuple(dict.fromkeys(lines)))


def _misplaced(pack: Pack, path: Path) -> list[Problem]:
    problems = []
    if path.parent.name != pack.country:
        problems.append(Problem(("country",), f"is {pack.country} in folder {path.parent.name}"))
    if path.stem != str(pack.version):
        problems.append(Problem(("version",), f"is {pack.version} in file {path.name}"))
    return problems


def _read(path: Path, shelf: Shelf, depth: int = 0) -> Sheet:
    """Read a file and everything it extends; the file itself has the last word."""
    values = _parsed(path, shelf)
    base = values.pop(EXTENDS, None)
    shown = _shown(path, shelf)
    sheet = Sheet(values, _origins(values, shown))
    if base is None:
        return sheet
    parent = _base(base, shelf)
    if parent is None or depth >= DEEPEST:
        what = "must name a file in the folder of packs, for example base/1.toml, without a ring"
        raise PackError((f"{shown}: {EXTENDS}: {what}",))
    return _over(_read(parent, shelf, depth + 1), sheet)


def _base(name: object, shelf: Shelf) -> Path | None:
    """Return the file a pack extends, never one outside the folders of packs."""
    if not isinstance(name, str):
        return None
    found = [(folder / name).resolve() for folder in shelf]
    inside = [path for path, top in zip(found, shelf, strict=True) if path.is_relative_to(top)]
    return next((path for path in inside if path.is_file()), None)


def _holidays(path: Path, shelf: Shelf) -> Sheet:
    if not path.is_file():
        return Sheet({}, {})
    values = {"holidays": _parsed(path, shelf)}
    return Sheet(values, _origins(values, _shown(path, shelf)))


def _parsed(path: Path, shelf: Shelf) -> dict[str, Any]:
    shown = _shown(path, shelf)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PackError((f"{shown}: : is larger than {LARGEST_BYTES} bytes",))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(
            (f"{shown}: : cannot be read as UTF-8 text ({type(error).__name__})",)
        ) from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError((f"{shown}: {_written_twice(text, str(error))}",)) from None


def _written_twice(text: str, message: str) -> str:
    """Say which key a TOML error is about: the parser only knows the line."""
    lines = text.rstrip().splitlines() or [""]
    _, _, where = message.partition("(at line ")
    found = where.partition(",")[0]
    number = min(int(found), len(lines)) if found.isdigit() else len(lines)
    key = lines[number - 1].partition("=")[0].strip().strip("[]\"'")
    if "overwrite" in message or "twice" in message:
        return f"{key}: is written twice (line {number})"
    return f"{key}: {message[:1].lower()}{message[1:]}"


def _origins(values: Mapping[str, Any], shown: str, above: Key = ()) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for key, value in values.items():
        found[(*above, key)] = shown
        if isinstance(value, Mapping):
            found |= _origins(value, shown, (*above, key))
    return found


def _over(below: Sheet, above: Sheet) -> Sheet:
    return Sheet(
        _merged(below.values, above.values),
        {**below.origins, **above.origins},
    )


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(below)
    for key, value in above.items():
        old = values.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        values[key] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return values


def _shown(path: Path, shelf: Shelf) -> str:
    inside = (path.relative_to(top).as_posix() for top in shelf if path.is_relative_to(top))
    return next(inside, path.name)
