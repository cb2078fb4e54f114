"""Refusals of the packs."""

from dataclasses import dataclass

from core.errors import DomainError


@dataclass(eq=False)
class PackError(DomainError):
    """A pack cannot be used. ``problems`` has every error as ``file: key: what is wrong``.

    Nothing in a pack is about a child, so the text may be shown and logged in full.
    """

    problems: tuple[str, ...]

    def __str__(self) -> str:
        """Give every problem on a line of its own."""
        return "\n".join(self.problems)


@dataclass(eq=False)
class NoPack(DomainError):
    """There is no pack for this country, in this version, on this day."""

    country: str
    version: int | None

    def __str__(self) -> str:
        """Name country and version."""
        return f"no country pack {self.country}/{self.version or 'in force'}"
