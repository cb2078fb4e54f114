"""The evidence of each transfer as files of both countries, and what `bid verify` says of them on any computer."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cli.border.desk import Course
from cli.border.sides import Side

ADDRESS: Final = "/transfers/{transfer_id}/evidence"
HOLDS: Final = 0


def can_prove(side: Side) -> bool:
    """Whether officers of this installation can take the evidence of a transfer out as a file."""
    return ADDRESS in side.world.line.send("GET", "/openapi.json").json()["paths"]


def take_out(course: Course, folder: Path) -> list[Path]:
    """Let an officer of each country whose installation runs take the evidence of a transfer out."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for side in (course.sender, course.receiver):
        name = "" if side is None else course.id_at(side)
        if side is None or not name or not side.world.service.is_running:
            continue
        file = folder / f"{course.ref}-{side.country}.jsonl"
        file.write_bytes(side["head"].download(ADDRESS.format(transfer_id=name)))
        written.append(file)
    return written


def verify(files: Sequence[Path], sides: Sequence[Side]) -> dict[str, Any]:
    """Ask `bid verify` about these files, with the fingerprints people compared."""
    heard = [part for side in sides for part in ("--fingerprint", " ".join(side.fingerprint))]
    command = [sys.executable, "-m", "cli", "verify", "--json", *heard, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return {
        "files": [file.name for file in files], "exit_code": done.returncode,
        "outcome": said.get("outcome", "unreadable"), "holds": done.returncode == HOLDS,
    }  # fmt: skip
