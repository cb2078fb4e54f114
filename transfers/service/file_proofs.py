"""What other files prove by themselves: a sealed package, receipts, a key statement, a whole log, a printed paper.

Nothing is opened, and no key that came with a file is more than what the file says of itself: the anchor is told, to
be compared with the fingerprint people know. Source: EXP-3.2, EXP-5.4, EXP-8.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, Final

from core.exchange import deliveries, files, receipts, tokens
from core.exchange.deliveries import Delivery
from core.exchange.errors import DeliveryInvalid, FileRefused, TokenRefused
from core.exchange.kinds import Kind
from core.exchange.receipts import Receipt
from core.exchange.statements import Statement, Status
from core.exchange.tokens import Token
from core.papers.codes import grouped
from core.papers.proof import has_mark, read_proof
from transfers.rules.evidence_chain import Fault
from transfers.service import evidence_check
from transfers.service.bundle_check import events
from transfers.service.proofs import (
    MOST_ABOUT_ONE,
    Anchored,
    Fact,
    Finding,
    Report,
    broken,
    left_open,
    missing,
    moment,
    proven,
    strange,
)
from transfers.service.witnesses import Side, gather

TAIL_MISSING: Final = "tail_missing"


def package(file: BinaryIO, statements: Collection[str], *, now: datetime) -> Report:
    """Check a sealed package (``.bidx``) without opening it.

    Args:
        file: seekable.
        statements: key statements from other files, beside the one that came along.
        now: to say what has ended.
    """
    try:
        sealed = files.read_file(file)
    except FileRefused as refused:
        return strange("newer" if refused.why == "newer" else "not_a_package")
    came = [] if sealed.statement is None else [sealed.statement]
    sides = gather([*came, *statements])
    side, delivery = _delivery(sides, sealed.delivery)
    if side is None or delivery is None:
        return Report((_not_signed(sides, sealed.delivery, Kind.DELIVERY),))
    found = [
        proven(
            "delivery", installation=delivery.issuer, partner=delivery.audience, id=delivery.id,
            package=delivery.package, number=delivery.numbering.seq, parts=len(delivery.parts),
            at=delivery.issued_at,
        ),
        *_signed_by(side, delivery.token),
    ]  # fmt: skip
    found += _bytes(sealed, delivery)
    if delivery.expires_at <= now:
        found.append(left_open("delivery_over", at=delivery.expires_at))
    found += [
        left_open("nothing_signed", id=delivery.id, partner=delivery.audience),
        left_open("content_sealed"),
    ]
    return Report(tuple(found), _anchors([side]))


def receipt_list(texts: Sequence[str], statements: Collection[str]) -> Report:
    """Check receipts and other tokens that lie in a text, one a line (``.bidr``)."""
    sides = gather(statements)
    found: list[Finding] = []
    signed: dict[tuple[int, str], list[tuple[Side, Token]]] = {}
    about: dict[tuple[str, str], list[Receipt]] = {}
    for text in dict.fromkeys(texts):
        side, token = _token(sides, text)
        if side is None or token is None:
            found.append(_not_signed(sides, text, tokens.kind_of(text)))
            continue
        signed.setdefault((id(side), token.kid), []).append((side, token))
        if token.kind is Kind.RECEIPT:
            key = (token.issuer, token.claims["obj"])
            about.setdefault(key, []).append(receipts.of_token(token))
        else:
            found.append(_told(token))
    for each in about.values():
        found += _events(each)
    for both in signed.values():
        found += _signed_by(*both[0], count=len(both))
    found.append(left_open("no_consent", installation=""))
    return Report(tuple(found), _anchors(both[0][0] for both in signed.values()))


def paper(content: bytes, statements: Collection[str]) -> Report:
    """Check the file of a printed paper: that it is byte for byte what an installation signed for.

    Args:
        content: the PDF.
        statements: key statements, the one that came along among them.

    Source: decision 0020.
    """
    found = read_proof(content)
    if found is None:
        if has_mark(content):
            return Report((broken("paper_changed"),))
        return strange("paper_without_proof")
    sides = gather(statements)
    side, token = _token(sides, found.token)
    if side is None or token is None or token.kind is not Kind.PAPER:
        kind = tokens.kind_of(found.token)
        return Report((_not_signed(sides, found.token, kind if kind is Kind.PAPER else None),))
    if token.claims["obj"] != found.sha256:
        return Report((broken("paper_changed"),), _anchors([side]))
    number = grouped(token.claims["code"])
    told = proven(
        "paper", installation=token.issuer, number=number, at=moment(token.claims["iat"]),
        paper=token.claims["kind"].replace("_", " "),
    )  # fmt: skip
    still = left_open("paper_may_be_superseded", number=number, installation=token.issuer)
    return Report((told, *_signed_by(side, token), still), _anchors([side]))


def key_statements(texts: Sequence[str], *, now: datetime) -> Report:
    """Check key statements: one, or the two of a change of anchors."""
    sides = gather(texts)
    heard = {one.text for side in sides for one in side.statements}
    found = [
        broken("statement_not_signed", installation=_issuer(text))
        for text in texts
        if text not in heard
    ]
    for side in sides:
        for one in side.statements:
            found += _statement(one, now=now)
    return Report(tuple(found), _anchors(sides))


def whole_log(lines: Iterable[str], against: Iterable[str]) -> Report:
    """Check an exported log, against whatever the other files have of this installation's words."""
    verdict = evidence_check.check(lines, against=against)
    anchors = tuple(
        Anchored(name, ("".join(fingerprint),)) for name, fingerprint in verdict.anchors
    )
    if not verdict.installation:
        return strange("not_a_log")
    facts: dict[str, Fact] = {"installation": verdict.installation, "rows": verdict.rows}
    if verdict.fault is not None:
        return Report((_log_fault(verdict.fault, verdict.rows),), anchors, verdict.stamps)
    told = proven("log_holds", tokens=verdict.tokens, words=verdict.words, **facts)
    return Report((told, left_open("log_tail", **facts)), anchors, verdict.stamps)


def _log_fault(fault: Fault, rows: int) -> Finding:
    facts = {"n": fault.n, "rows": rows}
    if fault.reason == TAIL_MISSING:
        return missing("log_tail_missing", **facts)
    return broken("log_fault", why=fault.reason, **facts)


def _delivery(sides: Iterable[Side], text: str) -> tuple[Side | None, Delivery | None]:
    for side in sides:
        try:
            side.read_kept(text, Kind.DELIVERY)
            return side, deliveries.read_kept(text, side.ring().pinned())
        except (TokenRefused, DeliveryInvalid):
            continue
    return None, None


def _bytes(sealed: files.SealedFile, delivery: Delivery) -> Iterator[Finding]:
    """Compare the sealed bytes with what was signed."""
    try:
        sealed.require(delivery)
        wrong = deliveries.wrong_parts(delivery, sealed)
    except FileRefused:
        yield broken("sizes_differ")
        return
    except OSError:
        yield broken("bytes_unreadable")
        return
    if not deliveries.box_fits(delivery, sealed.box):
        yield broken("box_changed")
    if wrong:
        yield broken("parts_changed", numbers=", ".join(map(str, wrong)))
    if not wrong and deliveries.box_fits(delivery, sealed.box):
        yield proven("bytes_fit", parts=len(delivery.parts))


def _token(sides: Iterable[Side], text: str) -> tuple[Side | None, Token | None]:
    kind = tokens.kind_of(text)
    for side in sides:
        if kind is None:
            break
        try:
            return side, side.read_kept(text, kind)
        except TokenRefused:
            continue
    return None, None


def _not_signed(sides: Collection[Side], text: str, kind: Kind | None) -> Finding:
    """Say why nothing is proven: nobody's statement is here, or the signature does not hold."""
    issuer = _issuer(text, kind)
    if kind is None or not issuer:
        return broken("not_a_token")
    if not any(side.issuer == issuer for side in sides):
        return missing("no_statement", installation=issuer)
    return broken("not_signed", installation=issuer)


def _issuer(text: str, kind: Kind | None = Kind.KEYS) -> str:
    try:
        return "" if kind is None else tokens.issuer_of(text, kind)
    except TokenRefused:
        return ""


def _told(token: Token) -> Finding:
    at = moment(token.claims.get("iat", 0))
    return proven("other_token", installation=token.issuer, kind=str(token.kind), at=at)


def _events(about_one: list[Receipt]) -> Iterator[Finding]:
    if len(about_one) > MOST_ABOUT_ONE:
        yield broken("receipts_without_end", id=about_one[0].subject, count=len(about_one))
        return
    yield from events(about_one)


def _signed_by(side: Side, token: Token, *, count: int = 1) -> Iterator[Finding]:
    statement, key = side.stating(token.kid), side.key(token.kid)
    if statement is not None and key is not None:
        yield proven(
            "signed_by", count=count, kid=token.kid, installation=side.issuer, statement=statement.seq,
            begins=moment(key.not_before), ends=moment(key.ends),
        )  # fmt: skip


def _statement(one: Statement, *, now: datetime) -> Iterator[Finding]:
    yield proven(
        "statement", installation=one.issuer, number=one.seq, at=moment(one.issued_at),
        until=moment(one.expires_at), keys=len(one.keys),
    )  # fmt: skip
    for key in one.keys:
        if key.status is Status.REVOKED:
            why = "" if key.why is None else str(key.why)
            yield left_open("key_revoked", kid=key.kid, why=why, at=moment(key.revoked_at or 0))
    if one.next_anchor is not None:
        digits = " ".join(one.next_anchor.fingerprint())
        yield left_open("anchor_announced", installation=one.issuer, fingerprint=digits)
    if one.is_past(now):
        yield left_open("statement_over", at=moment(one.expires_at))


def _anchors(sides: Iterable[Side]) -> tuple[Anchored, ...]:
    used = {id(side): side for side in sides}
    return tuple(Anchored(side.issuer, side.fingerprints()) for side in used.values())
