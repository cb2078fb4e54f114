"""The chain of the evidence log: each row's hash covers the one before it. No key and no I/O.

The canonical text of a row is the canonical JSON of its members without `prev` and `hash`; the hash is SHA-256
over the characters of `prev` followed by that text. Source: EXP-8.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from core.exchange.encoding import NotStrict, b64, canonical, digest

BEGINNING: Final = b64(bytes(32))


@dataclass(frozen=True)
class Entry:
    """What is chained of one row.

    Args:
        n: its number, from 1.
        at: whole seconds since 1970 UTC.
        type: what happened, for example ``token.received``.
        subject: opaque id of what it happened to.
        actor: opaque id of who did it.
        obj: hash of the token it is about, if there is one.
        detail: canonical JSON of coded facts; no personal data.
    """

    n: int
    at: int
    type: str
    subject: str
    actor: str
    obj: str | None
    detail: str


NAMES: Final = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Fault:
    """The first row that does not fit, and why."""

    n: int
    reason: str


def hash_of(prev: str, entry: Entry) -> str:
    """Return the hash of one row."""
    text = canonical({name: getattr(entry, name) for name in NAMES})
    return digest(prev.encode("ascii") + text)


class Chain:
    """Follows a log from its first row on; remembers the hashes that checkpoints may speak of."""

    def __init__(self) -> None:
        self.n = 0
        self.head = BEGINNING
        self.heads: dict[int, str] = {0: BEGINNING}

    def take(self, row: Mapping[str, Any]) -> Fault | None:
        """Check the next row; answer what is wrong with it."""
        expected = self.n + 1
        if row.get("n") != expected:
            return Fault(expected, "missing")
        if _is_row(row) and row["prev"] != self.head:
            return Fault(expected, "does_not_follow")
        found = carried_hash(row)
        if found is None:
            return Fault(expected, "changed")
        self.n, self.head = expected, found
        self.heads[expected] = found
        return None

    def agrees_with(self, n: int, head: str) -> Fault | None:
        """Check a word about the log that somebody else kept: its length then, and its head."""
        if n > self.n:
            return Fault(self.n + 1, "tail_missing")
        return None if self.heads[n] == head else Fault(n, "rewritten")


def carried_hash(row: Mapping[str, Any]) -> str | None:
    """Return the hash of a row that stands alone; None when it has another form, or is not what its hash says."""
    if not _is_row(row):
        return None
    try:
        found = hash_of(row["prev"], Entry(**{name: row[name] for name in NAMES}))
    except (NotStrict, UnicodeEncodeError):
        return None
    return found if found == row["hash"] else None


def _is_row(row: Mapping[str, Any]) -> bool:
    """Whether a row has exactly its members, each of its type: true is no number, and nothing is converted."""
    texts = ("type", "subject", "actor", "detail", "prev", "hash")
    return (
        row.keys() == {*NAMES, "prev", "hash"}
        and all(type(row[name]) is int for name in ("n", "at"))
        and all(isinstance(row[name], str) for name in texts)
        and isinstance(row["obj"], str | None)
    )


def first_fault(rows: Iterable[Mapping[str, Any]]) -> Fault | None:
    """Return the first row of a whole log that does not fit."""
    chain = Chain()
    return next((fault for row in rows if (fault := chain.take(row)) is not None), None)
