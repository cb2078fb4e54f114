"""The door to Typst: data in, PDF out, in a process of its own with limits of memory and time.

What people wrote reaches a template as data and is never read as markup. The same data give the same bytes.
Source: decision 0020.
"""

import atexit
import base64
import json
import os
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, Protocol

from core.errors import DomainError
from core.papers.sheet import Mark, Sheet, places

SECONDS: Final = 30.0
PDF: Final = "application/pdf"
DRAWN: Final = frozenset({PDF, "image/png", "image/jpeg"})
MOST_SHEETS: Final = 4
MOST_JOBS: Final = 500
LARGEST_ANSWER: Final = 256 * 1024 * 1024
LARGEST_DRAWN: Final = 48 * 1024 * 1024
"""Bytes of the pictures of one file."""
TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates" / "papers"
_CHILD: Final = Path(__file__).with_name("press_child.py")
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_DONE: Final = b"+"
_TOLD: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")
_HEAD: Final = struct.Struct(">cI")
_NO_GLYPH: Final = re.compile(r"the text .*could not be displayed|No font|no font", re.DOTALL)


@dataclass(eq=False)
class NotPrintable(DomainError):
    """A paper holds signs of a script that no font here has; printed without them it would say something else."""


@dataclass(eq=False)
class PressFailed(DomainError):
    """A paper could not be set within its limits of time and memory."""


class FileNotDrawn(Exception):
    """A file cannot be drawn page by page: damaged, locked with a password, or too large."""


@dataclass(eq=False)
class SheetNotRead(DomainError):
    """A picture of a sheet could not be read; ``reason`` is a code. Nothing was kept."""

    reason: str


@dataclass(frozen=True)
class Page:
    """One page of a file as a picture, and the words on it.

    Args:
        media: format of the picture.
        picture: in base64.
        width, height: in points of the picture.
        words: what could be read on it; empty for a scan.
    """

    media: str
    picture: str
    width: int
    height: int
    words: str


class Typesetter(Protocol):
    """Sets papers, and draws the files that lie behind them."""

    def typeset(self, template: str, paper: Mapping[str, Any], *, at: datetime) -> bytes:
        """Set a paper."""

    def drawn(self, file: str, load: Callable[[], bytes], *, media: str, most: int) -> list[Page]:
        """Draw the pages of a file that never changes under its id; ``load`` reads it."""


@dataclass(frozen=True)
class FilledIn:
    """A sheet that was filled in by hand, as far as it could be read.

    Args:
        sheet: which sheet it is.
        code: the other code on it; empty when it was not read.
        boxes: what was made of each box.
        picture: the straightened page, a JPEG.
    """

    sheet: str
    code: str
    boxes: Mapping[str, Mark]
    picture: bytes


class Press:
    """A process that sets type, started when first needed and again when it went away. One job a time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0

    def typeset(self, template: str, paper: Mapping[str, Any], *, at: datetime) -> bytes:
        """Set a paper.

        Args:
            template: a file of ``templates/papers``, without its ending.
            paper: plain values; signs that cannot be seen are left out.
            at: the day and hour the document carries.

        Raises:
            NotPrintable: it holds signs no font here has.
            PressFailed: it took too long or too much.
        """
        job = {"template": template, "paper": visible(paper), "at": int(at.timestamp())}
        try:
            return self._ask(job)
        except FileNotDrawn as error:
            raise (NotPrintable if _NO_GLYPH.search(str(error)) else PressFailed) from error

    def pages(self, content: bytes, *, media: str = PDF, most: int) -> list[Page]:
        """Draw the pages of a file somebody sent; a picture is one page.

        Args:
            content: the file.
            media: one of ``DRAWN``.
            most: how many pages are drawn at most.

        Raises:
            FileNotDrawn: damaged, locked, too large, or more than ``most`` pages.
        """
        data = base64.b64encode(content).decode("ascii")
        asked = {"pages_of": data, "media": media, "most": most}
        try:
            found = json.loads(self._ask(asked, largest=LARGEST_DRAWN))
        except PressFailed as error:
            raise FileNotDrawn from error
        return [Page(**one) for one in found]

    def drawn(
        self,
        file: str,  # noqa: ARG002  who sets outside knows a file by it
        load: Callable[[], bytes],
        *,
        media: str,
        most: int,
    ) -> list[Page]:
        """Draw the pages of a file.

        Raises:
            FileNotDrawn: as ``pages`` says.
        """
        return self.pages(load(), media=media, most=most)

    def read_sheet(
        self, content: bytes, *, media: str, sheets: Iterable[Sheet], most: int = MOST_SHEETS
    ) -> FilledIn:
        """Read a sheet that was filled in by hand, from a photograph or a scan.

        Args:
            content: the file.
            media: one of ``DRAWN``.
            sheets: every sheet it may be.
            most: how many pages a scan may have.

        Raises:
            SheetNotRead: damaged, too large, or no sheet of ours is seen well enough on it; ``reason`` says which.
        """
        job = {
            "filled_in": base64.b64encode(content).decode("ascii"), "media": media,
            "sheets": places(sheets), "most": most,
        }  # fmt: skip
        try:
            found = json.loads(self._ask(job))
        except (PressFailed, FileNotDrawn) as error:
            raise SheetNotRead("no_picture") from error
        if "fault" in found:
            raise SheetNotRead(found["fault"])
        marks = {name: Mark(mark) for name, mark in found["boxes"].items()}
        picture = base64.b64decode(found["picture"])
        return FilledIn(found["sheet"], found["code"], marks, picture)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, job: Mapping[str, Any], *, largest: int = LARGEST_ANSWER) -> bytes:
        data = json.dumps(job).encode()
        if not self._lock.acquire(
            timeout=self._seconds
        ):  # whoever waits holds records others write
            raise PressFailed
        try:
            sign, answer = self._answer(data, largest)
        finally:
            self._lock.release()
        if sign != _DONE:
            raise FileNotDrawn(answer.decode("utf-8", "replace"))
        return answer

    def _answer(self, data: bytes, largest: int) -> tuple[bytes, bytes]:
        process = self._running()
        timer = threading.Timer(self._seconds, process.kill)
        timer.start()
        try:
            return _talk(process, data, largest)
        except OSError as error:
            self._end()
            raise PressFailed from error
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (
            self._process.poll() is not None or self._jobs >= MOST_JOBS
        ):
            self._end()
        if self._process is None:
            self._jobs = 0
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=_environment(), cwd="/",
            )  # fmt: skip
        self._jobs += 1
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not sent any more
                    continue


def _environment() -> dict[str, str]:
    """Return what the process is told: where programs and modules are, and none of the installation's settings."""
    told = {name: os.environ[name] for name in _TOLD if name in os.environ}
    return told | {
        "OPENBLAS_NUM_THREADS": "1"
    }  # each further one reserves memory the process may not have


@cache
def the_press() -> Press:
    """Return the press of this process."""
    press = Press()
    atexit.register(press.close)
    return press


def visible(value: Any) -> Any:
    """Return plain values without signs that cannot be seen or that turn the direction of reading."""
    if isinstance(value, str):
        return _HIDDEN.sub("", value)
    if isinstance(value, Mapping):
        return {str(name): visible(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [visible(one) for one in value]
    return value


def _talk(process: subprocess.Popen[bytes], data: bytes, largest: int) -> tuple[bytes, bytes]:
    if process.stdin is None or process.stdout is None:
        raise OSError
    process.stdin.write(struct.pack(">I", len(data)) + data)
    process.stdin.flush()
    sign, size = _HEAD.unpack(_exactly(process.stdout, _HEAD.size))
    if size > largest:
        raise OSError
    return sign, _exactly(process.stdout, size)


def _exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise OSError
    return data
