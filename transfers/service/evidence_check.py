"""Check an exported evidence log without a database: chain, tokens, signatures, receipts, and what partners remember.

A log is read once from its first row on, with the keys that had been listed by each row: what was genuine when it came
stays so. Whose anchors the file rests on is told, to be compared with the fingerprints people know. Source: EXP-8.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.exchange import statements, tokens
from core.exchange.encoding import digest
from core.exchange.errors import Reason, TokenRefused
from core.exchange.keyring import KeyRing
from core.exchange.kinds import Kind
from core.exchange.statements import Statement
from core.exchange.tokens import Token
from transfers.rules.evidence_chain import Chain, Fault
from transfers.service.evidence_export import FORMAT
from transfers.service.witnesses import Side

UNREADABLE: Final = "unreadable"
CONFIRMED: Final = "partner.confirmed"


@dataclass(frozen=True)
class Verdict:
    """What checking found.

    Args:
        installation: whose log it says it is.
        rows: how many rows hold, from the first.
        head: the hash of the last of them.
        tokens: how many tokens beside them are whole and genuine.
        words: how many checkpoints and receipts, its own and those others kept, agree with it.
        fault: the first row that does not fit; None when all holds.
        anchors: every anchor it rests on, with its installation, by name; two of one installation are two to know.
        stamps: hashes of stamped tokens, each with what an authority answered; nobody looked at them yet.
    """

    installation: str
    rows: int
    head: str
    tokens: int
    words: int
    fault: Fault | None
    anchors: tuple[tuple[str, tuple[str, ...]], ...]
    stamps: tuple[tuple[str, bytes], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything fits."""
        return self.fault is None


@dataclass
class _State:
    name: str = ""
    chain: Chain = field(default_factory=Chain)
    sides: dict[str, Side] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=set)
    words: list[tuple[int, str]] = field(default_factory=list)
    row: Mapping[str, Any] | None = None
    waits: bool = False
    ended: bool = False
    tokens: int = 0
    stamps: list[tuple[str, bytes]] = field(default_factory=list)

    def of(self, issuer: str) -> list[Side]:
        """Return what is known of an installation, by partnership: a later one may have another anchor."""
        return [side for side in self.sides.values() if side.issuer == issuer]


def check(lines: Iterable[str], *, against: Iterable[str] = ()) -> Verdict:
    """Check one export.

    Args:
        lines: of the export.
        against: lines of an export of another installation, or of a file with one token a line: what it kept of
            this one's checkpoints and receipts finds a tail that was cut and a past that was rewritten.
    """
    state = _State()
    fault = next((found for line in lines if (found := _take(state, line)) is not None), None)
    fault = fault or _finish(state)
    kept = 0
    if fault is None:
        fault, kept = _hold_against(state, against)
    sides = sorted(state.sides.values(), key=lambda side: side.issuer)
    return Verdict(
        state.name, state.chain.n, state.chain.head, state.tokens, len(state.words) + kept, fault,
        tuple((side.issuer, side.anchors[-1].fingerprint()) for side in sides), tuple(state.stamps),
    )  # fmt: skip


def _take(state: _State, line: str) -> Fault | None:
    try:
        said = json.loads(line)
        kind, value = next(iter(said.items()))
    except (ValueError, AttributeError, StopIteration, RecursionError):
        kind, value, said = "", None, {}
    if not state.name:
        return _begin(state, said)
    read = {"row": _row, "token": _token, "stamp": _stamp, "end": _end}.get(kind)
    if read is None or state.ended or not isinstance(value, dict):
        return Fault(state.chain.n + 1, UNREADABLE)
    return read(state, value)


def _begin(state: _State, said: Mapping[str, Any]) -> Fault | None:
    name = said.get("installation")
    if said.get("format") != FORMAT or not isinstance(name, str):
        return Fault(1, UNREADABLE)
    state.name = name
    return None


def _row(state: _State, row: Mapping[str, Any]) -> Fault | None:
    fault = _still_waiting(state) or state.chain.take(row)
    state.row = row
    state.waits = fault is None and row["type"].startswith("token.")
    if fault is None and row["type"] == CONFIRMED and row["subject"] in state.sides:
        state.sides[row["subject"]].trust()
    return fault


def _still_waiting(state: _State) -> Fault | None:
    return Fault(state.chain.n, "token_missing") if state.waits else None


def _token(state: _State, kept: Mapping[str, Any]) -> Fault | None:
    row, number = state.row, state.chain.n
    text = kept.get("text")
    whole = isinstance(text, str) and text.isascii() and digest(text.encode()) == kept.get("sha256")
    if row is None or not state.waits or not whole or kept["sha256"] != row["obj"]:
        return Fault(max(number, 1), "token_changed")
    state.waits = False
    state.hashes.add(str(row["obj"]))
    if row["type"] == "token.refused":
        return None
    try:
        said = json.loads(row["detail"])
        token = _genuine(state, str(said["issuer"]), str(row["subject"]), Kind(said["kind"]), text)
    except (TokenRefused, ValueError, KeyError, TypeError, RecursionError):
        return Fault(number, "not_genuine")
    state.tokens += 1
    return None if token is None else _word(state, token, number)


def _stamp(state: _State, said: Mapping[str, Any]) -> Fault | None:
    """Keep a stamp for those who know the authority's root; it is on a token that stands before it."""
    found = read_stamp(said)
    if found is None or found[0] not in state.hashes:
        return Fault(max(state.chain.n, 1), "stamp_of_nothing")
    state.stamps.append(found)
    return None


def read_stamp(said: Mapping[str, Any]) -> tuple[str, bytes] | None:
    """Return the hash of the stamped token and the authority's answer as a file has them; None when it is none."""
    sha256, answer = said.get("sha256"), said.get("answer")
    if not isinstance(sha256, str) or not isinstance(answer, str):
        return None
    try:
        return sha256, base64.b64decode(answer, validate=True)
    except ValueError:
        return None


def _genuine(state: _State, issuer: str, subject: str, kind: Kind, text: Any) -> Token | None:
    """Check a token with the keys listed so far; a key statement adds to them."""
    if kind is Kind.KEYS:
        _listen(state, issuer, subject, text)
        return None
    return _by_any(state.of(issuer), kind, text)


def _by_any(sides: Iterable[Side], kind: Kind, text: str) -> Token:
    for side in sides:
        try:
            return side.read_kept(text, kind)
        except TokenRefused:
            continue
    raise TokenRefused(Reason.KEY)


def _listen(state: _State, issuer: str, subject: str, text: str) -> None:
    """Take one more statement of somebody known, or the first one of a newcomer."""
    side = state.sides.get(subject)
    if side is not None:
        side.hear(text)
        return
    found = statements.read_first(text)
    if found.issuer != issuer:
        raise TokenRefused(Reason.ISSUER)
    is_own = issuer == state.name and subject == state.name
    state.sides[subject] = Side(found, is_trusted=is_own)


def _word(state: _State, token: Token, number: int) -> Fault | None:
    """Remember what we ourselves signed about our log; a receipt is about a token that is here."""
    if token.kind is Kind.RECEIPT and token.claims["obj"] not in state.hashes:
        return Fault(number, "receipt_of_nothing")
    if token.issuer == state.name:
        state.words += _said_of_log(token)
    return None


def _said_of_log(token: Token) -> list[tuple[int, str]]:
    log = token.claims if token.kind is Kind.CHECKPOINT else token.claims.get("log")
    return [] if log is None else [(log["n"], log["head"])]


def _end(state: _State, said: Mapping[str, Any]) -> Fault | None:
    state.ended = True
    if said.get("n") != state.chain.n or said.get("head") != state.chain.head:
        return Fault(state.chain.n + 1, "tail_missing")
    return None


def _finish(state: _State) -> Fault | None:
    if not state.ended:
        return _still_waiting(state) or Fault(state.chain.n + 1, "tail_missing")
    return _still_waiting(state) or _first(state, state.words)


def _first(state: _State, words: Iterable[tuple[int, str]]) -> Fault | None:
    found = [fault for n, head in words if (fault := state.chain.agrees_with(n, head)) is not None]
    return min(found, key=lambda fault: fault.n, default=None)


def _hold_against(state: _State, against: Iterable[str]) -> tuple[Fault | None, int]:
    """Compare with what somebody else kept of this installation's words.

    Its own file may be cut before the keys they were signed with; statements its anchor signed count wherever they
    were kept.
    """
    own = state.sides.get(state.name)
    kept = list(tokens_in(against))
    ring = KeyRing(
        state.name
    )  # a file without our own statements is held against with no key at all
    if own is not None:
        overheard = [one for text in kept if (one := _overheard(own, text)) is not None]
        ring = KeyRing.of(own.issuer, [*own.statements, *overheard])
    words: list[tuple[int, str]] = []
    for text in kept:
        found = _said_by(ring, text)
        if found is None:
            return Fault(state.chain.n + 1, "word_not_genuine"), len(words)
        words += found
    return _first(state, words), len(words)


def _overheard(own: Side, text: str) -> Statement | None:
    if tokens.kind_of(text) is not Kind.KEYS:
        return None
    try:
        return statements.read_pinned(text, issuer=own.issuer, anchor=own.anchors[-1])
    except TokenRefused:
        return None


def _said_by(ring: KeyRing, text: str) -> list[tuple[int, str]] | None:
    """Return what a token says of the log; None when it should be of this installation and is not genuine."""
    kind = tokens.kind_of(text)
    if kind not in {Kind.CHECKPOINT, Kind.RECEIPT}:
        return []
    try:
        if tokens.issuer_of(text, kind) != ring.issuer:
            return []
        return _said_of_log(ring.read_kept(text, kind))
    except TokenRefused:
        return None


def tokens_in(lines: Iterable[str]) -> Iterator[str]:
    """Yield the tokens in lines of an export or a bundle that were taken as genuine, or in a text, one a line."""
    for line in lines:
        text = line.strip()
        if not text.startswith("{"):
            if text:
                yield text
            continue
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            continue
        kept = said.get("token")
        if isinstance(kept, dict) and kept.get("standing") == "verified":
            yield str(kept.get("text"))
