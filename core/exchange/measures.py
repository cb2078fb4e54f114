"""Size and hash of bytes as they go by, so that nothing is read twice or held whole."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from core.exchange.encoding import b64


class Readable(Protocol):
    """Anything bytes are read from, so many at a time; fewer at once are fine, none is the end."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes."""


@dataclass(frozen=True)
class Measure:
    """Size and hash of some bytes."""

    size: int
    sha256: str


class Meter:
    """Measures what it is shown, block by block."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = sha256()

    def add(self, block: bytes) -> None:
        """Count one more block."""
        self.size += len(block)
        self._hash.update(block)

    @property
    def measure(self) -> Measure:
        """What was shown so far."""
        return Measure(self.size, b64(self._hash.digest()))


class Metered:
    """A source whose bytes are measured as they are read."""

    def __init__(self, source: Readable, meter: Meter) -> None:
        self._source = source
        self._meter = meter

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes and count them."""
        block = self._source.read(size)
        self._meter.add(block)
        return block
