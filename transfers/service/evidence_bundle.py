"""The evidence of one transfer as a file: tokens, receipts, key statements, checkpoints, and their rows of the log.

Nothing a person wrote is in it. The same state gives the same bytes: a bundle carries no time of its own but that of
the newest signed word about our log, which is signed for it when the log has grown. Source: EXP-8; the form of the
file is our choice (docs/decisions/0019).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.service.access import is_barred
from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.exchange import tokens
from core.exchange.errors import TokenRefused
from core.exchange.kinds import Kind
from transfers.errors import NoKeyCounts
from transfers.service import evidence, installation, record
from transfers.service.evidence_export import EXPORTERS, plain_line, plain_row, plain_tokens
from transfers.service.officers import require
from transfers.store import bundles as store
from transfers.store import evidence as log
from transfers.store import partner as partner_store
from transfers.tables.evidence import EvidenceRow, TokenRow
from transfers.tables.transfer import TransferRow

FORMAT: Final = "bid-evidence-bundle/1"


@dataclass
class _Found:
    """What belongs to a transfer: hashes of tokens, ids they are noted under, and where numbers stand."""

    digests: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    chains: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def bundle_by_ref(session: Session, actor: Actor, ref: str, *, now: datetime) -> list[str]:
    """Return the lines of a bundle for whoever takes evidence out of this installation.

    Raises:
        NotThere: no such transfer, or not somebody who may take evidence out.
        NotSetUp: there is no log yet.
    """
    require(actor, EXPORTERS)
    row = store.by_ref(session, ref)
    if row is None or row.country != actor.country:
        raise NotThere("transfer")
    if row.case_id is not None and is_barred(session, row.case_id, actor):
        raise NotThere("transfer")
    return _lines(session, actor, row, now=now)


def bundle_of(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> list[str]:
    """Return the lines of a bundle for an officer of the secretariat who sees the transfer.

    Raises:
        NotThere: no such transfer, or not yours.
        RoleMayNot: seen, but not an officer.
        NotSetUp: there is no log yet.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    if not actor.is_human or not actor.has(*record.OFFICERS):
        raise RoleMayNot
    return _lines(session, actor, row, now=now)


def _lines(session: Session, actor: Actor, row: TransferRow, *, now: datetime) -> list[str]:
    name = installation.name_of(session)
    audit.record(
        session, actor, "evidence.bundled", thing="transfer", thing_id=row.id, case_id=row.case_id,
        now=now,
    )  # fmt: skip
    _sign_where_we_stand(session, now=now)
    found = _exchanged(session, row)
    kept = _tokens(session, row, name, found)
    rows = _rows(session, row, kept, found)
    said = {"format": FORMAT, "installation": name, "partner": row.partner, "ref": row.ref}
    return [
        plain_line(said),
        *_body(session, rows, kept, _elsewhere(session, row, name, found), name),
    ]


def _sign_where_we_stand(session: Session, *, now: datetime) -> None:
    try:
        evidence.sign_checkpoint(session, now=now)
    except NoKeyCounts:  # the last one stands; what came after it is said to be open
        return


def _body(
    session: Session,
    rows: Sequence[EvidenceRow],
    kept: Sequence[TokenRow],
    elsewhere: Iterable[dict[str, Any]],
    name: str,
) -> Iterator[str]:
    beside = {token.n: token for token in kept}
    stamps = log.stamps_of(session, {token.sha256 for token in kept})
    for each in rows:
        yield plain_line({"row": plain_row(each)})
        if each.n in beside:
            yield from plain_tokens(beside[each.n], stamps)
    for said in elsewhere:
        yield plain_line({"elsewhere": said})
    last = log.newest_checkpoint(session, name)
    end = {"n": 0, "head": ""} if last is None else {"n": last.n, "head": last.head}
    yield plain_line({"end": end})


def _tokens(session: Session, row: TransferRow, name: str, found: _Found) -> list[TokenRow]:
    """Return everything of the exchange that belongs to a transfer, in the order of the log."""
    about = [one.id for one in partner_store.ever(session, row.partner)] if row.partner else []
    kept = {one.sha256: one for one in log.tokens_of(session, found.digests)}
    kept |= {one.sha256: one for one in log.tokens_about(session, [name, *about], Kind.KEYS)}
    kept |= {one.sha256: one for one in _grants(session, row, name)}
    since = min((_second(one) for one in kept.values() if one.sha256 in found.digests), default=0)
    words = [
        one.token for who in {name, row.partner} - {""}
        for one in log.checkpoints_since(session, who, since)
    ]  # fmt: skip
    newest = log.newest_checkpoint(session, name)
    words += [] if newest is None else [newest.token]
    said = log.tokens_of(session, words)
    kept |= {one.sha256: one for one in said if one.kind == Kind.CHECKPOINT}
    return sorted(kept.values(), key=lambda one: (one.n, one.sha256))


def _exchanged(session: Session, row: TransferRow) -> _Found:
    found = _Found()
    sent, came = store.sent(session, row.id), store.came(session, row.id)
    for out in sent:
        found.digests.add(out.token_sha256)
        found.subjects.add(out.id)
        found.chains.setdefault(("out", out.chain), []).append(out.seq)
    for each in came:
        found.digests.add(each.token_sha256)
        found.subjects.add(each.delivery_id)
        found.chains.setdefault(("in", each.chain), []).append(each.seq)
    packages = {one.package_id for one in sent} | {one.package_id for one in came}
    for recall in store.recalls(session, row.partner, packages):
        found.digests.add(recall.token_sha256)
        found.subjects.add(recall.notice_id)
    found.digests |= {one.sha256 for one in store.given(session, row.partner, found.subjects)}
    found.digests |= {one.sha256 for one in store.taken(session, found.subjects)}
    found.digests |= {
        one.sha256 for one in store.not_genuine(session, row.partner)
        if _is_about(one.text, found.subjects)
    }  # fmt: skip
    return found


def _is_about(text: str, subjects: Collection[str]) -> bool:
    """Whether a receipt that did not hold says it is about one of these."""
    try:
        return tokens.unverified_claims(text, Kind.RECEIPT).get("sub") in subjects
    except (TokenRefused, TypeError):
        return False


def _grants(session: Session, row: TransferRow, name: str) -> list[TokenRow]:
    """Return grants either side gave the other for this transfer."""
    found = []
    for one in log.tokens_of_kind(session, Kind.GRANT):
        try:
            said = tokens.unverified_claims(one.text, Kind.GRANT)
        except TokenRefused:
            continue
        if said.get("ref") == row.ref and {said.get("aud"), said.get("sub")} == {name, row.partner}:
            found.append(one)
    return found


def _rows(
    session: Session, row: TransferRow, kept: Sequence[TokenRow], found: _Found
) -> list[EvidenceRow]:
    """Return the rows beside these tokens, what else is noted of these deliveries, and how the partner was trusted."""
    partners = [one.id for one in partner_store.ever(session, row.partner)] if row.partner else []
    rows = {one.n: one for one in log.rows_at(session, {one.n for one in kept})}
    for one in log.rows_about(session, {*found.subjects, *partners}):
        if not one.type.startswith("token."):
            rows[one.n] = one
    return [rows[n] for n in sorted(rows)]


def _elsewhere(
    session: Session, row: TransferRow, name: str, found: _Found
) -> Iterator[dict[str, Any]]:
    """Say which numbers between ours belong to other transfers: they are no gaps."""
    for (way, chain), numbers in sorted(found.chains.items()):
        first, last = min(numbers), max(numbers)
        if way == "out":
            known = store.numbers_given(session, chain, first, last)
        else:
            known = store.numbers_come(session, row.partner, chain, first, last)
        others = sorted(set(known) - set(numbers))
        if others:
            issuer = name if way == "out" else row.partner
            yield {"issuer": issuer, "chain": chain, "numbers": others}


def _second(kept: TokenRow) -> int:
    return int(kept.kept_at.timestamp())


def bundle_bytes(lines: Sequence[str]) -> bytes:
    """Return the file: a JSON object a line."""
    return b"".join(line.encode("utf-8") + b"\n" for line in lines)
