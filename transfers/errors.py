"""Refusals about transfers between offices and countries."""

from dataclasses import dataclass

from core.errors import Incomplete


@dataclass(eq=False)
class MovementRefused(Incomplete):
    """The child may not move abroad; ``gaps`` lists everything that forbids it."""
