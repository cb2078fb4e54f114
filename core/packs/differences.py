"""What changes for a case that moves from one version of a pack to another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.packs.models import Pack

# Who and when the pack is, not what it says; holidays are facts and the same for every version.
NOT_RULES: Final = frozenset({"country", "version", "valid_from", "title", "notes", "holidays"})


@dataclass(frozen=True)
class Change:
    """One key that differs; ``None`` where a version does not have it."""

    key: str
    old: Any
    new: Any


def difference(old: Pack, new: Pack) -> list[Change]:
    """Return every key whose value differs, in alphabetical order of the keys.

    Shown to the officer who moves a case to another version, and kept with that act.
    """
    before, after = _flat(old), _flat(new)
    return [
        Change(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _flat(pack: Pack) -> dict[str, Any]:
    values = pack.model_dump(mode="json", exclude=set(NOT_RULES))
    return dict(_leaves(values, ""))


def _leaves(values: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
