"""Ask a virus scanner (clamd) about bytes that came from elsewhere, over its socket. Nothing is written to a disk.

Four lines of its protocol (`INSTREAM`) are all that is needed; the Python client for it has had no release since 2014.
"""

import socket
import struct
from collections.abc import Callable
from typing import BinaryIO, Final

BLOCK: Final = 64 * 1024
SECONDS: Final = 60.0
_MOST_ANSWER: Final = 4096


class ScannerAway(Exception):
    """No scanner answered, or not with a verdict; nothing is known about the bytes."""


def scanner_of(address: str | None) -> Callable[[BinaryIO], str | None] | None:
    """Return what looks at bytes; None when no scanner is set.

    Args:
        address: path of a socket, or ``host:port``.
    """
    return None if not address else lambda content: scan(address, content)


def scan(address: str, content: BinaryIO) -> str | None:
    """Return the name of what a scanner found in bytes from here on; None when it found nothing.

    Raises:
        ScannerAway: no verdict.
    """
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            while block := content.read(BLOCK):
                line.sendall(struct.pack(">I", len(block)) + block)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except (OSError, ValueError) as error:
        raise ScannerAway from error
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:60]
    raise ScannerAway


def _connected(address: str) -> socket.socket:
    if "/" in address:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(line: socket.socket) -> str:
    held = b""
    while not held.endswith(b"\0") and len(held) < _MOST_ANSWER:
        data = line.recv(_MOST_ANSWER)
        if not data:
            break
        held += data
    return held.rstrip(b"\0").decode("utf-8", "replace").strip()
