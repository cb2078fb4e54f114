"""Evidence of a transfer as both countries take it out, and what a forger makes of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.actors import Role
from tests.builders.exchange import anchor_of
from tests.builders.installations import Installation
from tests.builders.partners import an_officer
from transfers.service import evidence_bundle
from transfers.service.evidence_bundle import bundle_bytes

Change = Callable[[dict[str, Any]], None]


def ref_of(one: Installation) -> str:
    """The reference of the only transfer there is."""
    from tests.builders.line import rows
    from transfers.tables.transfer import TransferRow

    (found,) = rows(one.database, TransferRow)
    return str(found.ref)


def bundle(one: Installation, ref: str | None = None) -> list[str]:
    """The evidence of one transfer as whoever keeps the installation takes it out."""
    name = ref or ref_of(one)
    actor = an_officer(Role.ADMINISTRATOR, one.country)
    found: list[str] = one.do(
        lambda office: evidence_bundle.bundle_by_ref(office.session, actor, name, now=one.now)
    )
    return found


def kept_as(path: Path, lines: list[str]) -> Path:
    """A bundle as a file."""
    path.write_bytes(bundle_bytes(lines))
    return path


def digits_of(*names: str) -> list[str]:
    """Fingerprints as people compared them."""
    return ["".join(anchor_of(name).public.fingerprint()) for name in names]


def without(lines: list[str], kind: str, event: str = "") -> list[str]:
    """A bundle from which a kind of token was taken out together with its row."""
    out: list[str] = []
    for line in lines:
        said = json.loads(line)
        text = json.dumps(said)
        if kind in text and event in text:
            if "row" in said:
                continue
            if "token" in said:
                continue
        out.append(line)
    return out


def changed(lines: list[str], at: int, change: Change) -> list[str]:
    """A bundle with one line changed."""
    said = json.loads(lines[at])
    change(said)
    return [*lines[:at], json.dumps(said, separators=(",", ":")), *lines[at + 1 :]]
