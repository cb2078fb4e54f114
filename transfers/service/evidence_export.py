"""The evidence log as a file anybody can check on any computer: rows and tokens, one JSON object a line.

Source: EXP-8; the form of the file is our choice (docs/decisions/0012).
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role
from transfers.service import evidence, installation
from transfers.service.officers import KEY_KEEPERS, TRUSTERS, require
from transfers.store import evidence as store
from transfers.tables.evidence import EvidenceRow, TokenRow

FORMAT: Final = "bid-evidence/1"
EXPORTERS: Final = TRUSTERS | KEY_KEEPERS | {Role.AUDITOR}


def export_lines(session: Session, actor: Actor, *, now: datetime) -> Iterator[str]:
    """Yield the lines of an export: what it is, every row followed by its token, and where it ends.

    Raises:
        NotThere: not somebody who may take evidence out.
        NotSetUp: there is no log yet.
    """
    require(actor, EXPORTERS)
    name = installation.name_of(session)
    head = evidence.head_of(session)
    audit.record(
        session, actor, "evidence.exported", thing="evidence", thing_id=name,
        codes={"rows": head.n}, now=now,
    )  # fmt: skip
    return _lines(session, name, head, int(now.timestamp()))


def _lines(session: Session, name: str, head: evidence.Noted, second: int) -> Iterator[str]:
    yield _line({"format": FORMAT, "installation": name, "at": second})
    for batch in _batches(session, head.n):
        beside = store.tokens_at(session, batch[0].n, batch[-1].n)
        tokens = {row.n: row for row in beside}
        for row in batch:
            yield _line({"row": _row(row)})
            if row.n in tokens:
                yield _line({"token": _token(tokens[row.n])})
    yield _line({"end": head.claim()})


def _batches(session: Session, last: int) -> Iterator[Sequence[EvidenceRow]]:
    batch: list[EvidenceRow] = []
    for row in store.rows_in_order(session):
        if row.n > last:
            break
        batch.append(row)
        if len(batch) == store.BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _row(row: EvidenceRow) -> dict[str, Any]:
    return {**vars(row.to_entry()), "prev": row.prev, "hash": row.hash}


def _token(row: TokenRow) -> dict[str, Any]:
    names = ("n", "sha256", "kind", "direction", "standing", "issuer", "subject", "text")
    return {name: getattr(row, name) for name in names}


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
