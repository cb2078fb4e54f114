"""Style sheet and scripts of the pages: ours and the kit's, each under an address that names its content.

The kit is written at set-up by ``python -m kit``; without it pages are plain and work all the same.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates"
KIT: Final = FOLDER / "assets" / "kit"
SCRIPTS: Final = {
    "first.js": FOLDER / "desk" / "first.js",
    "desk.js": FOLDER / "desk" / "desk.js",
    "device.js": FOLDER / "desk" / "device.js",
    "kit.js": KIT / "kit.js",
}
SHEET: Final = "desk.css"
COLOUR: Final = "#1d4e50"
PRINT: Final = 12


@dataclass(frozen=True)
class Asset:
    """One file of the pages, plain and packed."""

    name: str
    media: str
    content: bytes
    packed: bytes


def script(name: str) -> Asset | None:
    """Return a script by name; None when it is not there. Names nobody gave a script are not remembered."""
    return _script(name) if name in SCRIPTS else None


@cache
def _script(name: str) -> Asset | None:
    path = SCRIPTS[name]
    if not path.is_file():
        return None
    return _asset(name, "text/javascript; charset=utf-8", path.read_bytes())


@cache
def sheet(colour: str | None) -> Asset:
    """Return the style sheet: the kit's, ours, and the colour of the country's header."""
    kit = KIT / "kit.css"
    text = kit.read_text("utf-8") if kit.is_file() else ""
    own = (FOLDER / "desk" / "desk.css").read_text("utf-8")
    head = f":root{{--desk-header:{colour or COLOUR}}}\n"
    return _asset(SHEET, "text/css; charset=utf-8", f"{text}\n{head}{own}".encode())


def address_of(name: str) -> str:
    """Return the address of a script; empty when it is not there."""
    return f"/assets/{_release()}/{name}" if script(name) is not None else ""


def sheet_address(colour: str | None) -> str:
    """Return the address of the style sheet, which changes with its content."""
    return f"/assets/{_print(sheet(colour).content)}/{SHEET}"


@cache
def _release() -> str:
    """One mark for all scripts: they import each other by name, so a change of one changes every address."""
    found = [one for name in sorted(SCRIPTS) if (one := script(name)) is not None]
    return _print(b"\0".join(one.content for one in found))


def _print(content: bytes) -> str:
    return sha256(content).hexdigest()[:PRINT]


def _asset(name: str, media: str, content: bytes) -> Asset:
    return Asset(name, media, content, gzip.compress(content, 9, mtime=0))
