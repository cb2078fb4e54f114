"""The evidence log as a file anybody can check on any computer: rows and tokens, one JSON object a line.

Source: EXP-8; the form of the file is our choice (docs/decisions/0012).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role
from core.exchange.kinds import Kind
from transfers.errors import NotSetUp
from transfers.service import evidence, installation
from transfers.service.officers import KEY_KEEPERS, TRUSTERS, require
from transfers.service.stamping import plain_stamp
from transfers.store import evidence as store
from transfers.tables.evidence import EvidenceRow, StampRow, TokenRow

FORMAT: Final = "bid-evidence/1"
_CHECKPOINT: Final = Kind.CHECKPOINT.value
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


def own_checkpoint(session: Session, actor: Actor, *, now: datetime) -> str:
    """Return a signed word about our log as it stands, for a partner who has no receipt of ours.

    Raises:
        NotThere: not somebody who may take evidence out.
        NotSetUp, NoKeyCounts: there is no log yet, or nobody can sign.
    """
    require(actor, EXPORTERS)
    name = installation.name_of(session)
    audit.record(
        session, actor, "evidence.checkpoint_taken", thing="evidence", thing_id=name, now=now
    )
    made = evidence.sign_checkpoint(session, now=now, actor=actor.person_id, anew=True)
    if made is None:
        raise NotSetUp
    return made.text


def _lines(session: Session, name: str, head: evidence.Noted, second: int) -> Iterator[str]:
    yield plain_line({"format": FORMAT, "installation": name, "at": second})
    for batch in _batches(session, head.n):
        beside = store.tokens_at(session, batch[0].n, batch[-1].n)
        tokens = {row.n: row for row in beside}
        stamps = store.stamps_of(session, {row.sha256 for row in beside if row.kind == _CHECKPOINT})
        for row in batch:
            yield plain_line({"row": plain_row(row)})
            if row.n in tokens:
                yield from plain_tokens(tokens[row.n], stamps)
    yield plain_line({"end": head.claim()})


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


def plain_row(row: EvidenceRow) -> dict[str, Any]:
    """Return a row of the log as it stands in a file."""
    return {**vars(row.to_entry()), "prev": row.prev, "hash": row.hash}


def plain_token(row: TokenRow) -> dict[str, Any]:
    """Return a kept token as it stands in a file."""
    names = ("n", "sha256", "kind", "direction", "standing", "issuer", "subject", "text")
    return {name: getattr(row, name) for name in names}


def plain_tokens(row: TokenRow, stamps: Mapping[str, StampRow]) -> Iterator[str]:
    """Yield a kept token, and the stamp on it where there is one, as lines of a file."""
    yield plain_line({"token": plain_token(row)})
    if row.sha256 in stamps:
        yield plain_line({"stamp": plain_stamp(stamps[row.sha256])})


def plain_line(value: dict[str, Any]) -> str:
    """Return one line of a file."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
