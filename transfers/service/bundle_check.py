"""What a bundle of evidence proves by itself: who signed what, when it arrived, and whether anything is missing.

A bundle holds rows of a log, not the whole log: that no other row was taken out between them shows only in the whole
log, and that is said. Source: EXP-7, EXP-8.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from core.exchange import receipts
from core.exchange.errors import ReceiptRefused
from core.exchange.kinds import Kind
from core.exchange.receipts import Receipt, Subject
from transfers.service import bundle_reading
from transfers.service.bundle_reading import CANCELLED, Bundle, Kept, NotABundle, Word
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
from transfers.service.witnesses import Side

_ALWAYS_OPEN: Final = ("content_not_here", "ref_is_a_word", "no_consent", "log_not_whole")
SHOWN: Final = 30  # spans of numbers in one sentence


def check(lines: Iterable[str]) -> tuple[Bundle | None, Report]:
    """Check one bundle; the bundle itself is given on, to be compared with another one."""
    try:
        bundle = bundle_reading.read(lines)
    except NotABundle as error:
        return None, strange(error.code, line=error.line)
    return bundle, report(bundle)


def report(bundle: Bundle) -> Report:
    """Say what a bundle proves."""
    found = [
        proven(
            "bundle", ref=bundle.ref, installation=bundle.installation,
            partner=bundle.partner or "nobody", tokens=len(bundle.tokens),
        ),
        *bundle.findings,
        *_signatures(bundle),
        *_ceremonies(bundle),
        *_strangers(bundle),
        *_exchanged(bundle),
        *_grants(bundle),
        *_numbers(bundle),
        *_words(bundle),
        *_end(bundle),
        *_rows(bundle),
    ]  # fmt: skip
    if bundle.doubtful:
        found.append(left_open("doubtful", count=bundle.doubtful))
    facts = {"installation": bundle.installation, "ref": bundle.ref}
    found += [left_open(code, **facts) for code in _ALWAYS_OPEN]
    return Report(tuple(found), anchors_of(bundle), tuple(bundle.stamps))


def anchors_of(bundle: Bundle) -> tuple[Anchored, ...]:
    """Return the anchors a bundle rests on: those of installations that signed something in it."""
    used = {id(one.side): one.side for one in bundle.tokens.values() if one.side.is_trusted}
    return tuple(Anchored(side.issuer, side.fingerprints()) for side in used.values())


def _signatures(bundle: Bundle) -> Iterator[Finding]:
    """Say by which keys, of which statements, everything is signed."""
    signed = Counter(
        (id(one.side), one.token.kid)
        for one in bundle.tokens.values()
        if one.token.kind is not Kind.KEYS
    )
    sides = {id(side): side for side in bundle.sides.values()}
    for (which, kid), count in sorted(signed.items(), key=lambda each: each[0][1]):
        yield from _signed_by(sides[which], kid, count)


def _signed_by(side: Side, kid: str, count: int) -> Iterator[Finding]:
    statement, key = side.stating(kid), side.key(kid)
    if statement is None or key is None:
        return
    yield proven(
        "signed_by", count=count, kid=kid, installation=side.issuer, statement=statement.seq,
        begins=moment(key.not_before), ends=moment(key.ends),
    )  # fmt: skip
    if key.is_compromised:
        yield left_open(
            "key_compromised", count=count, kid=kid, installation=side.issuer,
            since=moment(key.compromised_since or 0),
        )  # fmt: skip


def _ceremonies(bundle: Bundle) -> Iterator[Finding]:
    for row in bundle.rows.values():
        side = bundle.sides.get(row["subject"])
        if row["type"] == bundle_reading.CONFIRMED and side is not None and _is_time(row["at"]):
            yield proven(
                "confirmed", maker=bundle.installation, installation=side.issuer,
                at=moment(row["at"]), n=row["n"],
            )  # fmt: skip


def _strangers(bundle: Bundle) -> Iterator[Finding]:
    """Everything exchanged is between the two; what is not has no place here."""
    both = {bundle.installation, bundle.partner}
    for kept in bundle.tokens.values():
        said = kept.token.claims
        if not {kept.token.issuer, said.get("aud", kept.token.issuer)} <= both:
            yield broken("of_a_stranger", n=kept.n, installation=kept.token.issuer)


def _exchanged(bundle: Bundle) -> Iterator[Finding]:
    """Say what was sent and taken back, and what the receiver signed about each."""
    gone, about = cancelled(bundle), _by_object(bundle)
    for kept in (*bundle.of_kind(Kind.DELIVERY), *bundle.of_kind(Kind.NOTICE)):
        yield _sent(kept)
        if kept.token.digest in gone:
            yield left_open("cancelled", id=kept.token.claims["jti"])
            continue
        yield from _receipts(about.get(kept.token.digest, []), Subject.of(kept.token))


def _sent(kept: Kept) -> Finding:
    said = kept.token.claims
    facts = {"installation": kept.token.issuer, "id": said["jti"], "package": said["pkg"]}
    if kept.token.kind is Kind.NOTICE:
        return proven("notice", reason=said["reason"], at=moment(said["iat"]), **facts)
    return proven(
        "delivery", partner=said["aud"], number=said["seq"], parts=len(said["parts"]),
        at=moment(said["iat"]), **facts,
    )  # fmt: skip


def _by_object(bundle: Bundle) -> dict[str, list[Receipt]]:
    found: dict[str, list[Receipt]] = {}
    for kept in bundle.of_kind(Kind.RECEIPT):
        found.setdefault(kept.token.claims["obj"], []).append(receipts.of_token(kept.token))
    return found


def _receipts(told: list[Receipt], subject: Subject) -> Iterator[Finding]:
    """Say what the receiver signed about one delivery or notice, in the order in which it was kept."""
    if len(told) > MOST_ABOUT_ONE:
        yield broken("receipts_without_end", id=subject.id, count=len(told))
        return
    fitting: list[Receipt] = []
    for receipt in told:
        try:
            receipts.require_about(receipt, subject)
        except ReceiptRefused as error:
            yield broken("receipt_of_other", id=receipt.id, why=error.why)
            continue
        fitting.append(receipt)
    yield from events(fitting)
    if not fitting:
        yield left_open("nothing_signed", id=subject.id, partner=subject.receiver)


def events(about_one: list[Receipt]) -> Iterator[Finding]:
    """Say what receipts about one thing prove, and name those that cannot be true beside an earlier one."""
    against = receipts.proven(about_one).contradictions
    for receipt in about_one:
        facts: dict[str, Fact] = {
            "installation": receipt.issuer,
            "id": receipt.subject,
            "at": receipt.issued_at,
        }
        if receipt in against:
            yield broken("receipt_contradicts", event=str(receipt.event), **facts)
        else:
            code = "event_" + str(receipt.event).replace("-", "_")
            yield proven(code, reason=receipt.reason or "none given", **facts)


def _grants(bundle: Bundle) -> Iterator[Finding]:
    for kept in bundle.of_kind(Kind.GRANT):
        said = kept.token.claims
        yield proven(
            "grant", installation=kept.token.issuer, partner=said["sub"], id=said["jti"],
            at=moment(said["iat"]), until=moment(said["exp"]),
        )  # fmt: skip


def cancelled(bundle: Bundle) -> set[str]:
    """Return the hashes of deliveries that were taken back before they left: their number was free again."""
    return {str(row["obj"]) for row in bundle.rows.values() if row["type"] == CANCELLED}


def _numbers(bundle: Bundle) -> Iterator[Finding]:
    """Look for gaps and forks in the numbers of each chain, and for receipts whose object is not here."""
    chains: dict[tuple[str, str], dict[int, Kept]] = {}
    gone = cancelled(bundle)
    for kept in bundle.of_kind(Kind.DELIVERY):
        said = kept.token.claims
        if kept.token.digest in gone:
            continue
        numbers = chains.setdefault((kept.token.issuer, said["chain"]), {})
        if said["seq"] in numbers:
            yield broken("fork", installation=kept.token.issuer, number=said["seq"])
        numbers.setdefault(said["seq"], kept)
    for (issuer, chain), numbers in chains.items():
        yield from _gaps(issuer, chain, numbers, bundle.elsewhere.get((issuer, chain), set()))
    here = bundle.tokens.keys()
    for kept in bundle.of_kind(Kind.RECEIPT):
        if kept.token.claims["obj"] not in here:
            yield missing("receipt_of_nothing", id=kept.token.claims["jti"])


def _gaps(
    issuer: str, chain: str, numbers: dict[int, Kept], elsewhere: set[int]
) -> Iterator[Finding]:
    known = sorted(numbers)
    spans = zip([*known[:1], *known], known, strict=False)
    gaps = [(one + 1, two - 1) for one, two in spans if two > one + 1]
    open_spans = [span for gap in gaps for span in _without(gap, elsewhere)]
    if open_spans:
        yield missing(
            "numbers_missing", installation=issuer, chain=chain, numbers=_spans(open_spans)
        )
    told = sorted(one for one in elsewhere if known and known[0] < one < known[-1])
    if told:
        first = _spans([(one, one) for one in told])
        yield left_open("numbers_elsewhere", installation=issuer, chain=chain, numbers=first)
    for number in known:
        before = numbers.get(number - 1)
        prev = numbers[number].token.claims["prev"]
        if before is not None and prev != before.token.digest:
            yield broken("number_does_not_follow", installation=issuer, number=number)


def _without(gap: tuple[int, int], elsewhere: set[int]) -> Iterator[tuple[int, int]]:
    """Cut a gap at the numbers that are known to be elsewhere; a gap may be of any length."""
    first, last = gap
    for number in sorted(one for one in elsewhere if first <= one <= last):
        if number > first:
            yield first, number - 1
        first = number + 1
    if first <= last:
        yield first, last


def _spans(spans: list[tuple[int, int]]) -> str:
    shown = [f"{one}" if one == two else f"{one} to {two}" for one, two in spans[:SHOWN]]
    more = len(spans) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _words(bundle: Bundle) -> Iterator[Finding]:
    """Hold the signed words about each log against each other and against the rows that are here."""
    for issuer, words in sorted(bundle.words.items()):
        faults = list(_faults(issuer, words))
        rows = bundle.rows if issuer == bundle.installation else {}
        faults += [
            broken("log_rewritten", installation=issuer, n=word.n)
            for word in words
            if word.n in rows and rows[word.n]["hash"] != word.head
        ]
        yield from faults
        if not faults:
            longest = max(words, key=lambda word: word.n)
            yield proven(
                "log_words",
                installation=issuer,
                count=len(words),
                n=longest.n,
                at=moment(longest.at),
            )


def _faults(issuer: str, words: Iterable[Word]) -> Iterator[Finding]:
    """Name words that contradict each other: two heads at one length, or a later word about a shorter log."""
    heads: dict[int, str] = {}
    longest: Word | None = None
    for word in sorted(words, key=lambda each: each.kept):
        if heads.setdefault(word.n, word.head) != word.head:
            yield broken("log_rewritten", installation=issuer, n=word.n)
        if longest is not None and word.n < longest.n and word.at > longest.at:
            yield missing("log_cut", installation=issuer, n=word.n, longest=longest.n)
        if longest is None or word.n > longest.n:
            longest = word


def _end(bundle: Bundle) -> Iterator[Finding]:
    """Ask whether the end of the bundle is a signed word, and which rows are behind it."""
    if bundle.end is None:
        return
    n, head = bundle.end
    signed = {(word.n, word.head) for word in bundle.words.get(bundle.installation, ())}
    if n and (n, head) not in signed:
        yield broken("end_not_signed", installation=bundle.installation, n=n)
    behind = sum(
        number > n + 1 for number in bundle.rows
    )  # the next row is that of the word itself
    if behind:
        yield left_open("rows_behind_end", count=behind, n=n)


def _rows(bundle: Bundle) -> Iterator[Finding]:
    words = {word.n for word in bundle.words.get(bundle.installation, ())}
    pinned = len(words & bundle.rows.keys())
    yield proven("rows", count=len(bundle.rows), pinned=pinned, installation=bundle.installation)


def _is_time(second: int) -> bool:
    try:
        return datetime.fromtimestamp(second, UTC).year > 0
    except (ValueError, OverflowError, OSError):
        return False
