"""Two bundles of one transfer, held against each other: what one side signed and the other has.

A side that does not have what it signed itself, or signed for, was cut or restored from a backup. What only the sender
has may still be on its way. Source: EXP-8, EXP-TT46.
"""

from collections.abc import Iterator

from core.exchange.kinds import Kind
from transfers.service.bundle_check import anchors_of
from transfers.service.bundle_reading import Bundle, Kept
from transfers.service.proofs import (
    Fact,
    Finding,
    Weight,
    broken,
    left_open,
    missing,
    moment,
    proven,
)

_EXCHANGED = frozenset({Kind.DELIVERY, Kind.RECEIPT, Kind.NOTICE, Kind.GRANT})


def compare(one: Bundle, other: Bundle) -> tuple[Finding, ...]:
    """Say whether two bundles agree."""
    if one.ref != other.ref:
        return (broken("other_transfer", one=one.ref, other=other.ref),)
    if one.installation == other.installation:
        return tuple(_editions(one, other))
    if {one.partner, other.partner} != {one.installation, other.installation}:
        return (broken("other_partner", one=one.installation, other=other.installation),)
    shared = one.tokens.keys() & other.tokens.keys()
    found = [
        *_anchors(one, other),
        *_lacks(one, other),
        *_lacks(other, one),
        *_logs(one, other),
        *_logs(other, one),
    ]
    exchanged = sum(one.tokens[each].token.kind in _EXCHANGED for each in shared)
    if not any(each.weight in {Weight.BROKEN, Weight.MISSING} for each in found):
        found.append(proven("agree", count=exchanged))
    else:
        found.append(left_open("shared", count=exchanged))
    return tuple(found)


def _anchors(one: Bundle, other: Bundle) -> Iterator[Finding]:
    """Both must rest on the same anchors, or one of them was told a story."""
    theirs = {each.installation: set(each.fingerprints) for each in anchors_of(other)}
    for each in anchors_of(one):
        known = theirs.get(each.installation)
        if known is not None and not known & set(each.fingerprints):
            yield broken("anchors_differ", installation=each.installation)


def _lacks(holder: Bundle, maker: Bundle) -> Iterator[Finding]:
    """Name what one side holds of the other, or of itself, and the other's bundle does not have."""
    signed_for = {kept.token.claims["obj"] for kept in holder.of_kind(Kind.RECEIPT)}
    for sha256, kept in holder.tokens.items():
        if kept.token.kind not in _EXCHANGED or sha256 in maker.tokens:
            continue
        by_maker = kept.token.issuer == maker.installation
        facts: dict[str, Fact] = {
            "holder": holder.installation, "maker": maker.installation, "kind": _word(kept),
            "id": str(kept.token.claims["jti"]), "at": moment(kept.token.claims["iat"]),
        }  # fmt: skip
        if by_maker:
            yield missing("signed_and_gone", **facts)
        elif sha256 in signed_for:
            yield missing("signed_for_and_gone", **facts)
        else:
            yield left_open("on_its_way", **facts)


def _logs(maker: Bundle, holder: Bundle) -> Iterator[Finding]:
    """Hold the log of one side against the words of it the other one kept."""
    said = holder.words.get(maker.installation, [])
    own = {word.n: word.head for word in maker.words.get(maker.installation, ())}
    facts = {"maker": maker.installation, "holder": holder.installation}
    for word in said:
        row = maker.rows.get(word.n)
        heads = {own.get(word.n, word.head), word.head if row is None else row["hash"]}
        if heads != {word.head}:
            yield broken("log_differs", n=word.n, **facts)
    longest = max(said, key=lambda word: word.n, default=None)
    end = 0 if maker.end is None else maker.end[0]
    if longest is None:
        yield left_open("no_words", **facts)
    elif longest.n > end:
        yield missing("log_shorter", n=end, longest=longest.n, at=moment(longest.at), **facts)
    else:
        yield proven("log_witnessed", n=longest.n, at=moment(longest.at), **facts)


def _editions(one: Bundle, other: Bundle) -> Iterator[Finding]:
    """Two bundles of one side: the later one must have everything the earlier one had."""
    earlier, later = sorted((one, other), key=_told_at)
    ends = [0 if each.end is None else each.end[0] for each in (earlier, later)]
    if ends[1] < ends[0]:
        yield missing("log_cut", installation=one.installation, n=ends[1], longest=ends[0])
    gone = [kept for sha256, kept in earlier.tokens.items() if sha256 not in later.tokens]
    for kept in gone:
        if kept.token.kind in _EXCHANGED:
            yield missing(
                "gone_since", installation=one.installation, kind=_word(kept),
                id=str(kept.token.claims["jti"]), at=moment(kept.token.claims["iat"]),
            )  # fmt: skip
    changed = [
        n for n, row in earlier.rows.items()
        if n in later.rows and later.rows[n]["hash"] != row["hash"]
    ]  # fmt: skip
    if changed:
        yield broken("log_rewritten", installation=one.installation, n=changed[0])
    if not gone and not changed and ends[0] <= ends[1]:
        yield proven("same_side", installation=one.installation)


def _told_at(bundle: Bundle) -> tuple[int, int]:
    """Return when a side last spoke of its log in a bundle."""
    words = bundle.words.get(bundle.installation, [])
    return max((word.at, word.n) for word in words) if words else (0, 0)


def _word(kept: Kept) -> str:
    return {
        Kind.DELIVERY: "delivery", Kind.RECEIPT: "receipt", Kind.NOTICE: "recall", Kind.GRANT: "grant",
    }[kept.token.kind]  # fmt: skip
