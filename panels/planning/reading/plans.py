"""A plan from its document, so that questions about it can be answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panels.planning.reading import shapes


@dataclass(frozen=True)
class SittingRead:
    """One sitting by its ids."""

    slot: str
    room: str
    members: tuple[str, ...]
    interpreters: tuple[str, ...]
    cases: tuple[str, ...]


def read_plan(value: Any) -> tuple[SittingRead, ...]:
    """Read the sittings of a plan.

    Raises:
        DocumentRefused: with the place in the document and the reason.
    """
    if not isinstance(value, Mapping):
        shapes.refuse("/", "not_an_object")
    if "sittings" not in value:
        shapes.refuse("/sittings", "missing")
    return shapes.each(value["sittings"], "/sittings", _sitting, 100_000)


def _sitting(value: Any, path: str) -> SittingRead:
    needed = ("slot", "room", "members", "interpreters", "agenda")
    given = shapes.record(value, path, needed, ("standby",))
    agenda = shapes.each(given["agenda"], f"{path}/agenda", _item)
    return SittingRead(
        shapes.text(given["slot"], f"{path}/slot"),
        shapes.text(given["room"], f"{path}/room"),
        shapes.each_once(given["members"], f"{path}/members", shapes.text),
        shapes.each_once(given["interpreters"], f"{path}/interpreters", shapes.text),
        agenda,
    )


def _item(value: Any, path: str) -> str:
    if not isinstance(value, Mapping) or "case" not in value:
        shapes.refuse(f"{path}/case", "missing")
    return shapes.text(value["case"], f"{path}/case")
