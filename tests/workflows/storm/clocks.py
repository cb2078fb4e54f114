"""The clock of an installation in the storm: real time and a distance from it that lies in a file others may write."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.clock import utc_now

LENGTH: Final = struct.calcsize("d")


class SharedClock:
    """A clock several processes read; it goes on when they are killed."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(struct.pack("d", 0.0))
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), LENGTH)

    def now(self) -> datetime:
        """The moment by this clock."""
        return utc_now() + timedelta(seconds=self.distance)

    @property
    def distance(self) -> float:
        """Seconds by which it is ahead of the real clock."""
        return float(struct.unpack("d", self._map[:LENGTH])[0])

    @distance.setter
    def distance(self, seconds: float) -> None:
        self._map[:LENGTH] = struct.pack("d", seconds)
