"""What changes for a child when the rules of the country do: the difference between two versions.

Source: DOM-9, DOM-R59.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.actors import Actor, Role
from core.errors import NotAllowed

MAY_MOVE: Final = frozenset({Role.SUPERVISOR, Role.SECRETARIAT, Role.SECRETARIAT_HEAD})
ABSENT: Final = "-"


@dataclass(frozen=True)
class Change:
    """One value that differs. ``path`` is dotted, for example ``limits.D4.high.amount``."""

    path: str
    before: str
    after: str


def require_mover(actor: Actor) -> None:
    """Refuse anybody but a supervisor or the secretariat.

    Raises:
        NotAllowed: for every other role and for machines.
    """
    if not actor.is_human or not actor.has(*MAY_MOVE):
        raise NotAllowed("pack_move_role")


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return every value that differs between two versions of a pack, by path."""
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    return tuple(
        Change(path, old.get(path, ABSENT), new.get(path, ABSENT))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for place, item in enumerate(value):
            yield from _leaves(item, f"{path}.{place}")
    else:
        yield path, str(value)
